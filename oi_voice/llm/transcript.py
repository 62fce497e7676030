"""The conversation as JSON, of which a request adds only what is new since the last one."""

from __future__ import annotations

from collections.abc import Sequence

from oi_voice.growing import Growing
from oi_voice.llm.chat import as_json, ready, to_chat
from oi_voice.messages import Kind, Message
from oi_voice.ports import Abilities
from oi_voice.runtime import in_thread


class Transcript:
    """For one endpoint: what it can do does not change."""

    def __init__(self, able: Abilities, *, shrink: bool) -> None:
        self._able, self._shrink = able, shrink
        self._parts = Growing(self._encode)

    async def json(self, messages: Sequence[Message]) -> bytes:
        """OpenAI's chat messages as a JSON array. Pictures are made ready on a thread; a file is read once."""
        pictures = [message for message in messages if message.kind is Kind.IMAGE] if self._able.vision else []
        if pictures:
            await in_thread(ready, pictures, self._shrink, name="pictures")
        return b"[" + b",".join(filter(None, self._parts(messages))) + b"]"

    def _encode(self, part: Sequence[Message], first: int) -> bytes:
        able = self._able
        chat = to_chat(part, functions=able.functions, vision=able.vision, shrink=self._shrink, first=first)
        return ",".join(map(as_json, chat)).encode("utf-8", "replace")
