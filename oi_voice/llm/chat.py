"""Our messages as the chat messages that language models take."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from oi_voice.errors import OiVoiceError
from oi_voice.messages import Kind, Message, Role, fenced
from oi_voice.ports import Abilities
from oi_voice.runtime import in_thread

ROLES = {Role.SYSTEM: "system", Role.USER: "user", Role.ASSISTANT: "assistant", Role.COMPUTER: "user"}
UNSEEN = "(A picture was shown here; this model cannot see pictures.)"
UNHEARD = "(A sound was played here; this model cannot hear.)"
FOLLOWS = "(The picture follows.)"
SILENT = "The code ran and printed nothing."
NOT_RUN = "This code was not run."

#: The one function that a model may call.
EXECUTE: dict[str, Any] = {
    "type": "function",
    "function": {
        "name": "execute",
        "description": "Run code on the user's machine, once the user has allowed it, and return what it prints.",
        "parameters": {
            "type": "object",
            "properties": {
                "language": {"type": "string", "description": "The programming language, in lower case."},
                "code": {"type": "string", "description": "The code to run."},
            },
            "required": ["language", "code"],
        },
    },
}

Part = str | dict[str, Any]
as_json = json.JSONEncoder(ensure_ascii=False).encode  # json.dumps makes an encoder anew for each call


@dataclass(slots=True)
class _Call:
    """A block of the assistant's code, and what came of it."""

    id: str
    code: Message
    results: list[Message] = field(default_factory=list)
    printed: bool = False


@dataclass(slots=True)
class _Turn:
    """What one side said without the other; ``calls`` are the blocks of code among it."""

    role: str
    said: list[Message]
    calls: list[_Call] = field(default_factory=list)


def to_chat(
    messages: Sequence[Message], *, functions: bool = False, vision: bool = False, shrink: bool = True, first: int = 0
) -> list[dict[str, Any]]:
    """OpenAI's chat messages; neighbours of one role become one.

    With ``functions`` code is a call of ``execute`` and what came of it the call's result, else both are text in
    markdown blocks. Results stand right behind what they belong to, tied by ``call`` or else by their order. With
    ``vision`` pictures go along, made smaller if ``shrink``; reading a file or shrinking may block for long the first
    time. Thoughts, and what is meant for the person alone, stay out. ``first`` is the first message's place in the
    conversation. Raises nothing.
    """
    chat = _Chat(vision, shrink)
    for turn in _turns(messages, first):
        if functions and turn.calls:
            chat.call(turn)
        else:
            for message in turn.said:
                chat.add(turn.role, chat.part(message))
            for call in turn.calls:
                for result in call.results:
                    chat.add("user", chat.part(result))
                if not call.results:
                    chat.add("user", NOT_RUN)
    return chat.entries()


async def prepare(messages: Sequence[Message], able: Abilities, *, shrink: bool) -> list[dict[str, Any]]:
    """``to_chat`` for a model of these abilities; on a thread where there are pictures to make ready."""
    work = partial(to_chat, messages, functions=able.functions, vision=able.vision, shrink=shrink)
    if able.vision and any(message.kind is Kind.IMAGE for message in messages):
        return await in_thread(work, name="pictures")
    return work()


def ready(pictures: Sequence[Message], shrink: bool) -> None:
    """Have pictures read and made smaller, which may block for long; then ``to_chat`` does not."""
    from oi_voice.llm.pictures import data_url

    for picture in pictures:
        with suppress(OiVoiceError):  # said where the picture should be
            data_url(picture, shrink)


def _turns(messages: Sequence[Message], first: int) -> list[_Turn]:
    turns: list[_Turn] = []
    known: dict[str, _Call] = {}  # by the id that the messages have for it, the newest of that id
    used: set[str] = set()  # ids as they are sent, which must differ
    waiting: list[_Call] = []  # those of the last turn, for results that name none
    closed = True  # whether what the assistant says next is another reply
    for message in messages:
        if message.recipient == "user" or message.kind is Kind.REASONING or _empty(message):
            continue
        if message.role is Role.COMPUTER and (call := _owner(message, known, waiting)):
            call.results.append(message)
            call.printed |= message.kind is Kind.CONSOLE and message.format != "notice"
            closed = True
            continue
        role = ROLES[message.role]
        if closed or turns[-1].role != role:
            turns.append(_Turn(role, []))
            waiting, closed = [], False
        turns[-1].said.append(message)
        if message.kind is Kind.CODE and message.role is Role.ASSISTANT:
            call = _Call(_free_id(message.call, used, first), message)
            known[message.call or call.id] = call
            turns[-1].calls.append(call)
            waiting.append(call)
    return turns


