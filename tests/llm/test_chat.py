from __future__ import annotations

import json
import time
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from oi_voice.llm.chat import FOLLOWS, NOT_RUN, SILENT, UNHEARD, UNSEEN, to_chat
from oi_voice.messages import Kind, Message, Role, user

DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGNgYGAAAAAEAAH2FzhVAAAAAElFTkSuQmCC"
SAID = Message(Role.ASSISTANT, Kind.MESSAGE, "Let me see.")
CODE = Message(Role.ASSISTANT, Kind.CODE, "1+1\n", "python")
OUTPUT = Message(Role.COMPUTER, Kind.CONSOLE, "2\n", "output")
PICTURE = Message(Role.COMPUTER, Kind.IMAGE, DOT, "base64.png")
SEEN = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{DOT}"}}


def code(content: str, call: str = "", language: str = "python") -> Message:
    return Message(Role.ASSISTANT, Kind.CODE, content, language, call=call)


def printed(content: str, call: str = "") -> Message:
    return Message(Role.COMPUTER, Kind.CONSOLE, content, "output", call=call)


def called(id: str, content: str, language: str = "python") -> dict[str, Any]:
    arguments = json.dumps({"language": language, "code": content})
    return {"id": id, "type": "function", "function": {"name": "execute", "arguments": arguments}}


def result(id: str, content: str) -> dict[str, str]:
    return {"role": "tool", "tool_call_id": id, "content": content}


# --- in words


def test_a_turn_becomes_alternating_chat_messages() -> None:
    system = Message(Role.SYSTEM, Kind.MESSAGE, "Be brief.")
    assert to_chat([system, user("add"), SAID, CODE, OUTPUT, user("more")]) == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "add"},
        {"role": "assistant", "content": "Let me see.\n\n```python\n1+1\n```"},
        {"role": "user", "content": "The code printed:\n```output\n2\n```\n\nmore"},
    ]


def test_silent_code_is_said_to_have_run_and_unrun_code_not_to() -> None:
    assert to_chat([printed("")]) == [{"role": "user", "content": SILENT}]
    assert to_chat([CODE, user("so?")])[1:] == [{"role": "user", "content": f"{NOT_RUN}\n\nso?"}]


def test_a_block_within_code_cannot_end_the_code() -> None:
    [entry, _] = to_chat([code("x = '''\n```python\n'''")])
    assert entry["content"] == "````python\nx = '''\n```python\n'''\n````"


def test_pictures_go_only_to_models_that_see() -> None:
    assert to_chat([PICTURE]) == [{"role": "user", "content": UNSEEN}]
    assert to_chat([user("look"), PICTURE], vision=True, shrink=False) == [
        {"role": "user", "content": [{"type": "text", "text": "look"}, SEEN]}
    ]


def test_a_picture_that_cannot_be_read_is_told_in_words() -> None:
    [entry] = to_chat([Message(Role.USER, Kind.IMAGE, "/nowhere/at/all.png", "path")], vision=True)
    assert entry["content"].startswith("(A picture should be here. ")


def test_files_and_sounds_are_told_in_words() -> None:
    [entry] = to_chat([Message(Role.USER, Kind.FILE, "/tmp/a.csv", "path"), Message(Role.USER, Kind.AUDIO, "/a.wav")])
    assert entry["content"] == f"A file: /tmp/a.csv\n\n{UNHEARD}"


def test_thoughts_and_what_is_for_the_person_alone_stay_here() -> None:
    secret = Message(Role.COMPUTER, Kind.CONSOLE, "secret", "output", recipient="user")
    thought = Message(Role.ASSISTANT, Kind.REASONING, "secret")
    for functions in (True, False):
        assert "secret" not in json.dumps(to_chat([CODE, thought, secret, SAID], functions=functions))


# --- with functions


def test_code_is_a_call_and_what_it_printed_the_calls_result() -> None:
    assert to_chat([user("add"), SAID, code("1+1", "c1"), printed("2\n", "c1"), SAID], functions=True) == [
        {"role": "user", "content": "add"},
        {"role": "assistant", "content": "Let me see.", "tool_calls": [called("c1", "1+1")]},
        result("c1", "2"),
        {"role": "assistant", "content": "Let me see."},
    ]


