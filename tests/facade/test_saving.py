"""Conversations are saved as they go, can be taken up again, and never cost a turn."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from interpreters import Make

from oi_voice import archive
from oi_voice.testing.replies import streaming
from oi_voice.testing.server import serve

PROGRAM = """
import sys
from oi_voice import OpenInterpreter
interpreter = OpenInterpreter(llm={"model": "openai/m", "api_base": sys.argv[1]}, conversation_history_path=sys.argv[2])
interpreter.chat("first", display=False)
for chunk in interpreter.chat("second", stream=True, display=False):
    print(chunk.get("content", ""), flush=True)
"""


def saved(folder: Path) -> list[str]:
    [path] = folder.glob("*.json")
    return [message["content"] for message in json.loads(path.read_text())]


def test_each_message_is_on_disk_as_soon_as_it_is_whole(make: Make, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    interpreter, _ = make("one", streaming("two", stall=True), conversation_history_path=str(folder))
    interpreter.chat("first", display=False)
    stream = interpreter.chat("second", stream=True, display=False)
    next(stream)
    assert saved(folder) == ["first", "one", "second"]
    stream.close()
    assert saved(folder) == ["first", "one", "second", "two"]


def test_a_conversation_is_taken_up_again(make: Make, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    interpreter, server = make("one", "two", conversation_history_path=folder, conversation_filename="mine.json")
    interpreter.chat("My name is Ann.", display=False)
    messages = json.loads((folder / "mine.json").read_text())
    other, server = make("Ann.")
    other.messages = messages
    other.chat("Who am I?", display=False)
    assert [m["content"] for m in server.requests[0].body["messages"][1:]] == ["My name is Ann.", "one", "Who am I?"]


def test_a_new_conversation_is_a_new_file_and_off_is_off(make: Make, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    interpreter, _ = make("ok", conversation_history_path=folder)
    interpreter.chat("first", display=False)
    interpreter.reset()
    interpreter.chat("second", display=False)
    assert len(list(folder.glob("*.json"))) == 2
    interpreter.reset()
    interpreter.conversation_history = False
    interpreter.chat("third", display=False)
    assert len(list(folder.glob("*.json"))) == 2


def test_kill_9_in_the_middle_loses_only_what_was_streaming(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    from oi_voice.testing.replies import in_turn

    with serve(in_turn(streaming("one"), streaming("two ", stall=True))) as server:
        program = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, server.url, str(folder)], stdout=subprocess.PIPE, text=True
        )
        assert program.stdout
        while program.stdout.readline().strip() != "two":
            assert program.poll() is None
        os.kill(program.pid, signal.SIGKILL)
        program.wait()
        program.stdout.close()
    [path] = folder.glob("*.json")
    assert [message.content for message in archive.load(path)] == ["first", "one", "second"]


def test_a_folder_that_cannot_be_written_costs_nothing_but_a_word(make: Make, tmp_path: Path) -> None:
    blocked = tmp_path / "a file"
    blocked.write_text("in the way")
    interpreter, _ = make("one", "two", conversation_history_path=blocked / "kept")
    assert interpreter.chat("first", display=False)[0]["content"] == "one"
    assert interpreter.chat("second", display=False)[0]["content"] == "two"
    assert len(interpreter.messages) == 4


def test_the_person_is_told_that_nothing_is_kept(
    make: Make, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    blocked = tmp_path / "a file"
    blocked.write_text("in the way")
    interpreter, _ = make("one", "two", conversation_history_path=blocked / "kept")
    interpreter.chat("first")
    interpreter.chat("second")
    assert capsys.readouterr().err.count("warning:") == 1


def test_a_fixed_name_never_costs_an_earlier_conversation(make: Make, tmp_path: Path) -> None:
    for words in ("first", "second"):
        interpreter, _ = make("ok", conversation_history_path=tmp_path / "kept", conversation_filename="mine.json")
        interpreter.chat(words, display=False)
    earlier, latest = sorted((tmp_path / "kept").glob("*.json"), key=lambda path: path.name == "mine.json")
    assert [message.content for message in archive.load(earlier)] == ["first", "ok"]
    assert [message.content for message in archive.load(latest)] == ["second", "ok"]
