"""Settings as attributes: the documented names, older names, and what each does to the request."""

from __future__ import annotations

import base64
import io
import socket
from pathlib import Path
from typing import Any

import pytest
from interpreters import Make
from PIL import Image

from oi_voice import OpenInterpreter
from oi_voice.declared import DECLARED
from oi_voice.errors import ModelError, SettingsError
from oi_voice.testing.replies import by_request, refusing, streaming
from oi_voice.testing.server import ModelServer


def sent(server: ModelServer, number: int = -1) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = server.requests[number].body["messages"]
    return messages


def picture() -> str:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 20), "white").save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()


def test_every_setting_is_an_attribute_that_can_be_read_and_set() -> None:
    interpreter = OpenInterpreter()
    for setting in DECLARED:
        owner = getattr(interpreter, setting.group) if setting.group else interpreter
        name = setting.name.rpartition(".")[2]
        value = getattr(owner, name)
        setattr(owner, name, value)
        assert getattr(owner, name) == value
        assert name in dir(owner)


@pytest.mark.parametrize(
    ("older", "today"),
    [
        ("model", "llm.model"),
        ("api_key", "llm.api_key"),
        ("llm_supports_vision", "llm.supports_vision"),
        ("supports_function_calling", "llm.supports_functions"),
        ("max_tokens", "llm.max_tokens"),
        ("context_window", "llm.context_window"),
        ("temperature", "llm.temperature"),
        ("api_version", "llm.api_version"),
        ("api_base", "llm.api_base"),
        ("debug", "verbose"),
    ],
)
def test_names_of_before_0_2_work_and_point_to_todays(older: str, today: str) -> None:
    interpreter = OpenInterpreter()
    values = {"model": "m", "api_key": "k", "api_version": "1", "api_base": "http://x", "temperature": 0.5}
    value = values.get(older, 1000 if "context" in older or "tokens" in older else True)
    with pytest.warns(FutureWarning, match=f"is now interpreter.{today}"):
        setattr(interpreter, older, value)
    with pytest.warns(FutureWarning):
        assert getattr(interpreter, older) == value


def test_a_wrong_name_or_value_is_refused_with_the_nearest_right_one() -> None:
    interpreter = OpenInterpreter()
    with pytest.raises(SettingsError, match="Did you mean 'auto_run'"):
        interpreter.autorun = True
    with pytest.raises(AttributeError, match=r"Did you mean 'llm\.temperature'"):
        interpreter.llm.temprature  # noqa: B018 - reading it is what is refused
    with pytest.raises(SettingsError, match="a number from 0 to 2"):
        interpreter.llm.temperature = 7
    with pytest.raises(SettingsError, match="Give a function"):
        interpreter.llm.completions = "no function"
    with pytest.raises(SettingsError, match="custom_instructions"):
        OpenInterpreter(custom_instruction="x")
    assert not hasattr(interpreter, "no_such_thing")


def test_what_a_request_says_follows_the_settings(make: Make) -> None:
    interpreter, server = make("ok")
    interpreter.llm.temperature = 0.7
    interpreter.llm.max_tokens = 100
    interpreter.system_message += "\nRun shell commands with -y. {{1 + 1}} {content}"
    interpreter.custom_instructions = "Be brief. {{2 + 2}}"
    interpreter.user_message_template = "{content} Write code."
    interpreter.chat("Hi", display=False)
    body = server.requests[0].body
    assert (body["temperature"], body["max_tokens"], body["model"]) == (0.7, 100, "scripted")
    assert "-y. {{1 + 1}} {content}" in sent(server)[0]["content"]
    assert "Be brief. {{2 + 2}}" in sent(server)[0]["content"]
    assert sent(server)[-1]["content"] == "Hi Write code."
    interpreter.chat("Again", display=False)
    assert [m["content"] for m in sent(server) if m["role"] == "user"] == ["Hi", "Again Write code."]
    interpreter.always_apply_user_message_template = True
    interpreter.llm.execution_instructions = False
    interpreter.chat("More", display=False)
    assert [m["content"] for m in sent(server) if m["role"] == "user"][:2] == ["Hi Write code.", "Again Write code."]
    assert "markdown code block" not in sent(server)[0]["content"]


