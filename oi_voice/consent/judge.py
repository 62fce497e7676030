"""What the gate goes by: what the code would do, the person's rules, a scan of it; and what it leaves: the record.

All of it blocks, so it is done on a thread, in a bounded time. Whatever fails on the way is not understood, and asks.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from oi_voice.consent.audit import AuditError, AuditLog, Decision
from oi_voice.consent.classify import Risk, Target, classify, remote, unknown
from oi_voice.consent.rules import Rules
from oi_voice.consent.shape import Rule, RuleError, Scope, Shape, place, refusal, rule
from oi_voice.consent.words import words
from oi_voice.errors import OiVoiceError
from oi_voice.ports import Proposal
from oi_voice.runtime import Worker, in_thread
from oi_voice.tags import normal

log = logging.getLogger(__name__)
PATIENCE = 2.0  # seconds for looking at code; a dead network drive must not hold the question up
RECORDING = 10.0  # seconds for a line of the record
MANY = 40  # targets, from which on no rule is offered: nobody reads so many places


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen of a piece of code. ``rule`` allows it already; ``scopes`` are those that a new rule may have."""

    risk: Risk
    words: str
    shape: Shape
    rule: Rule | None = None
    scopes: tuple[Scope, ...] = ()


class Judge:
    """``log`` keeps the record, if there is to be one. ``classified`` tells what code would do.

    ``scanner`` gives what is found in code of a language, in words; empty is nothing. Called on the loop.
    """

    def __init__(
        self,
        rules: Rules | None = None,
        log: AuditLog | None = None,
        scanner: Callable[[str, str], Awaitable[str]] | None = None,
        classified: Callable[[str, str, Path | None], Risk] = classify,
    ) -> None:
        self.rules = rules
        self.log = log
        self.scanner = scanner
        self._classified = classified
        self._worker: Worker | None = None

    async def look(self, proposal: Proposal) -> Look:
        """What this code would do, and whether a rule allows it. Never raises."""
        looked = in_thread(self._look, proposal, name="look at code")
        try:
            async with asyncio.timeout(PATIENCE):
                [found] = await asyncio.gather(looked, return_exceptions=True)
        except TimeoutError:
            return _seen(proposal, unknown("could not be looked through in time"))
        if isinstance(found, BaseException):
            log.error("code could not be looked through", exc_info=found)
            return _seen(proposal, unknown("could not be looked through"))
        return found

    async def scan(self, proposal: Proposal) -> str:
        """What a scanner says of it, in words; of its failure too. Empty where there is none."""
        if self.scanner is None:
            return ""
        try:
            return await self.scanner(proposal.language, proposal.code) or "The scan found nothing."
        except OiVoiceError as error:
            return str(error)

    async def allow(self, look: Look, scope: str) -> None:
        """Have code of this shape run without a question from now on. Raises RuleError."""
        if self.rules is None or scope not in look.scopes:
            raise RuleError("There can be no rule for this code.", fix="It is asked about each time.")
        await in_thread(self.rules.add, rule(look.shape, Scope(scope)), name="rules")

    def forget(self) -> None:
        """The conversation is over, and the rules that were for it."""
        if self.rules:
            self.rules.forget()

    async def decided(self, decision: Decision) -> int:
        """Record an answer; returns its number, 0 where no record is kept. Raises AuditError."""
        if self.log is None:
            return 0
        self._worker = self._worker or Worker("audit")
        try:
            async with asyncio.timeout(RECORDING):
                return await self._worker.run(self.log.decided, decision)
        except TimeoutError:
            raise AuditError(
                f"What was decided could not be recorded in {self.log.path} within {RECORDING:g} s, so nothing is run.",
                fix="See whether that disk is there, and whether another program holds the file.",
            ) from None

    async def ended(self, number: int, result: str) -> None:
        """Record how what was decided came out. Raises AuditError."""
        if self.log and number and self._worker:
            await self._worker.run(self.log.ended, number, result)

    async def close(self) -> None:
        """Returns when all is recorded."""
        if self._worker:
            with suppress(TimeoutError):
                async with asyncio.timeout(RECORDING):
                    await self._worker.run(lambda: None)
            self._worker.close()
            self._worker = None

    def _look(self, proposal: Proposal) -> Look:
        seen = _seen(proposal, self._classified(proposal.language, proposal.code, proposal.here))
        if self.rules is None or len(seen.risk.targets) >= MANY:
            return seen
        offered = (Scope.CONVERSATION, Scope.ALWAYS)
        scopes = tuple(scope for scope in offered if not refusal(seen.shape, scope))
        return replace(seen, rule=self.rules.allows(seen.shape), scopes=scopes)


def _seen(proposal: Proposal, risk: Risk) -> Look:
    places = frozenset(place(target.effect, target.kind, _name(target, proposal.here)) for target in risk.targets)
    effects = frozenset(effect.value for effect in risk.effects)
    return Look(risk, words(risk), Shape(normal(proposal.language), risk.level.value, effects, places))


def _name(target: Target, here: Path | None) -> str:
    """The target's name as rules go by it: where a link leads; of what depends on the folder ``here``, with that."""
    name = target.name
    with suppress(OSError):  # what may not be looked at, or has too long a name
        if remote.host(name):
            return name
        if target.kind in ("file", "folder", "source") and Path(name).is_absolute() and Path(name).is_symlink():
            return remote.followed(name)
        if target.kind == "program" and here and name and not remote.host(str(here)) and (here / name).exists():
            return f"{name} in {here}"
    if name.endswith(" here") or name.startswith("the git remote "):
        return f"{name.removesuffix(' here')} in {here}" if here else ""
    return name
