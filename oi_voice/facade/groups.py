"""``interpreter.llm``, ``.computer`` and ``.voice``: settings as attributes, and what else belongs there."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from oi_voice.errors import LanguageError, SettingsError
from oi_voice.lmc import streamed, to_lmc
from oi_voice.messages import Accumulator
from oi_voice.settings import BY_NAME, Settings, lookup, pointer

if TYPE_CHECKING:
    from oi_voice.facade.base import Base


class UnknownSettingError(SettingsError, AttributeError):
    """There is no such attribute; the words name the nearest one."""


def find(name: str, group: str = "") -> str:
    """The dotted name of the setting that an attribute is; an older name is taken with a pointer to today's."""
    dotted = f"{group}.{name}" if group else name
    try:
        setting = lookup(dotted)
    except SettingsError as error:
        raise UnknownSettingError(error.message, fix=error.fix) from None
    if pointer(dotted) or (not group and setting.group and dotted not in setting.also):
        warnings.warn(f"interpreter.{dotted} is now interpreter.{setting.name}.", FutureWarning, stacklevel=3)
    return setting.name


class Group:
    """The settings of one group as attributes."""

    _group = ""
    _owner: Base
    _settings: Settings

    def __init__(self, owner: Base, settings: Settings) -> None:
        object.__setattr__(self, "_owner", owner)
        object.__setattr__(self, "_settings", settings)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self._settings.get(find(name, self._group))

    def __setattr__(self, name: str, value: object) -> None:
        if isinstance(getattr(type(self), name, None), property):
            object.__setattr__(self, name, value)
        else:
            self._settings.apply({find(name, self._group): value}, may_loosen=True)

    def __dir__(self) -> list[str]:
        prefix = f"{self._group}."
        return [*super().__dir__(), *(name.removeprefix(prefix) for name in BY_NAME if name.startswith(prefix))]


class Llm(Group):
    """The language model."""

    _group = "llm"

    @property
    def completions(self) -> Callable[..., Any] | None:
        """A function of your own that answers instead of a model: it takes ``messages`` and whichever of ``model``,
        ``stream``, ``max_tokens`` … it names, and yields OpenAI's chunks. None: the model of ``llm.model``."""
        return self._owner._hooks.completions

    @completions.setter
    def completions(self, function: Callable[..., Any] | None) -> None:
        self._owner._hooks.completions = _callable("llm.completions", function)

    @property
    def vision_renderer(self) -> Callable[..., Any] | None:
        """A function that tells what is in a picture, a message dict, for models that see none. None: its text."""
        return self._owner._hooks.vision_renderer

    @vision_renderer.setter
    def vision_renderer(self, function: Callable[..., Any] | None) -> None:
        self._owner._hooks.vision_renderer = _callable("llm.vision_renderer", function)


class Computer(Group):
    """The computer that runs code."""

    _group = "computer"
    _inherits: ClassVar = {"offline": "offline", "verbose": "verbose", "emit_images": "llm.supports_vision"}

    def __getattr__(self, name: str) -> Any:
        value = super().__getattr__(name)
        return self._settings.get(self._inherits[name]) if value is None and name in self._inherits else value

    @property
    def languages(self) -> list[Any]:
        """The languages there are, each with a ``name``. Set it to a list of them, and of classes of your own."""
        return self._owner._machine()[1].languages()

    @languages.setter
    def languages(self, languages: Sequence[Any]) -> None:
        chosen = list(languages)
        self._owner._on_core(lambda machine: machine.set_languages(chosen))
        self._owner._hooks.languages = chosen

    def run(self, language: str, code: str, stream: bool = False, display: bool = False) -> Any:
        """Run your own code, unasked, in the same place where the model's runs; returns its messages as dicts.

        With ``stream``, a generator of chunks; closing it stops the code. Raises LanguageError, whose ``output`` has
        the messages until then.
        """
        chunks = self._owner._execute(language, code, display)
        if stream:
            return streamed(chunks)
        joined = Accumulator()
        try:
            for chunk in chunks:
                joined.add(chunk)
        except LanguageError as error:
            error.output = [to_lmc(message) for message in joined.messages()]
            raise
        return [to_lmc(message) for message in joined.messages()]

    def stop(self) -> None:
        """Stop the code that runs."""
        self._owner.stop()

    def terminate(self) -> None:
        """End every language's process; their variables are forgotten."""
        self._owner._on_core(lambda machine: machine.terminate())


class Voice(Group):
    """The assistant's ears and mouth."""

    _group = "voice"


def _callable(name: str, function: Callable[..., Any] | None) -> Callable[..., Any] | None:
    if function is not None and not callable(function):
        raise SettingsError(f"{name} can't be {function!r}.", fix="Give a function, or None.")
    return function
