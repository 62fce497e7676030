"""The loop: model → code → consent → run → model, until the reply has no code."""

from __future__ import annotations

import logging
import uuid
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, field, replace
from types import SimpleNamespace

from oi_voice.agent.budget import Purse
from oi_voice.agent.present import Reader
from oi_voice.agent.prompt import system_message
from oi_voice.agent.reply import Reply
from oi_voice.agent.request import Presenter
from oi_voice.agent.trim import tokens
from oi_voice.errors import LanguageError, ModelError
from oi_voice.events import State
from oi_voice.messages import DECLINED, Accumulator, Chunk, Kind, Message, Role, user
from oi_voice.ports import Approver, Broker, Language, Languages, Model, Proposal, Verdict
from oi_voice.runtime import spawn

log = logging.getLogger(__name__)
WHOLE = ("stop", "tool_calls", "function_call")  # finish reasons of a reply that is all there
UNATTENDED = ("nobody", "timeout")  # who answers where no person does: after two such answers the turn ends
NUDGES = 2  # times that an empty reply is asked for again
ROUNDS = 10  # replies without code in a row after which the setting ``loop`` gives up
NUDGE = "(Your answer was empty. Go on, or say that you are done.)"
EDITED = "The person changed the code, and this was run instead:"
CUT = "The answer was cut off here, so nothing of it was run."


