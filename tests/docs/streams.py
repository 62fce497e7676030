"""What must be true of streams, and of conversations, after a documented program or listing of them."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from scene import Scene
from shapes import Marking, output, sent

from oi_voice.testing.replies import raw_call, streaming


def in_order(chunks: Sequence[Mapping[str, Any]]) -> None:
    """Each message begins and ends, one after the other, and the question comes before what is run."""
    inside: tuple[str, str] | None = None
    for chunk in chunks:
        sort = chunk["role"], chunk["type"]
        if chunk.get("start"):
            assert inside is None
            inside = sort
        elif chunk.get("end"):
            assert inside == sort
            inside = None
        else:
            assert inside == (None if chunk["type"] == "confirmation" else sort)
    assert inside is None


def streamed(scene: Scene) -> None:
    """The program printed the chunks of text, of code, of the question, of what the code printed, and of text."""
    chunks = [ast.literal_eval(line) for line in scene.out.splitlines()]
    in_order(chunks)
    kinds = [chunk["type"] for chunk in chunks]
    changes = kinds[:1] + [after for before, after in pairwise(kinds) if before != after]
    assert changes == ["code", "confirmation", "console", "message"]
    assert {"role": "computer", "type": "console", "format": "output", "content": "3.5\n"} in chunks


def ran_while_streamed(scene: Scene) -> None:
    assert [message["type"] for message in scene.interpreter.messages] == ["message", "code", "console", "message"]
    assert scene.interpreter.messages[2]["content"] == "3.5\n"
    assert "3.5" in scene.out.splitlines()


def as_listed(scene: Scene) -> None:
    """A model that says what is listed, and a computer that prints what is listed, make the chunks that are listed.

    What a listing of only some chunks leaves out is made up.
    """
    listed = scene.listed
    code = [chunk["content"] for chunk in listed if chunk["type"] == "code" and "content" in chunk]
    printed = [chunk for chunk in listed if chunk["type"] == "console" and "content" in chunk]
    ran = next((at for at, chunk in enumerate(listed) if chunk["role"] == "computer"), None)
    first, last = ([], _words(listed)) if ran is None or not code else (_words(listed[:ran]), _words(listed[ran:]))
    if confirmed := [chunk["content"] for chunk in listed if chunk["type"] == "confirmation"]:
        code = code or [confirmed[0].get("content") or confirmed[0]["code"]]
    chunks = _acted(scene, code or ["6", " * 7"], printed, first, last)
    in_order(chunks)
    left = iter(chunks)
    for wanted in listed:
        assert any(_same(chunk, wanted) for chunk in left), f"{wanted} is not there, or not there yet"
    if printed and code and last:
        assert len(chunks) == len(listed)


def _words(chunks: Sequence[Mapping[str, Any]]) -> list[str]:
    return [chunk["content"] for chunk in chunks if chunk["type"] == "message" and "content" in chunk]


def _same(chunk: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    if chunk["type"] == wanted["type"] == "confirmation":  # which has its parts under older names too
        return all(chunk["content"][key] == value for key, value in wanted["content"].items())
    return chunk == wanted


def _acted(
    scene: Scene, code: list[str], printed: list[dict[str, Any]], first: list[str], last: list[str]
) -> list[dict[str, Any]]:
    class Prompter(Marking):
        def run(self, code: str) -> Iterator[dict[str, Any]]:
            yield from printed or [output("42\n")]

    pieces = ['{"language": "python", "code": "', *[json.dumps(piece)[1:-1] for piece in code], '"}']
    calls = [{"tool_calls": [{"index": 0, "function": {"arguments": piece}}]} for piece in pieces[1:]]
    scene.interpreter.computer.languages = [Prompter]
    scene.interpreter.llm.supports_functions = True
    scene.script([streaming(*first, *raw_call(pieces[0]), *calls, finish="tool_calls"), streaming(*(last or ["So."]))])
    return list(scene.interpreter.chat("Go on.", stream=True, display=False))


def taken_as_listed(scene: Scene) -> None:
    """The listed messages are a conversation: they stay as they are, and the model is sent them, in order."""
    listed = scene.listed[0] if isinstance(scene.listed[0], list) else scene.listed
    scene.interpreter.messages = listed
    assert scene.interpreter.messages == listed
    [request] = scene.ask(settings={"llm.supports_functions": False, "llm.context_window": 8000})
    # Not the system message: a folder that it names may have one of them in its name.
    told = "\n".join(str(message["content"]) for message in sent(request)[1:])
    for wanted in [str(entry["content"]) for entry in listed if entry["type"] not in ("image", "file")]:
        assert wanted in told
        told = told.partition(wanted)[2]


def fields_named(scene: Scene) -> None:
    """What chunks and messages consist of is what the program's classes have."""
    classes = [value for value in scene.names.values() if isinstance(value, type)]
    fields = {name for each in classes for name in each.__annotations__}
    chunks = _acted(scene, ["1"], [output("1\n")], ["One"], ["."])
    assert {key for chunk in chunks for key in chunk} <= fields
    assert {key for message in scene.interpreter.messages for key in message} <= fields
