"""The loop: model → code → consent → run → model, until the reply has no code."""

from __future__ import annotations

import uuid
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from oi_voice.errors import LanguageError, ModelError
from oi_voice.events import State
from oi_voice.agent.parse import Parser
from oi_voice.messages import DECLINED, Accumulator, Chunk, Kind, Message, Role
from oi_voice.ports import Approver, Broker, Languages, Model, Proposal


@dataclass(frozen=True, slots=True)
class Interpreter:
    """The ports that the loop works with. ``entered`` hears of each state on the way."""

    model: Model
    languages: Languages
    approver: Approver
    broker: Broker
    max_output: int
    entered: Callable[[State], None]

    async def respond(self, turn: str, history: Sequence[Message]) -> AsyncGenerator[Chunk, None]:
        """Everything that is said and done in answer to ``history``, as it happens."""
        so_far = [clip(message, self.max_output) for message in history]
        lost = False
        while True:
            self.entered(State.THINKING)
            reply = Accumulator()
            async with aclosing(self._reply(so_far)) as chunks:
                async for chunk in chunks:
                    reply.add(chunk)
                    yield chunk
            said = reply.messages()
            so_far += said
            blocks = [message for message in said if message.kind is Kind.CODE]
            for block in blocks:
                outcome = Accumulator()
                async with aclosing(self._act(turn, block)) as chunks:
                    async for chunk in chunks:
                        outcome.add(chunk)
                        yield chunk
                results = outcome.messages()
                so_far += (clip(message, self.max_output) for message in results)
                if results[0].content == DECLINED:  # then the rest of the plan is off too
                    break
            known = any(self._knows(block.format) for block in blocks)
            if not blocks or (lost and not known):  # twice in a row nothing that could run: it would go on for ever
                return
            lost = not known

    def _knows(self, language: str) -> bool:
        try:
            self.languages.get(language)
        except LanguageError:
            return False
        return True

    async def _reply(self, history: Sequence[Message]) -> AsyncGenerator[Chunk, None]:
        """One reply of the model. Raises ModelError when it was cut off, so that nothing of it runs."""
        parser, finish = Parser(), ""
        async with aclosing(self.model.respond(history)) as deltas:
            async for delta in deltas:
                for chunk in parser.feed(delta.text):
                    yield chunk
                finish = delta.finish or finish
        for chunk in parser.end():
            yield chunk
        if finish != "stop" or parser.unclosed:
            raise ModelError(
                "The model's answer was cut off, so nothing of it was run.", fix="Ask again.", code="model.cut"
            )

    async def _act(self, turn: str, block: Message) -> AsyncGenerator[Chunk, None]:
        try:
            language = self.languages.get(block.format)
        except LanguageError as error:
            yield _console(str(error))
            return
        self.entered(State.ASKING)
        verdict = await self.approver.approve(Proposal(turn, block.format, block.content))
        if not verdict.approved:
            yield _console(DECLINED)
            return
        self.entered(State.RUNNING)
        run = uuid.uuid4().hex
        self.broker.grant(run)
        silent = True
        try:
            async with aclosing(language.run(block.content, run)) as chunks:
                async for chunk in chunks:
                    silent = False
                    yield chunk
        except LanguageError as error:
            silent = False
            yield _console(str(error))
        finally:
            self.broker.revoke()
        if silent:
            yield _console("")


def clip(message: Message, limit: int) -> Message:
    """Console output as the model is shown it: head and tail, and how much is missing between."""
    text = message.content
    if message.kind is not Kind.CONSOLE or len(text) <= limit:
        return message
    half = limit // 2
    left_out = len(text) - 2 * half
    shown = f"{text[:half]}\n[… {left_out} characters left out …]\n{text[-half:]}"
    return Message(message.role, message.kind, shown, message.format, message.recipient)


def _console(text: str) -> Chunk:
    return Chunk(Role.COMPUTER, Kind.CONSOLE, text, "output", starts=True)