def test_output_goes_back_by_template_and_from_whom_the_person_says(make: Make) -> None:
    interpreter, server = make("```python\nprint('42')\n```", "```python\nx = 1\n```", "Done.", auto_run=True)
    interpreter.code_output_template = "Code output: {content} What next?"
    interpreter.empty_code_output_template = "It printed nothing. What next?"
    interpreter.chat("go", display=False)
    assert sent(server, 1)[-1] == {"role": "user", "content": "Code output: ```output\n42\n``` What next?"}
    assert sent(server, 2)[-1]["content"] == "It printed nothing. What next?"
    interpreter.code_output_sender = "assistant"
    interpreter.chat("more", display=False)
    assert any(m["role"] == "assistant" and "Code output" in m["content"] for m in sent(server))


def test_long_output_is_clipped_for_the_model(make: Make) -> None:
    interpreter, server = make("```python\nprint('x' * 5000)\n```", "Done.", auto_run=True, max_output=200)
    interpreter.chat("go", display=False)
    assert "4801 characters left out" in sent(server, 1)[-1]["content"]


def test_loop_goes_on_until_the_model_says_so(make: Make) -> None:
    interpreter, server = make("Working.", "Still at it.", "The task is done.", loop=True)
    new = interpreter.chat("go", display=False)
    assert len(server.requests) == 3
    assert new[-1]["content"] == "The task is done."
    interpreter, server = make("Working.", "I am ready!", loop=True, loop_breakers=["I am ready!"])
    interpreter.chat("go", display=False)
    assert len(server.requests) == 2


def test_a_long_conversation_is_sent_as_far_as_it_fits_and_kept_whole(make: Make) -> None:
    interpreter, server = make("ok")
    interpreter.llm.context_window = 1500
    interpreter.llm.max_tokens = 300
    interpreter.messages = [
        {"role": role, "type": "message", "content": f"{role} {number} " + "word " * 40}
        for number in range(100)
        for role in ("user", "assistant")
    ]
    interpreter.chat("newest", display=False)
    assert sent(server)[0]["role"] == "system"
    assert sent(server)[-1]["content"] == "newest"
    assert "left out" in sent(server)[1]["content"]
    assert len(sent(server)) < 40
    assert len(interpreter.messages) == 202


# --- pictures


def test_a_model_that_sees_gets_the_picture_and_another_its_text(make: Make) -> None:
    interpreter, server = make("A white one.")
    image = {"role": "user", "type": "image", "format": "base64.png", "content": picture()}
    interpreter.llm.vision_renderer = lambda lmc: f"a picture of {len(lmc['content'])} characters"
    interpreter.chat([image, {"role": "user", "type": "message", "content": "What is it?"}], display=False)
    assert f"a picture of {len(picture())} characters" in str(sent(server)[1:])
    interpreter.llm.supports_vision = True
    interpreter.chat("Look again.", display=False)
    parts = sent(server)[1]["content"]
    assert parts[0]["image_url"]["url"] == f"data:image/png;base64,{picture()}"


def test_old_pictures_are_left_out(make: Make) -> None:
    interpreter, server = make("ok", llm_supports_vision=True, llm_context_window=100000)
    images = [{"role": "user", "type": "image", "format": "base64.png", "content": picture()} for _ in range(30)]
    interpreter.chat([*images, {"role": "user", "content": "newest?"}], display=False)
    text = str(sent(server))
    assert 1 <= text.count("image_url'") // 2 < 30
    assert "older picture was left out" in text


# --- money and network


def prices(monkeypatch: pytest.MonkeyPatch) -> None:
    """A price for the scripted model, in place of LiteLLM's list."""
    from oi_voice.llm import configured
    from oi_voice.ports import Abilities

    expensive = Abilities(8000, 1000, price_sent=1e-5, price_received=1e-3)
    monkeypatch.setattr(configured, "resolve", lambda *_, **__: expensive)


