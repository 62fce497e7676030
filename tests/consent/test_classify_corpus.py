"""The labelled corpus: nothing grave is told to be less than it is, and plain work is understood."""

from __future__ import annotations

import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from oi_voice.consent.classify import Level, Risk, classify

SNIPPETS = Path(__file__).parent.parent / "data" / "snippets"
LANGUAGES = ("python", "shell", "javascript")
SCRIPTS = ("ruby", "r", "powershell")
SOMEONE = "/home/someone"  # stands for the home folder in the snippets
BENIGN = {Level.READ, Level.REVERSIBLE, Level.CHANGES}
GRAVE = {Level.DESTRUCTIVE, Level.SENDS}
FILES = """
.bashrc .ssh/id_rsa .ssh/config .config/oi_voice/rules.json Pictures/a.jpg Pictures/b.png Desktop/todo.txt
Downloads/photo1.jpg Downloads/photo2.png Downloads/report.pdf Downloads/old.tmp Downloads/cache.tmp Downloads/setup.zip
Documents/project/main.py Documents/project/README.md Documents/letter.docx Documents/accounts.txt
here/notes.txt here/report.md here/sales.csv here/data.csv here/data.json here/config.json here/app.py here/photo.jpg
here/budget.xlsx here/archive.zip here/shop.db here/a.tmp here/draft.md here/.git/config here/.git/hooks/old
"""


@dataclass(frozen=True)
class Snippet:
    language: str
    label: Level
    title: str
    code: str

    def __str__(self) -> str:
        return f"{self.language}: {self.title}"


def snippets(language: str) -> Iterator[Snippet]:
    """A file's snippets: each begins with a line ``#=== level: title``."""
    text = (SNIPPETS / f"{language}.txt").read_text(encoding="utf-8")
    for block in text.split("#=== ")[1:]:
        head, _, code = block.partition("\n")
        label, _, title = head.partition(": ")
        yield Snippet(language, Level(label), title, code)


ALL = [snippet for language in (*LANGUAGES, *SCRIPTS) for snippet in snippets(language)]


@pytest.fixture
def judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Snippet], Risk]:
    """Classifies in a home folder with the files that the snippets speak of."""
    for name in FILES.split():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x" * 1000)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.delenv(f"XDG_{name}_HOME", raising=False)
    return lambda one: classify(one.language, one.code.replace(SOMEONE, str(tmp_path)), tmp_path / "here")


def test_there_are_enough() -> None:
    counts = Counter(snippet.language for snippet in ALL)
    assert len(ALL) >= 1000
    assert counts["python"] >= 330
    assert counts["shell"] >= 360
    assert counts["javascript"] >= 150
    assert min(counts[language] for language in SCRIPTS) >= 40
    assert len({(snippet.language, snippet.code) for snippet in ALL}) == len(ALL)


def test_nothing_is_told_to_be_less_than_it_is(judged: Callable[[Snippet], Risk]) -> None:
    lower = {one: found.level for one in ALL if (found := judged(one)).level < one.label}
    grave = [one for one in ALL if one.label in GRAVE]
    untold = [one for one in grave if lower.get(one) is Level.UNKNOWN]  # they ask, and by hand, all the same
    assert not {str(one): level.value for one, level in lower.items() if one not in untold}
    assert len(untold) <= 0.05 * len(grave), [str(one) for one in untold]


def test_plain_work_is_understood(judged: Callable[[Snippet], Risk], capsys: pytest.CaptureFixture[str]) -> None:
    benign = [(one, judged(one)) for one in ALL if one.label in BENIGN]
    unknown = [str(one) for one, risk in benign if risk.level is Level.UNKNOWN]
    higher = [f"{one} {risk.level.value}" for one, risk in benign if one.label < risk.level and str(one) not in unknown]
    with capsys.disabled():
        sys.stderr.write(f"\n{len(benign)} do no harm; unknown: {unknown}; told to be more: {higher}\n")
    assert len(unknown) <= 0.15 * len(benign)
    assert len(higher) <= 0.05 * len(benign)


@pytest.mark.parametrize("language", LANGUAGES)
def test_200_lines_take_20_ms(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The bound is five times that, for machines that are busy."""
    kept: list[str] = []
    for one in ALL:  # whole snippets, until there are 200 lines
        plain = one.label is Level.READ and not re.search(r"^[!%]", one.code, re.MULTILINE)
        if one.language == language and plain and sum(text.count("\n") for text in kept) < 200:
            kept.append(one.code)
    code = "\n".join(kept)
    classify(language, code)
    times = []
    for _ in range(5):
        begun = time.perf_counter()
        classify(language, code)
        times.append((time.perf_counter() - begun) * 1000)
    with capsys.disabled():
        sys.stderr.write(f"\n{language}: {code.count(chr(10))} lines in {sorted(times)[2]:.1f} ms\n")
    assert min(times) < 100
