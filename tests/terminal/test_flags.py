"""The command line of ``interpreter``."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from oi_voice import profiles
from oi_voice.app import interpreter
from oi_voice.settings import Settings
from oi_voice.terminal import flags

# As the reference documents them: long and short, an argument, and what it sets.
DOCUMENTED: list[tuple[str, str, str, str, Any]] = [
    ("--vision", "-vi", "", "vision", True),
    ("--os", "-o", "", "os", True),
    ("--model", "-m", "gpt-4", "llm.model", "gpt-4"),
    ("--fast", "-f", "", "fast", True),
    ("--local", "-l", "", "local", True),
    ("--temperature", "-t", "0.7", "llm.temperature", 0.7),
    ("--context_window", "-c", "16000", "llm.context_window", 16000),
    ("--max_tokens", "-x", "100", "llm.max_tokens", 100),
    ("--max_output", "-xo", "1000", "max_output", 1000),
    ("--api_base", "-ab", "https://api.example.com", "llm.api_base", "https://api.example.com"),
    ("--api_key", "-ak", "key", "llm.api_key", "key"),
    ("--api_version", "-av", "2.0.2", "llm.api_version", "2.0.2"),
    ("--llm_supports_functions", "-lsf", "", "llm.supports_functions", True),
    ("--no-llm_supports_functions", "", "", "llm.supports_functions", False),
    ("--llm_supports_vision", "-lsv", "", "llm.supports_vision", True),
    ("--custom_instructions", "-ci", "Be brief.", "custom_instructions", "Be brief."),
    ("--system_message", "-s", "You are …", "system_message", "You are …"),
    ("--safe_mode", "", "ask", "safe_mode", "ask"),
    ("--auto_run", "-y", "", "auto_run", True),
    ("--loop", "", "", "loop", True),
    ("--verbose", "-v", "", "verbose", True),
    ("--max_budget", "-b", "0.01", "max_budget", 0.01),
    ("--speak_messages", "-sm", "", "voice.speak", True),
    ("--multi_line", "-ml", "", "multi_line", True),
    ("--disable_telemetry", "-dt", "", "disable_telemetry", True),
    ("--offline", "", "true", "offline", True),
    ("--offline", "", "false", "offline", False),
    ("--plain", "-pl", "", "plain_text_display", True),
    ("--stdin", "", "", "plain_text_display", True),
]


@pytest.mark.parametrize(("long", "short", "argument", "name", "value"), DOCUMENTED)
def test_every_documented_flag_sets_what_it_says(long: str, short: str, argument: str, name: str, value: Any) -> None:
    for flag in filter(None, (long, short)):
        settings = Settings()
        settings.apply(flags.chat([flag, *filter(None, [argument])]).settings, "flags")
        assert settings.get(name) == value


@pytest.mark.parametrize("flag", ["--profile", "-p", "--config_file"])
def test_a_profile_is_named(flag: str) -> None:
    line = flags.chat([flag, "fast.yaml"])
    assert (line.profile, line.profiles) == ("fast.yaml", False)
    assert bool(line.notes) is (flag == "--config_file")


@pytest.mark.parametrize(
    ("words", "value"),
    [
        (["--offline"], True),
        (["--offline", "False"], False),
        (["--offline=true"], True),
        (["--offline=off"], False),
        (["-y", "false"], False),
        (["--no-auto_run"], False),
        (["--auto-run", "true"], True),
        (["--auto_run", "reads"], "reads"),
        (["--auto-run=Reads"], "reads"),
        (["-y", "reads"], "reads"),
        (["-y", "reads", "-y", "no"], False),
    ],
)
def test_a_flag_that_is_on_or_off_may_say_so(words: list[str], value: bool | str) -> None:
    assert [*flags.chat(words).settings.values()] == [value]


def test_a_value_that_looks_like_one_stays_a_value() -> None:
    line = flags.chat(["--system_message", "true", "--offline", "--model", "on"])
    assert line.settings == {"system_message": "true", "offline": True, "llm.model": "on"}


def test_the_assistants_commands_are_not_taken_for_values() -> None:
    line = flags.assistant(["--offline", "true", "-y", "reads", "--verbose", "commands"])
    assert (line.command, line.settings) == ("commands", {"offline": True, "auto_run": "reads", "verbose": True})


@pytest.mark.parametrize("words", [["--auto_run=perhaps"], ["--offline", "reads"], ["--verbose=reads"]])
def test_a_word_between_on_and_off_is_one_of_its_own_flag_only(words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        flags.chat(words)
    assert ended.value.code == 2


@pytest.mark.parametrize(
    ("older", "now", "name"),
    [("--debug", "--verbose", "verbose"), ("-d", "--verbose", "verbose"), ("--debug_mode", "--verbose", "verbose"),
     ("--supports_function_calling", "--llm_supports_functions", "llm.supports_functions")],
)  # fmt: skip
def test_older_flags_are_taken_with_a_pointer(older: str, now: str, name: str) -> None:
    line = flags.chat([older])
    assert line.settings == {name: True}
    assert line.notes == (f"{older} is now called {now}.",)


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("--verbos", "There is no flag --verbos. Did you mean --verbose?"),
        ("--profilees", "There is no flag --profilees. Did you mean --profiles?"),
        ("--modle=x", "There is no flag --modle. Did you mean --model?"),
        ("--zzzzzzzzz", "There is no flag --zzzzzzzzz. --help lists"),
        ("hello", "There is nothing to do with 'hello'"),
    ],
)
def test_an_unknown_flag_names_the_nearest(word: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        flags.chat([word])
    assert ended.value.code == 2
    assert told in capsys.readouterr().err


def test_a_setting_behind_the_command_is_told_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        flags.assistant(["transcribe", "a.wav", "--offline"])
    assert "--offline comes before the command, as in: oi-voice --offline" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words", [["--server"], ["--conversations"], ["--local_models"], ["--reset_profile", "x.yaml"]]
)
def test_what_is_not_there_yet_is_said_in_a_sentence(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        flags.chat([*words, "--verbose"])
    assert ended.value.code == 2
    assert re.fullmatch(r"interpreter: This version has no .+ yet\.\n", capsys.readouterr().err)


def test_speaking_is_accepted_and_not_pretended() -> None:
    assert flags.chat(["--speak_messages"]).notes == (flags.SILENT,)
    assert flags.chat(["--no-speak_messages"]).notes == ()


@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_tells_of_the_flags(flag: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        flags.chat([flag])
    told = capsys.readouterr().out
    assert "--auto_run" in told
    assert "%help" in told
    assert "--server" not in told


# --- the folder of profiles


@pytest.fixture
def no_desktop(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """Where profiles are kept, on a machine without a desktop."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    yield profiles.folders()[0]


