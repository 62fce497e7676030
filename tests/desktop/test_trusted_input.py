"""Trust in synthetic input comes from the command line of ``oi-voice`` and nowhere else."""

from __future__ import annotations

import pytest

from oi_voice.declared import DECLARED
from oi_voice.desktop.window import About
from oi_voice.terminal import flags


@pytest.mark.parametrize("flag", ["--trust-synthetic-input", "--trust_synthetic_input"])
def test_the_flag_is_taken(flag: str) -> None:
    assert flags.assistant([flag]).trust_synthetic_input
    assert not flags.assistant([]).trust_synthetic_input


def test_without_it_nothing_is_trusted() -> None:
    assert not About("F9", "A model.", "a recogniser").trusted


def test_no_setting_is_like_it_and_so_no_profile_or_variable() -> None:
    assert not [setting.name for setting in DECLARED if "trust" in setting.name or "synthetic" in setting.name]


def test_the_typed_chat_has_no_such_flag(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        flags.chat(["--trust-synthetic-input"])
    assert "There is no flag" in capsys.readouterr().err
