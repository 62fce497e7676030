"""Pictures in words, for models that cannot see them."""

from __future__ import annotations

import inspect
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from oi_voice.llm.pictures import Stamp, as_png, stamp
from oi_voice.lmc import Lmc, to_lmc
from oi_voice.messages import Message
from oi_voice.runtime import contained, in_thread, outcome

KEPT = 200  # descriptions


class Describer:
    """The text of a picture: what the person's ``renderer`` says of it, else what ``read`` finds written in it.

    ``renderer`` takes the message as an LMC dict, as ``lmc=`` if it has such a parameter, else as its first argument;
    it may block, or be async. ``read`` takes a PNG file's bytes and may block. Each picture is described once.
    """

    def __init__(self, read: Callable[[bytes], str], renderer: Callable[..., Any] | None = None) -> None:
        self._read, self._renderer = read, renderer
        self._known: OrderedDict[tuple[Message, Stamp], str] = OrderedDict()

    async def __call__(self, message: Message) -> str:
        """A sentence or more, also when the picture cannot be described."""
        key = message, await in_thread(stamp, message, name="picture")
        if key not in self._known:
            words = await outcome(self._words(message))  # whatever a person's own function raises ends no turn
            if isinstance(words, BaseException):
                return f"(A picture was shown here; it could not be described: {str(words) or type(words).__name__})"
            self._known[key] = words
            while len(self._known) > KEPT:
                self._known.popitem(last=False)
        self._known.move_to_end(key)
        return self._known[key]

    async def _words(self, message: Message) -> str:
        if self._renderer is not None:
            return str(await _called(self._renderer, to_lmc(message)))
        text = (await in_thread(lambda: self._read(as_png(message)), name="picture reader")).strip()
        return (
            f"(A picture with this text in it:)\n{text}" if text else "(A picture without any text that can be read.)"
        )


async def _called(renderer: Callable[..., Any], lmc: Lmc) -> object:
    """What the renderer returns, blocking ones called on a thread."""
    named = {"lmc": lmc} if _takes_lmc(renderer) else {}
    args = () if named else (lmc,)
    if inspect.iscoroutinefunction(renderer):
        return await contained(renderer(*args, **named))
    result = await in_thread(lambda: renderer(*args, **named), name="picture renderer")
    return await contained(result) if inspect.isawaitable(result) else result


def _takes_lmc(renderer: Callable[..., Any]) -> bool:
    try:
        parameters = inspect.signature(renderer).parameters.values()
    except (TypeError, ValueError):  # some built-in ones say nothing of themselves
        return False
    keyword = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    return any(parameter.name == "lmc" and parameter.kind in keyword for parameter in parameters)
