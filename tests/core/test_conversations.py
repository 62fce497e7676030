"""Saved conversations: whole at every moment, cheap to add to, and never lost without a word."""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oi_voice.archive import listing, load
from oi_voice.conversations import Conversation, default_folder
from oi_voice.errors import ConversationError
from oi_voice.lmc import from_lmc, to_lmc
from oi_voice.messages import Kind, Message, Role, user

TURN = [
    user("what files are on my desktop, please?"),
    Message(Role.ASSISTANT, Kind.MESSAGE, "I'll look."),
    Message(Role.ASSISTANT, Kind.CODE, 'print([{"a": []}])\n', "python", call="c1"),
    Message(Role.COMPUTER, Kind.CONSOLE, '[{"a": []}]\n]\n', "output", call="c1", extra={"id": 7}),
    Message(Role.COMPUTER, Kind.IMAGE, "AA==", "base64.png", call="c1"),
    Message(Role.ASSISTANT, Kind.MESSAGE, "zwei Dateien – 两个文件 🙂"),
]


def only(folder: Path) -> Path:
    """The one file there; nothing temporary was left beside it."""
    (path,) = folder.iterdir()
    return path


def saved(folder: Path, messages: list[Message]) -> Path:
    conversation = Conversation(folder)
    conversation.save(messages)
    assert conversation.path is not None
    return conversation.path


def as_dicts(messages: list[Message]) -> list[dict[str, Any]]:
    return [to_lmc(message, calls=True) for message in messages]


# --- what the file is


