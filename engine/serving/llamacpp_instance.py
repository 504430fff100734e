"""One llama.cpp server in this process (xllamacpp), with the adapters it was started with."""

import asyncio
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import xllamacpp

from engine.config import EngineConfig, Sampling
from engine.errors import EngineError, PromptTooLongError
from engine.prompt import Prompt
from engine.serving.stream import Stream

# Tokens of a prompt between two looks at whether it was cancelled; also bounds the scratch memory,
# which grows with it times the vocabulary.
_BATCH = 256
_CANDIDATES = 1024  # nearly always hold all of top-p


class Instance:
    """One running llama.cpp server with the adapters it was started with."""

    def __init__(
        self, model: Path, config: EngineConfig, adapters: Sequence[tuple[str, Path]]
    ) -> None:
        self.versions = tuple(name for name, _ in adapters)
        self._requests = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._key = secrets.token_urlsafe(32)  # it listens on loopback; only we may ask
        self._server = xllamacpp.Server(self._params(model, config, adapters))
        self._http = httpx.Client(
            base_url=self._server.listening_address,
            headers={"authorization": f"Bearer {self._key}"},
            trust_env=False,
        )

    def _params(
        self, model: Path, config: EngineConfig, adapters: Sequence[tuple[str, Path]]
    ) -> Any:
        params = xllamacpp.CommonParams()
        params.model.path = str(model)
        params.n_ctx = config.context * config.slots
        params.n_parallel = config.slots
        params.n_batch = params.n_ubatch = _BATCH
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = config.threads
        params.lora_adapters = [
            xllamacpp.CommonAdapterLoraInfo(str(path), 1.0) for _, path in adapters
        ]
        # Each slot keeps its last prompt. A second cache, and snapshots to go back to within a
        # prompt, would take 130 MB and more.
        params.cache_ram_mib = params.n_ctx_checkpoints = 0
        params.warmup = False
        params.api_keys = [self._key]
        params.ui = params.endpoint_slots = False
        params.verbosity = 0
        return params

    def complete(
        self, prompt: Prompt, version: str | None, sampling: Sampling, stream: Stream
    ) -> None:
        """Compute one answer into ``stream``; blocks its thread until it is over."""
        reason: str | None = None
        error: Exception | None = None

        def on_chunk(chunk: dict[str, Any]) -> bool:
            nonlocal reason, error
            try:
                if "error" in chunk:
                    error = _named(chunk["error"])
                    return True
                choice = chunk["choices"][0]
                reason = choice["finish_reason"] or reason
                if usage := chunk.get("usage"):
                    stream.count(
                        prompt_tokens=usage["prompt_tokens"], tokens=usage["completion_tokens"]
                    )
                elif progress := chunk.get("prompt_progress"):
                    stream.count(prompt_tokens=progress["total"])
                else:
                    return stream.feed(choice["text"])
                return stream.over
            except Exception as failure:  # the library drops what a callback raises
                error = failure
                return True

        self._server.handle_completions(self._request(prompt, version, sampling), on_chunk)
        if error:
            raise error
        stream.finish("length" if reason == "length" else "end")

    def _request(self, prompt: Prompt, version: str | None, sampling: Sampling) -> dict[str, Any]:
        return {
            "prompt": prompt.text,
            "stop": list(prompt.stop),
            "max_tokens": sampling.max_tokens,
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            # Sorting a vocabulary of 262,144 for every token would cost a fifth of the speed.
            "top_k": _CANDIDATES if sampling.temperature > 0 else 1,
            "min_p": 0.0,
            "seed": sampling.seed,
            "stream": True,
            "return_progress": True,  # chunks while the prompt is read: chances to cancel
            "lora": [
                {"id": i, "scale": float(name == version)} for i, name in enumerate(self.versions)
            ],
        }

    def claim(self) -> None:
        """A request was promised an answer from here: not to be closed before ``release``."""
        self._requests += 1
        self._idle.clear()

    def release(self) -> None:
        self._requests -= 1
        if not self._requests:
            self._idle.set()

    async def drained(self) -> None:
        await self._idle.wait()

    def tokens(self, text: str) -> list[int]:
        """Token ids of ``text`` as a prompt, the beginning-of-text token included."""
        body = {"content": text, "add_special": True, "parse_special": True}
        answer = self._http.post("/tokenize", json=body)
        answer.raise_for_status()
        tokens: list[int] = answer.json()["tokens"]
        return tokens

    def close(self) -> None:
        self._http.close()
        del self._server


def _named(error: dict[str, Any]) -> EngineError:
    if error.get("type") == "exceed_context_size_error":
        return PromptTooLongError(error["n_prompt_tokens"], error["n_ctx"] - 1)
    return EngineError(f"llama.cpp refused the request: {error.get('message')}")
