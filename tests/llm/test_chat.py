from __future__ import annotations

from oi_voice.llm.chat import UNSEEN, to_chat
from oi_voice.messages import Kind, Message, Role, user

SAID = Message(Role.ASSISTANT, Kind.MESSAGE, "Let me see.")
CODE = Message(Role.ASSISTANT, Kind.CODE, "1+1\n", "python")
OUTPUT = Message(Role.COMPUTER, Kind.CONSOLE, "2\n", "output")
PICTURE = Message(Role.COMPUTER, Kind.IMAGE, "aGk=", "base64.png")


def test_a_turn_becomes_alternating_chat_messages() -> None:
    assert to_chat([user("add"), SAID, CODE, OUTPUT, user("more")], "Be brief.") == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "add"},
        {"role": "assistant", "content": "Let me see.\n\n```python\n1+1\n```"},
        {"role": "user", "content": "The code printed:\n```output\n2\n```\n\nmore"},
    ]


def test_silent_code_is_said_to_have_run() -> None:
    assert to_chat([Message(Role.COMPUTER, Kind.CONSOLE, "", "output")]) == [
        {"role": "user", "content": "The code ran and printed nothing."}
    ]


def test_a_block_within_code_cannot_end_the_code() -> None:
    [entry] = to_chat([Message(Role.ASSISTANT, Kind.CODE, "x = '''\n```python\n'''", "python")])
    assert entry["content"] == "````python\nx = '''\n```python\n'''\n````"


def test_pictures_go_only_to_models_that_see() -> None:
    assert to_chat([PICTURE]) == [{"role": "user", "content": UNSEEN}]
    assert to_chat([user("look"), PICTURE], sees=True) == [
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "look"},
                {"type": "image_url", "image_url": {"url": "data:image/png;base64,aGk="}},
            ],
        }
    ]


def test_what_is_for_the_person_alone_stays_here() -> None:
    assert to_chat([Message(Role.COMPUTER, Kind.CONSOLE, "secret", "output", recipient="user")]) == []
