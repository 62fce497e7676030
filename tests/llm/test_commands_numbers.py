"""Spoken numbers: what the grammar can hear, the parser reads exactly."""

from __future__ import annotations

import pytest

from oi_voice.llm.commands.numbers import readings, spoken


def read(text: str) -> str | None:
    words = text.split()
    return next((value for end, value in readings(words, 0) if end == len(words)), None)


def test_every_whole_number_reads_back() -> None:
    assert [read(spoken(value)) for value in range(10_000)] == [str(value) for value in range(10_000)]


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("34", "34"),
        ("two hundred and five", "205"),
        ("a hundred", "100"),
        ("twelve hundred", "1200"),
        ("one thousand and one", "1001"),
        ("two million three hundred thousand and four", "2300004"),
        ("minus three point five", "-3.5"),
        ("negative 2.50", "-2.50"),
        ("zero point oh five", "0.05"),
        ("twenty thirty", None),
        ("hundred", None),
        ("five hundred hundred", None),
        ("three point", None),
        ("", None),
    ],
)
def test_numbers_as_people_say_them(said: str, value: str | None) -> None:
    assert read(said) == value