def _empty(message: Message) -> bool:
    """Whether it is words without a word, which some servers refuse."""
    return message.kind is Kind.MESSAGE and not message.content.strip()


def _owner(result: Message, known: dict[str, _Call], waiting: list[_Call]) -> _Call | None:
    """The block of code that a result is of, if it is there."""
    if result.call:
        return known.get(result.call)
    if len(waiting) > 1 and waiting[0].printed and result.kind is Kind.CONSOLE and result.format != "notice":
        del waiting[0]  # one block prints once: this is the next one's
    return waiting[0] if waiting else None


def _free_id(wanted: str, used: set[str], first: int) -> str:
    """An id for a call, the same each time: some servers count from 0 in every reply, others give none."""
    name = wanted or f"own{first + len(used):06d}"  # nine characters, as Mistral wants them, and no server's own count
    while name in used:
        name = f"{name}_{len(used)}"
    used.add(name)
    return name


class _Chat:
    """The chat as it grows."""

    def __init__(self, vision: bool, shrink: bool) -> None:
        self._vision, self._shrink = vision, shrink
        self._entries: list[dict[str, Any]] = []

    def add(self, role: str, part: Part) -> None:
        last = self._entries[-1] if self._entries else None
        if last is not None and last["role"] == role and "tool_calls" not in last:
            last["content"].append(part)
        else:
            self._entries.append({"role": role, "content": [part]})

    def call(self, turn: _Turn) -> None:
        """An assistant's turn with calls, their results in the order of the calls, and the pictures among those."""
        text: list[Part] = [self.part(message) for message in turn.said if message.kind is not Kind.CODE]
        calls = [_as_tool_call(call) for call in turn.calls]
        self._entries.append({"role": turn.role, "content": text or [""], "tool_calls": calls})
        pictures: list[Part] = []
        for call in turn.calls:
            texts = []
            for result in call.results:
                part = self.part(result)
                if not isinstance(part, str):
                    pictures.append(part)
                    part = FOLLOWS
                elif result.kind is Kind.CONSOLE:
                    part = result.content.rstrip() or SILENT
                texts.append(part)
            result_text = "\n".join(texts) or NOT_RUN
            self._entries.append({"role": "tool", "tool_call_id": call.id, "content": [result_text]})
        for picture in pictures:  # not every server takes them in the result of a call
            self.add("user", picture)

    def part(self, message: Message) -> Part:
        if message.kind is not Kind.IMAGE:
            return _text(message)
        if not self._vision:
            return UNSEEN
        from oi_voice.llm.pictures import data_url

        try:
            return {"type": "image_url", "image_url": {"url": data_url(message, self._shrink)}}
        except OiVoiceError as error:
            return f"(A picture should be here. {error})"

    def entries(self) -> list[dict[str, Any]]:
        for entry in self._entries:
            parts = entry["content"]
            if all(type(part) is str for part in parts):
                entry["content"] = parts[0] if len(parts) == 1 else "\n\n".join(parts)
            else:
                entry["content"] = [{"type": "text", "text": p} if isinstance(p, str) else p for p in parts]
        return self._entries


def _as_tool_call(call: _Call) -> dict[str, Any]:
    arguments = {"language": call.code.format or "python", "code": call.code.content}
    function = {"name": "execute", "arguments": as_json(arguments)}
    return {"id": call.id, "type": "function", "function": function}


def _text(message: Message) -> str:
    match message.kind:
        case Kind.CODE:
            return fenced(message.content, message.format)
        case Kind.CONSOLE if message.format == "notice":
            return message.content
        case Kind.CONSOLE:
            return "The code printed:\n" + fenced(message.content, "output") if message.content.strip() else SILENT
        case Kind.FILE:
            return f"A file: {message.content}"
        case Kind.AUDIO:
            return UNHEARD
    return message.content
