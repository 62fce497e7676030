"""A conversation as the model is to see it: the person's templates, and code as text for models without functions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from types import SimpleNamespace

from oi_voice.messages import Kind, Message, Role, fenced

Reader = Callable[[Message], Awaitable[str]]
NOT_RUN = "(This code was not run.)"


@dataclass(frozen=True, slots=True)
class Templates:
    """How code's output is worded for a model without functions: by whom, and where there is some and where none."""

    role: Role
    full: str
    empty: str

    def worded(self, messages: Sequence[Message]) -> list[Message]:
        """Output in the template's words; still the output of its block of code."""
        return [self._output(message) if message.kind is Kind.CONSOLE else message for message in messages]

    def plain(self, messages: Sequence[Message], first: int = 0) -> list[Message]:
        """Nothing but what was said: code as markdown blocks, worded output as somebody's words."""
        ran = {message.call for message in messages if message.role is Role.COMPUTER}
        result: list[Message] = []
        for at, message in enumerate(messages):
            if message.kind is Kind.CODE:
                words = fenced(message.content, message.format)
                result.append(Message(message.role, Kind.MESSAGE, words, recipient=message.recipient))
                if message.role is Role.ASSISTANT and not _has_result(messages, at, ran):
                    result.append(Message(Role.USER, Kind.MESSAGE, NOT_RUN))
            elif message.kind is Kind.CONSOLE:
                role = Role.USER if message.format == "notice" else self.role
                result.append(Message(role, Kind.MESSAGE, message.content))
            else:
                result.append(message)
        return result

    def _output(self, message: Message) -> Message:
        text = message.content.rstrip("\n")
        if message.format == "notice":
            return replace(message, content=f"({text})")
        words = self.full.replace("{content}", fenced(text, "output")) if text.strip() else self.empty
        return replace(message, content=words)


def clipped(messages: Sequence[Message], limit: int) -> list[Message]:
    """The messages, console output as the model is shown it: head and tail, and how much is missing between."""
    console = Kind.CONSOLE
    return [
        clip(message, limit) if message.kind is console and len(message.content) > limit else message
        for message in messages
    ]


def clip(message: Message, limit: int) -> Message:
    """A long output's head and tail."""
    text, half = message.content, limit // 2
    left_out = len(text) - 2 * half
    return replace(message, content=f"{text[:half]}\n[… {left_out} characters left out …]\n{text[-half:]}")


def templated(messages: Sequence[Message], settings: SimpleNamespace) -> list[Message]:
    """What the person said, in their own template: their last message, or each."""
    template = settings.user_message_template
    result = list(messages)
    if template.strip() == "{content}":
        return result
    said = [at for at, message in enumerate(result) if message.role is Role.USER and message.kind is Kind.MESSAGE]
    for at in said if settings.always_apply_user_message_template else said[-1:]:
        result[at] = replace(result[at], content=template.replace("{content}", result[at].content))
    return result


def _has_result(messages: Sequence[Message], at: int, ran: set[str]) -> bool:
    if messages[at].call:
        return messages[at].call in ran
    after = messages[at + 1 : at + 2]  # one from elsewhere: its result stands right behind it
    return bool(after) and after[0].role in (Role.COMPUTER, Role.ASSISTANT)


async def with_pictures_read(
    messages: Sequence[Message], read: Reader | None, *, sees: bool, emit: bool
) -> list[Message]:
    """Pictures as their text where the model sees none, or is to be shown none of the computer's."""
    if read is None or not any(message.kind is Kind.IMAGE for message in messages):
        return list(messages)
    result = []
    for message in messages:
        shown = sees and (emit or message.role is not Role.COMPUTER)
        if message.kind is Kind.IMAGE and not shown:
            message = replace(message, kind=Kind.MESSAGE, content=await read(message), format="")
        result.append(message)
    return result
