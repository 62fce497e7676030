"""A program of our own for each thing that the reference documentation shows, by a name."""

from __future__ import annotations

from typing import Any, Union

import checks
import effects
import shapes
import stand_ins
import streams
from scene import Program

from oi_voice.testing.replies import refusing

HALVE = "```python\n7 / 2\n```"
SAID = ({"role": "user", "type": "message", "content": "Call me Ben."},)
OLDER = {
    "messages": [
        {"role": "user", "message": "Greet me, by a program."},
        {"role": "assistant", "message": "Gladly."},
        {"role": "assistant", "language": "python", "code": "print('good day')", "output": "good day"},
    ]
}
IMPORT = "from oi_voice import interpreter\n\n"


def sets(*settings: tuple[str, Any], warns: bool = False) -> Program:
    """Sets these attributes, and no more."""
    lines = [f"interpreter.{name} = {value!r}\n" for name, value in settings]
    return Program(IMPORT + "".join(lines), effects.in_force, warns=warns)


def local(model: str, port: int, *more: tuple[str, Any], chat: str = "") -> Program:
    """Asks a model on this machine, in a typed chat unless told what."""
    end = {1337: "/v1 ", 11434: ""}.get(port, "/v1")  # Jan's address is documented with a space behind it
    settings = (("offline", True), ("llm.model", model), ("llm.api_base", f"http://localhost:{port}{end}"), *more)
    text = sets(*settings).text + f"\ninterpreter.chat({chat})\n"
    return Program(text, checks.asked_there, ("Eleven.",), typed="" if chat else "How many are there?\n")


