"""The one declaration of every setting: flags, environment, profiles and windows are all made from it.

Layers, each over the one before: defaults, profile, environment (``OI_VOICE_NAME``), flags, runtime.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from oi_voice.errors import SettingsError

LAYERS = ("profile", "environment", "flags", "runtime")
PREFIX = "OI_VOICE_"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. ``low`` and ``high`` bound a number; ``secret`` ones are never shown or stored.

    ``flags_only`` settings loosen safety and are taken from the command line alone.
    """

    name: str
    type: type[str] | type[bool] | type[int] | type[float]
    default: Any
    help: str
    short: str = ""
    metavar: str = ""
    low: float | None = None
    high: float | None = None
    secret: bool = False
    voice: bool = False  # of use to the assistant only, not to the typed chat
    flags_only: bool = False

    def parse(self, value: object) -> Any:
        """``value``, also as text, as this setting's own type. Raises SettingsError."""
        result = self._convert(value)
        if self.low is not None and self.high is not None and not self.low <= result <= self.high:  # nan is neither
            raise self._refuse(value, f"a number from {self.low:g} to {self.high:g}")
        return result

    def _convert(self, value: object) -> Any:
        if self.type is bool:
            if isinstance(value, bool):
                return value
            words = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False}
            result = (words | {"off": False}).get(str(value).strip().lower())
            if result is None:
                raise self._refuse(value, "true or false")
            return result
        if self.type is str:
            if not isinstance(value, str):
                raise self._refuse(value, "text")
            return value
        try:
            return self.type(str(value))
        except ValueError:
            raise self._refuse(value, "a number") from None

    def _refuse(self, value: object, wanted: str) -> SettingsError:
        shown = "that value" if self.secret else repr(value)
        return SettingsError(f"{self.name} can't be {shown}.", fix=f"Give {wanted}.")


DECLARED: tuple[Setting, ...] = (
    Setting("model", str, "auto", "Language model: auto, commands (built in, offline) or any LiteLLM model.", "m"),
    Setting("api_base", str, "", "Address of an OpenAI-compatible server.", "ab", "URL"),
    Setting("api_key", str, "", "Key for the model's provider.", "ak", "KEY", secret=True),
    Setting("auto_run", bool, False, "Run code without asking first. Use with care.", "y", flags_only=True),
    Setting("approval_timeout", float, 60.0, "Seconds after which an unanswered question is a no.", low=1, high=3600),
    Setting("max_output", int, 2800, "Characters of a program's output that the model is shown.", low=100, high=1e6),
    Setting("verbose", bool, False, "Write what happens, step by step, to the log.", "v"),
    Setting("stt", str, "auto", "Recogniser: auto, grammar, whisper or whisper:NAME-or-PATH.", voice=True),
    Setting("hotkey", str, "<ctrl_r>", "The key to hold while speaking.", metavar="KEY", voice=True),
    Setting("microphone", str, "", "Microphone's name; empty follows the system.", metavar="NAME", voice=True),
    Setting("speaker", str, "", "Loudspeaker's name; empty follows the system.", metavar="NAME", voice=True),
    Setting("max_take", float, 60.0, "Seconds after which a held key ends the take.", low=1, high=600, voice=True),
    Setting("speak", bool, True, "Speak answers aloud.", voice=True),
    Setting("voice", str, "", "Speech engine's voice; empty takes its default.", metavar="NAME", voice=True),
    Setting("voice_rate", int, 175, "Words a minute.", low=80, high=450, voice=True),
)
BY_NAME = {setting.name: setting for setting in DECLARED}


def lookup(name: str) -> Setting:
    """The setting of that name; SettingsError names the nearest one."""
    if name in BY_NAME:
        return BY_NAME[name]
    near = difflib.get_close_matches(name, BY_NAME, 1)
    raise SettingsError(f"There is no setting {name!r}.", fix=f"Did you mean {near[0]!r}?" if near else "")


class Settings:
    """The settings in force. Updates are all-or-nothing, then subscribers hear what changed."""

    def __init__(self, **flags: Any) -> None:
        self._layers: dict[str, dict[str, Any]] = {layer: {} for layer in LAYERS}
        self._subscribers: list[Callable[[dict[str, Any]], None]] = []
        self.apply(flags, "flags")

    def apply(self, changes: Mapping[str, object], layer: str = "runtime") -> dict[str, Any]:
        """Set several at once in one layer; returns those whose value in force changed."""
        parsed = {name: self._admit(lookup(name), layer).parse(value) for name, value in changes.items()}
        before = self.values()
        self._layers[layer].update(parsed)
        after = self.values()
        changed = {name: value for name, value in after.items() if before[name] != value}
        if changed:
            for subscriber in self._subscribers:
                subscriber(changed)
        return changed

    def from_environment(self, environ: Mapping[str, str]) -> None:
        """Take ``OI_VOICE_NAME`` variables that name a setting; others may belong to someone else."""
        found = {s.name: environ[PREFIX + s.name.upper()] for s in DECLARED if PREFIX + s.name.upper() in environ}
        self.apply(found, "environment")

    def subscribe(self, heard: Callable[[dict[str, Any]], None]) -> None:
        """Have ``heard`` called with what changed, after each change."""
        self._subscribers.append(heard)

    def values(self) -> dict[str, Any]:
        """Every setting's value in force."""
        result = {setting.name: setting.default for setting in DECLARED}
        for layer in LAYERS:
            result.update(self._layers[layer])
        return result

    def snapshot(self) -> SimpleNamespace:
        """The values as they are now, as attributes: what one turn goes by."""
        return SimpleNamespace(**self.values())

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self.values()[lookup(name).name]

    @staticmethod
    def _admit(setting: Setting, layer: str) -> Setting:
        if setting.flags_only and layer != "flags":
            raise SettingsError(
                f"{setting.name} can't be set in the {layer}.", fix="Give it on the command line, for this run only."
            )
        return setting


def for_chat(settings: Iterable[Setting] = DECLARED) -> list[Setting]:
    """The settings that make sense without a voice."""
    return [setting for setting in settings if not setting.voice]
