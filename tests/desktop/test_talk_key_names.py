"""What a talk key is called, and which keys may be one."""

from __future__ import annotations

import pytest

from oi_voice.desktop.keys.names import canonical, parse, words
from oi_voice.errors import SettingsError


@pytest.mark.parametrize(
    ("key", "name", "for_code"),
    [
        ("<ctrl_r>", "Right Ctrl", ["ctrlright"]),
        ("<f9>", "F9", ["f9"]),
        ("<ctrl>+<alt>+v", "Ctrl+Alt+V", ["ctrl", "alt", "v"]),
        ("<cmd_r>", "Right Super", ["winright"]),
        ("+", "+", []),
    ],
)
def test_a_key_is_named_as_a_person_does(key: str, name: str, for_code: list[str]) -> None:
    assert words(key) == name
    assert canonical(key) == for_code


@pytest.mark.parametrize(
    ("key", "modifiers", "main"),
    [
        ("<ctrl_r>", ["ctrl_r"], ""),
        ("<Ctrl>+<Alt>", ["ctrl", "alt"], ""),
        ("<ctrl_l>+<ctrl_r>", ["ctrl_l", "ctrl_r"], ""),
        ("<f9>", [], "f9"),
        ("<ctrl>+<alt>+V", ["ctrl", "alt"], "v"),
        ("<ctrl>++", ["ctrl"], "+"),
        ("<pause>", [], "pause"),
        ("<cmd>+<space>", ["cmd"], "space"),
        ("<269025153>", [], "269025153"),
    ],
)
def test_the_notation(key: str, modifiers: list[str], main: str) -> None:
    found = parse(key)
    assert [part.name for part in found.modifiers] == modifiers
    assert (found.main.name if found.main else "") == main
    assert found == parse(key.swapcase())


@pytest.mark.parametrize("key", ["<nokey>", "ctrl_r", "<ctrl>+", "", " ", "<>", "a++b", "<f9>+"])
def test_what_is_no_key_is_refused_with_examples(key: str) -> None:
    with pytest.raises(SettingsError, match=r"There is no key .*<ctrl_r>"):
        parse(key)


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("v", "V is needed for writing"),
        ("<shift>+v", "needed for writing"),
        ("<space>", "needed for writing"),
        ("<enter>", "needed for writing"),
        ("<esc>", "Esc ends a take"),
        ("<ctrl>+<esc>", "Esc ends a take"),
        ("<ctrl>+c", "means something in every program"),
        ("<ctrl_l>+v", "means something in every program"),
        ("<alt>+<f4>", "means something in every program"),
        ("<f9>+<f10>", "more than one key"),
        ("<ctrl>+<ctrl>", "Ctrl.Ctrl names one key twice"),
        ("<ctrl_r>+<alt>+<ctrl>+v", "names one key twice"),
        ("<alt_r>+<alt_gr>", "names one key twice"),
    ],
)
def test_keys_that_are_needed_otherwise_are_refused_with_another(key: str, why: str) -> None:
    with pytest.raises(SettingsError, match=rf"{why}.*<ctrl_r>"):
        parse(key)
