"""``chat`` in all its forms, against a model server on loopback and a real kernel."""

from __future__ import annotations

import gc
import threading
import time
import weakref
from pathlib import Path

import psutil
import pytest
from interpreters import Make
from patience import SOON

from oi_voice import OpenInterpreter
from oi_voice.errors import MessageError, ModelError
from oi_voice.testing.replies import calls, streaming
from oi_voice.testing.server import serve

DIVIDE = "```python\n34 / 24\n```"
TOUCH = "```python\nopen({path!r}, 'w').close()\n```"


def test_text_in_new_messages_out(make: Make) -> None:
    interpreter, server = make("Hello, **you**.")
    assert interpreter.chat("Hi", display=False) == [
        {"role": "assistant", "type": "message", "content": "Hello, **you**."}
    ]
    assert interpreter.messages[0] == {"role": "user", "type": "message", "content": "Hi"}
    assert server.requests[0].body["messages"][-1] == {"role": "user", "content": "Hi"}


def test_a_stream_is_as_documented_to_the_byte(make: Make) -> None:
    interpreter, _ = make(streaming("```python\n", "34", " /", " ", "24", "\n```"), streaming("The", " result"))
    chunks = [str(chunk) for chunk in interpreter.chat("What's 34/24?", stream=True, display=False)]
    code = "{'role': 'assistant', 'type': 'code', 'format': 'python', "
    console = "{'role': 'computer', 'type': 'console', "
    message = "{'role': 'assistant', 'type': 'message', "
    assert chunks == [
        code + "'start': True}",
        code + "'content': '34'}",
        code + "'content': ' /'}",
        code + "'content': ' '}",
        code + "'content': '24'}",
        code + "'content': '\\n'}",
        code + "'end': True}",
        "{'role': 'computer', 'type': 'confirmation', 'format': 'execution', "
        "'content': {'type': 'code', 'format': 'python', 'content': '34 / 24\\n'}}",
        console + "'start': True}",
        console + "'format': 'active_line', 'content': '1'}",
        console + "'format': 'output', 'content': '1.4166666666666667\\n'}",
        console + "'format': 'active_line', 'content': None}",
        console + "'end': True}",
        message + "'start': True}",
        message + "'content': 'The'}",
        message + "'content': ' result'}",
        message + "'end': True}",
    ]


def test_a_dict_a_list_and_the_old_shape_are_taken(make: Make) -> None:
    interpreter, server = make("one", "two", "three")
    interpreter.chat({"content": "a dict"}, display=False)
    assert interpreter.messages[0] == {"role": "user", "type": "message", "content": "a dict"}
    new = interpreter.chat([{"role": "user", "message": "an old shape"}], display=False)
    assert [message["content"] for message in new] == ["two"]
    assert server.requests[1].body["messages"][-1]["content"] == "an old shape"
    assert len(interpreter.messages) == 2
    interpreter.messages = [*interpreter.messages, {"role": "user", "type": "message", "content": "c", "id": 7}]
    interpreter.chat([*interpreter.messages], display=False)
    assert interpreter.messages[2]["id"] == 7


@pytest.mark.parametrize(
    "bad",
    [
        {"role": "wizard", "content": "x"},
        {"role": "user", "type": "smell", "content": "x"},
        {"role": "user", "content": 5},
        {"role": "user"},
        "no dict",
    ],
)
def test_a_message_that_nobody_can_read_is_refused_and_nothing_is_lost(make: Make, bad: object) -> None:
    interpreter, server = make("hello")
    interpreter.chat("hi", display=False)
    before = list(interpreter.messages)
    with pytest.raises(MessageError, match="Message 2"):
        interpreter.messages = [before[0], bad]  # type: ignore[list-item]
    assert interpreter.messages == before
    assert len(server.requests) == 1


