# Two commands are all it takes: `make run` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Bytecode is written as modules are first used: compiling all of them would double the wait.
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile -c constraints.txt

unexport PYTHONDONTWRITEBYTECODE

.PHONY: run setup test test-fast check format bench clean

run: $(VENV)/.installed  ## answer questions at the printed address
	@$(BIN)/reactune run

setup: $(VENV)/.developing  ## everything that developing needs

test: setup  ## every test, about a quarter of an hour: two at a time, then those that must be alone
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not alone"
	$(BIN)/pytest -m alone

test-fast: setup  ## less than a minute: no browser, no torch, no second process, no whole round, no bad days
	$(BIN)/pytest -n 3 --dist loadfile -m "not slow"

check: setup  ## format, lint, types, direction of imports
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

bench: setup  ## engine and trainer beside their peers, and recall, about 75 minutes; writes benchmarks/results/
	$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks.training
	$(BIN)/python -m benchmarks.training_peer
	$(BIN)/python -m benchmarks.training_latency
	$(BIN)/python -m benchmarks.swap
	$(BIN)/python -m benchmarks.loop
	$(BIN)/python -m benchmarks.retrieval

clean:
	rm -rf $(VENV) build dist *.egg-info

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Reactune needs Python 3.11 or newer; set PYTHON=/path/to/python3"; exit 1; }
	@echo "Creating $(VENV) …"
	@$(PYTHON) -m venv $(VENV)
	@$(INSTALL) --upgrade pip

$(VENV)/.installed: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing Reactune (the first time downloads its libraries and the model) …"
	@$(INSTALL) --editable .
	@touch $@

$(VENV)/.developing: $(VENV)/.installed
	@echo "Installing what developing needs …"
	@$(INSTALL) --group dev
	@touch $@
