"""What each setting does to what is sent, or to what is run."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from scene import DONE, Scene
from shapes import ANSWER, BLOCK, CODE, PICTURE, QUESTION, Marking, output, sent, spoken, system

from oi_voice.errors import ModelError
from oi_voice.settings import lookup
from oi_voice.testing.replies import streaming

Effect = Callable[[Scene, Any], None]
TEXT = {"llm.supports_functions": False}  # code goes as text


def in_force(scene: Scene) -> None:
    """Every attribute that the program set reads back, and does what it is for."""
    values = {**scene.assigned, **{name: None for name in scene.added}}
    assert values
    for name, value in scene.assigned.items():
        assert scene.get(lookup(name).name) == value
    for name, added in scene.added.items():
        values[name] = scene.get(name)
        assert values[name].endswith(added)
        assert len(values[name]) > len(added)
    for name, value in values.items():
        setting = lookup(name).name
        assert (setting in EFFECTS) is not (setting in UNSEEN)
        if setting in EFFECTS:
            EFFECTS[setting](scene, value)


def _model(scene: Scene, value: str) -> None:
    [request] = scene.ask()
    assert request.body["model"] == value.partition("/")[2] or request.body["model"] == value


def _in_body(name: str) -> Effect:
    def effect(scene: Scene, value: object) -> None:
        [request] = scene.ask()
        assert request.body[name] == value

    return effect


def _in_call(name: str) -> Effect:
    def effect(scene: Scene, value: object) -> None:
        assert scene.call()[name] == value

    return effect


def _in_system(scene: Scene, value: str) -> None:
    [request] = scene.ask(settings=TEXT)
    assert value.strip() in system(request)


def _key(scene: Scene, value: str) -> None:
    [request] = scene.ask()
    assert request.headers["authorization"] == f"Bearer {value}"


def _window(scene: Scene, value: int) -> None:
    filler = "word " * (value // 10)
    history = [{"role": role, "type": "message", "content": filler} for role in ("user", "assistant") * 15]
    [request] = scene.ask(messages=history, settings={"llm.max_tokens": min(value // 4, 4096)})
    assert sent(request)[-1]["content"] == scene.interpreter.messages[-2]["content"]
    assert 1 < len(sent(request)) < len(history)
    assert value / 4 < sum(len(message["content"]) for message in sent(request)) / 4 < value
    assert len(scene.interpreter.messages) == len(history) + 2


def _functions(scene: Scene, value: bool) -> None:
    [request] = scene.ask()
    assert ("tools" in request.body) is value
    assert (scene.interpreter.llm.execution_instructions in system(request)) is not value


def _picture(role: str) -> Effect:
    def effect(scene: Scene, value: bool) -> None:
        picture = {"role": role, "type": "image", "format": "base64.png", "content": PICTURE}
        seen = {"llm.supports_vision": True} if role == "computer" else {}
        scene.interpreter.llm.vision_renderer = lambda _: "a white dot"
        [request] = scene.ask(messages=[QUESTION, CODE, picture], settings=seen)
        assert ("image_url" in str(sent(request))) is value
        assert ("a white dot" in str(sent(request))) is not value

    return effect


def _api(name: str) -> Effect:
    def effect(scene: Scene, value: bool) -> None:
        both = {"os": False, "computer.import_computer_api": False}
        [told] = scene.ask(settings={**both, name: value})
        [untold] = scene.ask(settings=both)
        assert value
        assert "computer.mouse.click" in system(told)
        assert "computer.mouse.click" not in system(untold)

    return effect


def _loop(scene: Scene, value: bool) -> None:
    assert len(scene.ask("Working on it.", DONE)) == (2 if value else 1)


def _unasked(scene: Scene, value: bool) -> None:
    language, languages = Marking(), scene.interpreter.computer.languages
    scene.interpreter.computer.languages = [language]
    if value:
        scene.ask(BLOCK, DONE, settings=TEXT)
    else:
        with pytest.warns(UserWarning, match="not run"):
            scene.ask(BLOCK, DONE, settings=TEXT)
    assert (language.ran == ["mark()\n"]) is value
    scene.interpreter.computer.languages = languages


def _safe(scene: Scene, value: str) -> None:
    scene.interpreter.auto_run = True
    _unasked(scene, value == "off")


def _budget(scene: Scene, value: float) -> None:
    costly = streaming(DONE, usage=(10**6, 10**6))
    scene.ask(costly, settings={"llm.model": "openai/gpt-4o"})
    assert scene.interpreter.spend > value
    with pytest.raises(ModelError) as failure:
        scene.ask(costly, settings={"llm.model": "openai/gpt-4o"})
    assert failure.value.code == "model.budget"


def _offline(scene: Scene, value: bool) -> None:
    assert scene.ask()
    if value:  # nothing is asked for when it is off: that would leave the machine
        with pytest.raises(ModelError) as failure:
            scene.ask(settings={"llm.model": "gpt-4o", "llm.api_base": ""})
        assert failure.value.code == "model.offline"


def _template(scene: Scene, value: str) -> None:
    [request] = scene.ask(words="How many?")
    assert sent(request)[-1]["content"] == value.replace("{content}", "How many?")


def _always(scene: Scene, value: bool) -> None:
    [request] = scene.ask(messages=[QUESTION, ANSWER], settings={"user_message_template": "<{content}>"})
    first, _, last = [message["content"] for message in sent(request)[1:]]
    assert (first, last) == ("<Count them.>" if value else "Count them.", "<And now?>")


def _after_code(scene: Scene, text: str) -> dict[str, Any]:
    """How the model is told what its code printed."""
    [request] = scene.ask(messages=[QUESTION, CODE, output(text)], words="", settings=TEXT)
    return sent(request)[-1]


def _output_template(scene: Scene, value: str) -> None:
    head, tail = value.split("{content}")
    told = _after_code(scene, "42\n")["content"]
    assert told.startswith(head)
    assert told.endswith(tail)
    assert "42" in told


def _empty_template(scene: Scene, value: str) -> None:
    assert _after_code(scene, "")["content"] == value


def _output_sender(scene: Scene, value: str) -> None:
    assert _after_code(scene, "42\n")["role"] == value


def _max_output(scene: Scene, value: int) -> None:
    told = _after_code(scene, "#" * 3 * value)["content"]
    assert value - 2 <= told.count("#") <= value


def saved(scene: Scene) -> set[Path]:
    return set(scene.folder.rglob("*.json"))


def _history(scene: Scene, value: bool) -> None:
    before = saved(scene)
    scene.ask()
    assert (saved(scene) != before) is value


def _file(scene: Scene, value: str) -> None:
    scene.ask()
    [path] = saved(scene)
    assert path.name == value
    assert spoken(json.loads(path.read_text())) == spoken(scene.interpreter.messages)


def _folder(scene: Scene, value: str) -> None:
    scene.ask()
    [path] = saved(scene)
    assert path.parent == scene.folder / value


EFFECTS: dict[str, Effect] = {
    "llm.model": _model,
    "llm.temperature": _in_body("temperature"),
    "llm.max_tokens": _in_body("max_tokens"),
    "llm.context_window": _window,
    "llm.api_base": _in_call("api_base"),
    "llm.api_key": _key,
    "llm.api_version": _in_call("api_version"),
    "llm.supports_functions": _functions,
    "llm.supports_vision": _picture("user"),
    "llm.execution_instructions": _in_system,
    "custom_instructions": _in_system,
    "system_message": _in_system,
    "os": _api("os"),
    "computer.import_computer_api": _api("computer.import_computer_api"),
    "computer.emit_images": _picture("computer"),
    "loop": _loop,
    "auto_run": _unasked,
    "safe_mode": _safe,
    "max_budget": _budget,
    "offline": _offline,
    "user_message_template": _template,
    "always_apply_user_message_template": _always,
    "code_output_template": _output_template,
    "empty_code_output_template": _empty_template,
    "code_output_sender": _output_sender,
    "max_output": _max_output,
    "conversation_history": _history,
    "conversation_filename": _file,
    "conversation_history_path": _folder,
}

# What no request and no run shows: the log's detail, and consent to telemetry that there is none of.
UNSEEN = {"verbose", "computer.verbose", "computer.offline", "disable_telemetry", "anonymized_telemetry"}
