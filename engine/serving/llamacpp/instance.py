"""One llama.cpp server beside this process, with the adapters it was started with."""

import asyncio
import contextlib
import json
import secrets
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import aiohttp

from engine.config import EngineConfig, Sampling
from engine.errors import AdapterError, EngineError, PromptTooLongError
from engine.model.prompt import Prompt
from engine.serving.llamacpp.process import end, started
from engine.serving.llamacpp.server import ServerSettings
from engine.serving.stream import Stream

_CANDIDATES = 1024  # nearly always hold all of top-p
_NOTICED_S = 1.0  # by then a process that died is known to be dead
_DATA = b"data: "
_DONE = b"[DONE]"


class Instance:
    """One running server; ``adapters`` are GGUF files by version."""

    def __init__(
        self,
        adapters: Mapping[str, Path],
        process: asyncio.subprocess.Process,
        http: aiohttp.ClientSession,
    ) -> None:
        self.adapters = dict(adapters)
        self._process = process
        self._http = http
        self._requests = 0
        self._idle = asyncio.Event()
        self._idle.set()

    @classmethod
    async def start(
        cls, model: Path, config: EngineConfig, adapters: Mapping[str, Path]
    ) -> "Instance":
        """Returns when it can answer. Raises ModelError with the reason."""
        key = secrets.token_urlsafe(32)  # it listens on loopback; only we may ask
        settings: ServerSettings = {
            "model": str(model),
            "context": config.context,
            "slots": config.slots,
            "threads": config.threads,
            "adapters": list(map(str, adapters.values())),
            "key": key,
        }
        process, address = await started(settings)
        return cls(adapters, process, _client(address, key))

    @property
    def running(self) -> bool:
        return self._process.returncode is None

    async def complete(
        self, prompt: Prompt, version: str | None, sampling: Sampling, stream: Stream
    ) -> None:
        """Compute one answer into ``stream``."""
        reason = None
        body = self._request(prompt, version, sampling)
        async with self._asking("/v1/completions", body) as response:
            async for line in response.content:
                if not line.startswith(_DATA) or (data := line[len(_DATA) :].strip()) == _DONE:
                    continue
                chunk = json.loads(data)
                if "error" in chunk:
                    raise _named(chunk["error"])
                choice = chunk["choices"][0]
                reason = choice["finish_reason"] or reason
                if usage := chunk.get("usage"):
                    stream.count(
                        prompt_tokens=usage["prompt_tokens"], tokens=usage["completion_tokens"]
                    )
                elif progress := chunk.get("prompt_progress"):
                    stream.count(prompt_tokens=progress["total"])
                else:
                    stream.feed(choice["text"])
                if stream.over:  # it notices that we hang up
                    break
        stream.finish("length" if reason == "length" else "end")

    def _request(self, prompt: Prompt, version: str | None, sampling: Sampling) -> dict[str, Any]:
        if version is not None and version not in self.adapters:
            raise AdapterError(f"the adapter version {version} is not loaded any more")
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
                {"id": place, "scale": float(name == version)}
                for place, name in enumerate(self.adapters)
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

    async def tokens(self, text: str) -> list[int]:
        """Token ids of ``text`` as a prompt, the beginning-of-text token included."""
        body = {"content": text, "add_special": True, "parse_special": True}
        async with self._asking("/tokenize", body) as response:
            tokens: list[int] = (await response.json())["tokens"]
            return tokens

    async def close(self) -> None:
        await self._http.close()
        await end(self._process)

    @contextlib.asynccontextmanager
    async def _asking(
        self, path: str, body: dict[str, Any]
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        try:
            async with self._http.post(path, json=body) as response:
                if response.status != 200:
                    raise _named((await response.json())["error"])
                yield response
        except (aiohttp.ClientError, OSError) as error:
            raise EngineError(await self._why(error)) from error

    async def _why(self, error: Exception) -> str:
        """What became of a request that broke off."""
        try:
            async with asyncio.timeout(_NOTICED_S):
                status = await self._process.wait()
        except TimeoutError:
            return f"llama.cpp does not answer: {error!r}"
        return f"llama.cpp ended ({status}) while it computed; ask again, it is started anew"


def _client(address: str, key: str) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        address,
        headers={"authorization": f"Bearer {key}"},
        # A connection that is kept holds a thread of the server, and one that is given up is
        # the sign to stop computing.
        connector=aiohttp.TCPConnector(force_close=True, limit=0),
        timeout=aiohttp.ClientTimeout(total=None),
        trust_env=False,
    )


def _named(error: dict[str, Any]) -> EngineError:
    if error.get("type") == "exceed_context_size_error":
        return PromptTooLongError(error["n_prompt_tokens"], error["n_ctx"] - 1)
    return EngineError(f"llama.cpp refused the request: {error.get('message')}")
