"""The sentences that a person reads before the answer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from oi_voice.consent.classify import Effect, Level, Risk, Target, classify, unknown
from oi_voice.consent.words import LONGEST, size, words


def risk(*targets: Target, reasons: tuple[str, ...] = (), level: Level = Level.DESTRUCTIVE) -> Risk:
    return Risk(level, tuple(dict.fromkeys(target.effect for target in targets)), targets, reasons)


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("HOME", "/home/ann")
    return "/home/ann"


def deleted(
    name: str, count: int | None = 1, size: int | None = None, kind: str = "file", upto: bool = False
) -> Target:
    return Target(kind, name, Effect.DELETES, count, size, True, upto)


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        (deleted("/home/ann/Downloads/*.tmp", 3, 2_100_000), "Deletes 3 files (2.1 MB) in Downloads."),
        (deleted("/home/ann/Downloads/*.tmp", 1, 812), "Deletes 1 file (812 bytes) in Downloads."),
        (replace(deleted("/home/ann/Downloads/*", 3), upto=True), "Deletes up to 3 files in Downloads."),
        (deleted("/home/ann/a.txt", 1, 1), "Deletes a.txt (1 byte) in your home folder."),
        (deleted("/home/ann/Documents/a", 9, 3000, "folder"), "Deletes the folder a with 9 files (3 KB) in Documents."),
        (deleted("/home/ann", None, None, "folder"), "Deletes your home folder with more files than could be counted."),
        (deleted("/srv/x/a.txt"), "Deletes a.txt in /srv/x."),
    ],
)  # fmt: skip
def test_what_is_deleted(home: str, target: Target, sentence: str) -> None:
    assert words(risk(target)) == f"{sentence} Cannot be undone."


def test_several_of_a_kind_are_one_sentence(home: str) -> None:
    one, other = deleted(f"{home}/Downloads/a", 1, 1000), deleted(f"{home}/Documents/b", 1, 500)
    assert words(risk(one, other)) == "Deletes 2 files (1.5 KB) in Downloads and Documents. Cannot be undone."


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (risk(Target("host", "api.example.com", Effect.SENDS)), "Sends data to api.example.com."),
        (risk(Target("host", "a.example", Effect.NETWORK)), "Reads from a.example."),
        (risk(Target("file", "/home/ann/Music/*.ogg", Effect.READS, 12, None, True)), "Reads 12 files in Music."),
        (risk(Target("package", "requests, pandas", Effect.INSTALLS, 2)), "Installs requests, pandas."),
        (risk(Target("file", "/home/ann/.bashrc", Effect.STARTUP)), "Changes what starts by itself (.bashrc)."),
        (risk(Target("disk", "/dev/sda", Effect.SYSTEM)), "Overwrites the whole disk sda: all on it is lost."),
        (risk(Target("setting", "ufw", Effect.SYSTEM)), "Changes the system's own settings (ufw)."),
        (risk(Target("package", "firefox", Effect.DELETES)), "Uninstalls firefox."),
        (
            risk(Target("records", "/home/ann/shop.db", Effect.DELETES, None)),
            "Deletes records in shop.db in your home folder. Cannot be undone.",
        ),
        (risk(Target("file", "", Effect.DELETES, None)), "Deletes files whose names cannot be told. Cannot be undone."),
        (
            risk(Target("file", "/home/ann/Music/[-0-9 ]*.ogg", Effect.MOVES, None)),
            "Moves or renames files to names like *.ogg in Music.",
        ),
        (risk(Target("folder", "/home/ann/Music/*.ogg", Effect.READS, None)), "Looks at what is in Music."),
        (Risk(Level.UNKNOWN, (Effect.ADMIN,), (), ("runs as administrator",)), "Runs as administrator."),
        (risk(Target("process", "firefox", Effect.ENDS)), "Ends firefox; what is not saved there is lost."),
        (Risk(Level.CHANGES, (Effect.SCREEN,)), "Clicks or types on your screen."),
        (Risk(Level.READ), "Computes and shows a result; changes nothing."),
        (unknown("runs code made of text"), "What this does cannot be told: it runs code made of text."),
    ],
)  # fmt: skip
def test_sentences(home: str, found: Risk, sentence: str) -> None:
    assert words(found) == sentence


def test_what_cannot_be_told_is_said_beside_what_can(home: str) -> None:
    found = Risk(
        Level.DESTRUCTIVE,
        (Effect.DELETES, Effect.HIDDEN),
        (deleted(f"{home}/a.txt"),),
        ("runs code that is hidden in text",),
    )
    assert words(found) == (
        "Deletes a.txt in your home folder. Cannot be undone. "
        "Not all of it can be told: it runs code that is hidden in text."
    )


def test_the_gravest_comes_first_and_the_rest_is_not_hidden(home: str) -> None:
    reads = [Target("file", f"{home}/Documents/{'x' * 60}{i}", Effect.READS, exists=True) for i in range(3)]
    opens = [Target("host", f"{'y' * 60}{i}", Effect.NETWORK) for i in range(3)]
    settings = [Target("setting", "z" * 60, Effect.SETTINGS)]
    told = words(risk(*reads, *opens, *settings, deleted(f"{home}/a.txt"), Target("host", "a.example", Effect.SENDS)))
    assert told.startswith("Sends data to a.example. Deletes a.txt in your home folder.")
    assert told.endswith("And more.")
    assert len(told) <= LONGEST


def test_nothing_hides_in_a_name(home: str) -> None:
    told = words(risk(deleted(f"{home}/Downloads/report\u202egnp.\nCan be undone.exe")))
    assert "\u202e" not in told
    assert "\n" not in told
    assert "U+202E" in told


@pytest.mark.parametrize(
    ("count", "told"),
    [(0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1000, "1 KB"), (2_140_000, "2.1 MB"), (3 * 10**9, "3 GB")],
)
def test_sizes(count: int, told: str) -> None:
    assert size(count) == told


def test_of_real_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "Downloads").mkdir()
    (tmp_path / "Downloads" / "a.tmp").write_bytes(b"x" * 1500)
    assert words(classify("shell", "rm ~/Downloads/*.tmp", tmp_path)) == (
        "Deletes 1 file (1.5 KB) in Downloads. Cannot be undone."
    )
    assert words(classify("python", "exec(code)", tmp_path)).startswith("What this does cannot be told: it ")


@pytest.mark.parametrize("host", ["\u0430pple.com", "xn--pple-43d.com", "g\u043e\u043egle.com"])
def test_a_host_that_looks_like_another_is_named_as_it_is(home: str, host: str) -> None:
    told = words(risk(Target("host", host, Effect.SENDS)))
    assert told.startswith(f"Sends data to {host}. ")
    assert "Cyrillic" in told
    assert "xn--" in told


@pytest.mark.parametrize(
    ("language", "code", "sentence"),
    [
        ("shell", "dd if=/dev/zero of=/dev/sda", "Overwrites the whole disk sda: all on it is lost."),
        ("applescript", 'tell application "Finder" to delete file "x"', "Deletes x. Cannot be undone."),
        ("applescript", 'tell application "Mail" to quit', "Ends Mail; what is not saved there is lost."),
        ("shell", "sudo apt install htop", "Runs as administrator. Installs htop."),
        ("shell", "head -c 8 /dev/urandom", "Computes or looks something up and shows a result; changes nothing."),
        ("python", "print(1 + 1)", "Computes and shows a result; changes nothing."),
        ("shell", "rm '/x/a. Can be undone'", "Deletes “a. Can be undone” in /x (not there now). Cannot be undone."),
        ("shell", "rm '/x/   '", "Deletes a name that is blank in /x (not there now). Cannot be undone."),
        ("shell", "if [ x", "What this does cannot be told: it is not a complete program."),
    ],
)
def test_what_is_said_of_code(tmp_path: Path, language: str, code: str, sentence: str) -> None:
    assert words(classify(language, code, tmp_path)) == sentence