@dataclass(slots=True)
class Interpreter:
    """Answers one request. ``entered`` hears of each state on the way; ``read`` gives a picture's text."""

    model: Model
    languages: Languages
    approver: Approver
    broker: Broker
    settings: SimpleNamespace
    entered: Callable[[State], None]
    api: str = ""
    spoken: bool = False
    purse: Purse = field(default_factory=Purse)
    read: Reader | None = None
    presenter: Presenter = field(default_factory=Presenter)
    _log: Accumulator = field(default_factory=Accumulator)
    _faults: dict[str, str] = field(default_factory=dict)  # by call: why a block can't be run
    _warmed: set[str] = field(default_factory=set)
    _idle: int = 0
    _unanswered: int = 0
    _lost: bool = False

    async def respond(self, turn: str, history: Sequence[Message]) -> AsyncGenerator[Chunk, None]:
        """Everything that is said and done in answer to ``history``, as it happens. Raises ModelError."""
        await self.model.start()
        nudges, going_on = 0, True
        while going_on:
            before = len(self._log.messages())
            nudge = [user(NUDGE)] if nudges else []
            async with aclosing(self._think([*history, *self._log.messages(), *nudge])) as chunks:
                async for chunk in chunks:
                    yield chunk
            said = self._log.messages()[before:]
            blocks = [message for message in said if message.kind is Kind.CODE]
            words = "".join([message.content for message in said if message.kind is Kind.MESSAGE])
            nudges = 0 if blocks or words.strip() else nudges + 1
            if nudges > NUDGES:
                raise ModelError("The model's answer is empty.", fix="Ask in other words.", code="model.empty")
            async with aclosing(self._act(turn, blocks)) as chunks:
                async for chunk in chunks:
                    yield chunk
            going_on = bool(nudges) or self._goes_on(blocks, words)
            if going_on and not blocks and not nudges:
                yield self._note(Chunk(Role.USER, Kind.MESSAGE, self.settings.loop_message, starts=True))

    def _goes_on(self, blocks: Sequence[Message], words: str) -> bool:
        if not blocks:
            self._idle += 1
            done = any(phrase in words for phrase in self.settings.loop_breakers)
            return self.settings.loop and not done and self._idle < ROUNDS
        known = any(self._language(block) for block in blocks)
        # Twice in a row nothing that could run, or nobody to ask: it would go on for ever.
        again = self._unanswered < 2 and (known or not self._lost)
        self._idle, self._lost = 0, not known
        return again

    async def _think(self, messages: Sequence[Message]) -> AsyncGenerator[Chunk, None]:
        """One reply of the model. Raises ModelError when it was cut off, so that nothing of it runs."""
        self.entered(State.THINKING)
        request = await self._request(messages)
        log.debug("asking %s, with %d messages of %d", self.model.name, len(request), len(messages) + 1)
        reply, finish, began = Reply(taken=lambda call: any(message.call == call for message in messages)), "", False
        sent = sum(map(tokens, request)) if self.model.abilities.price_sent else 0
        paid = self.purse.watched(self.model.respond(request), self.model.abilities, sent, self.settings.max_budget)
        try:
            async with aclosing(paid) as deltas:
                async for delta in deltas:
                    for chunk in reply.take(delta):
                        began = True
                        self._warm(chunk)
                        yield self._note(chunk)
                    finish = delta.finish or finish
            for chunk in reply.end():
                yield self._note(chunk)
            log.debug("the reply ended: %s", finish or "cut off")
            if reply.unclosed or finish not in WHOLE:
                raise _cut(finish)
        except ModelError:
            if began:
                yield self._note(_console(CUT, form="notice"))
            raise
        self._faults |= reply.faults

    async def _request(self, messages: Sequence[Message]) -> list[Message]:
        """The conversation as it is sent: system message, what fits, templates."""
        settings, abilities = self.settings, self.model.abilities
        system = system_message(
            settings,
            functions=abilities.functions,
            languages=self.languages.names,
            notes=self.languages.system_messages(),
            api=self.api if settings.os or settings.computer.import_computer_api or self.spoken else "",
            spoken=self.spoken,
        )
        return await self.presenter.request(system, messages, settings, abilities, self.read)

    async def _act(self, turn: str, blocks: Sequence[Message]) -> AsyncGenerator[Chunk, None]:
        """Run the blocks of one reply, in order, each with the person's consent; a no ends it."""
        for block in blocks:
            if fault := self._faults.get(block.call):
                yield self._note(_console(fault, block.call, "notice"))
                continue
            try:
                language = self.languages.get(block.format)
            except LanguageError as error:
                yield self._note(_console(str(error), block.call))
                continue
            self.entered(State.ASKING)
            here = self.languages.folder(block.format)
            verdict = await self.approver.approve(Proposal(turn, block.format, block.content, here))
            if not verdict.approved:
                self._unanswered += verdict.by in UNATTENDED
                words = " ".join(filter(None, (DECLINED, verdict.words)))
                yield self._note(_console(words, block.call, "notice"))
                return
            if verdict.code is not None:
                block = replace(block, content=verdict.code)
                yield self._note(_console(f"{EDITED}\n{verdict.code}", block.call, "notice"))
            self.entered(State.RUNNING)
            async with aclosing(self._run(language, block, verdict)) as chunks:
                async for chunk in chunks:
                    yield self._note(chunk)

    async def _run(self, language: Language, block: Message, verdict: Verdict) -> AsyncGenerator[Chunk, None]:
        run, silent, result = uuid.uuid4().hex, True, "stopped"
        log.debug("running %d characters of %s", len(block.content), block.format)
        self.broker.grant(run)
        try:
            async with aclosing(language.run(block.content, run)) as chunks:
                async for chunk in chunks:
                    silent = silent and chunk.format == "active_line"
                    yield replace(chunk, call=block.call)
            result = "done"
        except LanguageError as error:
            silent, result = False, str(error)
            yield _console(str(error), block.call)
        finally:
            self.broker.revoke()
            self.approver.ended(verdict, result)
        if silent:
            yield _console("", block.call)

    def _warm(self, chunk: Chunk) -> None:
        """Have the language of a block ready by the time that the block is whole and allowed."""
        if chunk.kind is Kind.CODE and chunk.format not in self._warmed:
            self._warmed.add(chunk.format)
            with suppress(LanguageError):
                spawn(_started(self.languages.get(chunk.format)), "warm up")

    def _language(self, block: Message) -> Language | None:
        try:
            return None if block.call in self._faults else self.languages.get(block.format)
        except LanguageError:
            return None

    def _note(self, chunk: Chunk) -> Chunk:
        self._log.add(chunk)
        return chunk


async def _started(language: Language) -> None:
    with suppress(LanguageError):  # told when it is to run
        await language.start()


def _cut(finish: str) -> ModelError:
    if finish == "length":
        words, fix = "The model's answer reached its limit of tokens", "Raise llm.max_tokens, or ask for less."
    elif finish == "content_filter":
        words, fix = "The provider held the model's answer back", "Ask in other words."
    else:
        words, fix = "The model's answer was cut off", "Ask again."
    return ModelError(f"{words}, so nothing of it was run.", fix=fix, code="model.cut")


def _console(text: str, call: str = "", form: str = "output") -> Chunk:
    return Chunk(Role.COMPUTER, Kind.CONSOLE, text, form, call=call, starts=True)
