"""What must be true after a documented program has run, in its own words or in ours."""

from __future__ import annotations

import ast
import os

from effects import in_force, saved
from scene import DONE, Scene
from shapes import output, sent, spoken, system
from streams import in_order

# --- talking


def typed_chat(scene: Scene) -> None:
    """Each typed line was answered, on the terminal and in the conversation."""
    interpreter = next(iter(scene.others), scene.interpreter)
    lines = scene.program.typed.splitlines()
    said = spoken(interpreter.messages)[-2 * len(lines) :]
    assert [content for role, content in said if role == "user"] == lines
    answers = [content for role, content in said if role == "assistant"]
    assert answers == list(scene.program.replies[-len(lines) :])
    assert all(answer in scene.out for answer in answers)


def typed_and_unsaved(scene: Scene) -> None:
    typed_chat(scene)
    assert not saved(scene)
    assert scene.interpreter.conversation_history is False


def spoken_then_typed(scene: Scene) -> None:
    """What was typed went on from what the program had said before."""
    typed_chat(scene)
    assert sent(scene.server.requests[-1])[2]["content"] == scene.program.replies[0]
    assert str(scene.program.replies[0]) in scene.out


def remembered(scene: Scene) -> None:
    """The second question was asked with the first exchange before it; both answers were shown."""
    first, second = scene.server.requests
    assert [message["role"] for message in sent(second)[1:]] == ["user", "assistant", "user"]
    assert sent(second)[1] == sent(first)[-1]
    assert [content for role, content in spoken(scene.interpreter.messages) if role == "assistant"] == [
        *scene.program.replies
    ]
    assert all(str(reply) in scene.out for reply in scene.program.replies)


def forgotten(scene: Scene) -> None:
    assert scene.program.messages
    assert scene.interpreter.messages == []
    [request] = scene.ask()
    assert len(sent(request)) == 2


def taken_up(scene: Scene) -> None:
    """The conversation is what ``chat`` returned, and goes on from there."""
    reply = scene.program.replies[0]
    assert scene.interpreter.messages == scene.names["messages"]
    assert spoken(scene.interpreter.messages) == [("assistant", reply)]
    [request] = scene.ask()
    assert [message["content"] for message in sent(request)[1:]] == [reply, "And now?"]


def restored(scene: Scene) -> None:
    """The conversation is the one of before 0.2 that the program was given, and goes on from there."""
    older = scene.program.given["messages"]
    assert scene.interpreter.messages == older
    [request] = scene.ask()
    told = str(sent(request))
    assert all(text in told for entry in older for key, text in entry.items() if key not in ("role", "language"))


def looked_at(scene: Scene) -> None:
    """The program printed its conversation: a question and its answer."""
    said = spoken(scene.interpreter.messages)
    assert [role for role, _ in said] == ["user", "assistant"]
    assert scene.interpreter.messages == ast.literal_eval(scene.out.splitlines()[-1])


def looked_at_and_restored(scene: Scene) -> None:
    restored(scene)
    assert str(scene.program.replies[0]) in scene.out


def added_and_shown(scene: Scene) -> None:
    in_force(scene)
    for name, added in scene.added.items():
        assert added.strip() in scene.out
        assert scene.out.strip() == scene.get(name).strip()


def apart(scene: Scene) -> None:
    """Two interpreters, each with a system message of its own."""
    one, other = scene.others
    assert one.system_message != other.system_message != scene.interpreter.system_message
    for each in (one, other):
        each.chat("Who are you?", display=False)
        assert each.system_message in system(scene.server.requests[-1])


def talked_with_each_other(scene: Scene) -> None:
    """They took turns; each heard as the user's words what the other had said, until the model's server refused."""
    one, other = scene.others
    replies = scene.program.replies[:-1]
    requests = scene.server.requests[: len(replies)]
    assert len(requests) == len(replies)
    for number, request in enumerate(requests):
        assert (one, other)[number % 2].system_message in system(request)
        assert [message["role"] for message in sent(request)[1:]] == ["user"]
    assert [sent(request)[-1]["content"] for request in requests[1:]] == list(replies[:-1])


# --- code and languages


def ran_in_python(scene: Scene) -> None:
    """It ran unasked, beside the conversation, where more can be run."""
    assert scene.interpreter.messages == []
    assert scene.interpreter.computer.run("python", "print(6 * 7)") == [output("42\n")]


def shared_with_the_model(scene: Scene) -> None:
    """The model's code found what the program had set up, and the model had been told of it."""
    [printed] = [message["content"] for message in scene.interpreter.messages if message["type"] == "console"]
    assert printed == "True\n"
    assert scene.interpreter.custom_instructions in system(scene.server.requests[0])


def key_set(scene: Scene) -> None:
    assert os.environ["E2B_API_KEY"]


def ran_elsewhere(scene: Scene) -> None:
    """The program's own python was all that there was, told the model of itself, and ran what the model wrote."""
    computer, requests = scene.interpreter.computer, scene.server.requests
    assert [language.name for language in computer.languages] == ["python"]
    own = next(value for value in scene.names.values() if isinstance(value, type))
    assert own.system_message in system(requests[0])  # type: ignore[attr-defined]
    assert [code for _, code in scene.modules["e2b"].ran] == ["print(11 * 13)\n"]
    assert output("from afar\n") in scene.interpreter.messages
    assert "from afar" in sent(requests[1])[-1]["content"]


# --- models


def asked_there(scene: Scene) -> None:
    """The program's model was asked where the program said, as it said; the answer was shown."""
    typed_or_said = scene.server.requests[0]
    base = scene.assigned["llm.api_base"].strip()
    assert f"http://{typed_or_said.headers['host']}" in base
    assert typed_or_said.path == "/v1/chat/completions"
    assert str(scene.program.replies[0]) in scene.out
    in_force(scene)


def function_asked(scene: Scene) -> None:
    """The answer came from the model's function, which was told the address that the program had set."""
    assert scene.calls[0]["api_base"] == scene.assigned["llm.api_base"]
    assert scene.calls[0]["messages"][-1]["content"] == scene.program.typed.strip()
    assert DONE in scene.out


def echoing(scene: Scene) -> None:
    """The model is the program's function, which says what it hears, a character a chunk."""
    chunks = list(scene.interpreter.chat("Hello?", stream=True, display=False))
    assert [chunk["content"] for chunk in chunks if "content" in chunk] == list("Hello?")
    assert scene.server.requests == []


def echoed(scene: Scene) -> None:
    (_, heard), (_, said) = spoken(scene.interpreter.messages)
    assert heard == said
    assert said in scene.out
    assert scene.server.requests == []


# --- the rest


def configured(scene: Scene) -> None:
    """The settings of the file are in force, and a stream followed."""
    assert scene.interpreter.custom_instructions == "Be brief."
    assert "Be brief." in system(scene.server.requests[0])
    chunks = [ast.literal_eval(line) for line in scene.out.splitlines()]
    in_order(chunks)
    assert "".join(chunk.get("content", "") for chunk in chunks) == scene.program.replies[0]


def served(scene: Scene) -> None:
    """The program's two routes stream an answer as server-sent events, and give the conversation."""
    [routes] = [value.routes for value in scene.names.values() if hasattr(value, "routes")]
    response = routes["/chat"]("Hello?")
    events = list(response.content)
    assert response.media_type == "text/event-stream"
    assert all(event.startswith("data: {") and event.endswith("}\n\n") for event in events)
    in_order([ast.literal_eval(event.removeprefix("data: ")) for event in events])
    assert spoken(routes["/history"]()) == [("user", "Hello?"), ("assistant", scene.program.replies[0])]
