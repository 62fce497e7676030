"""Magic commands, through the typed chat."""

from __future__ import annotations

import asyncio
import io
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from oi_voice.messages import DECLINED, Kind, Message, Role, user
from oi_voice.ports import Abilities
from oi_voice.runtime import in_thread, spawn
from oi_voice.terminal.chat import Chat, Lines
from oi_voice.terminal.magic import COMMANDS
from oi_voice.terminal.render import Printer
from oi_voice.testing import Harness, harness

CODE = "Look:\n```python\nprint(1)\n```\n"
TALK = [
    user("what is one"),
    Message(Role.ASSISTANT, Kind.CODE, "print(1)", "python", call="a"),
    Message(Role.COMPUTER, Kind.CONSOLE, "1\n", "output", call="a"),
    Message(Role.ASSISTANT, Kind.MESSAGE, "It is one."),
]


@asynccontextmanager
async def input_of(*lines: str) -> AsyncIterator[Lines]:
    """These lines as the whole of an input."""
    read, write = os.pipe()
    os.write(write, "".join(f"{line}\n" for line in lines).encode())
    os.close(write)
    reader = Lines(read)
    try:
        yield reader
    finally:
        reader.end()
        os.close(read)


async def typed(h: Harness, *lines: str, copy: Callable[[str], None] | None = None) -> str:
    """What the chat shows when these lines are typed."""
    out = io.StringIO()
    async with input_of(*lines) as reader:
        await Chat(h.engine, Printer(out, out), reader, signals=False, copy=copy).run()
    return out.getvalue()


def names(folder: Path, pattern: str = "*") -> list[str]:
    return sorted(path.name for path in folder.glob(pattern))


def with_talk(**settings: Any) -> Harness:
    h = harness(**settings)
    h.engine.load(TALK)
    return h


@pytest.mark.parametrize("line", ["%help", "  %info", "%nonsense", "%", "%%", "%tokens how many", "%%true"])
async def test_nothing_that_begins_with_a_percent_sign_reaches_the_model(line: str) -> None:
    h = harness()
    await typed(h, line, "")
    assert h.model.asked == []
    assert h.engine.history == []


async def test_help_lists_every_command() -> None:
    told = await typed(harness(), "%help")
    assert all(f"%{command.name}" in told and command.help in told for command in COMMANDS)
    assert "%% command" in told


async def test_an_unknown_command_names_the_nearest() -> None:
    told = await typed(harness(), "%tokenz", "%zzzzzz")
    assert "There is no %tokenz. Did you mean %tokens?" in told
    assert "There is no %zzzzzz. %help lists" in told


@pytest.mark.parametrize(
    ("line", "value"),
    [("%verbose", True), ("%verbose true", True), ("%VERBOSE True", True), ("%verbose false", False)],
)
async def test_verbose_goes_on_and_off(line: str, value: bool) -> None:
    h = harness(verbose=not value)
    await typed(h, line)
    assert h.settings.verbose is value


async def test_the_older_name_of_verbose_names_todays() -> None:
    h = harness()
    assert "%debug is now called %verbose." in await typed(h, "%debug true")
    assert h.settings.verbose


async def test_a_value_that_is_none_is_refused() -> None:
    h = harness()
    assert "Give true or false." in await typed(h, "%verbose perhaps")
    assert not h.settings.verbose


async def test_reset_begins_a_new_conversation_in_a_file_of_its_own(tmp_path: Path) -> None:
    h = harness(conversation_history=True, conversation_history_path=str(tmp_path))
    await typed(h, "first words", "%reset", "other words")
    assert [message.content for message in h.engine.history] == ["other words", "Hello."]
    assert [name.split(" ", 2)[2] for name in names(tmp_path)] == ["first words.json", "other words.json"]


