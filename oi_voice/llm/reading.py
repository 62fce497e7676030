"""The events of one streamed reply in OpenAI's form, read into deltas: text, thoughts, calls, usage, finish."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from oi_voice.ports import CallPiece, Delta, Usage

# What servers call the end of a whole reply.
WHOLE = {"eos": "stop", "eos_token": "stop", "end_turn": "stop", "stop_sequence": "stop", "function_call": "tool_calls"}
THOUGHTS = ("reasoning_content", "reasoning")
TOLD = ("content", "refusal", "tool_calls", "function_call", *THOUGHTS)


class Malformed(ValueError):
    """An event that is none of this protocol."""


class Failed(Exception):
    """The server sent an error instead of an event; ``body`` is what it said."""

    def __init__(self, body: object) -> None:
        super().__init__(body)
        self.body = body


@dataclass(slots=True)
class _Open:
    """A tool call that is being received."""

    number: int
    id: str
    parts: list[str] = field(default_factory=list)

    def whole(self) -> bool:
        if not self.parts or not self.parts[-1].rstrip().endswith("}"):
            return False
        try:
            json.loads("".join(self.parts))
        except ValueError:
            return False
        return True


class Reply:
    """Reads one reply's events.

    ``finish`` is the server's own once it came; ``began`` whether any event did, ``said`` whether one said anything.
    """

    def __init__(self) -> None:
        self.finish = ""
        self.began = self.said = False
        self._usage: Usage | None = None
        self._calls: list[_Open] = []
        self._by_index: dict[object, _Open] = {}

    def read(self, event: Any) -> Iterator[Delta]:
        """The deltas in an event. Raises Failed, or Malformed."""
        if not isinstance(event, dict):
            raise Malformed(f"a {type(event).__name__}")
        if (error := event.get("error")) or event.get("object") == "error":
            raise Failed(error or event)
        if usage := event.get("usage"):
            self._usage = _usage(usage) or self._usage
        choices = event.get("choices")
        if not choices:
            if choices is None and not usage:
                raise Malformed("no choices")
            return
        choice = choices[0] if isinstance(choices, list) else None
        if not isinstance(choice, dict):
            raise Malformed("no choice")
        self.began = True
        delta = choice.get("delta") or choice.get("message")  # a message where the server does not stream
        if delta:
            if not isinstance(delta, dict):
                raise Malformed("no delta")
            yield from self._delta(delta)
        if (finish := choice.get("finish_reason")) and not self.finish:
            if finish == "error":
                raise Failed(choice.get("error") or "")
            self.finish = WHOLE.get(finish, str(finish))
            yield Delta(finish=self.finish)

    def last(self, *, done: bool) -> Iterator[Delta]:
        """What is known at the end of the stream; ``done`` if the server itself says that it is the end.

        Some servers give no reason; their ``[DONE]`` is as good.
        """
        if done and self.began and not self.finish:
            self.finish = "tool_calls" if self._calls else "stop"
            yield Delta(finish=self.finish)
        if self._usage:
            yield Delta(usage=self._usage)

    def _delta(self, delta: dict[str, Any]) -> Iterator[Delta]:
        for name in THOUGHTS:
            if thought := delta.get(name):
                self.said = True
                yield Delta(thought=_text(thought))
                break
        if content := delta.get("content") or delta.get("refusal"):
            self.said = True
            yield from [Delta(content)] if isinstance(content, str) else _parts(content)
        calls = delta.get("tool_calls")
        if not calls and (call := delta.get("function_call")):
            calls = [{"function": call}]
        for entry in calls or ():
            if piece := self._call(entry):
                self.said = True
                yield Delta(call=piece)

    def _call(self, entry: Any) -> CallPiece | None:
        function = entry.get("function") if isinstance(entry, dict) else None
        if not isinstance(function, dict):
            raise Malformed("no function")
        index, id, name = entry.get("index"), entry.get("id") or "", function.get("name") or ""
        arguments = function.get("arguments") or ""
        if not isinstance(arguments, str):  # some send the object itself
            arguments = json.dumps(arguments, ensure_ascii=False)
        known = self._known(index, id)
        if known is not None and not (name and _differs(known, id)):
            known.parts.append(arguments)
            return CallPiece(known.number, arguments=arguments)
        if not (id or name or arguments):
            return None
        # Nine letters and figures: Mistral takes no other ids back.
        known = _Open(len(self._calls), id or uuid.uuid4().hex[:9], [arguments])
        self._calls.append(known)
        self._by_index[index] = known
        return CallPiece(known.number, known.id, name, arguments)

    def _known(self, index: object, id: str) -> _Open | None:
        """The call that a piece belongs to, as far as its number or id tells."""
        if index is not None:
            return self._by_index.get(index)
        same = [call for call in self._calls if id and call.id == id]
        return (same or self._calls or [None])[-1]  # type: ignore[list-item]  # None stands for no call


def _differs(known: _Open, id: str) -> bool:
    """Whether a named piece begins another call than the one of the same number: not every server counts them."""
    return id != known.id if id else known.whole()


def _usage(usage: Any) -> Usage | None:
    if not isinstance(usage, dict):
        return None
    sent, received = usage.get("prompt_tokens"), usage.get("completion_tokens")
    if not isinstance(sent, int) or not isinstance(received, int):
        return None
    return Usage(sent, received) if sent or received else None  # LiteLLM says 0 for what it doesn't know


def _parts(content: Any) -> Iterator[Delta]:
    """Content in typed parts, as Mistral's reasoning models send it."""
    if not isinstance(content, list):
        raise Malformed("content that is no text")
    for part in content:
        if isinstance(part, dict) and part.get("type") == "thinking":
            yield Delta(thought=_text(part.get("thinking")))
        else:
            yield Delta(_text(part))


def _text(content: Any) -> str:
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "".join([_text(part) for part in content])
    if isinstance(content, dict) and isinstance(content.get("text"), str):
        return str(content["text"])
    raise Malformed("a part that is no text")


def plain(chunk: Any) -> Any:
    """A chunk that may be made of objects with attributes, as one made of dicts; what is neither stays as it is."""
    event = _dict(chunk, ("choices", "usage", "error"))
    if isinstance(event, dict):
        if isinstance(choices := event.get("choices"), list | tuple):
            event["choices"] = [_choice(choice) for choice in choices]
        if usage := event.get("usage"):
            event["usage"] = _dict(usage, ("prompt_tokens", "completion_tokens"))
    return event


def _choice(choice: Any) -> Any:
    plain = _dict(choice, ("delta", "message", "finish_reason"))
    for name in ("delta", "message"):
        if isinstance(plain, dict) and isinstance(said := _dict(plain.get(name), TOLD), dict):
            plain[name] = said
            if calls := said.get("tool_calls"):
                said["tool_calls"] = [_tool_call(call) for call in calls]
            if call := said.get("function_call"):
                said["function_call"] = _dict(call, ("name", "arguments"))
    return plain


def _tool_call(call: Any) -> Any:
    plain = _dict(call, ("index", "id", "function"))
    return (
        {**plain, "function": _dict(plain.get("function"), ("name", "arguments"))} if isinstance(plain, dict) else plain
    )


def _dict(thing: Any, names: tuple[str, ...]) -> Any:
    if isinstance(thing, Mapping):
        return dict(thing)
    if thing is None or isinstance(thing, str | int | float | list | tuple):
        return thing
    return {name: value for name in names if (value := getattr(thing, name, None)) is not None}
