"""Continuous batching: the library's generation thread, and one answer's way through it.

Threads: the library computes in its own and hands results over on the event loop; everything here
but ``start``, ``use`` and ``close``, which block, is called on the loop.
"""

import asyncio
import itertools
import math
from collections.abc import Callable
from typing import Any, Literal

import torch
from transformers import ContinuousBatchingConfig, GenerationConfig
from transformers.generation.continuous_batching.cb_logits_processors import (
    ContinuousBatchingLogitsProcessorList,
)
from transformers.generation.logits_process import LogitsProcessorList

from engine.config import EngineConfig, Sampling
from engine.errors import EngineError
from engine.model.checkpoint import Checkpoint
from engine.serving.transformers.sampling import PerRequestSampler

_PAGE = 64  # tokens of the cache that are given to a request at once
# Tokens in one forward pass. On a CPU a pass must stay short: others wait for their next token, and
# a cancelled request computes to its end.
_PASS_TOKENS = {"cpu": 128, "cuda": 1024}
_HEARTBEAT_S = 1.0

OnTokens = Callable[[list[int]], bool]
Reason = Literal["end", "length"]


class Batch:
    """All requests that compute together, on one copy of the model, with one adapter or none."""

    def __init__(self, checkpoint: Checkpoint, config: EngineConfig) -> None:
        generation = GenerationConfig(do_sample=False, eos_token_id=checkpoint.endings)
        self._manager = checkpoint.model.init_continuous_batching(
            generation_config=generation,
            continuous_batching_config=_settings(config, checkpoint.model.device.type),
        )
        processors = ContinuousBatchingLogitsProcessorList(
            LogitsProcessorList([PerRequestSampler()])
        )
        processors.tensors_required = 1
        self._manager.logit_processor = processors
        self._endings = frozenset(checkpoint.endings)
        self._names = map(str, itertools.count())

    def start(self) -> None:
        """Start computing, again if an error has ended it."""
        if not self._manager.is_running():
            self._manager.start()

    def use(self, model: torch.nn.Module) -> None:
        """Compute with the weights of ``model`` from the next pass on."""
        self.start()
        try:
            with self._manager.pause():
                self._manager.model = model
        except RuntimeError as error:
            raise self._failure(error) from error

    def close(self) -> None:
        if self._manager.is_running():
            self._manager.stop(block=True, hard_stop=True)
        self._manager.destroy()

    async def answer(
        self, prompt: list[int], tokens: int, sampling: Sampling, on_tokens: OnTokens
    ) -> Reason:
        """Compute up to ``tokens`` tokens and say why it ended: "end" or "length".

        ``on_tokens`` takes new token ids, without the one that ends an answer; when it returns
        True, or when this is cancelled, computing stops with the pass under way.
        """
        await self._revived()
        name = next(self._names)
        answer = _Answer(self._endings, on_tokens)
        self._manager.register_result_handler(name, answer.take)
        try:
            self._add(name, prompt, tokens, sampling)
            while not await answer.over():
                if not self._manager.is_running():  # it died and told us nothing
                    raise self._failure()
        finally:
            if not answer.computed:
                self._manager.cancel_request(name)
                self._manager.output_router.result_handlers.pop(name, None)
        return answer.reason

    async def _revived(self) -> None:
        """Compute again if an error has ended it: the next request may be a smaller one."""
        dying = self._manager.background_thread_status.can_accept_new_requests
        while self._manager.is_running() and dying():  # noqa: ASYNC110  (the library has no event)
            await asyncio.sleep(0.01)
        self.start()

    def _add(self, name: str, prompt: list[int], tokens: int, sampling: Sampling) -> None:
        accepted = self._manager.add_request(
            prompt, request_id=name, max_new_tokens=tokens, streaming=True, sampling=sampling
        )
        if accepted is None:
            raise self._failure()

    def _failure(self, error: Exception | None = None) -> EngineError:
        cause = self._manager.background_thread_status.fatal_error or error
        return _failure(str(cause) if cause else "it stopped")


class _Answer:
    """What has come back for one request."""

    def __init__(self, endings: frozenset[int], on_tokens: OnTokens) -> None:
        self._endings = endings
        self._on_tokens = on_tokens
        self._seen = 0
        self._over = asyncio.Event()
        self._error: Exception | None = None
        self.computed = False  # nothing is left to cancel
        self.reason: Reason = "end"

    def take(self, output: Any) -> None:
        """Called on the loop for every new token."""
        if self._over.is_set():
            return
        try:
            self._take(output)
        except Exception as error:  # one answer's trouble must not reach the others' callbacks
            self._error = error
            self._over.set()

    def _take(self, output: Any) -> None:
        if output.error is not None:
            self.computed = True
            raise _failure(output.error)
        new = output.generated_tokens[self._seen :]
        self._seen += len(new)
        self.computed = output.is_finished()
        ended = bool(new) and new[-1] in self._endings
        stopped = self._on_tokens(new[:-1] if ended else new)
        if self.computed:
            self.reason = "end" if ended else "length"
        if self.computed or stopped:
            self._over.set()

    async def over(self) -> bool:
        """Wait a heartbeat for the end; raises what ended the answer, if an error did."""
        try:
            async with asyncio.timeout(_HEARTBEAT_S):
                await self._over.wait()
        except TimeoutError:
            return False
        if self._error:
            raise self._error
        return True


def _settings(config: EngineConfig, device: str) -> ContinuousBatchingConfig:
    """Room for every slot at full length, so that no request is ever put off.

    Prefix sharing stays off: it would hand one version the keys and values of another. So do
    captured graphs, which go on with the weights they saw, and batches prepared ahead.
    """
    return ContinuousBatchingConfig(
        page_size=_PAGE,
        num_blocks=config.slots * (math.ceil(config.context / _PAGE) + 1),
        max_batch_tokens=max(_PASS_TOKENS.get(device, 1024), config.slots),
        max_requests_per_batch=config.slots,
        allow_block_sharing=False,
        use_cuda_graph=False,
        use_async_batching=False,
        safety_margin=0.0,
        per_request_processors=True,
        auto_switch_to_flash=False,  # it would fetch kernels from a hub
    )


def _failure(reason: str) -> EngineError:
    return EngineError(
        f"the engine failed while computing: {reason}; if it stays so, lower the context or the "
        "number of slots"
    )