async def test_undo_takes_back_one_request_after_the_other_also_on_disk(tmp_path: Path) -> None:
    path = tmp_path / "talk.json"
    h = harness([CODE, "Done.", "Yes."], auto_run=True, conversation_history=True,
                conversation_history_path=str(tmp_path), conversation_filename=path.name)  # fmt: skip
    told = await typed(h, "print one", "sure", "%undo", "%undo")
    assert "Removed “sure” and what came of it, 2 messages.\n" in told
    assert "Removed “print one” and what came of it, 5 messages. What code did" in told
    assert h.engine.history == []
    assert json.loads(path.read_text()) == []
    assert "There is nothing to undo." in await typed(h, "%undo")


async def test_undo_takes_a_picture_with_its_words_and_what_is_said_in_the_persons_place() -> None:
    h = harness()
    picture = Message(Role.USER, Kind.IMAGE, "AAAA", "base64.png")
    h.engine.load([*TALK, picture, user("and this"), user(h.settings.loop_message)])
    await typed(h, "%undo")
    assert h.engine.history == TALK


async def test_messages_are_saved_and_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    told = await typed(with_talk(), "%save_message", '%save_message "my talk.json"')
    assert f"Saved 4 messages to {tmp_path / 'messages.json'}." in told
    assert json.loads((tmp_path / "messages.json").read_text())[0] == {
        "role": "user", "type": "message", "content": "what is one",
    }  # fmt: skip
    other = harness()
    other.engine.load([user("before")])
    assert "Loaded 4 messages" in await typed(other, "%load_message my talk.json")
    assert other.engine.history == TALK


async def test_what_was_loaded_is_kept_in_a_file_of_its_own(tmp_path: Path) -> None:
    saved = tmp_path / "talk.json"
    await typed(with_talk(), f"%save_message {saved}")
    before = saved.read_bytes()
    h = harness(conversation_history=True, conversation_history_path=str(tmp_path / "kept"))
    await typed(h, "mine", f"%load_message {saved}", "go on")
    assert saved.read_bytes() == before
    kept = {len(json.loads((tmp_path / "kept" / name).read_text())) for name in names(tmp_path / "kept")}
    assert kept == {2, 6}


