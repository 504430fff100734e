"""Every file that a page of ours names is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DIARY = ROOT / "docs" / "lab-notes.md"  # it tells of files that were, too
PAGES = [
    *(ROOT / name for name in ("README.md", "README.ko.md", "CONTRIBUTING.md")),
    *sorted(set((ROOT / "docs").glob("*.md")) - {DIARY}),
]
FOLDERS = {
    path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")
} - {"data"}
FILES = {path.name for folder in FOLDERS for path in (ROOT / folder).rglob("*.*")} | {
    path.name for path in ROOT.iterdir()
}
_QUOTED = re.compile(r"`([^`\s]+)`")
_LINKED = re.compile(r"\]\(([^)\s#]+)(?:#[^)]*)?\)")
_NAMED = re.compile(r"[\w.-]+\.(?:py|md|toml|yaml|css|js)")


def quoted_paths(text: str) -> set[str]:
    """What stands in backticks and can only be a path of the repository; NAME is for the reader."""
    words = {word for word in _QUOTED.findall(text) if not re.search(r"NAME|[*$<>{}()]", word)}
    return {word for word in words if word.split("/")[0] in FOLDERS and "/" in word}


def quoted_names(text: str) -> set[str]:
    """Files in backticks that are named without their folder."""
    return {word for word in _QUOTED.findall(text) if _NAMED.fullmatch(word) and "NAME" not in word}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_paths_in_backticks_exist(page: Path) -> None:
    """Each is named from the repository's root, so that it can be found."""
    text = page.read_text(encoding="utf-8")
    assert [path for path in sorted(quoted_paths(text)) if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_file_names_in_backticks_exist(page: Path) -> None:
    """A name alone belongs to some file of the repository."""
    assert sorted(quoted_names(page.read_text(encoding="utf-8")) - FILES) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    """Those to other sites are left out."""
    links = {
        link for link in _LINKED.findall(page.read_text(encoding="utf-8")) if "://" not in link
    }
    assert [link for link in sorted(links) if not (page.parent / link).exists()] == []


def test_a_path_that_is_gone_is_noticed() -> None:
    """Commands, settings and placeholders are no paths."""
    text = "`bot/gone.py` `make test` `/stats` `bot/platforms/NAME/` `versions/x` `storage/`"
    assert quoted_paths(text) == {"bot/gone.py", "storage/"}
    assert quoted_names("`gone.py` `examples.jsonl` `NAME.toml`") == {"gone.py"}
