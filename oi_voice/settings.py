"""The settings in force: looked up by any of their names, set in layers, told to subscribers, snapshotted by turns.

Layers, each over the one before: defaults, profile, environment (``OI_VOICE_LLM_MODEL``), flags, runtime.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from copy import copy
from types import SimpleNamespace
from typing import Any

from oi_voice.declared import DECLARED, GROUPS, Setting
from oi_voice.errors import SettingsError

LAYERS = ("profile", "environment", "flags", "runtime")
OUTSIDE = ("environment", "runtime")  # layers that may not take a safeguard away by themselves
PREFIX = "OI_VOICE_"


def _names(setting: Setting) -> list[str]:
    """All that a setting may be called: dotted, with an underscore (``llm_model``), as a flag, by other names."""
    return [setting.name, setting.name.replace(".", "_"), setting.flag, *setting.also, *setting.older]


BY_NAME = {name: setting for setting in DECLARED for name in _names(setting) if name}


def lookup(name: str) -> Setting:
    """The setting of that name; SettingsError names the nearest one."""
    if name in BY_NAME:
        return BY_NAME[name]
    near = difflib.get_close_matches(name, [*BY_NAME], 1)
    raise SettingsError(f"There is no setting {name!r}.", fix=f"Did you mean {near[0]!r}?" if near else "")


def pointer(name: str) -> str:
    """A sentence with today's name of a setting that ``name`` was an older name of; else nothing."""
    setting = BY_NAME.get(name)
    return f"{name} is now called {setting.name}." if setting and name in setting.older else ""


def flatten(content: Mapping[str, Any]) -> dict[str, Any]:
    """Nested groups (``{"llm": {"model": …}}``) as dotted names; what is no group stays as it is."""
    flat: dict[str, Any] = {}
    for key, value in content.items():
        if key in GROUPS and isinstance(value, Mapping):
            flat |= {_within(key, str(name)): inner for name, inner in value.items()}
        else:
            flat[key] = value
    return flat


def _within(group: str, name: str) -> str:
    dotted = f"{group}.{name}"
    return name if dotted not in BY_NAME and name in BY_NAME else dotted


class Settings:
    """The settings in force. Updates are all-or-nothing, then subscribers hear what changed."""

    def __init__(self, **flags: Any) -> None:
        # Each has lists of its own, which a program may add to.
        self._defaults = {setting.name: copy(setting.default) for setting in DECLARED}
        self._layers: dict[str, dict[str, Any]] = {layer: {} for layer in LAYERS}
        self._subscribers: list[Callable[[dict[str, Any]], None]] = []
        self._snapshot: SimpleNamespace | None = None
        self.apply(flags, "flags")

    def apply(
        self, changes: Mapping[str, object], layer: str = "runtime", *, may_loosen: bool = False
    ) -> dict[str, Any]:
        """Set several at once in one layer; returns those whose value in force changed, by their dotted names.

        ``may_loosen``: the change is the person's own doing in their own program. Raises SettingsError.
        """
        before, parsed = self.values(), {}
        for name, value in flatten(changes).items():
            setting = lookup(name)
            new = setting.parse(value)
            loosened = new in setting.loosens and new != before[setting.name]
            if loosened and layer in OUTSIDE and not may_loosen:
                raise SettingsError(
                    f"{setting.name} can't be set to {str(new).lower()} from here.",
                    fix="Give it on the command line, in a profile or in your own program.",
                )
            parsed[setting.name] = new
        self._layers[layer].update(parsed)
        self._snapshot = None
        after = self.values()
        changed = {name: value for name, value in after.items() if before[name] != value}
        if changed:
            for subscriber in list(self._subscribers):
                subscriber(changed)
        return changed

    def from_environment(self, environ: Mapping[str, str]) -> None:
        """Take ``OI_VOICE_NAME`` variables that name a setting; others may belong to someone else."""
        names = {PREFIX + name.replace(".", "_").upper(): setting.name for name, setting in BY_NAME.items()}
        found = {name: environ[variable] for variable, name in names.items() if variable in environ}
        self.apply(found, "environment")

    def subscribe(self, heard: Callable[[dict[str, Any]], None]) -> Callable[[], None]:
        """Have ``heard`` called with what changed, after each change; returns what ends that."""
        self._subscribers.append(heard)
        return lambda: self._subscribers.remove(heard) if heard in self._subscribers else None

    def values(self) -> dict[str, Any]:
        """Every setting's value in force, by dotted name."""
        result = dict(self._defaults)
        for layer in LAYERS:
            result.update(self._layers[layer])
        return result

    def is_set(self, name: str) -> bool:
        """Whether anybody has said what it should be."""
        return any(lookup(name).name in self._layers[layer] for layer in LAYERS)

    def snapshot(self) -> SimpleNamespace:
        """The values as they are now, as attributes (``.llm.model``): what one turn goes by."""
        if self._snapshot is None:
            groups = {group: SimpleNamespace() for group in GROUPS}
            top = SimpleNamespace(**groups)
            for name, value in self.values().items():
                group, _, last = name.rpartition(".")
                setattr(groups[group] if group else top, last, value)
            self._snapshot = top
        return self._snapshot

    def get(self, name: str) -> Any:
        """The value in force of the setting of that name."""
        return self.values()[lookup(name).name]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        snapshot = self.snapshot()
        return getattr(snapshot, name) if hasattr(snapshot, name) else self.get(name)
