"""Runs of spaces in a converted tokenizer, as llama.cpp and Gemma itself cut them.

Gemma's file has tokens of 2 to 31 spaces that stand for themselves ("user defined"): the longest is
taken out of a text first, the rest is cut into pieces afterwards. transformers 5.23 turns them into
ordinary pieces ("▁▁") that are merged from halves: 33 spaces become 16 + 17 instead of 31 + 2, and
a typed "▁▁" becomes a run of spaces.
"""

import json
from pathlib import Path
from typing import Any

from engine.model.gguf_header import GgufHeader

_USER_DEFINED = 4  # llama.cpp's LLAMA_TOKEN_TYPE_USER_DEFINED


def keep_space_runs_whole(file: Path, header: GgufHeader) -> None:
    """Rewrite the tokenizer.json ``file`` so that it treats space runs as ``header`` says."""
    runs = _space_runs(header)
    if not runs:
        return
    tokenizer = json.loads(file.read_text(encoding="utf-8"))
    vocabulary, merges = tokenizer["model"]["vocab"], tokenizer["model"]["merges"]
    spelled = {"▁" * len(run) for run in runs}
    for run, at in runs.items():
        vocabulary.pop("▁" * len(run), None)
        vocabulary[run] = at
    tokenizer["model"]["merges"] = [pair for pair in merges if not spelled & {*pair, "".join(pair)}]
    known = {token["id"] for token in tokenizer["added_tokens"]}
    added = [_added(run, at) for run, at in runs.items() if at not in known]
    tokenizer["added_tokens"] = sorted(
        [*tokenizer["added_tokens"], *added], key=lambda token: int(token["id"])
    )
    file.write_text(json.dumps(tokenizer, ensure_ascii=False), encoding="utf-8")


def _space_runs(header: GgufHeader) -> dict[str, int]:
    """Token → id, for the user-defined tokens that are nothing but two or more spaces."""
    tokens = header.metadata.get("tokenizer.ggml.tokens", [])
    kinds = header.metadata.get("tokenizer.ggml.token_type", [])
    return {
        token: at
        for at, (token, kind) in enumerate(zip(tokens, kinds, strict=False))
        if kind == _USER_DEFINED and len(token) > 1 and not token.strip(" ")
    }


def _added(run: str, at: int) -> dict[str, Any]:
    return {
        "id": at,
        "content": run,
        "single_word": False,
        "lstrip": False,
        "rstrip": False,
        "normalized": False,
        "special": False,
    }
