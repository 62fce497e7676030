"""The gate: one question at a time, answered from anywhere, bound to the bytes that were shown.

Popup, terminal, voice and socket all answer by ``resolve`` with the turn's id and the question's digest; the first
valid answer wins. No answer, a late one, one to other bytes, a closed turn, a record that can't be kept: no.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from typing import Any

from oi_voice.consent.audit import Decision
from oi_voice.consent.judge import Judge, Look
from oi_voice.consent.phrases import Act, Meaning, Said, SpokenCode, meaning, needs_code
from oi_voice.consent.shape import READS, Rule, covers
from oi_voice.consent.shape import words as rule_words
from oi_voice.errors import OiVoiceError
from oi_voice.events import ApprovalRequested, ApprovalResolved, Event, Notice
from oi_voice.ports import Proposal, Verdict
from oi_voice.runtime import spawn

UNRECORDED = "No record of it could be kept, so it was not run."
EDITED, SCANNED = "edit", "scan"  # what a question is closed with that is asked again at once


def digest(turn: str, language: str, code: str, nonce: str = "") -> str:
    """What a yes is bound to: SHA-256 over turn, language, the code's exact bytes and the question, hexadecimal."""
    bound = "\0".join((turn, language, code, nonce)).encode("utf-8", "surrogatepass")
    return hashlib.sha256(bound).hexdigest()


@dataclass(slots=True)
class Question:
    """One that is open. ``presented``: it was on the screen or said to its end, so that it may be answered aloud."""

    asked: ApprovalRequested
    look: Look
    code: SpokenCode | None
    answer: asyncio.Future[Verdict] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    allow: str = ""
    presented: bool = False
    limit: asyncio.Timeout = field(default_factory=lambda: asyncio.timeout(None))


