"""openai-whisper's decoding, begun with a draft: what the draft has right costs one step, not one a token.

This is speculative decoding (Leviathan, Kalman and Matias, 2023). One pass over the draft tells what the model says
after each of its tokens. As long as that is the draft's next one the step is done already; from the first difference on
tokens come one by one. So the text is the one that there would be without a draft, however wrong that is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def decode(model: Any, features: Any, options: Any, draft: Sequence[int]) -> Any:
    """Whisper's ``DecodingResult`` for a window's encoded sound (1 x positions x width). No beams."""
    from whisper.decoding import DecodingTask

    task = DecodingTask(model, options)
    room = model.dims.n_text_ctx - len(task.initial_tokens)
    prompt, task.sot_index = task.sot_index, 0  # before it are tokens whose successors nobody asks for
    task.inference = _Drafted(task.inference, prompt, list(draft[: max(0, room)]))
    return task.run(features)[0]


class _Drafted:
    """Whisper's ``Inference``, with the steps that a draft saves. ``prompt`` is how many tokens come before the first
    whose successor matters."""

    def __init__(self, inference: Any, prompt: int, draft: list[int]) -> None:
        self._inference = inference
        self._prompt = prompt
        self._draft = draft
        self._begin = 0  # how many tokens are given
        self._ahead: Any = None  # logits of what follows each of the last given tokens, and of the draft's

    def logits(self, tokens: Any, features: Any) -> Any:
        if self._ahead is None:
            return self._first(tokens, features)
        said = tokens[0, self._begin :].tolist()
        if said == self._draft[: len(said)]:
            place = self._begin - self._prompt + len(said)
            return self._ahead[:, place - 1 : place]
        self._draft = []
        self._keep(self._begin + len(said) - 1)
        return self._inference.logits(tokens, features)

    def cleanup_caching(self) -> None:
        self._inference.cleanup_caching()

    def _first(self, tokens: Any, features: Any) -> Any:
        """One pass over what is given and the draft."""
        import torch

        inference, self._begin = self._inference, tokens.shape[-1]
        given = torch.cat([tokens, tokens.new_tensor([self._draft])], dim=1)
        # Of a small model's pass the output layer is the largest part, a millisecond a token.
        spared = inference.model.decoder.ln.register_forward_hook(lambda _norm, _given, out: out[:, self._prompt :])
        inference.initial_token_length = given.shape[-1]
        try:
            self._ahead = inference.logits(given, features)
        finally:
            spared.remove()
            inference.initial_token_length = 0  # from now on the last one only
        return self._ahead[:, : self._begin - self._prompt]

    def _keep(self, positions: int) -> None:
        """Forget what the decoder kept of the draft's wrong tokens."""
        inference = self._inference
        for module in inference.kv_modules:
            inference.kv_cache[module] = inference.kv_cache[module][:, :positions]