@pytest.mark.parametrize("flag", ["--profiles", "--profile", "--config"])
def test_the_folder_is_made_with_a_default_profile_and_told(
    no_desktop: Path, flag: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert interpreter([flag]) == 0
    assert str(no_desktop) in capsys.readouterr().out
    assert "model: auto" in (no_desktop / "default.yaml").read_text()
    (no_desktop / "default.yaml").write_text("loop: true\n")
    assert interpreter([flag]) == 0
    assert (no_desktop / "default.yaml").read_text() == "loop: true\n"


def test_a_profile_to_be_edited_is_made_from_the_default_one(
    no_desktop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert interpreter(["--config", "--config_file", "config.turbo.yaml"]) == 0
    assert str(no_desktop / "config.turbo.yaml") in capsys.readouterr().out
    assert profiles.find("config.turbo.yaml") == no_desktop / "config.turbo.yaml"


def test_a_folder_that_can_not_be_made_is_told(no_desktop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    no_desktop.parent.parent.mkdir(exist_ok=True)
    no_desktop.parent.write_text("in the way")
    assert interpreter(["--profiles"]) == 1
    assert "can't be made" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform != "linux", reason="xdg-open is Linux's")
def test_a_desktop_opens_it(no_desktop: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    told = tmp_path / "told"
    os.mkfifo(told)
    program = tmp_path / "xdg-open"
    program.write_text(f'#!/bin/sh\necho "$1" > {told}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("DISPLAY", ":7")
    done = subprocess.run(
        [sys.executable, "-c", "from oi_voice.app import interpreter; raise SystemExit(interpreter(['--profiles']))"],
        capture_output=True, text=True, timeout=30, check=True,
    )  # fmt: skip
    assert done.stdout == f"Opened {no_desktop}\n"
    assert told.read_text() == f"{no_desktop}\n"