def test_it_grows_message_by_message_and_is_json_after_each(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "conversations"
    conversation = Conversation(folder)
    conversation.save([])
    assert not folder.exists()
    for size in range(1, len(TURN) + 1):
        conversation.save(TURN[:size])
        text = only(folder).read_text("ascii")
        assert json.loads(text) == as_dicts(TURN[:size])
        assert len(text.splitlines()) == size + 2
        assert load(only(folder)) == TURN[:size]
    assert load(only(folder))[3].extra == {"id": 7}


def test_file_and_folder_are_for_their_owner_only(tmp_path: Path) -> None:
    path = saved(tmp_path / "conversations", TURN)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_name_is_the_time_and_the_first_words(tmp_path: Path) -> None:
    path = saved(tmp_path, TURN)
    day, time, words = path.stem.split(" ", 2)
    assert words == "what files are on my"
    assert [len(part) for part in (*day.split("-"), *time.split("-"))] == [4, 2, 2, 2, 2]
    assert path.suffix == ".json"


@settings(deadline=None)
@given(text=st.text(st.characters()))
def test_any_first_words_make_a_name(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("names")
    paths = [saved(folder, [user(text)]) for _ in range(3)]
    assert len(set(paths)) == 3
    for path in paths:
        assert path.parent == folder
        assert not set(path.name) & set('<>:"/\\|?*\0')
        assert len(os.fsencode(path.name)) < 220
        assert load(path) == [user(text)]


def test_a_given_name_is_kept_and_may_not_lead_elsewhere(tmp_path: Path) -> None:
    Conversation(tmp_path, "mine.json").save(TURN)
    assert load(tmp_path / "mine.json") == TURN
    for name in ("../mine.json", "/etc/mine.json", "a\0b", ".."):
        with pytest.raises(ConversationError):
            Conversation(tmp_path, name)


ANY = st.builds(
    Message,
    st.sampled_from(Role),
    st.sampled_from(Kind),
    st.text(st.characters()),  # lone surrogates and NUL too
    st.sampled_from(["", "python", "output", "base64.png"]),
    st.sampled_from(["", "user", "assistant"]),
    st.text(),
    st.dictionaries(st.sampled_from(["id", "time"]), st.integers() | st.text()),
)


@settings(deadline=None)
@given(messages=st.lists(ANY, min_size=1, max_size=6), cut=st.integers(0, 6))
def test_what_is_saved_is_what_is_loaded(
    tmp_path_factory: pytest.TempPathFactory, messages: list[Message], cut: int
) -> None:
    conversation = Conversation(tmp_path_factory.mktemp("any"), "a.json")
    conversation.save(messages[:cut])
    conversation.save(messages)
    loaded = load(conversation.path or Path())
    assert loaded == from_lmc(as_dicts(messages))
    assert [message.content for message in loaded] == [message.content for message in messages]
    assert [message.extra for message in loaded] == [message.extra for message in messages]


def test_entries_that_are_no_json_are_written_as_words_or_refused(tmp_path: Path) -> None:
    path = saved(tmp_path, [Message(Role.USER, Kind.MESSAGE, "hi", extra={"when": {1}, (2, 3): 4})])  # type: ignore[dict-item]  # on purpose
    assert load(path)[0].extra == {"when": "{1}"}
    circle: list[Any] = []
    circle.append(circle)
    conversation = Conversation(tmp_path, "circle.json")
    with pytest.raises(ConversationError):
        conversation.save([Message(Role.USER, Kind.MESSAGE, "hi", extra={"circle": circle})])
    conversation.save([user("hi")])
    assert load(tmp_path / "circle.json") == [user("hi")]


# --- what saving does and costs


def written(conversation: Conversation, messages: list[Message]) -> int:
    """Bytes that saving these hands to the system (the kernel's own count of this process)."""

    def count() -> int:
        lines = Path("/proc/self/io").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("wchar"))

    before = count()
    conversation.save(messages)
    return count() - before


@pytest.mark.skipif(not Path("/proc/self/io").exists(), reason="the bytes are counted by Linux")
def test_the_thousandth_message_costs_what_the_tenth_does(tmp_path: Path) -> None:
    history: list[Message] = []
    conversation = Conversation(tmp_path)
    costs = []
    for number in range(1000):
        history.append(user(f"message {number:04}"))
        costs.append(written(conversation, history))
    line = len(json.dumps(to_lmc(history[0])))
    assert costs[9] == costs[-1] == line + len(",\n\n]")
    assert load(only(tmp_path)) == history


def test_nothing_new_writes_nothing(tmp_path: Path) -> None:
    conversation = Conversation(tmp_path)
    conversation.save(TURN)
    before = only(tmp_path).stat()
    conversation.save(list(TURN))
    conversation.save([Message(m.role, m.kind, m.content, m.format, m.recipient, m.call, m.extra) for m in TURN])
    assert only(tmp_path).stat().st_mtime_ns == before.st_mtime_ns


@pytest.mark.parametrize(
    "changed",
    [
        TURN[:3],
        [],
        [user("other"), *TURN[1:]],
        [*TURN[:-1], user("other"), user("more")],
        [*TURN[:3], Message(Role.COMPUTER, Kind.CONSOLE, TURN[3].content, "output", call="c1", extra={"id": 8})],
    ],
)
def test_anything_else_replaces_the_file_and_more_can_be_added(tmp_path: Path, changed: list[Message]) -> None:
    conversation = Conversation(tmp_path)
    conversation.save(TURN)
    conversation.save(changed)
    assert json.loads(only(tmp_path).read_bytes()) == as_dicts(changed)
    conversation.save([*changed, *TURN])
    assert load(only(tmp_path)) == [*changed, *TURN]
    assert stat.S_IMODE(only(tmp_path).stat().st_mode) == 0o600


def test_a_list_that_its_owner_goes_on_filling_is_followed(tmp_path: Path) -> None:
    conversation, history = Conversation(tmp_path), TURN[:2]
    conversation.save(history)
    history.append(TURN[2])
    conversation.save(history)
    history[0] = user("other")
    conversation.save(history)
    assert load(only(tmp_path)) == history


def test_no_descriptor_stays_open(tmp_path: Path) -> None:
    fds = Path("/proc/self/fd")
    if not fds.exists():
        pytest.skip("descriptors are counted by Linux")
    conversation = Conversation(tmp_path)
    before = len(list(fds.iterdir()))
    for size in range(1, len(TURN) + 1):
        conversation.save(TURN[:size])
    assert len(list(fds.iterdir())) == before


# --- what can go wrong


def test_a_file_in_the_folders_place_is_said_and_later_all_is_saved(tmp_path: Path) -> None:
    folder = tmp_path / "conversations"
    folder.write_text("in the way")
    conversation = Conversation(folder)
    for size in (1, 2):
        with pytest.raises(ConversationError, match=r"can't be saved as .*conversations"):
            conversation.save(TURN[:size])
    assert folder.read_text() == "in the way"
    folder.unlink()
    conversation.save(TURN)
    assert load(only(folder)) == TURN


def test_a_folder_that_cannot_be_made_is_said() -> None:
    with pytest.raises(ConversationError):
        Conversation(Path("/proc/nowhere/conversations")).save(TURN)


def test_a_read_only_file_stays_as_it_is(tmp_path: Path) -> None:
    conversation = Conversation(tmp_path)
    conversation.save(TURN[:2])
    path = only(tmp_path)
    path.chmod(0o400)
    for messages in (TURN[:3], TURN[:1]):  # one more; and all anew
        with pytest.raises(ConversationError, match="read-only"):
            conversation.save(messages)
        assert load(only(tmp_path)) == TURN[:2]
    path.chmod(0o600)
    conversation.save(TURN)
    assert load(only(tmp_path)) == TURN


def test_a_file_deleted_meanwhile_is_written_again_with_all_of_it(tmp_path: Path) -> None:
    folder = tmp_path / "conversations"
    conversation = Conversation(folder)
    conversation.save(TURN[:2])
    only(folder).unlink()
    conversation.save(TURN[:3])
    assert load(only(folder)) == TURN[:3]
    only(folder).unlink()
    folder.rmdir()
    conversation.save(TURN)
    assert load(only(folder)) == TURN


@contextmanager
def room(size: int) -> Iterator[None]:
    """No file may grow beyond ``size`` bytes: writes end there, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


def test_a_full_disk_leaves_the_file_as_it_was_wherever_it_fills_up(tmp_path: Path) -> None:
    conversation = Conversation(tmp_path)
    conversation.save(TURN[:2])
    whole = only(tmp_path).read_bytes()
    for size in range(len(whole) - 2, len(whole) + 60, 7):
        with room(size), pytest.raises(ConversationError):
            conversation.save(TURN)
        assert only(tmp_path).read_bytes() == whole
    with room(10), pytest.raises(ConversationError):
        conversation.save(TURN[1:])
    assert only(tmp_path).read_bytes() == whole
    conversation.save(TURN)
    assert load(only(tmp_path)) == TURN


def test_nothing_is_left_where_nothing_could_be_written(tmp_path: Path) -> None:
    conversation = Conversation(tmp_path)
    with room(10), pytest.raises(ConversationError):
        conversation.save(TURN)
    assert list(tmp_path.iterdir()) == []
    conversation.save(TURN)
    assert load(only(tmp_path)) == TURN


def test_of_two_programs_with_one_file_each_gets_its_own(tmp_path: Path) -> None:
    one, other = Conversation(tmp_path, "shared.json"), Conversation(tmp_path, "shared.json")
    mine, theirs = [user("one")], [user("other, who says more")]
    for number in range(20):
        mine.append(user(f"one {number}"))
        one.save(mine)
        theirs.append(user(f"other {number}"))
        other.save(theirs)
    assert one.path and other.path
    assert load(one.path) == mine
    assert load(other.path) == theirs
    assert len(list(tmp_path.iterdir())) == 3  # what the one had saved before the other came is there, too


def test_two_programs_at_the_same_time_never_tear_the_file(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WRITER, str(tmp_path), "shared.json", "150"]
    path = tmp_path / "shared.json"
    with subprocess.Popen(command) as one, subprocess.Popen(command) as other:
        while one.poll() is None or other.poll() is None:
            if path.exists():
                load(path)
    assert one.returncode == other.returncode == 0
    assert all(isinstance(json.loads(path.read_bytes()), list) for path in tmp_path.glob("*.json"))


# --- killed, or cut off

WRITER = """
import sys
from pathlib import Path
from oi_voice.conversations import Conversation
from oi_voice.messages import user
folder, name, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
conversation, history = Conversation(folder, name), []
for number in range(count):
    history.append(user(f"{number} " + "x" * (number % 50 * 400)))
    conversation.save(history)
    if count > 1000:
        print(number, flush=True)
"""


def test_a_kill_loses_at_most_the_message_being_written(tmp_path: Path) -> None:
    chance = random.Random(1)
    for attempt in range(8):
        path = tmp_path / f"{attempt}.json"
        command = [sys.executable, "-c", WRITER, str(tmp_path), path.name, "1000000"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout
            lines = [writer.stdout.readline() for _ in range(chance.randrange(1, 300))]
            writer.send_signal(signal.SIGKILL)
            told = int((lines + writer.stdout.read().splitlines())[-1])
        loaded = load(path)
        assert [int(message.content.split()[0]) for message in loaded] == list(range(len(loaded)))
        assert len(loaded) in (told + 1, told + 2)  # it may have been killed before it could tell


def test_cut_at_every_byte_the_whole_messages_are_recovered(tmp_path: Path) -> None:
    data = saved(tmp_path, TURN).read_bytes()
    ends = [len(saved(tmp_path, TURN[:size]).read_bytes()) - len("\n]") for size in range(1, len(TURN) + 1)]
    path = tmp_path / "cut.json"
    for size in range(len(data) + 1):
        for tail in (b"", b"\0" * 50):  # some file systems leave zeros after a power cut
            path.write_bytes(data[:size] + tail if size else b"")
            assert load(path, tmp_path) == TURN[: sum(end <= size for end in ends)]
    assert not list(tmp_path.glob("*.corrupt"))


def test_any_part_of_an_appending_write_leaves_a_file_that_loads(tmp_path: Path) -> None:
    before, after = saved(tmp_path, TURN[:2]).read_bytes(), saved(tmp_path, TURN[:3]).read_bytes()
    path = tmp_path / "part.json"
    start = len(before) - len("\n]")
    for size in range(len(after) - start + 1):
        part = after[start : start + size]
        path.write_bytes(before[:start] + part + before[start + size :])
        assert load(path) == TURN[: 3 if size >= len(after) - start - len("\n]") else 2]


def test_a_recovered_conversation_goes_on(tmp_path: Path) -> None:
    path = saved(tmp_path, TURN)
    path.write_bytes(path.read_bytes()[:-20])
    history = load(path)
    conversation = Conversation(path.parent, path.name)
    for message in (TURN[-1], user("more")):
        history.append(message)
        conversation.save(history)
    assert load(path) == [*TURN, user("more")]


def test_files_of_others_are_read(tmp_path: Path) -> None:
    path = tmp_path / "theirs.json"
    current = [{"role": "user", "type": "message", "content": "hé 🙂"}, {"role": "computer", "type": "console",
               "format": "output", "content": "1", "end": True}]  # fmt: skip
    for data in (
        json.dumps(current),
        json.dumps(current, indent=4, ensure_ascii=False),
        "\ufeff" + json.dumps(current),
    ):
        path.write_text(data, encoding="utf-8")
        assert [message.content for message in load(path)] == ["hé 🙂", "1"]
    path.write_text(json.dumps(current)[:-30])
    assert [message.content for message in load(path, tmp_path)] == ["hé 🙂"]
    older = [{"role": "user", "message": "hi"}, {"role": "assistant", "message": "ok", "language": "python",
             "code": "1", "output": "1"}]  # fmt: skip
    path.write_text(json.dumps(older))
    assert [message.kind for message in load(path)] == ["message", "message", "code", "console"]
    path.write_text('[{"role": "user", "content": "stra\xdfe"}]', encoding="latin-1")
    assert load(path)[0].content == "stra\udcdfe"


HOPELESS = [
    b"not json",
    b'{"role": "user"}',
    b"[1, 2]",
    b"[garbage",
    b'[{"role": "user", "content": "a"}, garbage, {"role": "user", "content": "b"}]',
    b'[\n{"role": "user", "content": "a"},\n{"role": gar},\n{"role": "user", "content": "b"}\n]',
    b'[{"role": "nobody", "content": "a"}]',
    b'[{"role": [], "content": "a"}]',
    b"[" * 100_000,
    "[]".encode("utf-16")[:-1],
]


@pytest.mark.parametrize("data", HOPELESS)
def test_a_file_beyond_repair_is_said_and_set_aside(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "broken.json"
    for name in ("broken.json.corrupt", "broken.json 2.corrupt"):  # nothing that is there is overwritten
        path.write_bytes(data)
        with pytest.raises(ConversationError) as caught:
            load(path, tmp_path)
        assert name in caught.value.fix
        assert (tmp_path / name).read_bytes() == data
        assert not path.exists()
    assert listing(tmp_path) == []


def test_a_file_of_elsewhere_is_left_where_it_is(tmp_path: Path) -> None:
    path = tmp_path / "broken.json"
    path.write_text("not json")
    for folder in (None, tmp_path / "other"):
        with pytest.raises(ConversationError, match="line 1"):
            load(path, folder)
    assert only(tmp_path) == path


def test_what_is_no_file_is_said(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.json", tmp_path, tmp_path / "a\0b"):
        with pytest.raises(ConversationError):
            load(path, tmp_path)


# --- the list of them


def test_the_list_has_the_latest_first_and_titles(tmp_path: Path) -> None:
    greeting = Message(Role.ASSISTANT, Kind.MESSAGE, "Hello.")
    paths = [
        saved(tmp_path, [greeting, user("  first\nthing "), *TURN]),
        saved(tmp_path, [user("long " * 100_000)]),
        saved(tmp_path, [greeting]),
    ]
    (tmp_path / "notes.txt").write_text("no conversation")
    (tmp_path / "odd.json").write_text('{"a": 1}')
    for age, path in enumerate([*paths, tmp_path / "odd.json"]):
        os.utime(path, (1000 - age, 1000 - age))
    found = listing(tmp_path)
    assert [saved.path for saved in found] == [*paths, tmp_path / "odd.json"]
    assert [saved.title for saved in found] == ["first thing", paths[1].stem, paths[2].stem, "odd"]
    assert [saved.when.timestamp() for saved in found] == [1000, 999, 998, 997]


def test_a_list_of_nothing(tmp_path: Path) -> None:
    assert listing(tmp_path / "absent") == []
    (tmp_path / "file").touch()
    with pytest.raises(ConversationError):
        listing(tmp_path / "file")


def test_the_programs_own_folder_is_named_after_it() -> None:
    assert default_folder().name == "conversations"
    assert "oi_voice" in default_folder().parts
