"""What a scripted model server may answer: OpenAI's chat protocol, and all the ways it can go wrong."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from oi_voice.testing.wire import Request, Script, Wire

Piece = str | Mapping[str, Any]
"""Of a streamed reply: its text, a whole ``delta``, or, with ``choices`` or ``error``, a whole event."""


def streaming(
    *pieces: Piece,
    finish: str | None = "stop",
    stall: bool = False,
    cut: str = "",
    usage: tuple[int, int] | None = None,
    done: bool = True,
    every: int = 0,
) -> Script:
    """A streamed reply.

    ``finish`` None: no finish reason. ``done`` False: no ``[DONE]``. ``usage``: tokens sent and received, told in a
    last event without choices if the request asks for it. ``every``: HTTP chunks of that many bytes, so that 1 tears
    lines and characters apart. ``stall``: after the pieces, silence for ever. ``cut``: after the pieces it ends
    before its end: ``clean`` (as if whole, as HTTP goes), ``torn`` (the connection breaks) or ``line`` (within the
    last piece's event, and clean).
    """

    async def answer(wire: Wire) -> None:
        wire.every = every
        # Without chunks, the end of the connection looks like the end of the answer.
        await wire.head(chunked=cut not in ("clean", "line"))
        whole = pieces[:-1] if cut == "line" else pieces
        for piece in whole:
            await wire.event(_event(piece))
        if cut == "line":
            data = b"data: " + json.dumps(_event(pieces[-1])).encode()
            await wire.send(data[: len(data) // 2])
        if stall:
            await asyncio.Event().wait()
        if cut:
            return
        if finish is not None:
            await wire.event(_chunk({}, finish))
        if usage and wire.request.body.get("stream_options", {}).get("include_usage"):
            await wire.event(_usage(*usage))
        if done:
            await wire.event("[DONE]")
        await wire.end()

    return answer


def chars(text: str) -> list[str]:
    """A text, a character a piece."""
    return list(text)


def tokens(text: str) -> list[str]:
    """A text in pieces much like those of a language model: words with the space before them, and marks."""
    return re.findall(r"\s?\w+|\s|[^\w\s]", text)


def thought(text: str, name: str = "reasoning_content") -> Piece:
    """A piece of a model's reasoning, under the name that its server has for it."""
    return {name: text}


def calls(*blocks: tuple[str, str], size: int = 0, indexed: bool = True, ids: bool = True) -> list[Piece]:
    """Calls of ``execute`` for these (language, code) blocks, all in one reply.

    ``size``: arguments in pieces of that many characters, 0 for whole calls. ``indexed`` and ``ids``: whether the
    server tells calls apart by number and names them.
    """
    pieces: list[Piece] = []
    for number, (language, code) in enumerate(blocks):
        arguments = json.dumps({"language": language, "code": code})
        pieces += raw_call(arguments, size=size, index=number if indexed else None, id=f"call_{number}" if ids else "")
    return pieces


def raw_call(
    arguments: str, *, name: str = "execute", size: int = 0, index: int | None = 0, id: str = "call_0"
) -> list[Piece]:
    """One tool call with these arguments, be they JSON or not."""
    step = size or len(arguments) or 1
    parts = [arguments[start : start + step] for start in range(0, len(arguments), step)] or [""]
    where: dict[str, Any] = {} if index is None else {"index": index}
    head: dict[str, Any] = {**where, "type": "function", "function": {"name": name, "arguments": parts[0]}}
    if id:
        head["id"] = id
    rest = [{**where, "function": {"arguments": part}} for part in parts[1:]]
    return [{"tool_calls": [entry]} for entry in (head, *rest)]


def failing(message: str = "Overloaded", kind: str = "overloaded_error", code: int | str | None = None) -> Piece:
    """An error in the middle of a stream."""
    return {"error": {"message": message, "type": kind, "code": code}}


def plain(*lines: str) -> Script:
    """These lines as they are, and the end of the connection: for protocols other than OpenAI's."""

    async def answer(wire: Wire) -> None:
        await wire.head(chunked=False)
        for line in lines:
            await wire.send(line.encode())

    return answer


def silent() -> Script:
    """Takes the request and never says a word."""

    async def answer(wire: Wire) -> None:
        await asyncio.Event().wait()

    return answer


def refusing(
    status: int, body: str = "", kind: str = "application/json", headers: Mapping[str, str] | None = None
) -> Script:
    """An answer with this status; the body is an error as OpenAI writes it unless given."""
    text = body or error("the server's own words", "c")

    async def answer(wire: Wire) -> None:
        data = text.encode()
        await wire.head(status, kind, length=len(data), headers=headers)
        await wire.send(data)

    return answer


def error(message: str, code: str | None = None, param: str | None = None) -> str:
    """The body of an error as OpenAI writes it."""
    return json.dumps({"error": {"message": message, "type": "t", "param": param, "code": code}})


def in_turn(*scripts: Script) -> Script:
    """A script for each request; the last one answers all that follow."""
    left = list(scripts)

    async def answer(wire: Wire) -> None:
        await (left.pop(0) if len(left) > 1 else left[0])(wire)

    return answer


def by_request(choose: Callable[[Request], Script]) -> Script:
    """The script that fits the request."""

    async def answer(wire: Wire) -> None:
        await choose(wire.request)(wire)

    return answer


def blob(pieces: Iterable[Piece], finish: str = "stop") -> Script:
    """A reply in one write, made beforehand: for measuring clients, whose server must not be what is slow."""
    events = [json.dumps(_event(piece)) for piece in (*pieces, _chunk({}, finish))]
    data = "".join([f"data: {event}\n\n" for event in (*events, "[DONE]")]).encode()

    async def answer(wire: Wire) -> None:
        await wire.head()
        await wire.send(data)
        await wire.end()

    return answer


def _event(piece: Piece) -> Mapping[str, Any]:
    if isinstance(piece, str):
        return _chunk({"role": "assistant", "content": piece})
    return piece if "choices" in piece or "error" in piece else _chunk(piece)


def _usage(sent: int, received: int) -> Mapping[str, Any]:
    counts = {"prompt_tokens": sent, "completion_tokens": received, "total_tokens": sent + received}
    return {**_chunk({}), "choices": [], "usage": counts}


def _chunk(delta: Mapping[str, Any], finish: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