PROGRAMS: dict[str, Program] = {
    # --- settings
    "llm.model": sets(("llm.model", "gpt-4o-mini")),
    "llm.temperature": sets(("llm.temperature", 0.4)),
    "llm.context_window": sets(("llm.context_window", 9000)),
    "llm.max_tokens": sets(("llm.max_tokens", 250)),
    "llm.max_output": sets(("llm.max_output", 600)),
    "llm.api_base": sets(("llm.api_base", "https://models.example.org/v1")),
    "llm.api_key": sets(("llm.api_key", "a-key")),
    "llm.api_version": sets(("llm.api_version", "2024-06-01")),
    "llm.supports_functions on": sets(("llm.supports_functions", True)),
    "llm.supports_functions off": sets(("llm.supports_functions", False)),
    "llm.execution_instructions": sets(("llm.execution_instructions", "Code goes between ``` marks.")),
    "llm.supports_vision": sets(("llm.supports_vision", True)),
    "vision mode": sets(
        ("llm.model", "gpt-4o-mini"), ("llm.supports_vision", True), ("llm.supports_functions", True),
        ("custom_instructions", "Look at what you drew.\nThen say what is wrong with it."),
    ),
    "loop": sets(("loop", True)),
    "verbose": sets(("verbose", True)),
    "verbose on and off": sets(("verbose", True), ("verbose", False)),
    "safe_mode": sets(("safe_mode", "auto")),
    "auto_run": sets(("auto_run", True)),
    "auto_run on and off": sets(("auto_run", True), ("auto_run", False)),
    "max_budget": sets(("max_budget", 0.05)),
    "custom_instructions": sets(("custom_instructions", "Answer in rhymes.")),
    "system_message": sets(("system_message", "You are a clerk.")),
    "anonymized_telemetry": sets(("anonymized_telemetry", False)),
    "disable_telemetry": sets(("disable_telemetry", True)),
    "offline": sets(("offline", True)),
    "offline on and off": sets(("offline", True), ("offline", False)),
    "user_message_template": sets(("user_message_template", "They say: {content}\nAnswer with ```python\\n…``` only.")),
    "always_apply_user_message_template": sets(("always_apply_user_message_template", False)),
    "code_output_template": sets(("code_output_template", "It wrote {content}\nWell?")),
    "empty_code_output_template": sets(("empty_code_output_template", "It wrote nothing. Well?")),
    "code_output_sender user": sets(("code_output_sender", "user")),
    "code_output_sender assistant": sets(("code_output_sender", "assistant")),
    "computer.offline": sets(("computer.offline", True)),
    "computer.verbose": sets(("computer.verbose", True)),
    "computer.emit_images": sets(("computer.emit_images", True)),
    "computer.import_computer_api": sets(("computer.import_computer_api", True)),
    "max_output": sets(("max_output", 700)),
    "conversation_history": sets(("conversation_history", True), ("conversation_history", False)),
    "conversation_filename": sets(("conversation_filename", "monday.json")),
    "conversation_history_path": Program(
        f"import os\n{IMPORT}interpreter.conversation_history_path = os.path.join('kept', 'talks')\n",
        effects.in_force,
    ),
    "model, older name": sets(("model", "gpt-4o-mini"), warns=True),
    "context_window, older name": sets(("context_window", 7000), warns=True),
    "a profile": sets(
        ("os", True), ("llm.supports_vision", True), ("llm.model", "gpt-4o-mini"), ("llm.supports_functions", True),
        ("llm.context_window", 20000), ("llm.max_tokens", 900), ("auto_run", True), ("loop", True),
    ),
    "add to the system message": Program(
        f'{IMPORT}interpreter.system_message += "\\nSay please."\n', effects.in_force
    ),
    "add to the system message and show it": Program(
        f'{IMPORT}interpreter.system_message += """\nSay please.\n"""\nprint(interpreter.system_message)\n',
        checks.added_and_shown,
    ),
    # --- talking
    "typed chat": Program(
        f"{IMPORT}interpreter.chat()\n",
        checks.typed_chat, ("Four.", "Six."), typed="Two and two?\nAnd three and three?\n",
    ),
    "typed chat with one's own": Program(
        "from oi_voice import OpenInterpreter\n\nhelper = OpenInterpreter()\nhelper.chat()\n",
        checks.typed_chat, ("Four.",), typed="Two and two?\n",
    ),
    "typed chat, not saved": Program(
        f"{IMPORT}interpreter.conversation_history = False\ninterpreter.chat()\n",
        checks.typed_and_unsaved, ("Four.",), typed="Two and two?\n",
    ),
    "say, then type": Program(
        f'{IMPORT}interpreter.chat("Draw a circle.")\ninterpreter.chat()\n',
        checks.spoken_then_typed, ("Drawn.", "Red."), typed="In which colour?\n",
    ),
    "say twice": Program(
        f'{IMPORT}interpreter.chat("Draw a circle.")\ninterpreter.chat("Now a bigger one.")\n',
        checks.remembered, ("Drawn.", "Bigger, too."),
    ),
    "forget": Program(f"{IMPORT}interpreter.messages = []\n", checks.forgotten, messages=SAID),
    "reset": Program(f"{IMPORT}interpreter.reset()\n", checks.forgotten, messages=SAID),
    "keep and take up": Program(
        f'{IMPORT}messages = interpreter.chat("Call me Ben.")\n'
        "interpreter.messages = []\ninterpreter.messages = messages\n",
        checks.taken_up, ("Good day, Ben.",),
    ),
    "reset and take up": Program(
        f'{IMPORT}messages = interpreter.chat("Call me Ben.")\ninterpreter.reset()\ninterpreter.messages = messages\n',
        checks.taken_up, ("Good day, Ben.",),
    ),
    "look at the messages": Program(
        f'{IMPORT}interpreter.chat("Greet me.", display=False)\nprint(interpreter.messages)\n',
        checks.looked_at, ("Good day.",),
    ),
    "look at the messages and restore older ones": Program(
        f'{IMPORT}interpreter.chat("Greet me.")\nprint(interpreter.messages)\ninterpreter.messages = messages\n',
        checks.looked_at_and_restored, ("Good day.",), given=OLDER,
    ),
    "restore older messages": Program(f"{IMPORT}interpreter.messages = messages\n", checks.restored, given=OLDER),
    # --- several
    "two": Program(
        """\
from oi_voice import OpenInterpreter

left = OpenInterpreter()
left.system_message = "You stand on the left."

right = OpenInterpreter()
right.system_message = "You stand on the right."
""",
        checks.apart,
    ),
    "two talk": Program(
        """\
OTHER = {"user": "assistant", "assistant": "user"}


def turned(entries):
    return [{**entry, "role": OTHER.get(entry["role"], entry["role"])} for entry in entries]


entries = [{"role": "user", "type": "message", "content": "Good morning."}]
while True:
    for each in (left, right):
        entries = turned(each.chat(entries))
""",
        checks.talked_with_each_other, ("one", "two", "three", "four", "five", "six", refusing(403)),
        ends="model.key_refused", after=("two",),
    ),
    "two talk, begun the older way": Program(
        """\
entries = [{"role": "user", "message": "Good morning."}]
while True:
    for each in (left, right):
        entries = [{**entry, "role": "user"} for entry in each.chat(entries)]
""",
        checks.talked_with_each_other, ("one", "two", "three", "four", "five", "six", refusing(403)),
        ends="model.key_refused", after=("two",),
    ),
    # --- streams
    "stream": Program(
        """\
from oi_voice import interpreter

for piece in interpreter.chat("Halve seven.", stream=True, display=False):
    print(piece)
""",
        streams.streamed, (HALVE, "It is 3.5."),
    ),
    "ask before code runs in a stream": Program(
        """\
from oi_voice import interpreter

for piece in interpreter.chat("Halve seven.", stream=True):
    if piece["type"] == "confirmation" and input("Return runs it: "):
        break
""",
        streams.ran_while_streamed, (HALVE, "It is 3.5."), given={"input": lambda _: ""},
    ),
    "chunks": Program(
        """\
{"role": "assistant", "type": "message", "start": True}
{"role": "assistant", "type": "message", "content": "Let me"}
{"role": "assistant", "type": "message", "content": " see."}
{"role": "assistant", "type": "message", "end": True}
{"role": "assistant", "type": "code", "format": "python", "start": True}
{"role": "assistant", "type": "code", "format": "python", "content": "6"}
{"role": "assistant", "type": "code", "format": "python", "content": " * 7"}
{"role": "assistant", "type": "code", "format": "python", "end": True}
{
    "role": "computer", "type": "confirmation", "format": "execution",
    "content": {"type": "code", "format": "python", "content": "6 * 7"},
}
{"role": "computer", "type": "console", "start": True}
{"role": "computer", "type": "console", "format": "active_line", "content": "1"}
{"role": "computer", "type": "console", "format": "output", "content": "42"}
{"role": "computer", "type": "console", "format": "active_line", "content": None}
{"role": "computer", "type": "console", "end": True}
{"role": "assistant", "type": "message", "start": True}
{"role": "assistant", "type": "message", "content": "Forty"}
{"role": "assistant", "type": "message", "content": "-two."}
{"role": "assistant", "type": "message", "end": True}
""",
        streams.as_listed,
    ),
    "question of a stream, by the older names": Program(
        """\
{
    "role": "computer", "type": "confirmation", "format": "execution",
    "content": {"type": "code", "language": "python", "code": "6 * 7"},
}
""",
        streams.as_listed,
    ),
    "messages": Program(
        """\
{"role": "user", "type": "message", "content": "Six times seven?"}
{"role": "assistant", "type": "code", "format": "python", "content": "6 * 7"}
{"role": "computer", "type": "console", "format": "output", "content": "42"}
{"role": "assistant", "type": "message", "content": "Forty-two."}
""",
        streams.taken_as_listed,
    ),
    "messages of every kind": Program(
        f"""\
[
    {{"role": "user", "type": "message", "content": "Draw what is in this table."}},
    {{"role": "user", "type": "image", "format": "base64.png", "content": "{shapes.PICTURE}"}},
    {{"role": "user", "type": "file", "content": "/tmp/table.csv"}},
    {{"role": "assistant", "type": "message", "content": "I'll draw it."}},
    {{"role": "assistant", "type": "code", "format": "python", "content": "draw('/tmp/table.csv')"}},
    {{"role": "computer", "type": "image", "format": "base64.png", "content": "{shapes.PICTURE}"}},
    {{"role": "computer", "type": "code", "format": "html", "content": "<b>a drawing</b>"}},
    {{"role": "computer", "type": "console", "format": "output", "content": "drawn"}},
    {{"role": "assistant", "type": "message", "content": "There it is."}},
]
""",
        streams.taken_as_listed,
    ),
    "classes of messages and chunks": Program(
        """\
from typing import Literal


class Entry:
    role: Literal["user", "assistant", "computer"]
    type: Literal["message", "code", "image", "console", "file", "confirmation"]
    format: str
    content: str | dict[str, str]


class Piece(Entry):
    start: bool
    end: bool
""",
        streams.fields_named, given={"Union": Union},
    ),
    # --- code and languages
    "run": Program(f'{IMPORT}interpreter.computer.run("python", "print(1 + 1)")\n', checks.ran_in_python),
    "prepare": Program(
        """\
interpreter.computer.run("python", "import replicate\\nreplicate.api_key = 'r8'")
interpreter.custom_instructions = "There is a replicate at hand, with its key."
interpreter.chat("Paint a house.")
""",
        checks.shared_with_the_model, ("```python\nprint(bool(replicate.api_key))\n```", "Painted."),
        settings={"auto_run": True}, files={"replicate.py": "api_key = ''\n"},
    ),
    "sandbox's key": Program('import os\n\nos.environ["E2B_API_KEY"] = "none"\n', checks.key_set),
    "python in a sandbox": Program(
        """\
import e2b

from oi_voice import interpreter


class Elsewhere:
    name = "python"
    system_message = "End each block by printing what came of it."

    def run(self, code):
        out, err = e2b.run_code("Python3", code)
        yield {"type": "console", "format": "output", "content": out + err}

    def stop(self): ...

    def terminate(self): ...


interpreter.computer.terminate()
interpreter.computer.languages = [Elsewhere]
interpreter.chat("Eleven times thirteen?")
""",
        checks.ran_elsewhere, ("```python\nprint(11 * 13)\n```", "143."), settings={"auto_run": True},
        modules=stand_ins.e2b, after=("sandbox's key",),
    ),
    # --- models
    "LM Studio": local("openai/mine", 1234, ("llm.api_key", "any")),
    "LM Studio, less memory": local(
        "openai/mine", 1234, ("llm.api_key", "any"), ("llm.max_tokens", 800), ("llm.context_window", 4000)
    ),
    "Jan": local("mine", 1337),
    "Ollama": local("ollama_chat/mine", 11434),
    "Ollama, one question": local("ollama/mine", 11434, chat="'How many are there?'"),
    "address of one's own": Program(
        f'{IMPORT}interpreter.llm.api_base = "my-own-place"\ninterpreter.chat()\n',
        checks.function_asked, function=True, typed="Hello?\n",
    ),
    "a function as the model": Program(
        """\
from oi_voice import interpreter


def parrot(messages, model, stream, max_tokens):
    for letter in messages[-1]["content"]:
        yield {"choices": [{"delta": {"content": letter}}]}


interpreter.llm.completions = parrot
""",
        checks.echoing,
    ),
    "what the function can do": sets(
        ("llm.context_window", 3000), ("llm.max_tokens", 500), ("llm.supports_vision", False),
        ("llm.supports_functions", False),
    ),
    "talk to the function": Program(
        'interpreter.chat("Polly?")\n', checks.echoed,
        after=("a function as the model", "what the function can do"),
    ),
    # --- the rest
    "a file of settings": Program(
        """\
from pathlib import Path

from oi_voice import interpreter

interpreter.extend_config(config_path=str(Path(__file__).with_name("config.test.yaml")))
for piece in interpreter.chat("Which system is this?", display=False, stream=True):
    print(piece)
""",
        checks.configured, ("Some Linux.",), files={"config.test.yaml": "custom_instructions: Be brief.\n"}, warns=True,
    ),
    "a web server": Program(
        """\
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

from oi_voice import interpreter

server = FastAPI()


@server.get("/chat")
def answer(message: str):
    events = (f"data: {piece}\\n\\n" for piece in interpreter.chat(message, stream=True))
    return StreamingResponse(events, media_type="text/event-stream")


@server.get("/history")
def conversation():
    return interpreter.messages
""",
        checks.served, ("Hello.",), modules=stand_ins.fastapi,
    ),
}  # fmt: skip
