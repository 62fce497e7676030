"""Our messages as the chat messages that language models take."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from oi_voice.messages import Kind, Message, Role

ROLES = {Role.SYSTEM: "system", Role.USER: "user", Role.ASSISTANT: "assistant", Role.COMPUTER: "user"}
UNSEEN = "(A picture was shown here; this model cannot see pictures.)"


def to_chat(messages: Sequence[Message], system: str = "", sees: bool = False) -> list[dict[str, Any]]:
    """OpenAI chat messages: code as markdown blocks, output as the user's, neighbours of one role as one.

    Pictures go along only when the model ``sees``; messages meant for the person alone stay out.
    """
    chat: list[dict[str, Any]] = []
    first = [Message(Role.SYSTEM, Kind.MESSAGE, system)] if system else []
    for message in [*first, *messages]:
        if message.recipient == "user":
            continue
        role = ROLES[message.role]
        if not chat or chat[-1]["role"] != role:
            chat.append({"role": role, "content": []})
        chat[-1]["content"].append(_part(message, sees))
    for entry in chat:
        if all(part["type"] == "text" for part in entry["content"]):
            entry["content"] = "\n\n".join([part["text"] for part in entry["content"]])
    return chat


def _part(message: Message, sees: bool) -> dict[str, Any]:
    if message.kind is Kind.IMAGE and sees:
        form = message.format.removeprefix("base64.") or "png"
        return {"type": "image_url", "image_url": {"url": f"data:image/{form};base64,{message.content}"}}
    return {"type": "text", "text": _text(message)}


def _text(message: Message) -> str:
    if message.kind is Kind.IMAGE:
        return UNSEEN
    if message.kind is Kind.CODE:
        return _fenced(message.content, message.format)
    if message.kind is Kind.CONSOLE:
        if not message.content.strip():
            return "The code ran and printed nothing."
        return "The code printed:\n" + _fenced(message.content, "output")
    return message.content


def _fenced(text: str, tag: str) -> str:
    """A markdown block; its fence is longer than any in the text."""
    fence = "`" * max([3, *[len(run) + 1 for run in re.findall("`{3,}", text)]])
    return f"{fence}{tag}\n{text.rstrip()}\n{fence}"
