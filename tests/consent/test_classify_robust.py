"""Whatever it is given, the classifier answers, soon, and with no less than unknown for what it did not see."""

from __future__ import annotations

import random
import re
import time
from itertools import pairwise
from pathlib import Path

import pytest

from oi_voice.consent.classify import LONGEST, Level, classify
from oi_voice.consent.words import LONGEST as SENTENCES
from oi_voice.consent.words import words

LANGUAGES = ("python", "shell", "javascript", "ruby", "r", "powershell", "applescript", "html", "sql")
SNIPPETS = Path(__file__).parent.parent / "data" / "snippets"
HOSTILE = {
    "empty": "",
    "a megabyte": "x = 1\n" * 170_000,
    "many lines": "x = 1\n" * 9_900,
    "brackets": "(" * 5_000 + ")" * 5_000,
    "open brackets": "[" * 50_000,
    "a long sum": "x=" + "+".join(["1"] * 29_000),
    "a long text": "x=" + "+".join(["'a'"] * 14_000),
    "attributes": "x" + ".a" * 29_000,
    "calls": "f" + "()" * 29_000,
    "loops in loops": "".join("    " * i + f"for a{i} in range(9):\n" for i in range(18)) + "    " * 18 + "print(1)",
    "calls itself": "def f(a, b, c):\n    f(b, c, a); f(c, a, b); f(a, c, b)\nf(1, 2, 3)",
    "grows": "x = 'a' * 99999\n" + "x = x + x\n" * 200,
    "a power": "2 ** 999999999",
    "a wide format": "'{:>999999999}'.format(1); '%999999999d' % 1; 'a'.center(10 ** 9)",
    "nuls": "\0" * 1000,
    "bidi": "\u202e" * 1000,
    "surrogates": "open('\ud800', 'w')",
    "quotes": "'" * 50_000,
    "dollars": "$" * 50_000,
    "substitutions": "$(" * 20_000,
    "backticks": "`" * 20_000,
    "less than": "<" * 50_000,
    "pipes": "a|" * 20_000,
    "templates": "`${" * 3_000,
    "braces": "echo " + "{a,b}" * 3_000,
    "stars": "rm " + "*" * 500 + "x",
    "deep patterns": "rm " + "**/" * 30 + "*",
    "sed": "sed 's" + "/a" * 20_000 + "' x",
    "loops of the shell": "for i in 1 2 3 4 5 6 7 8 9; do\n" * 8 + "echo\n" + "done\n" * 8,
    "functions of the shell": "f(){ g; }; g(){ f; }; f",
    "bangs": "!\n" * 29_000,
    "blank": " " * 59_000,
    "laughs": "a = ['lol'] * 9\n"
    + "".join(f"{b} = [{a}, {a}, {a}, {a}]\n" for a, b in pairwise("abcdefghijklmnopqrst")),
    "holds itself": "a = []\na.append(a)\nprint(a, sorted(a), a * 9)\nopen(a)",
    "doubles": "".join(f"x{i} <- paste0(x{i - 1}, x{i - 1})\n" for i in range(1, 1500)),
    "doubles in the shell": "x=aaaaaaaaaa\n" + 'x="$x$x$x$x$x$x$x$x$x$x"\n' * 12 + 'rm "$x"',
    "trims": "x=" + "a" * 900 + "\n" + "echo ${x%%*a*a*a*a*a*b}\n" * 50,
    "arrays": "a=(1)\n" + 'a+=("${a[@]}" "${a[@]}")\n' * 30 + 'rm "${a[@]}"',
    "pagers": 'PAGER="PAGER=x ls" ' * 500 + "ls",
    "super": "class A:\n  def f(self): pass\n"
    + "".join(
        f"class B{i}({f'B{i - 1}' if i else 'A'}):\n  def f(self): super().f(); super().f()\n" for i in range(30)
    ),
    "definitions": "".join(f"const f{i} = (a, b) => f{i + 1}(a, b);" for i in range(900)),
    "given again": "x = 1\n" * 4_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_an_answer_within_a_second(name: str, tmp_path: Path) -> None:
    classify("shell", "ls")  # the grammar is loaded once
    for language in LANGUAGES:
        begun = time.perf_counter()
        found = classify(language, HOSTILE[name], tmp_path)
        taken = time.perf_counter() - begun
        assert taken < 3, f"{language}: {taken:.1f} s"  # a second where the machine is not busy
        assert 0 < len(words(found)) <= SENTENCES


def test_a_program_that_took_too_long_is_not_read_on_in_the_next(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with monkeypatch.context() as hurried:
        hurried.setattr("oi_voice.consent.classify.gathered.SECONDS", 0.0)
        assert classify("shell", "ls\n" * 15_000, tmp_path).level is Level.UNKNOWN
    assert classify("shell", "rm notes.txt", tmp_path).level is Level.DESTRUCTIVE


def test_what_is_too_long_is_unknown() -> None:
    found = classify("python", "#" * (LONGEST + 1))
    assert found.level is Level.UNKNOWN
    assert found.reasons


@pytest.mark.parametrize(
    ("language", "code"),
    [
        ("python", "def f(:\n    pass"),
        ("shell", "if [ -f x; then echo 'open"),
        ("javascript", "function f( { console.log('x'"),
        ("ruby", "puts 'open"),
        ("r", "print(('x')"),
        ("python", "print(1)\0"),
    ],
)
def test_what_is_no_program_is_unknown(language: str, code: str) -> None:
    found = classify(language, code)
    assert found.level is Level.UNKNOWN
    assert found.reasons


def test_what_is_broken_at_random_is_answered(tmp_path: Path) -> None:
    """Pieces taken out, put in and doubled, in 2000 programs: none raises."""
    chance = random.Random(5)
    blocks = [
        (path.stem, block.partition("\n")[2])
        for path in sorted(SNIPPETS.glob("*.txt"))
        for block in path.read_text(encoding="utf-8").split("#=== ")[1:]
    ]
    odd = [
        "\0",
        "\u202e",
        "\ud800",
        "😀",
        "{",
        "}",
        "(",
        ")",
        "`",
        "$(",
        "'",
        '"',
        "\\",
        "\n",
        "%",
        "!",
        "**",
        "..",
        "~",
    ]
    for _ in range(2000):
        language, code = chance.choice(blocks)
        pieces = re.findall(r"\w+|\s+|[^\w\s]", code)
        for _ in range(chance.randint(1, 6)):
            at = chance.randrange(len(pieces) + 1)
            pieces[at : at + chance.randint(0, 2)] = [chance.choice([*odd, *pieces, ""])]
        found = classify(language, "".join(pieces), tmp_path)
        assert 0 < len(words(found)) <= SENTENCES