def test_the_budget_really_stops_and_spend_is_visible(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    prices(monkeypatch)
    interpreter, server = make(streaming("Hello.", usage=(1000, 10)))
    assert interpreter.spend == 0
    interpreter.chat("hi", display=False)
    assert interpreter.spend == pytest.approx(0.02)
    interpreter.max_budget = 0.02
    with pytest.raises(ModelError, match=r"budget of 0\.02 US dollars is used up") as failure:
        interpreter.chat("again", display=False)
    assert failure.value.code == "model.budget"
    assert len(server.requests) == 1


def test_the_budget_stops_a_reply_that_is_still_streaming(
    make: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    prices(monkeypatch)
    mark = tmp_path / "mark"
    interpreter, server = make(streaming(f"```python\nopen({str(mark)!r},'w')\n```\n", *["word "] * 4000, stall=True))
    interpreter.max_budget = 0.5
    interpreter.auto_run = True
    with pytest.raises(ModelError, match="budget"):
        interpreter.chat("hi", display=False)
    assert server.until(server.hung_up.is_set)
    assert 0.4 < interpreter.spend < 0.6
    assert not mark.exists()


def test_offline_stays_on_this_machine(make: Make) -> None:
    interpreter, server = make("Hi.", offline=True)
    assert interpreter.chat("hi", display=False)[0]["content"] == "Hi."
    for model in ("gpt-4o", "claude-3-5-sonnet-latest", "openrouter/x"):
        interpreter.llm.model, interpreter.llm.api_base = model, ""
        with pytest.raises(ModelError, match="offline or local is on"):
            interpreter.chat("hi", display=False)
    assert len(server.requests) == 1


def test_nobody_there_is_told_with_what_to_do(make: Make) -> None:
    interpreter, _ = make("ok")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        interpreter.llm.api_base = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
        with pytest.raises(ModelError, match=r"cannot be reached\. Check that it runs"):
            interpreter.chat("hi", display=False)


# --- a model of one's own


def test_a_function_as_the_model(make: Make) -> None:
    interpreter, server = make("never asked")

    def echo(messages: list[dict[str, Any]], model: str, stream: bool, max_tokens: int) -> Any:
        for character in messages[-1]["content"]:
            yield {"choices": [{"delta": {"content": character}}]}

    interpreter.llm.completions = echo
    interpreter.llm.context_window = 2000
    interpreter.llm.max_tokens = 1000
    interpreter.llm.supports_functions = False
    contents = [c["content"] for c in interpreter.chat("Hi!", stream=True, display=False) if "content" in c]
    assert contents == ["H", "i", "!"]
    assert server.requests == []
    interpreter.llm.completions = None
    assert interpreter.chat("Hi!", display=False)[0]["content"] == "never asked"


def test_without_a_model_the_servers_first_is_taken(make: Make) -> None:
    interpreter, server = make("never")
    listing = '{"object": "list", "data": [{"id": "first-model"}, {"id": "second"}]}'
    server.script = by_request(lambda asked: refusing(200, listing) if asked.method == "GET" else streaming("Hi."))
    interpreter.llm.model = "auto"
    assert interpreter.chat("hi", display=False)[0]["content"] == "Hi."
    assert server.requests[-1].body["model"] == "first-model"
    server.script = refusing(404)
    interpreter.llm.api_base = server.url + "/other"
    with pytest.raises(ModelError, match="which models it has"):
        interpreter.chat("hi", display=False)


def test_verbose_tells_each_step_and_the_computer_follows(make: Make, capfd: pytest.CaptureFixture[str]) -> None:
    interpreter, _ = make("Hi.", verbose=True)
    assert interpreter.computer.verbose
    interpreter.chat("hi", display=False)
    assert "asking openai/scripted" in capfd.readouterr().err
    interpreter.verbose = False
    assert not interpreter.computer.verbose
    interpreter.chat("hi", display=False)
    assert capfd.readouterr().err == ""
    interpreter.computer.verbose = True
    assert interpreter.computer.verbose
