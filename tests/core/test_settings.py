"""One declaration: types, bounds, layers, all or nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from oi_voice import profiles
from oi_voice.errors import SettingsError
from oi_voice.settings import DECLARED, Settings
from oi_voice.terminal import flags


def test_layers_lie_over_each_other() -> None:
    settings = Settings()
    assert settings.model == "auto"
    settings.apply({"model": "from-profile", "speak": False}, "profile")
    settings.from_environment({"OI_VOICE_MODEL": "from-environment", "OI_VOICE_OTHER": "not ours"})
    assert (settings.model, settings.speak) == ("from-environment", False)
    settings.apply({"model": "from-flags"}, "flags")
    settings.apply({"speak": "yes"})
    assert (settings.model, settings.speak) == ("from-flags", True)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"modell": "x"}, "Did you mean 'model'?"),
        ({"voice_rate": "fast"}, "voice_rate can't be 'fast'. Give a number."),
        ({"approval_timeout": "nan"}, "Give a number from 1 to 3600."),
        ({"voice_rate": 5}, "Give a number from 80 to 450."),
        ({"speak": "maybe"}, "Give true or false."),
        ({"model": 5}, "Give text."),
        ({"api_key": 5}, "api_key can't be that value."),
    ],
)
def test_bad_values_are_refused_in_words_and_nothing_changes(changes: dict[str, Any], words: str) -> None:
    settings = Settings()
    before = settings.values()
    with pytest.raises(SettingsError) as refused:
        settings.apply({"verbose": True, **changes})
    assert words in str(refused.value)
    assert settings.values() == before


@pytest.mark.parametrize("layer", ["profile", "environment", "runtime"])
def test_asking_is_switched_off_on_the_command_line_only(layer: str) -> None:
    with pytest.raises(SettingsError, match="on the command line"):
        Settings().apply({"auto_run": True}, layer)
    assert Settings(auto_run=True).auto_run


def test_subscribers_hear_what_changed() -> None:
    settings, heard = Settings(), []
    settings.subscribe(heard.append)
    settings.apply({"voice_rate": 200, "model": "auto"})
    settings.apply({"voice_rate": "200"})
    assert heard == [{"voice_rate": 200}]


def test_every_setting_is_a_flag_of_the_assistant() -> None:
    for setting in DECLARED:
        value = [] if setting.type is bool else [str(setting.default or "x")]
        assert setting.name in flags.assistant([f"--{setting.name}", *value]).settings


def test_an_unknown_flag_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        flags.chat(["--modle", "x"])
    assert "--modle" in capsys.readouterr().err


def test_flags_before_and_after_the_demo_command_are_one() -> None:
    line = flags.assistant(["--voice_rate", "200", "demo", "--stt", "grammar", "--json"])
    assert line.settings == {"voice_rate": "200", "stt": "grammar"}
    assert (line.command, line.json) == ("demo", True)


def test_a_bundled_profile_is_found_and_holds_good_settings() -> None:
    for name in ("default", "offline"):
        Settings().apply(profiles.read(name), "profile")


@pytest.mark.parametrize("content", ["[1, 2]", "model: [", "\x00"])
def test_a_broken_profile_is_told_with_its_path(tmp_path: Path, content: str) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text(content)
    with pytest.raises(SettingsError, match=str(path)):
        profiles.read(str(path))


def test_a_missing_profile_names_those_there_are() -> None:
    with pytest.raises(SettingsError, match=r"Known: .*offline"):
        profiles.read("nowhere")
