"""``interpreter.computer``: the person's own code, and languages of their own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from interpreters import Make

from oi_voice.errors import LanguageError, SettingsError


class Shout:
    """A language whose programs are printed in capitals."""

    name = "shout"
    system_message = "# Shout only what matters."
    aliases = ("yell",)
    ended = 0

    def run(self, code: str) -> Iterator[dict[str, Any]]:
        yield {"type": "console", "format": "output", "content": code.upper()}

    def stop(self) -> None: ...

    def terminate(self) -> None:
        Shout.ended += 1


def test_own_code_runs_unasked_and_shares_its_state_with_the_models(make: Make) -> None:
    interpreter, _ = make("```python\nprint(x + 1)\n```", "Done.", auto_run=True)
    assert interpreter.computer.run("python", "x = 41\nprint('set')") == [
        {"role": "computer", "type": "console", "format": "output", "content": "set\n"}
    ]
    new = interpreter.chat("go", display=False)
    assert new[1]["content"] == "42\n"
    chunks = list(interpreter.computer.run("py", "print(x)", stream=True))
    assert chunks[0] == {"role": "computer", "type": "console", "start": True}
    assert {"role": "computer", "type": "console", "format": "output", "content": "41\n"} in chunks
    assert chunks[-1] == {"role": "computer", "type": "console", "end": True}


def test_own_code_is_stopped(make: Make) -> None:
    interpreter, _ = make("x")
    stream = interpreter.computer.run("python", "print('on')\nwhile True: pass", stream=True)
    while next(stream).get("format") != "output":
        pass
    threading.Thread(target=interpreter.stop).start()
    list(stream)
    assert interpreter.computer.run("python", "print(2)")[0]["content"] == "2\n"


def test_a_language_that_is_not_there_is_named(make: Make) -> None:
    interpreter, _ = make("x")
    with pytest.raises(LanguageError, match="cobol"):
        interpreter.computer.run("cobol", "STOP RUN.")


def test_languages_of_ones_own(make: Make) -> None:
    interpreter, server = make("```yell\nhello\n```", "Done.", auto_run=True)
    interpreter.computer.run("python", "x = 1")
    interpreter.computer.terminate()
    interpreter.computer.languages = [*interpreter.computer.languages, Shout]
    names = [language.name for language in interpreter.computer.languages]
    assert (names[0], names[-1]) == ("python", "shout")
    assert "NameError" in interpreter.computer.run("python", "x")[0]["content"]
    interpreter.computer.languages = [Shout]
    new = interpreter.chat("go", display=False)
    assert new[1]["content"].strip() == "HELLO"
    assert Shout.system_message in server.requests[0].body["messages"][0]["content"]
    with pytest.raises(LanguageError, match="python"):
        interpreter.computer.run("python", "1")
    before = Shout.ended
    interpreter.computer.terminate()
    assert Shout.ended == before + 1
    assert interpreter.computer.run("shout", "again")[0]["content"] == "AGAIN"
    with pytest.raises(LanguageError):
        interpreter.computer.languages = [int]


def test_python_moves_when_the_settings_say_so(make: Make) -> None:
    interpreter, _ = make("x")
    interpreter.computer.run("python", "x = 1")
    interpreter.computer.kernel_gateway = "http://127.0.0.1:9"
    with pytest.raises(LanguageError, match=r"127\.0\.0\.1"):
        interpreter.computer.run("python", "x")
    interpreter.computer.kernel_gateway = ""
    assert "NameError" in interpreter.computer.run("python", "x")[0]["content"]


def test_offline_keeps_python_on_this_machine(make: Make) -> None:
    interpreter, _ = make("x", computer={"offline": True, "kernel_gateway": "http://gateway.example"})
    with pytest.raises(SettingsError, match="offline"):
        interpreter.computer.run("python", "1")
    interpreter.computer.kernel_gateway = ""
    assert interpreter.computer.run("python", "1")[0]["content"] == "1\n"


def test_a_stop_counts_from_the_moment_of_the_call(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    interpreter, _ = make("x")
    opened = interpreter._machine

    def stopped_meanwhile() -> Any:
        interpreter.stop()
        return opened()

    monkeypatch.setattr(interpreter, "_machine", stopped_meanwhile)
    assert interpreter.computer.run("python", "while True: pass") == []
    monkeypatch.undo()
    assert interpreter.computer.run("python", "print(1)")[0]["content"] == "1\n"
