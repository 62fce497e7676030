"""What fits a model's window: nothing orphaned, nothing vital lost, and a beginning that stays the same."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oi_voice.agent.trim import OLD_PICTURE, PICTURE, fit, prune_pictures, shorten, tokens
from oi_voice.messages import Kind, Message, Role, user

SYSTEM = Message(Role.SYSTEM, Kind.MESSAGE, "You are an assistant. " * 20)


def said(text: str) -> Message:
    return Message(Role.ASSISTANT, Kind.MESSAGE, text)


def code(text: str = "print(1)", call: str = "") -> Message:
    return Message(Role.ASSISTANT, Kind.CODE, text, "python", call=call)


def output(text: str = "1", call: str = "") -> Message:
    return Message(Role.COMPUTER, Kind.CONSOLE, text, "output", call=call)


def picture(call: str = "") -> Message:
    return Message(Role.COMPUTER, Kind.IMAGE, "AAAA" * 1000, "base64.png", call=call)


def cost(messages: Sequence[Message]) -> int:
    return sum(map(tokens, messages))


def is_mark(message: Message) -> bool:
    return message.role is Role.USER and message.content.endswith("left out.]")


def turn(number: int) -> list[Message]:
    call = f"call_{number}"
    return [
        user(f"Question {number}: " + "how many files are there? " * 4),
        said("I'll count them. " * 5),
        code("import os\nprint(len(os.listdir()))\n" * 4, call),
        output("".join(f"file{n}.txt\n" for n in range(30)), call),
        said("There are thirty. " * 3),
    ]


# --- tokens


# Counted with OpenAI's cl100k_base and with Claude's published tokenizer: the larger of both.
COUNTED = [
    (user("The computer ran the program without an error, and nothing was shown on the screen. " * 10), 171),
    (
        user("Der Rechner führte das Programm aus, ohne daß ein Fehler auftrat; wie groß es ist, weiß er nicht. " * 10),
        341,
    ),
    (user("计算机运行程序没有任何错误，屏幕上什么也没有显示。我们接下来要做什么呢？" * 10), 360),
    (user("コンピュータはエラーなしでプログラムを実行しました。画面には何も表示されませんでした。" * 10), 380),
    (user("Съешь же ещё этих мягких французских булок, да выпей чаю. " * 10), 391),
    (code("for name in sorted(os.listdir(path)):\n    print(name, os.path.getsize(name))\n" * 10), 250),
    (output("-rw-r--r--  1 root root    4096 Nov 21 07:38 libfoo.so.1.2.3\n" * 10), 320),
]


@pytest.mark.parametrize(("message", "counted"), COUNTED)
def test_the_estimate_is_high_but_not_by_much(message: Message, counted: int) -> None:
    assert counted <= tokens(message) <= counted * 1.75 + 10


def test_pictures_cost_alike_and_what_is_not_sent_costs_nothing() -> None:
    assert tokens(picture()) == PICTURE
    assert tokens(replace(picture(), recipient="user")) == 0
    assert tokens(Message(Role.ASSISTANT, Kind.REASONING, "hm " * 100)) == 0
    assert tokens(replace(output(), recipient="user")) == 0
    assert tokens(user("\ud800\0")) > 0


# --- properties


@st.composite
def conversations(draw: st.DrawFn) -> list[Message]:
    """Turns as they come: with and without calls, parallel ones, ids that servers use again, late and stray results."""
    text = st.integers(0, 300).map(lambda size: "word " * size) | st.sampled_from(["x" * 50_000, "字" * 9_000, ""])
    messages = [SYSTEM] * draw(st.integers(0, 2))
    for _ in range(draw(st.integers(0, 12))):
        shape = draw(st.sampled_from(["ask", "plain", "tied", "untied", "reused", "late", "stray", "see"]))
        call = {"tied": f"c{len(messages)}", "late": f"c{len(messages)}", "reused": "call_0"}.get(shape, "")
        if draw(st.booleans()) or shape == "ask":
            messages.append(user(draw(text)))
        if shape in ("plain", "see"):
            messages.append(said(draw(text)))
        if shape in ("tied", "reused", "untied"):
            blocks = [call and f"{call}{n}" for n in range(draw(st.integers(1, 3)))]
            messages += [code(draw(text), each) for each in blocks]
            messages += [output(draw(text), each) for each in blocks]
        if shape == "late":
            messages += [code(draw(text), call), user(draw(text)), output(draw(text), call)]
        if shape == "stray":
            messages.append(output(draw(text), draw(st.sampled_from(["", "gone"]))))
        if shape == "see":
            messages += [code("computer.display.view()"), picture(), output(draw(text))]
    return [replace(message, extra={"n": at}) for at, message in enumerate(messages)]


def numbers(messages: Sequence[Message]) -> list[int]:
    """Which of the original messages these are; the mark is none of them."""
    return [message.extra["n"] for message in messages if message.extra]


def owners(messages: Sequence[Message]) -> dict[int, list[int]]:
    """Each result's code: the latest one of its call; without a call, all the code of the reply right before."""
    found: dict[int, list[int]] = {}
    for at, message in enumerate(messages):
        if message.role is not Role.COMPUTER:
            continue
        if message.call:
            found[at] = [n for n in range(at) if messages[n].kind is Kind.CODE and messages[n].call == message.call][
                -1:
            ]
        else:
            start = at
            while start and messages[start - 1].role is Role.COMPUTER:
                start -= 1
            end = start
            while start and messages[start - 1].role is Role.ASSISTANT:
                start -= 1
            found[at] = [n for n in range(start, end) if messages[n].kind is Kind.CODE]
    return found


