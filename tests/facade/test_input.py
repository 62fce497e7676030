"""Lines that code asks for, as a program sees it."""

from __future__ import annotations

from interpreters import Make

from oi_voice.events import InputRequested, InputResolved, State, StateChanged, Streamed
from oi_voice.facade.stream import Chunks
from oi_voice.messages import Chunk, Kind, Role


def test_the_output_around_a_question_is_one_message_of_the_stream() -> None:
    chunks = Chunks("t")
    output = Streamed("t", Chunk(Role.COMPUTER, Kind.CONSOLE, "Name? ", "output"))
    events = [
        StateChanged("t", State.RUNNING),
        output,
        InputRequested("t", "1", "Name? "),
        StateChanged("t", State.ASKING),
        InputResolved("t", "1", "terminal"),
        StateChanged("t", State.RUNNING),
        output,
        StateChanged("t", State.ASKING),  # about the next code
    ]
    came = [chunk for event in events for chunk in chunks.feed(event)]
    assert [chunk.get("content", "start" if "start" in chunk else "end") for chunk in came] == [
        "start",
        "Name? ",
        "Name? ",
        "end",
    ]


def test_without_a_terminal_code_is_told_that_nobody_is_there(make: Make) -> None:
    interpreter, server = make("```python\ninput('Name? ')\n```", "I see.", auto_run=True)
    interpreter.chat("ask me", display=False)
    assert "EOFError" in str(server.requests[-1].body)
    assert "nobody is there to answer" in str(server.requests[-1].body)
    assert "nobody is there to answer" in str(interpreter.computer.run("python", "input()"))
