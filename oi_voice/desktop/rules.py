"""The rules in force, for the window that shows them: what runs without a question, and why."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from oi_voice.consent.rules import Rules
from oi_voice.consent.shape import READS, Rule, RuleError, Scope, words
from oi_voice.engine import Engine
from oi_voice.events import Event, SettingsChanged, StateChanged
from oi_voice.runtime import in_thread, spawn

EVERYTHING = "auto_run"  # stands for a rule that allows all
SAFE = "Safe mode is on: you are asked about all code, whatever these rules say."


class RuleBook:
    """Called on the loop; ``send`` tells the windows' process. Files are read and written off the loop."""

    def __init__(self, engine: Engine, send: Callable[[dict[str, Any]], None]) -> None:
        self._engine = engine
        self._send = send
        self._shown = False
        self._trouble = ""  # why the last one could not be revoked
        self._one_by_one = asyncio.Lock()  # what is sent last is what was read last

    def show(self) -> None:
        """Bring up the window."""
        self._shown = True
        spawn(self._tell(show=True), "show the rules")

    def attend(self, shown: bool) -> None:
        """The window wants to have the rules as they are now, or is closed."""
        self._shown = shown
        self.refresh()

    def follow(self, event: Event) -> None:
        """Read the rules anew where this event may have changed them: a yes can make one just before code runs."""
        settings = isinstance(event, SettingsChanged) and event.changed.keys() & {"auto_run", "safe_mode"}
        if settings or isinstance(event, StateChanged):
            self.refresh()

    def refresh(self) -> None:
        if self._shown:
            spawn(self._tell(), "read the rules")

    def revoke(self, id: str) -> None:
        """Take a rule out of force; what follows from the setting auto_run ends until the program is started again."""
        if id in (EVERYTHING, READS.id):
            self._engine.settings.apply({"auto_run": False})
        else:
            spawn(self._revoke(id), "revoke a rule")

    async def _revoke(self, id: str) -> None:
        self._trouble = ""
        if rules := self._engine.kit.judge.rules:
            try:
                await in_thread(rules.revoke, id, name="rules")
            except RuleError as error:
                self._trouble = str(error)
        await self._tell()

    async def _tell(self, show: bool = False) -> None:
        async with self._one_by_one:
            rules, settings = self._engine.kit.judge.rules, self._engine.settings
            found, problems = await in_thread(_read, rules, name="rules") if rules else ([], ())
            if settings.auto_run == "reads" and READS not in found:
                found.insert(0, READS)
            rows = [_row(rule) for rule in found]
            if settings.auto_run is True:
                rows.insert(0, {"id": EVERYTHING, "words": "All code", "scope": Scope.SETTING.value, "since": ""})
            self._send(
                {
                    **{"do": "rules", "show": show, "rules": rows, "path": str(rules.path) if rules else ""},
                    **{"problems": [*filter(None, [self._trouble]), *problems]},
                    **{"note": SAFE if settings.safe_mode != "off" else ""},
                }
            )


def _read(rules: Rules) -> tuple[list[Rule], tuple[str, ...]]:
    """All rules, and what is wrong with their file."""
    found = list(rules)
    return found, rules.problems


def _row(rule: Rule) -> dict[str, str]:
    return {"id": rule.id, "words": words(rule), "scope": rule.scope.value, "since": rule.since}