@settings(deadline=None)
@given(messages=conversations(), window=st.sampled_from([1200, 3000, 8192, 32768]), reserve=st.integers(0, 2000))
def test_what_is_sent_fits_and_holds_together(messages: list[Message], window: int, reserve: int) -> None:
    shown = fit(messages, window, reserve)
    kept = numbers(shown)
    limit = window - min(reserve or window // 4, window // 2)
    system = [message for message in messages if message.role is Role.SYSTEM]
    asked = [at for at, message in enumerate(messages) if message.role is Role.USER]

    assert kept == sorted(set(kept))
    assert [messages[at] for at in kept[: len(system)]] == system == list(shown[: len(system)])
    assert not asked or asked[-1] in kept
    assert not messages or len(messages) - 1 in kept
    for result, blocks in owners(messages).items():
        for block in blocks:
            assert (block in kept) == (result in kept)
    assert cost(shown) <= limit or cost(system) > limit - 200  # the fixed parts alone
    marks = [message for message in shown if not message.extra]
    gone = [message for at, message in enumerate(messages) if at not in kept and tokens(message)]
    assert len(marks) == (1 if gone else 0)
    if gone:
        assert is_mark(marks[0])
        assert marks[0].content.startswith(f"[{len(gone)} earlier message")
    if cost(messages) <= limit:
        assert shown == messages
    assert fit(messages, window, reserve) == shown


@settings(deadline=None)
@given(messages=conversations(), keep=st.integers(0, 5), step=st.integers(1, 5))
def test_pictures_are_pruned_from_the_oldest_on(messages: list[Message], keep: int, step: int) -> None:
    pruned = prune_pictures(messages, keep, step)
    seen = [at for at, message in enumerate(messages) if message.kind is Kind.IMAGE]
    left = [at for at in seen if pruned[at].kind is Kind.IMAGE]
    assert left == seen[len(seen) - len(left) :]
    assert min(keep, len(seen)) <= len(left) < keep + step
    assert numbers(pruned) == list(range(len(messages)))
    assert [pruned[at].content for at in seen[: len(seen) - len(left)]] == [OLD_PICTURE] * (len(seen) - len(left))
    assert all(one is other for at, (one, other) in enumerate(zip(messages, pruned, strict=True)) if at not in seen)
    assert owners(pruned) == owners(messages)


@settings(deadline=None)
@given(
    text=st.text(st.characters()) | st.text("a字🙂", min_size=500),
    limit=st.integers(10, 400),
    kind=st.sampled_from(Kind),
)
def test_a_shortened_message_is_short_enough(text: str, limit: int, kind: Kind) -> None:
    for content in (text, text * 50, "a" * 5000 + text * 20, "字" * 500 + "a" * 5000 + text):
        message = Message(Role.COMPUTER, kind, content, "output", call="c", extra={"n": 1})
        short = shorten(message, limit)
        assert tokens(short) <= limit
        assert (short.role, short.call, short.extra) == (message.role, "c", {"n": 1})
        if tokens(message) <= limit:
            assert short is message


# --- single cases


def test_a_conversation_that_fits_is_as_it_was() -> None:
    messages = [SYSTEM, *turn(0), *turn(1)]
    assert fit(messages, 8192, 1000) == messages


def test_what_was_left_out_is_marked_where_it_was() -> None:
    messages = [SYSTEM, *(message for number in range(100) for message in turn(number))]
    shown = fit(messages, 8192, 1000)
    assert shown[0] == SYSTEM
    assert is_mark(shown[1])
    assert shown[2:] == messages[len(messages) - len(shown) + 2 :]
    assert shown[1].content == f"[{len(messages) - len(shown) + 1} earlier messages were left out.]"
    assert 0.7 * 7192 - 400 <= cost(shown) <= 7192


def test_in_a_long_turn_the_question_stays_before_the_mark() -> None:
    work = [part for number in range(200) for part in turn(number)[1:4]]
    shown = fit([SYSTEM, user("an old question"), said("yes"), user("the question"), *work], 8192, 1000)
    assert [message.content for message in shown[1:2]] == ["the question"]
    assert is_mark(shown[2])
    assert shown[3:] == work[len(work) - len(shown) + 3 :]


def test_a_huge_question_is_shown_head_and_tail() -> None:
    shown = fit([SYSTEM, *turn(0), user("BEGIN " + "word " * 100_000 + "END")], 8192, 1000)
    question = shown[-1].content
    assert question.startswith("BEGIN")
    assert question.endswith("END")
    assert "characters were left out" in question
    assert 6000 < cost(shown) <= 7192


def test_a_huge_output_leaves_room_for_its_question() -> None:
    messages = [SYSTEM, user("q " * 2000), code(call="a"), output("x" * 1_000_000, "a")]
    shown = fit(messages, 8192, 1000)
    assert [*shown[:3]] == messages[:3]
    assert "characters were left out" in shown[3].content
    assert cost(shown) <= 7192


def test_parallel_calls_with_the_same_ids_in_each_reply_can_still_be_cut() -> None:
    reply = [
        code("a" * 600, "call_0"),
        code("b" * 600, "call_1"),
        output("1" * 600, "call_0"),
        output("2" * 600, "call_1"),
    ]
    shown = fit([user("go"), *(reply * 50)], 8192, 1000)
    assert is_mark(shown[1])
    assert (len(shown) - 2) % 4 == 0
    assert 8 <= len(shown) < 60


def test_a_reply_as_long_as_the_window_still_leaves_room_to_ask() -> None:
    shown = fit([SYSTEM, *turn(0)], 4096, 4096)
    assert shown == [SYSTEM, *turn(0)]


def test_pictures_too_large_for_a_small_window_become_words() -> None:
    shown = fit([SYSTEM, user("look"), code(call="a"), picture("a")], 1500, 500)
    assert shown[-1].content == "[A picture was left out.]"
    assert shown[-1].call == "a"


# --- the beginning stays the same


def changes(requests: Sequence[Sequence[Message]]) -> int:
    """How often a request did not begin with all of the one before it."""
    return sum(list(new[: len(old)]) != list(old) for old, new in pairwise(requests))


def growing(turns: int) -> list[list[Message]]:
    """The conversation as it is at each request: two a turn."""
    messages, requests = [SYSTEM], []
    for number in range(turns):
        whole = turn(number)
        requests += [[*messages, whole[0]], [*messages, *whole[:4]]]
        messages = [*messages, *whole]
    return requests


def test_the_beginning_changes_only_when_a_quarter_of_the_room_is_full() -> None:
    requests = growing(200)
    step = (8192 - 1000) // 4
    moved = changes([fit(request, 8192, 1000) for request in requests])
    assert 0 < moved <= cost(requests[-1]) / step + 1
    assert moved <= 200 / 4


def test_the_beginning_holds_in_a_long_turn_too() -> None:
    work = [part for number in range(200) for part in turn(number)[1:4]]
    requests = [[SYSTEM, user("the question"), *work[: 3 * size]] for size in range(1, 200)]
    assert changes([fit(request, 8192, 1000) for request in requests]) <= cost(requests[-1]) / (7192 // 4) + 2


def test_a_system_message_that_varies_does_not_move_the_cut_more_often() -> None:
    requests = growing(200)
    shown = []
    for at, request in enumerate(requests):
        system = replace(SYSTEM, content=SYSTEM.content + f"It is {at % 60} past." + "!" * (at % 7))
        shown.append(fit([system, *request[1:]], 8192, 1000)[1:])
    assert changes(shown) <= cost(requests[-1]) / (7192 // 4) + 4


def test_pruned_pictures_change_the_beginning_every_fourth_picture() -> None:
    messages: list[Message] = [SYSTEM, user("go")]
    requests = []
    for number in range(40):
        messages = [*messages, code(call=str(number)), picture(str(number))]
        requests.append(prune_pictures(messages))
    assert changes(requests) == 9


# --- linear


def steps(messages: list[Message], window: int) -> int:
    """Calls of functions, ours and built-in, that fitting takes."""
    count = 0

    def called(frame: Any, event: str, arg: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(called)
    try:
        fit(prune_pictures(messages), window, 1000)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("window", [8192, 10_000_000])
def test_twice_the_messages_take_twice_the_steps(window: int) -> None:
    long = growing(400)[-1]
    half = long[: len(long) // 2]
    assert steps(long, window) <= 2.1 * steps(half, window)