class Gate:
    """Implements ``ports.Approver`` by asking whoever listens to the engine's events. Called on the loop.

    ``always_ask``: whatever settings and rules say.
    """

    def __init__(self, publish: Callable[[Event], None], judge: Judge | None = None, timeout: float = 60.0) -> None:
        self._publish = publish
        self._judge = judge or Judge()
        self.timeout = timeout  # seconds, for the next question; 0 waits for ever
        self.always_ask = False
        self._auto_run: bool | str = False
        self._safe_mode = "off"
        self._open: Question | None = None
        self._records: set[asyncio.Task[object]] = set()

    @property
    def open(self) -> ApprovalRequested | None:
        """The question that waits for an answer."""
        return self._open.asked if self._open else None

    @property
    def presented(self) -> bool:
        """Whether the open question was shown or said in full."""
        return self._open is not None and self._open.presented

    def follow(self, auto_run: bool | str, safe_mode: str) -> None:
        """Go by these settings: ``auto_run`` is true, "reads" or false, ``safe_mode`` off, ask (a scan is offered) or
        auto (each code is scanned first); but for off it asks about everything."""
        self._auto_run, self._safe_mode = auto_run, safe_mode

    def tighten(self, auto_run: bool | str, safe_mode: str) -> None:
        """Go by them as far as they allow less: consent withdrawn holds at once, new one from the next turn on."""
        if not auto_run or self._auto_run is True:
            self._auto_run = auto_run
        if self._safe_mode == "off":
            self._safe_mode = safe_mode

    async def approve(self, proposal: Proposal) -> Verdict:
        edited, found = None, ""
        while True:
            look = await self._judge.look(proposal)
            if self._safe_mode == "auto" and not found:
                found = await self._scan(proposal)
            verdict, asked = self._unasked(proposal, look), ""
            if verdict is None:
                verdict, asked = await self._ask(proposal, look, found)
            if verdict.by in (EDITED, SCANNED):
                self._behind(self._recorded(proposal, look, verdict, asked))
            if verdict.by == EDITED and verdict.code is not None:
                edited, found = verdict.code, ""
                proposal = replace(proposal, code=edited)
            elif verdict.by == SCANNED:
                found = await self._scan(proposal)
            else:
                return await self._recorded(proposal, look, replace(verdict, code=edited), asked)

    def resolve(self, turn: str, digest: str, approved: bool, by: str, words: str = "", allow: str = "") -> bool:
        """Answer the open question. False when there is none, or another one, or it was answered already.

        ``words`` are told to the model beside a no. With a yes, ``allow`` is the scope of a rule for such code.
        """
        return self._close(turn, digest, Verdict(approved, by, words), allow if approved else "")

    def edit(self, turn: str, digest: str, code: str) -> bool:
        """Ask about this code instead of the one in question: it is looked at afresh, and needs a yes of its own."""
        return self._close(turn, digest, Verdict(False, EDITED, code=code))

    def scanned(self, turn: str, digest: str) -> bool:
        """Have the code in question scanned; it is asked about again with what was found."""
        return self._close(turn, digest, Verdict(False, SCANNED))

    def show(self, digest: str, presented: bool = True) -> None:
        """The open question, if it is this one, has been on the screen or was said to its end; or is no more what the
        person sees."""
        if self._open and self._open.asked.digest == digest:
            self._open.presented = presented

    def extend(self, digest: str, seconds: float) -> None:
        """The person is at it: the open question, if it is this one and has a time-out, waits so long at least."""
        question = self._open
        if question is None or question.asked.digest != digest or question.limit.expired():
            return
        if (end := question.limit.when()) is not None:
            question.limit.reschedule(max(end, asyncio.get_running_loop().time() + seconds))

    def hear(self, digest: str, phrase: str, language: str = "en", presented: bool = True) -> Meaning | None:
        """What was said to this question means, and answers it if it is a yes or a no; None where it is not open.

        ``presented`` tells whether it had been when the person began to speak: else there is no yes to it.
        """
        question = self._open
        if question is None or question.asked.digest != digest:
            return None
        if question.code and presented:
            heard = question.code.hear(phrase, language)
        else:  # before it was shown a code is neither right nor used up
            heard = meaning(phrase, language, code=question.asked.spoken)
        if heard.verdict is Said.APPROVE and not presented:
            return replace(heard, verdict=Said.NEITHER, why="The question was not shown to its end yet.")
        if heard.act is Act.CHANGE:  # a no to this code, and a wish for other
            heard = replace(heard, verdict=Said.DENY)
        if heard.verdict is not Said.NEITHER:
            yes = heard.verdict is Said.APPROVE
            self.resolve(question.asked.turn, digest, yes, "voice", "" if yes else f"The person said: {phrase.strip()}")
        return heard

    def close(self, by: str) -> None:
        """Answer whatever is open with no."""
        if self._open is not None:
            self.resolve(self._open.asked.turn, self._open.asked.digest, False, by)

    def ended(self, verdict: Verdict, result: str) -> None:
        if verdict.number:
            self._behind(self._result(verdict.number, result))

    async def recorded(self) -> None:
        """Returns when all there is to record has been."""
        if self._records:
            await asyncio.wait(self._records)

    def _behind(self, record: Coroutine[Any, Any, object]) -> None:
        task = spawn(record, "record")
        self._records.add(task)
        task.add_done_callback(self._records.discard)

    async def _result(self, number: int, result: str) -> None:
        try:
            await self._judge.ended(number, result)
        except OiVoiceError as error:
            self._publish(Notice("", "warning", error.code, str(error)))

    def _unasked(self, proposal: Proposal, look: Look) -> Verdict | None:
        """A yes that needs no question."""
        if self.always_ask or self._safe_mode != "off":
            return None
        if self._auto_run is True or (self._auto_run and covers(READS, look.shape)):
            return Verdict(True, "auto_run")
        return Verdict(True, "rule") if look.rule else None

    async def _ask(self, proposal: Proposal, look: Look, found: str) -> tuple[Verdict, str]:
        """The answer, and the digest of the question."""
        level = look.risk.level.value
        code = SpokenCode() if needs_code(level) else None
        nonce = secrets.token_hex(16)
        asked = ApprovalRequested(
            proposal.turn,
            digest(proposal.turn, proposal.language, proposal.code, nonce),
            proposal.language,
            proposal.code,
            self.timeout,
            level,
            look.words,
            code.digits if code else "",
            tuple(scope.value for scope in look.scopes),
            found,
            self._safe_mode == "ask" and not found,
            rule_words(Rule("", look.scopes[0], look.shape)) if look.scopes else "",
        )
        question = self._open = Question(asked, look, code)
        self._publish(asked)
        try:
            async with asyncio.timeout(self.timeout or None) as question.limit:
                verdict = await question.answer
        except TimeoutError:
            self.resolve(proposal.turn, asked.digest, False, "timeout")
            verdict = Verdict(False, "timeout")
        except asyncio.CancelledError:
            self.close("stop")
            answer = question.answer
            by = "stop" if answer.cancelled() or answer.result().approved else answer.result().by
            self._behind(self._recorded(proposal, look, Verdict(False, by), asked.digest))
            raise
        finally:
            self.close("stop")
        if question.allow:
            await self._allow(question)
        return verdict, asked.digest

    async def _scan(self, proposal: Proposal) -> str:
        self._publish(Notice(proposal.turn, "info", "consent.scan", "Scanning the code…"))
        return await self._judge.scan(proposal)

    def _close(self, turn: str, digest: str, verdict: Verdict, allow: str = "") -> bool:
        question = self._open
        if question is None or (question.asked.turn, question.asked.digest) != (turn, digest):
            return False
        self._open, question.allow = None, allow
        if question.code:
            question.code.spend()
        if not question.answer.done():  # a time-out has cancelled it, and only says so
            question.answer.set_result(verdict)
        self._publish(ApprovalResolved(turn, digest, verdict.approved, verdict.by))
        return True

    async def _allow(self, question: Question) -> None:
        """Make the rule that came with a yes; where that fails, the yes was one for once."""
        try:
            await self._judge.allow(question.look, question.allow)
        except OiVoiceError as error:
            self._publish(Notice(question.asked.turn, "warning", error.code, str(error)))

    async def _recorded(self, proposal: Proposal, look: Look, verdict: Verdict, asked: str) -> Verdict:
        """The verdict once it is on record. A yes that can't be recorded is none."""
        said = look.rule.id if look.rule and verdict.by == "rule" else verdict.words
        decision = Decision(
            proposal.turn,
            proposal.code,
            look.words,
            proposal.language,
            asked or digest(proposal.turn, proposal.language, proposal.code),
            look.risk.level.value,
            "approve" if verdict.approved else "deny",
            verdict.by,
            said,
        )
        try:
            verdict = replace(verdict, number=await self._judge.decided(decision))
            if not asked and self._unasked(proposal, look) is None:  # withdrawn meanwhile
                return Verdict(False, verdict.by, "It is to be asked about now.")
            return verdict
        except OiVoiceError as error:
            self._publish(Notice(proposal.turn, "error", error.code, str(error)))
            return Verdict(False, "record", UNRECORDED) if verdict.approved else verdict
