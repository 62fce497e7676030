"""A request: what fits, in the person's templates, and the same beginning as the last one had."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from oi_voice.agent.request import Presenter
from oi_voice.agent.trim import limit_of, tokens
from oi_voice.messages import Kind, Message, Role, user
from oi_voice.ports import Abilities
from oi_voice.settings import Settings

SYSTEM = Message(Role.SYSTEM, Kind.MESSAGE, "You are a test.")


def code(text: str, call: str = "") -> Message:
    return Message(Role.ASSISTANT, Kind.CODE, text, "python", call=call)


def printed(text: str, call: str = "") -> Message:
    return Message(Role.COMPUTER, Kind.CONSOLE, text, "output", call=call)


def turn(number: int, words: int = 30) -> list[Message]:
    name = f"call {number}"
    return [user(f"question {number} " + "word " * words), code(f"print({number})", name), printed("out\n", name)]


LARGE = Abilities(100_000)


async def request(
    messages: list[Message],
    abilities: Abilities = LARGE,
    presenter: Presenter | None = None,
    **settings: object,
) -> list[Message]:
    snapshot: SimpleNamespace = Settings(**settings).snapshot()
    return await (presenter or Presenter()).request(SYSTEM, messages, snapshot, abilities, None)


async def test_code_is_text_for_a_model_without_functions_and_itself_for_one_with() -> None:
    shown = await request(
        [user("go"), code("x = 1\n", "a"), printed("", "a"), code("y", "b")], code_output_template="{content}!"
    )
    assert [message.content for message in shown[1:]] == [
        "go",
        "```python\nx = 1\n```",
        Settings().empty_code_output_template,
        "```python\ny\n```",
        "(This code was not run.)",
    ]
    assert {message.kind for message in shown} == {Kind.MESSAGE}
    assert code("y", "b") in await request([user("go"), code("y", "b")], Abilities(100_000, functions=True))


async def test_markup_for_the_person_stays_theirs_when_code_becomes_text() -> None:
    page = Message(Role.COMPUTER, Kind.CODE, "<b>42</b>", "html", recipient="user", call="a")
    shown = await request([user("go"), code("x", "a"), printed("42", "a"), page])
    assert [message.recipient for message in shown if "<b>" in message.content] == ["user"]


async def test_output_that_holds_a_fence_gets_a_longer_one() -> None:
    shown = await request([user("go"), code("x", "a"), printed("```\nodd\n```\n", "a")])
    assert "````output\n```\nodd\n```\n````" in shown[-1].content


@pytest.mark.parametrize("functions", [True, False])
async def test_a_growing_conversation_fits_and_its_beginning_stays(functions: bool) -> None:
    abilities, presenter, messages = Abilities(4000, 500, functions=functions), Presenter(), list[Message]()
    before, changes = list[Message](), 0
    for number in range(200):
        messages += turn(number)[:1]
        shown = await request(messages, abilities, presenter)
        assert sum(map(tokens, shown)) <= limit_of(4000, 500)
        assert shown[0] == SYSTEM
        assert shown[-1] == messages[-1]
        changes += shown[: len(before)] != before
        before = shown
        messages += turn(number)[1:]
    assert 0 < changes <= 200 / 5
    marks = [message for message in shown if "left out" in message.content]
    assert len(marks) == 1
    assert shown.index(marks[0]) == 1
    calls = {message.call for message in shown if message.kind is Kind.CODE}
    assert all(message.call in calls for message in shown if message.kind is Kind.CONSOLE)


async def test_one_turn_longer_than_the_window_is_cut_within_itself() -> None:
    long = [user("newest"), *[part for number in range(300) for part in turn(number)[1:]]]
    shown = await request(
        [*turn(0), user("x"), Message(Role.ASSISTANT, Kind.MESSAGE, "y"), *long], Abilities(2000, 500)
    )
    assert any(message.content == "newest" for message in shown)
    assert sum(map(tokens, shown)) < 2000


async def test_templates_apply_to_the_last_words_or_to_all() -> None:
    talk = [user("one"), Message(Role.ASSISTANT, Kind.MESSAGE, "ok"), user("two")]
    last = await request(talk, user_message_template="<{content}> {{1 + 1}}")
    assert [message.content for message in last[1:]] == ["one", "ok", "<two> {{1 + 1}}"]
    every = await request(talk, user_message_template="<{content}>", always_apply_user_message_template=True)
    assert [message.content for message in every[1:]] == ["<one>", "ok", "<two>"]