@pytest.mark.parametrize("content", [None, "{", '{"a": 1}', '[{"role": "wizard", "content": "x"}]', "\0\1\2"])
async def test_a_file_that_can_not_be_loaded_is_told_and_nothing_lost(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "bad.json"
    if content is not None:
        path.write_text(content)
    h = with_talk()
    told = await typed(h, f"%load_message {path}")
    assert str(path) in told
    assert h.engine.history == TALK
    assert content is None or path.read_text() == content


@pytest.mark.parametrize("path", ["~nobody-at-all/x", "x" * 300, "a\0b"])
@pytest.mark.parametrize("command", ["%save_message", "%load_message", "%markdown", "%jupyter"])
async def test_a_path_that_can_not_be_is_told(
    command: str, path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    told = await typed(with_talk(), f"{command} {path}")
    assert "can't be" in told or "There is no path" in told
    assert names(tmp_path) == []


async def test_saving_where_it_can_not_be_is_told(tmp_path: Path) -> None:
    assert "can't be saved" in await typed(with_talk(), f"%save_message {tmp_path}/none/x.json")
    assert "can't be saved" in await typed(with_talk(), f"%save_message {tmp_path}")
    assert names(tmp_path) == []


async def test_tokens_counts_what_would_be_sent_and_prices_it() -> None:
    h = with_talk()
    h.model.abilities = Abilities(context_window=9000, functions=True, price_sent=0.01)
    told = await typed(h, "%tokens", f"%tokens {'word ' * 60}")
    counts = [int(line.split("about ")[1].split()[0].replace(",", "")) for line in told.splitlines()]
    assert 100 < counts[0] < counts[1] - 60
    assert "of 9,000" in told
    assert f"about ${counts[0] * 0.01:.4f}" in told
    h.model.abilities = Abilities()
    assert "at no price known" in await typed(h, "%tokens")


async def test_info_tells_what_differs_and_no_secret() -> None:
    h = harness(loop=True, **{"llm.api_key": "sk-hidden", "llm.api_base": "https://me:pass@host/v1?key=hid"})
    told = await typed(h, "%info")
    for wanted in ("oi_voice ", "Python 3.", "Model: scripted", "Languages: python", "loop: true", "api_key: (set)"):
        assert wanted in told
    assert not any(secret in told for secret in ("sk-hidden", "pass", "key=hid"))
    assert "max_output" not in told
    assert "Last turn: none so far" in told
    assert "Last turn: thinking " in await typed(h, "hello", "%info")


async def test_markdown_is_exported_and_nothing_is_overwritten(tmp_path: Path) -> None:
    told = await typed(with_talk(), f"%markdown {tmp_path}/talk.md", f"%markdown {tmp_path}/talk.md")
    assert (tmp_path / "talk.md").read_text() == (tmp_path / "talk 2.md").read_text()
    assert str(tmp_path / "talk 2.md") in told
    text = (tmp_path / "talk.md").read_text()
    assert "## You\n\nwhat is one\n\n## Assistant\n\n```python\nprint(1)\n```\n\n## Computer\n\n```output\n1\n" in text


async def test_without_a_path_exports_go_to_downloads_else_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_DOWNLOAD_DIR", raising=False)
    await typed(with_talk(), "%markdown")
    assert [name.split(" ", 2)[2] for name in names(tmp_path, "*.md")] == ["what is one.md"]
    (tmp_path / "Downloads").mkdir()
    await typed(with_talk(), "%jupyter")
    assert len(names(tmp_path / "Downloads", "*.ipynb")) == 1


async def test_a_notebook_holds_code_with_its_outputs(tmp_path: Path) -> None:
    h = harness()
    picture = Message(Role.COMPUTER, Kind.IMAGE, "AAAA", "base64.png", call="a")
    h.engine.load([
        *TALK[:3], picture,
        Message(Role.ASSISTANT, Kind.CODE, "ls", "shell"), Message(Role.COMPUTER, Kind.CONSOLE, DECLINED, "notice"),
        Message(Role.ASSISTANT, Kind.CODE, "x <- 1", "r"), Message(Role.COMPUTER, Kind.CONSOLE, "no", "output"),
    ])  # fmt: skip
    await typed(h, f"%jupyter {tmp_path}/talk")
    book = json.loads((tmp_path / "talk.ipynb").read_text())
    assert (book["nbformat"], book["nbformat_minor"]) == (4, 4)
    kinds = [cell["cell_type"] for cell in book["cells"]]
    assert kinds == ["markdown", "code", "code", "markdown", "markdown"]
    python, shell = book["cells"][1:3]
    assert python["source"] == "print(1)"
    assert [output["output_type"] for output in python["outputs"]] == ["stream", "display_data"]
    assert python["outputs"][1]["data"] == {"image/png": "AAAA"}
    assert (shell["source"], shell["outputs"][0]["text"]) == ("%%bash\nls", DECLINED)
    assert book["cells"][3]["source"] == "```r\nx <- 1\n```"


async def test_an_empty_conversation_is_not_exported(tmp_path: Path) -> None:
    assert "nothing to export" in await typed(harness(), f"%markdown {tmp_path}/a.md")
    assert names(tmp_path) == []


async def test_auto_run_goes_on_and_off_and_says_what_stands_against_it() -> None:
    h = harness()
    assert "without asking." in await typed(h, "%auto_run")
    assert h.settings.auto_run
    assert "you are asked" in await typed(h, "%auto_run false")
    assert not h.settings.auto_run
    assert "safe_mode is ask" in await typed(harness(safe_mode="ask"), "%auto_run true")


async def test_auto_run_may_be_for_what_only_reads() -> None:
    writes = "```python\nopen('/tmp/oi-voice-note', 'a')\n```\n"
    h = harness([CODE, "Done.", writes, "Done."])
    told = await typed(h, "%auto_run reads", "read", "write", "n")
    assert "auto_run is reads: what only reads is run without asking" in told
    assert h.journal.of("run") == ["print(1)\n"]
    assert "Give true, reads or false." in await typed(h, "%auto_run some")


async def test_the_model_is_told_and_changed() -> None:
    h = harness()
    assert "Using scripted." in await typed(h, "%model")
    await typed(h, "%model openai/other")
    assert h.settings.llm.model == "openai/other"


async def test_the_last_code_is_copied() -> None:
    assert "no code yet" in await typed(harness(), "%copy")
    assert "no clipboard here" in await typed(with_talk(), "%copy")
    copied: list[str] = []
    await typed(with_talk(), "%copy", copy=copied.append)
    assert copied == ["print(1)"]


# --- the shell


async def test_shell_commands_run_unasked_with_their_output_passed_through(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    h = harness()
    told = await typed(
        h, "%% echo one; exit 3", "%%", "echo two", "echo three", "", f"%% cd {tmp_path}", "%% cd a\0b", "%% pwd"
    )
    assert capfd.readouterr().out.split() == ["one", "two", "three", str(tmp_path)]
    assert "(ended with 3)" in told
    assert h.model.asked == []


async def test_a_shell_command_does_not_read_what_was_typed_for_the_chat() -> None:
    h = harness()
    await typed(h, "%% cat", "hello")
    assert [message.content for message in h.engine.history] == ["hello", "Hello."]


async def test_ctrl_c_stops_a_shell_command_and_what_it_started(tmp_path: Path) -> None:
    h, out, fifo = harness(), io.StringIO(), tmp_path / "fifo"
    os.mkfifo(fifo)
    async with input_of(f"%% (sleep 60; echo) > {fifo}", "%help") as reader:
        chat = Chat(h.engine, Printer(out, out), reader, signals=False)
        running = spawn(chat.run(), "chat")
        with await in_thread(fifo.open, "rb") as held:  # once the command has its other end
            chat.interrupted()
            assert await asyncio.wait_for(in_thread(held.read), 10) == b""  # nobody has it any more
        await asyncio.wait_for(running, 10)
    assert "Stopped." in out.getvalue()
    assert "%undo" in out.getvalue()


# --- entries of several lines


@pytest.mark.parametrize("mark", ['"""', "'''", "```"])
async def test_lines_between_three_quotes_are_one_message(mark: str) -> None:
    h = harness()
    await typed(h, mark, "one", "", "%two", mark)
    assert [message.content for message in h.engine.history] == ["one\n\n%two", "Hello."]


async def test_quotes_count_only_where_multi_line_is_on() -> None:
    h = harness(multi_line=False)
    await typed(h, '"""one')
    assert h.engine.history[0].content == '"""one'


async def test_quotes_may_stand_on_the_lines_themselves() -> None:
    h = harness()
    await typed(h, '"""one', 'two"""', '"""three"""', "```python")
    assert [m.content for m in h.engine.history if m.role is Role.USER] == ["one\ntwo", "three", "```python"]


async def test_an_entry_that_is_not_ended_is_not_sent() -> None:
    h = harness()
    assert "was not ended" in await typed(h, '"""', "half of it")
    assert h.engine.history == []


# --- from Python


def test_the_typed_chat_of_a_program_knows_them_too(tmp_path: Path) -> None:
    program = (
        "from oi_voice import interpreter\ninterpreter.llm.model = 'commands'\nresult = interpreter.chat()\n"
        "print('said', len(result), len(interpreter.messages), interpreter.verbose)"
    )
    typed = ("%verbose true", "%help", "lost", "%reset", "what can i say", "undone", "%undo")
    done = subprocess.run(
        [sys.executable, "-c", program], input="\n".join(typed), cwd=tmp_path,
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert "verbose is on" in done.stdout
    assert "%save_message" in done.stdout
    assert "A new conversation begins." in done.stdout
    assert "Removed “undone”" in done.stdout
    assert done.stdout.endswith("said 2 2 True\n")
    assert "oi_voice: asking commands" in done.stderr