def test_parallel_calls_sit_in_one_message_and_their_results_behind_it_in_order() -> None:
    chat = to_chat(
        [SAID, code("1", "a"), code("ls", "b", "shell"), printed("B", "b"), printed("A", "a"), printed("A2", "a")],
        functions=True,
    )
    assert chat == [
        {"role": "assistant", "content": "Let me see.", "tool_calls": [called("a", "1"), called("b", "ls", "shell")]},
        result("a", "A\nA2"),
        result("b", "B"),
    ]


def test_results_without_a_name_are_paired_by_position() -> None:
    notice = Message(Role.COMPUTER, Kind.CONSOLE, "Interrupted.", "notice")
    chat = to_chat([code("1"), code("2"), printed("one"), notice, printed("two")], functions=True)
    assert [entry["content"] for entry in chat[1:]] == ["one\nInterrupted.", "two"]
    assert [entry["tool_call_id"] for entry in chat[1:]] == [call["id"] for call in chat[0]["tool_calls"]]


def test_a_call_without_a_result_is_said_not_to_have_run() -> None:
    chat = to_chat([code("1", "a"), user("wait"), code("2", "b"), printed("", "b")], functions=True)
    assert [entry["content"] for entry in chat if entry["role"] == "tool"] == [NOT_RUN, SILENT]
    assert [entry["role"] for entry in chat] == ["assistant", "tool", "user", "assistant", "tool"]


def test_a_result_whose_code_is_gone_is_text() -> None:
    [entry] = to_chat([printed("7", "gone")], functions=True)
    assert entry == {"role": "user", "content": "The code printed:\n```output\n7\n```"}


def test_a_calls_pictures_follow_its_result() -> None:
    look = [code("view()", "a"), printed("ok", "a"), Message(Role.COMPUTER, Kind.IMAGE, DOT, "base64.png", call="a")]
    assert to_chat([*look, user("and?")], functions=True, vision=True, shrink=False)[1:] == [
        result("a", f"ok\n{FOLLOWS}"),
        {"role": "user", "content": [SEEN, {"type": "text", "text": "and?"}]},
    ]
    assert to_chat(look, functions=True)[1:] == [result("a", f"ok\n{UNSEEN}")]


def test_ids_that_a_server_gives_twice_differ() -> None:
    one = [code("1", "call_0"), printed("one", "call_0")]
    chat = to_chat([*one, code("2", "call_0"), printed("two", "call_0")], functions=True)
    ids = [entry["tool_calls"][0]["id"] for entry in chat if "tool_calls" in entry]
    assert len(set(ids)) == 2
    assert [(entry["tool_call_id"], entry["content"]) for entry in chat if entry["role"] == "tool"] == [
        (ids[0], "one"),
        (ids[1], "two"),
    ]


ANY = st.lists(
    st.builds(
        Message,
        st.sampled_from(Role),
        st.sampled_from([kind for kind in Kind if kind is not Kind.IMAGE]),
        st.text(max_size=5),
        st.sampled_from(["", "python", "output", "notice"]),
        st.sampled_from(["", "", "user"]),
        st.sampled_from(["", "a", "b"]),
    ),
    max_size=12,
)


@given(ANY)
def test_every_call_has_its_results_right_behind_it_and_no_result_is_an_orphan(messages: list[Message]) -> None:
    chat = to_chat(messages, functions=True)
    waiting: list[str] = []
    for entry in chat:
        if entry["role"] == "tool":
            assert entry["tool_call_id"] == waiting.pop(0)
        else:
            assert waiting == []
            waiting = [call["id"] for call in entry.get("tool_calls", ())]
    assert waiting == []
    assert chat == to_chat(messages, functions=True)


def test_a_thousand_messages_take_no_time() -> None:
    messages = [message for n in range(250) for message in (user("x" * 99), SAID, code("1\n" * 9, f"{n}"), OUTPUT)]
    took = []
    for _ in range(5):
        start = time.perf_counter()
        to_chat(messages, functions=True)
        took.append(time.perf_counter() - start)
    assert min(took) < 0.02