def test_messages_are_a_list_of_ones_own(make: Make) -> None:
    interpreter, server = make("one", "two")
    messages = interpreter.chat("My name is Ann.", display=False)
    saved = list(interpreter.messages)
    interpreter.messages = []
    interpreter.messages = saved
    interpreter.messages.append({"role": "user", "type": "message", "content": "Who am I?"})
    interpreter.chat(interpreter.messages, display=False)
    sent = [message["content"] for message in server.requests[1].body["messages"][1:]]
    assert sent == ["My name is Ann.", "one", "Who am I?"]
    assert messages == saved[1:]


# --- consent


def test_without_a_terminal_code_is_refused_with_what_allows_it(make: Make, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    interpreter, server = make(TOUCH.format(path=str(mark)), "All right.")
    with pytest.warns(UserWarning, match="auto_run = True"):
        new = interpreter.chat("do it", display=False)
    assert not mark.exists()
    assert "Nobody could be asked" in new[1]["content"]
    assert "Declined" in server.requests[1].body["messages"][-1]["content"]


def test_auto_run_runs_it(make: Make, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    interpreter, _ = make(TOUCH.format(path=str(mark)), "Done.", auto_run=True)
    interpreter.chat("do it", display=False)
    assert mark.exists()


def test_safe_mode_switches_auto_run_off(make: Make, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    interpreter, _ = make(TOUCH.format(path=str(mark)), "Done.", auto_run=True, safe_mode="ask")
    with pytest.warns(UserWarning, match="not run"):
        interpreter.chat("do it", display=False)
    assert not mark.exists()


def test_leaving_the_stream_at_the_confirmation_means_no(make: Make, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    interpreter, server = make(TOUCH.format(path=str(mark)), "And?", auto_run=True)
    for chunk in interpreter.chat("do it", stream=True, display=False):
        if chunk["type"] == "confirmation":
            break
    assert [message["type"] for message in interpreter.messages] == ["message", "code"]
    # The program runs it by itself, as documented, and goes on.
    interpreter.messages.append({"role": "computer", "type": "console", "format": "output", "content": "by myself"})
    interpreter.chat(interpreter.messages, display=False)
    assert "by myself" in server.requests[1].body["messages"][-1]["content"]
    assert not mark.exists()


def test_going_on_past_the_confirmation_is_consent(make: Make, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    interpreter, _ = make(TOUCH.format(path=str(mark)), "Done.")
    for chunk in interpreter.chat("do it", stream=True, display=False):
        assert chunk["type"] != "confirmation" or not mark.exists()
    assert mark.exists()


# --- stopping


@pytest.mark.parametrize("how", ["close", "stop"])
def test_a_stalled_model_is_left_at_once(make: Make, how: str) -> None:
    interpreter, server = make(streaming("one ", stall=True))
    stream = interpreter.chat("hi", stream=True, display=False)
    while "content" not in next(stream):
        pass
    if how == "stop":
        start = time.perf_counter()
        threading.Thread(target=interpreter.stop).start()
        assert [chunk.get("end") for chunk in stream] == [True]
        assert time.perf_counter() - start < SOON
    else:
        start = time.perf_counter()
        stream.close()
        assert time.perf_counter() - start < SOON
    assert server.until(server.hung_up.is_set)
    assert interpreter.messages[-1]["content"] == "one "


def test_code_that_runs_is_stopped_when_the_stream_is_left(make: Make) -> None:
    interpreter, _ = make("```python\nprint('on')\nimport time; time.sleep(1000)\n```", "x")
    for chunk in interpreter.chat("go", stream=True, display=False):
        if chunk.get("format") == "output":
            break
    assert interpreter.computer.run("python", "print(2)")[0]["content"] == "2\n"


def test_not_blocking_returns_at_once_and_wait_gives_the_rest(make: Make) -> None:
    interpreter, _ = make("Hello.")
    assert interpreter.chat("hi", display=False, blocking=False) is None
    assert [message["content"] for message in interpreter.wait()] == ["Hello."]
    assert interpreter.wait() == []


# --- failures


def test_a_failure_is_raised_in_words_and_the_question_is_kept(make: Make) -> None:
    from oi_voice.testing.replies import refusing

    interpreter, _ = make(refusing(401), "Better.")
    with pytest.raises(ModelError, match="refused the key") as failure:
        interpreter.chat("hi", display=False)
    assert failure.value.code == "model.key_refused"
    assert interpreter.messages == [{"role": "user", "type": "message", "content": "hi"}]
    assert interpreter.chat("again", display=False)[0]["content"] == "Better."


def test_half_a_block_is_marked_and_never_run(make: Make, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    interpreter, server = make(streaming(TOUCH.format(path=str(mark)), cut="torn"), streaming("Sorry."), auto_run=True)
    with pytest.raises(ModelError, match="broke off"):
        interpreter.chat("do it", display=False)
    assert not mark.exists()
    assert "cut off here" in interpreter.messages[-1]["content"]
    interpreter.chat("well?", display=False)
    assert any("not run" in str(message["content"]) for message in server.requests[1].body["messages"])


def test_an_empty_reply_is_asked_for_twice_more(make: Make) -> None:
    interpreter, server = make(streaming(""), streaming("  "), streaming("At last."))
    assert interpreter.chat("hi", display=False)[-1]["content"] == "At last."
    assert "was empty" in server.requests[2].body["messages"][-1]["content"]
    interpreter, server = make(streaming(""))
    with pytest.raises(ModelError, match="empty"):
        interpreter.chat("hi", display=False)
    assert len(server.requests) == 3


# --- functions


def test_parallel_tool_calls_run_in_order_and_their_results_go_back_by_id(make: Make) -> None:
    reply = streaming("Both.", *calls(("python", "print(1)"), ("python", "print(2)")), finish="tool_calls")
    interpreter, server = make(reply, "Done.", auto_run=True)
    interpreter.llm.supports_functions = True
    new = interpreter.chat("both", display=False)
    assert [message["content"] for message in new if message["type"] == "console"] == ["1\n", "2\n"]
    said, first, second = server.requests[1].body["messages"][-3:]
    assert [call["id"] for call in said["tool_calls"]] == [first["tool_call_id"], second["tool_call_id"]]
    assert (first["content"].strip(), second["content"].strip()) == ("1", "2")
    assert "execute" in str(server.requests[0].body["tools"])


# --- many, and none left


def test_instances_are_independent_and_leave_nothing_behind(make: Make) -> None:
    threads = threading.active_count()
    with serve(streaming("```python\nx = 1\n```")) as _, serve(streaming("Hi.")) as server:
        children = set(psutil.Process().children())
        one = OpenInterpreter(llm={"model": "openai/m", "api_base": server.url})
        two = OpenInterpreter(llm={"model": "openai/m", "api_base": server.url}, custom_instructions="two")
        one.chat("I am one", display=False)
        two.chat("I am two", display=False)
        assert one.messages != two.messages
        assert "two" in server.requests[1].body["messages"][0]["content"]
        one.computer.run("python", "x = 1")
        two.computer.run("python", "y = 2")
        assert "NameError" in two.computer.run("python", "x")[0]["content"]
        started = set(psutil.Process().children()) - children
        assert len(started) >= 2
        gone = weakref.ref(one)
        del one
        two.close()
        gc.collect()
        assert gone() is None
        assert psutil.wait_procs(list(started), timeout=5)[1] == []
    assert threading.active_count() <= threads


def test_the_shared_one_is_made_late_and_once() -> None:
    import oi_voice

    assert oi_voice.interpreter is oi_voice.interpreter
    assert isinstance(oi_voice.interpreter, OpenInterpreter)


def test_reset_forgets_words_and_variables(make: Make) -> None:
    interpreter, _ = make("Hi.")
    interpreter.chat("hi", display=False)
    interpreter.computer.run("python", "x = 1")
    interpreter.reset()
    assert interpreter.messages == []
    assert "NameError" in interpreter.computer.run("python", "x")[0]["content"]


def test_silence_of_the_code_asks_nobody_else(make: Make) -> None:
    interpreter, server = make("```python\nimport time; time.sleep(0.2)\nprint('late')\n```", "ok", auto_run=True)
    interpreter.chat("wait", display=False)
    assert len(server.requests) == 2
