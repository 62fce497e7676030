"""One declaration: types, bounds, layers, all or nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from oi_voice import profiles
from oi_voice.declared import DECLARED
from oi_voice.errors import SettingsError
from oi_voice.settings import BY_NAME, Settings, pointer
from oi_voice.terminal import flags


def test_layers_lie_over_each_other() -> None:
    settings = Settings()
    assert settings.llm.model == "auto"
    settings.apply({"llm.model": "from-profile", "voice.speak": False}, "profile")
    settings.from_environment({"OI_VOICE_LLM_MODEL": "from-environment", "OI_VOICE_OTHER": "not ours"})
    assert (settings.llm.model, settings.voice.speak) == ("from-environment", False)
    settings.apply({"llm.model": "from-flags"}, "flags")
    settings.apply({"voice.speak": "yes"})
    assert (settings.llm.model, settings.voice.speak) == ("from-flags", True)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"modell": "x"}, "Did you mean 'model'?"),
        ({"llm.modle": "x"}, "Did you mean 'llm.model'?"),
        ({"llm": {"temprature": 1}}, "Did you mean 'llm.temperature'?"),
        ({"voice.rate": "fast"}, "voice.rate can't be 'fast'. Give a whole number."),
        ({"approval_timeout": "nan"}, "Give a number from 0 to 86400."),
        ({"voice.rate": 5}, "Give a number from 80 to 450."),
        ({"voice.speak": "maybe"}, "Give true or false."),
        ({"llm.model": 5}, "Give text."),
        ({"llm.api_key": 5}, "llm.api_key can't be that value."),
        ({"llm.max_tokens": 1.5}, "Give a whole number."),
        ({"safe_mode": "perhaps"}, "Give one of off, ask, auto."),
        ({"loop_breakers": [1]}, "Give a list of texts."),
    ],
)
def test_bad_values_are_refused_in_words_and_nothing_changes(changes: dict[str, Any], words: str) -> None:
    settings = Settings()
    before = settings.values()
    with pytest.raises(SettingsError) as refused:
        settings.apply({"verbose": True, **changes})
    assert words in str(refused.value)
    assert settings.values() == before


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [
        ("llm.context_window", None, None),
        ("llm.context_window", "auto", None),
        ("llm.context_window", 16000.0, 16000),
        ("llm.supports_functions", "false", False),
        ("llm.execution_instructions", False, ""),
        ("safe_mode", False, "off"),  # what YAML makes of a bare off
        ("loop_breakers", '["a", "b"]', ["a", "b"]),
        ("loop_breakers", "done", ["done"]),
        ("conversation_history_path", Path("here"), "here"),
    ],
)
def test_values_in_other_clothes_are_taken(name: str, given: object, value: object) -> None:
    settings = Settings()
    settings.apply({name: given})
    assert settings.get(name) == value


@pytest.mark.parametrize(
    "content",
    [
        {"llm": {"model": "m", "temperature": 0.5}, "computer": {"import_computer_api": True}},
        {"llm.model": "m", "llm.temperature": 0.5, "computer.import_computer_api": True},
        {"llm_model": "m", "llm_temperature": 0.5, "computer_import_computer_api": True},
    ],
)
def test_groups_may_be_nested_dotted_or_joined(content: dict[str, Any]) -> None:
    settings = Settings()
    settings.apply(content, "profile")
    assert (settings.llm.model, settings.llm.temperature) == ("m", 0.5)
    assert settings.computer.import_computer_api


def test_older_names_still_work_and_point_to_todays() -> None:
    settings = Settings(**{"model": "m", "supports_function_calling": True})
    assert (settings.llm.model, settings.llm.supports_functions) == ("m", True)
    assert pointer("model") == "model is now called llm.model."
    assert pointer("llm.model") == ""


@pytest.mark.parametrize("layer", ["environment", "runtime"])
def test_a_safeguard_is_taken_away_by_the_person_only(layer: str) -> None:
    with pytest.raises(SettingsError, match="in a profile or in your own program"):
        Settings().apply({"auto_run": True}, layer)
    settings = Settings(auto_run=True)
    assert settings.auto_run
    settings.apply({"auto_run": False})
    assert not settings.auto_run
    settings.apply({"auto_run": True}, may_loosen=True)
    assert settings.auto_run


def test_subscribers_hear_what_changed() -> None:
    settings, heard = Settings(), []
    settings.subscribe(heard.append)
    settings.apply({"voice.rate": 200, "llm.model": "auto"})
    settings.apply({"voice.rate": "200"})
    assert heard == [{"voice.rate": 200}]


def test_every_setting_is_a_flag_of_the_assistant() -> None:
    for setting in DECLARED:
        value = [] if setting.type is bool else [str(setting.default or "x")]
        assert setting.name in flags.assistant([f"--{setting.option}", *value]).settings
        assert setting.name in flags.assistant([f"--{setting.option.replace('_', '-')}", *value]).settings


def test_no_two_settings_share_a_name() -> None:
    flags_, shorts = [s.option for s in DECLARED], [s.short for s in DECLARED if s.short]
    assert len(set(flags_)) == len(flags_)
    assert len(set(shorts)) == len(shorts)
    for setting in DECLARED:
        assert all(BY_NAME[name] is setting for name in (setting.name, *setting.also, *setting.older))


def test_an_unknown_flag_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        flags.chat(["--modle", "x"])
    assert "--modle" in capsys.readouterr().err


def test_flags_before_and_after_the_demo_command_are_one() -> None:
    line = flags.assistant(["--voice_rate", "200", "demo", "--stt", "grammar", "--json"])
    assert line.settings == {"voice.rate": "200", "voice.stt": "grammar"}
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


def test_a_default_profile_that_is_broken_is_told_and_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "default.yaml").write_text("llm: [")
    monkeypatch.setattr(profiles, "folders", lambda: [tmp_path])
    settings = Settings()
    assert "default profile is left out" in profiles.load(settings)[0]
    assert settings.llm.model == "auto"
    (tmp_path / "default.yaml").write_text("version: 0.2.5\nllm:\n  temperature: 0.5\nmodel: older\n")
    assert profiles.load(settings) == ["In the profile default: model is now called llm.model."]
    assert (settings.llm.temperature, settings.llm.model) == (0.5, "older")


def test_the_documented_table_is_the_declaration() -> None:
    script = Path(__file__).parents[2] / "scripts" / "settings_table.py"
    done = subprocess.run(
        [sys.executable, str(script), "--check"], env={**os.environ, "PYTHONPATH": str(script.parents[1])}
    )
    assert done.returncode == 0, "docs/settings.md is stale: run scripts/settings_table.py"
