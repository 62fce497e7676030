"""The conversation as JSON, of which a request adds only what is new since the last one."""

from __future__ import annotations

from collections.abc import Sequence

from oi_voice.growing import Growing
from oi_voice.llm.chat import as_json, to_chat
from oi_voice.messages import Kind, Message
from oi_voice.ports import Abilities
from oi_voice.runtime import in_thread


class Transcript:
    """For one endpoint: what it can do does not change."""

    def __init__(self, able: Abilities, *, shrink: bool) -> None:
        self._able, self._shrink = able, shrink
        self._parts = Growing(self._encode)

    async def json(self, messages: Sequence[Message]) -> bytes:
        """OpenAI's chat messages as a JSON array; made on a thread where there are pictures to make ready."""
        if self._able.vision and any(message.kind is Kind.IMAGE for message in messages):
            parts = await in_thread(self._parts, messages, name="pictures")
        else:
            parts = self._parts(messages)
        return b"[" + b",".join(filter(None, parts)) + b"]"

    def _encode(self, part: Sequence[Message], first: int) -> bytes:
        able = self._able
        chat = to_chat(part, functions=able.functions, vision=able.vision, shrink=self._shrink, first=first)
        return ",".join(map(as_json, chat)).encode("utf-8", "replace")
