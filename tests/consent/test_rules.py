"""A rule goes by the shape of what code does, covers it wholly or not at all, and is the person's to take back."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from oi_voice.consent.judge import Judge
from oi_voice.consent.rules import Rules
from oi_voice.consent.shape import EFFECTS, READS, Rule, RuleError, Scope, Shape, covers, place, refusal, rule, words
from oi_voice.ports import Proposal

HOME = Path.home().as_posix()


def shape(*effects: str, level: str = "read", language: str = "python", places: tuple[str, ...] = ()) -> Shape:
    return Shape(language, level, frozenset(effects), frozenset(places))


READING = shape("reads", places=("reads /data/Documents",))
MAKING = shape("reads", "creates", level="reversible", places=("reads /data/in", "creates /data/out"))
NEVER = [
    shape("deletes", level="destructive"),
    shape("sends", level="sends"),
    shape("unknown", level="unknown"),
    shape("reads", level="destructive"),
    shape("reads", "rules"),
    shape("deletes"),
    shape("secrets"),
    shape("admin", level="changes"),
    shape("startup", level="changes"),
    shape("something new", level="changes"),
    shape("reads", level="Read"),
    shape("reads", language=""),
    shape("reads", language="*"),
    shape("reads", places=("reads /",)),
    shape("reads", places=("reads ",)),
    shape("reads", places=("reads",)),
    shape("reads", places=("creates /data",)),
    shape("reads", places=("reads /data/../etc",)),
    shape("reads", places=("reads /data/*",)),
    shape("reads", places=("reads *",)),
    shape("reads", places=("reads /data\n- id: x",)),
    shape("reads", places=("reads C:\\",)),
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "rules.yaml"


# --- what a rule covers


@pytest.mark.parametrize(
    "covered",
    [
        READING,
        shape("reads", places=("reads /data/Documents/2026/spring",)),
        shape("reads", places=("reads /data/Documents/a", "reads /data/Documents/b")),
        shape(),
    ],
)
def test_the_same_or_less_is_covered(covered: Shape) -> None:
    assert covers(rule(READING, Scope.ALWAYS), covered)


@pytest.mark.parametrize(
    "other",
    [
        replace(READING, language="shell"),
        replace(READING, level="reversible"),
        replace(READING, level="unknown"),
        shape("reads", places=("reads /data",)),
        shape("reads", places=("reads /data/Documents2",)),
        shape("reads", places=("reads /data/Documents/../secret",)),
        shape("reads", places=("reads /data/Documents", "reads /etc")),
        shape("reads", "network", places=("reads /data/Documents",)),
        shape("reads", "network", places=("reads /data/Documents", "network example.com")),
        shape("reads"),
        shape("creates", places=("creates /data/Documents",)),
    ],
)
def test_anything_more_is_not_covered(other: Shape) -> None:
    assert not covers(rule(READING, Scope.ALWAYS), other)


def test_each_place_belongs_to_its_effect() -> None:
    swapped = shape("reads", "creates", level="reversible", places=("reads /data/out", "creates /data/in"))
    assert covers(rule(MAKING, Scope.ALWAYS), MAKING)
    assert not covers(rule(MAKING, Scope.ALWAYS), swapped)
    assert covers(rule(MAKING, Scope.ALWAYS), shape("reads", places=("reads /data/in",)))


def test_a_rule_without_places_covers_none() -> None:
    anywhere = rule(shape("clipboard", level="reversible"), Scope.ALWAYS)
    assert covers(anywhere, shape("clipboard", level="reversible"))
    assert not covers(rule(shape("reads"), Scope.ALWAYS), READING)


def test_hosts_are_the_same_or_others() -> None:
    fetching = rule(shape("network", places=("network example.com",)), Scope.ALWAYS)
    assert covers(fetching, shape("network", places=("network example.com",)))
    for host in ("www.example.com", "example.com.evil.net", "com", "/example.com"):
        assert not covers(fetching, shape("network", places=(f"network {host}",)))


def test_windows_folders() -> None:
    reading = rule(shape("reads", places=("reads C:\\Users\\me\\Documents",)), Scope.ALWAYS)
    assert covers(reading, shape("reads", places=("reads c:\\users\\me\\documents\\old",)))
    assert not covers(reading, shape("reads", places=("reads D:\\Users\\me\\Documents",)))
    assert not covers(reading, shape("reads", places=("reads /Users/me/Documents",)))


@pytest.mark.parametrize("never", NEVER)
@pytest.mark.parametrize("scope", list(Scope))
def test_what_cannot_be_taken_back_gets_no_rule(never: Shape, scope: Scope, path: Path) -> None:
    assert refusal(never, scope)
    with pytest.raises(RuleError):
        rule(never, scope)
    with pytest.raises(RuleError):
        Rules(path).add(Rule("1", scope, never))
    assert not covers(Rule("1", scope, never), never)


@pytest.mark.parametrize("effect", ["screen", "installs", "starts"])
def test_what_depends_on_the_moment_is_for_a_conversation_at_most(effect: str, path: Path) -> None:
    passing = shape(effect, level="changes")
    with pytest.raises(RuleError, match="for always"):
        rule(passing, Scope.ALWAYS)
    rules = Rules(path)
    rules.add(rule(passing, Scope.CONVERSATION))
    assert rules.allows(passing)


EFFECT = st.sampled_from([*EFFECTS, "deletes", "sends", "rules", "x"])
PLACE = st.tuples(EFFECT, st.sampled_from(["/a", "/a/b", "/a/b/c", "/", "/a/..", "host", "", "/x y: é #"])).map(
    " ".join
)
SHAPES = st.builds(
    Shape,
    st.sampled_from(["python", "shell", ""]),
    st.sampled_from(["read", "reversible", "changes", "destructive", "sends", "unknown"]),
    st.frozensets(EFFECT, max_size=3),
    st.frozensets(PLACE, max_size=3),
)


@settings(deadline=None)
@given(SHAPES, SHAPES)
def test_covering_is_wholly(one: Shape, other: Shape) -> None:
    if covers(Rule("1", Scope.ALWAYS, one), other):
        assert other.level in ("read", "reversible", "changes")
        assert other.language == one.language
        assert other.effects <= one.effects <= EFFECTS.keys()
        assert all(any(inner.startswith(outer) for outer in one.places) for inner in other.places)


@settings(deadline=None)
@given(SHAPES)
def test_a_rule_covers_what_it_was_made_of(one: Shape) -> None:
    if not refusal(one, Scope.CONVERSATION):
        assert covers(rule(one, Scope.CONVERSATION), one)


def test_places_of_targets() -> None:
    assert place("reads", "file", "/data/Documents/notes.txt") == "reads /data/Documents"
    assert place("reads", "folder", "/data/Documents") == "reads /data/Documents"
    assert place("recycles", "file", "/data/old/*.txt") == "recycles /data/old"
    assert place("recycles", "file", "/data/o*/x.txt") == "recycles /data"
    assert place("reads", "folder", "/data/**") == "reads /data"
    assert place("reads", "file", "C:\\data\\x.txt") == "reads C:\\data"
    assert place("network", "host", "example.com") == "network example.com"
    for name in ("", "notes.txt", "*", "/notes.txt", "/*"):
        text = place("reads", "file", name)
        assert refusal(shape("reads", places=(text,)), Scope.CONVERSATION)


def test_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", HOME)
    documents = shape("reads", places=(f"reads {HOME}/Documents",))
    assert words(rule(documents, Scope.ALWAYS)) == "Python code that only reads files in Documents"
    assert words(rule(shape(language="javascript"), Scope.ALWAYS)) == "JavaScript code that only computes"
    told = words(rule(MAKING, Scope.ALWAYS))
    assert told == "Python code that only reads files in /data/in and makes new files in /data/out"
    everywhere = shape("reads", places=(f"reads {HOME}", "reads /a", "reads /b"), language="shell")
    assert words(rule(everywhere, Scope.ALWAYS)) == "Shell code that only reads files in /a, /b and your home folder"
    assert words(READS) == "Code that only reads"


# --- the rules in force


def test_nothing_is_allowed_at_first(path: Path) -> None:
    rules = Rules(path)
    assert rules.allows(READING) is None
    assert list(rules) == []
    assert not path.exists()


def test_a_rule_for_always_is_there_next_time(path: Path) -> None:
    added = rule(MAKING, Scope.ALWAYS)
    Rules(path).add(added)
    assert Rules(path).allows(MAKING) == added
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    text = path.read_text()
    assert text.startswith("# What runs without a question.")
    assert f"# {words(added)}\n- id: " in text


def test_a_rule_for_a_conversation_ends_with_it(path: Path) -> None:
    rules = Rules(path)
    rules.add(rule(READING, Scope.CONVERSATION))
    assert rules.allows(READING)
    assert Rules(path).allows(READING) is None
    rules.forget()
    assert rules.allows(READING) is None
    assert not path.exists()


@pytest.mark.parametrize("scope", [Scope.CONVERSATION, Scope.ALWAYS])
def test_a_rule_can_be_revoked(path: Path, scope: Scope) -> None:
    rules, kept, gone = Rules(path), rule(MAKING, scope), rule(READING, scope)
    rules.add(kept)
    rules.add(gone)
    assert rules.revoke(gone.id)
    assert not rules.revoke(gone.id)
    assert rules.allows(READING) is None
    assert list(rules) == [kept]


def test_what_another_program_revokes_is_gone_at_once(path: Path) -> None:
    rules, other, added = Rules(path), Rules(path), rule(READING, Scope.ALWAYS)
    rules.add(added)
    assert other.allows(READING)
    rules.revoke(added.id)
    assert other.allows(READING) is None
    other.add(rule(MAKING, Scope.ALWAYS))
    assert [found.shape for found in rules] == [MAKING]


def test_reading_may_be_allowed_as_a_whole(path: Path) -> None:
    rules = Rules(path, reads=True)
    assert rules.allows(READING) == READS
    assert rules.allows(shape("reads", language="shell", places=("reads /",))) == READS
    for other in (MAKING, shape("reads", level="sends"), shape("secrets"), shape("reads", level="unknown")):
        assert rules.allows(other) is None
    rules.reads = False
    assert rules.allows(READING) is None
    assert READS not in rules


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        *(("file", name) for name in ("/dev/input/event0", "/dev/sda", "/dev/sd*", "/proc/1/mem", "/proc/kcore")),
        *(("folder", name) for name in ("/net/example.com", "//example.com/share", "\\\\example.com\\share")),
    ],
)
def test_a_device_and_another_computer_are_no_mere_reading(kind: str, name: str) -> None:
    there = shape("reads", places=(place("reads", kind, name),))
    assert not covers(READS, there)
    assert not covers(rule(shape("reads", places=("reads /dev", "reads /proc", "reads /net")), Scope.ALWAYS), there)


def test_what_is_fetched_is_not_mere_reading() -> None:
    """An address may hold what was read before."""
    assert not covers(READS, shape("network", places=("network example.com",)))


async def test_a_rule_for_a_folder_is_none_for_what_a_link_in_it_leads_to(path: Path, tmp_path: Path) -> None:
    docs, other = tmp_path / "docs", tmp_path / "other"
    for folder in (docs, other):
        folder.mkdir()
        (folder / "a.txt").write_text("a")
    (docs / "link").symlink_to(other / "a.txt")
    judge = Judge(Rules(path))
    first = await judge.look(Proposal("1", "shell", "cat a.txt", docs))
    await judge.allow(first, "always")
    assert (await judge.look(Proposal("2", "shell", "cat a.txt", docs))).rule
    assert not (await judge.look(Proposal("3", "shell", "cat link", docs))).rule


async def test_a_rule_for_a_repository_is_none_for_another(path: Path, tmp_path: Path) -> None:
    judge = Judge(Rules(path))
    here = await judge.look(Proposal("1", "shell", "git status", tmp_path / "one"))
    await judge.allow(here, "always")
    assert (await judge.look(Proposal("2", "shell", "git status", tmp_path / "one"))).rule
    assert not (await judge.look(Proposal("3", "shell", "git status", tmp_path / "two"))).rule
    assert not (await judge.look(Proposal("4", "shell", "git status"))).scopes


def test_the_rules_own_folder_is_in_no_rule(path: Path) -> None:
    wide = shape("creates", level="reversible", places=(f"creates {path.parent.parent}",))
    rules = Rules(path)
    rules.add(rule(wide, Scope.ALWAYS))
    assert rules.allows(wide)
    assert rules.allows(replace(wide, places=frozenset({f"creates {path.parent.parent}/other"})))
    assert rules.allows(replace(wide, places=frozenset({f"creates {path.parent}"}))) is None
    assert rules.allows(replace(wide, places=frozenset({f"creates {path.parent}/x"}))) is None


@settings(deadline=None)
@given(SHAPES)
def test_any_rule_survives_the_file(tmp_path_factory: pytest.TempPathFactory, one: Shape) -> None:
    if not refusal(one, Scope.ALWAYS):
        path, added = tmp_path_factory.mktemp("rules") / "rules.yaml", rule(one, Scope.ALWAYS)
        rules = Rules(path)
        rules.add(added)
        assert list(rules) == [added]
        assert rules.problems == ()


# --- a person's hand in the file

ENTRY = {"id": "1", "language": "python", "level": "read", "effects": ["reads"], "places": ["reads /data/Documents"]}


def written(path: Path, text: str) -> Rules:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.write_text(text)
    path.chmod(0o600)
    return Rules(path)


def test_a_rule_written_by_hand_holds(path: Path) -> None:
    rules = written(path, "- {id: 7, language: python, level: read, effects: [reads], places: [reads /data/Documents]}")
    assert rules.problems == ()
    allowed = rules.allows(READING)
    assert allowed is not None
    assert allowed.id == "7"
    assert rules.revoke("7")
    assert rules.allows(READING) is None


@pytest.mark.parametrize("never", NEVER)
def test_what_gets_no_rule_is_ignored_in_the_file(path: Path, never: Shape) -> None:
    entry = {**ENTRY, "language": never.language, "level": never.level}
    entry |= {"effects": sorted(never.effects), "places": sorted(never.places)}
    rules = written(path, yaml.safe_dump([entry, ENTRY]))
    assert rules.allows(never) is None
    assert rules.allows(READING), "the other rule holds"
    assert len(rules.problems) == 1
    assert "Rule 1" in rules.problems[0]


@pytest.mark.parametrize(
    "change",
    [
        {"until": "2020"},
        {"effects": "reads"},
        {"effects": [1]},
        {"places": {"a": 1}},
        {"id": ""},
        {"id": "1\u202e"},
        {"level": None},
    ],
)
def test_a_rule_not_wholly_understood_is_ignored_and_kept(path: Path, change: dict[str, object]) -> None:
    rules = written(path, yaml.safe_dump([{**ENTRY, **change}]))
    assert rules.allows(READING) is None
    assert len(rules.problems) == 1
    rules.add(rule(MAKING, Scope.ALWAYS))
    assert {**ENTRY, **change} in yaml.safe_load(path.read_text())
    assert "# Ignored." in path.read_text()


BROKEN = ["{", "- [", "rules: 1", "'", "\x00", "- !!python/object:os.system {}", "- {id: 2026-13-45}", "[" * 5000]
BROKEN += ["#" * 2_000_000, "&a [*a, ", "? [1]\n: 2", f"- {{id: 0x{'f' * 6000}}}"]
BROKEN += [f"- {ENTRY | {'level': 'changes'}}".replace("{", "{level: read, ")]  # a name twice


@pytest.mark.parametrize("text", BROKEN, ids=range(len(BROKEN)))
def test_a_broken_file_allows_nothing_and_is_kept(path: Path, text: str) -> None:
    rules = written(path, text)
    assert rules.allows(READING) is None
    assert len(rules.problems) == 1
    assert "Correct or delete it." in rules.problems[0]
    assert path.read_text() == text
    rules.add(rule(READING, Scope.ALWAYS))
    assert rules.allows(READING)
    assert rules.problems == ()
    assert (path.parent / "rules.yaml.corrupt").read_text() == text


def test_bytes_that_are_no_text(path: Path) -> None:
    rules = written(path, "")
    path.write_bytes(b"\xff\xfe- id")
    assert rules.allows(READING) is None
    assert rules.problems


def test_a_file_that_others_may_write_allows_nothing(path: Path) -> None:
    rules = written(path, yaml.safe_dump([ENTRY]))
    assert rules.allows(READING)
    path.chmod(0o666)
    assert rules.allows(READING) is None
    assert "chmod" in rules.problems[0]


def test_a_folder_in_which_others_may_put_a_file_allows_nothing(path: Path) -> None:
    rules = written(path, yaml.safe_dump([ENTRY]))
    path.parent.chmod(0o777)
    assert rules.allows(READING) is None
    assert "chmod" in rules.problems[0]


def test_a_folder_in_the_files_place(path: Path) -> None:
    path.mkdir(parents=True)
    rules = Rules(path)
    assert rules.allows(READING) is None
    assert rules.problems


def test_an_unwritable_place_is_one_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RuleError, match="can't be kept"):
        Rules(tmp_path / "file" / "rules.yaml").add(rule(READING, Scope.ALWAYS))


def test_a_persons_own_heading_stays(path: Path) -> None:
    rules = written(path, "# mine\n# all mine\n\n- " + yaml.safe_dump(ENTRY, default_flow_style=True))
    rules.add(rule(MAKING, Scope.ALWAYS))
    rules.add(rule(shape(), Scope.ALWAYS))
    assert path.read_text().startswith("# mine\n# all mine\n\n# Python code that only reads files in /data/Documents\n")
    assert len(list(rules)) == 3


ADDS = """
import sys
from pathlib import Path
from oi_voice.consent.rules import Rules
from oi_voice.consent.shape import Scope, Shape, rule
rules = Rules(Path(sys.argv[1]))
for number in range(10):
    rules.add(rule(Shape("python", "read"), Scope.ALWAYS))
"""


def test_two_programs_lose_none_of_each_others_rules(path: Path) -> None:
    programs = [subprocess.Popen([sys.executable, "-c", ADDS, path]) for _ in range(2)]
    assert [program.wait(60) for program in programs] == [0, 0]
    assert len(list(Rules(path))) == 20


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no such pipes here")
def test_a_pipe_in_the_place_of_the_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "rules.yaml", 0o600)
    rules = Rules(tmp_path / "rules.yaml")
    assert list(rules) == []
    assert "no plain file" in rules.problems[0]
