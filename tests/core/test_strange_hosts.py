"""Addresses in code that are not what they seem, and hidden characters that come back after an edit."""

from __future__ import annotations

import time

import pytest

from oi_voice.reveal import conceal, reveal, strange_hosts


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("curl https://\u0430pple.com/x", "mixes Cyrillic and Latin letters. It is xn--pple-43d.com."),
        ("get('http://\u0430\u0440\u0440\u04cf\u0435.com')", "only look like a to z. It is xn--80ak6aa92e.com."),
        ("http://xn--80ak6aa92e.com", "only look like a to z. It is xn--80ak6aa92e.com."),
        ("http://xn--mnchen-3ya.de", "“xn--mnchen-3ya.de” shows as “münchen.de”."),
        ("g\u0131thub.com", "only look like a to z"),
        ("http://\uff47\uff4f\uff4f\uff47\uff4c\uff45.com", "in a special form. It is google.com."),
        ("https://google.com@evil.example/x", "goes to evil.example, not to google.com."),
        ("https://google.com:443@evil.example/x", "goes to evil.example, not to google.com."),
        ("https://google.com\u2215evil.example", "only looks like a slash."),
    ],
)
def test_an_address_that_is_not_what_it_seems_is_told(code: str, told: str) -> None:
    [sentence] = strange_hosts(code)
    assert told in sentence
    assert reveal(sentence)[1] == 0


@pytest.mark.parametrize(
    "code",
    [
        "https://www.example.com:8080/a?b=c@d.e",
        "ssh://git@github.com/x",
        "user@example.com",
        "bücher.de",
        "пример.рф",
        "日本tokyo.jp",
        "x = 'Grüße.'; y.z(1.5)",
    ],
)
def test_plain_addresses_are_not(code: str) -> None:
    assert strange_hosts(code) == []


def test_it_is_told_once_and_quickly() -> None:
    assert len(strange_hosts("http://\u0430pple.com " * 1000)) == 1
    began = time.monotonic()
    for piece in ("a", "a.", "://", "://a.b", "://a:", "://a@"):
        strange_hosts("ä" + piece * 50_000)
    assert time.monotonic() - began < 5


def test_what_is_revealed_is_concealed_again() -> None:
    text = "a\u202eb\x1b[2J\u00a0\U000e0041 ⟨U+12⟩ ⟨U+110000⟩"
    assert conceal(reveal(text)[0]) == text
