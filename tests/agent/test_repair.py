"""Slips of models, each with the output that shows it: what it means, in any pieces, and that a cut one never runs."""

from __future__ import annotations

import itertools

import pytest

from oi_voice.agent.reply import Reply
from oi_voice.messages import Kind, Message, accumulate
from oi_voice.ports import CallPiece, Delta


def answered(deltas: list[Delta]) -> tuple[list[Message], Reply]:
    reply = Reply(map("made {}".format, itertools.count()).__next__)
    chunks = [chunk for delta in deltas for chunk in reply.take(delta)]
    return accumulate([*chunks, *reply.end()]), reply


def called(name: str, raw: str, size: int = 10**6) -> list[Delta]:
    pieces = [raw[start : start + size] for start in range(0, len(raw), size)]
    return [Delta(call=CallPiece(0, "c", name)), *(Delta(call=CallPiece(arguments=piece)) for piece in pieces)]


def runnable(messages: list[Message], reply: Reply) -> list[tuple[str, str]]:
    """What would be run: nothing of a reply that was cut, nor a block with a fault."""
    if reply.unclosed:
        return []
    blocks = [message for message in messages if message.kind is Kind.CODE]
    return [(block.format, block.content) for block in blocks if block.call not in reply.faults]


PRINT = ("python", "print(1)")

# name, arguments, what they mean
CALLS = {
    "as asked": ("execute", '{"language": "python", "code": "print(1)"}', PRINT),
    "code first": ("execute", '{"code": "print(1)", "language": "python"}', PRINT),
    "more keys": ("execute", '{"why": ["}", {"a": "\\""}], "language": "Py", "n": 1, "code": "print(1)"}', PRINT),
    "dotted name": ("functions.execute", '{"language": "python3", "code": "print(1)"}', PRINT),
    "no name": ("", '{"language": "python", "code": "print(1)"}', PRINT),
    "raw newlines": (
        "execute",
        '{"language": "python",\n"code": "a = 1\nprint(a)\n"}',
        ("python", "a = 1\nprint(a)\n"),
    ),
    "raw tab": ("execute", '{"language": "python", "code": "if a:\n\tb()"}', ("python", "if a:\n\tb()")),
    "trailing comma": ("execute", '{"language": "python", "code": "print([1,])", }', ("python", "print([1,])")),
    "needless brace": ("execute", '{"language": "python", "code": "print(1)"}}', PRINT),
    "needless tag": ("execute", '{"language": "python", "code": "print(1)"}\n</tool_call>', PRINT),
    "python dict": ("execute", "{'language': 'python', 'code': 'print(1)'}", PRINT),
    "python dict of lines": ("execute", "{'language': 'python', 'code': '''a = 1\nb\n'''}", ("python", "a = 1\nb\n")),
    "unknown escapes": (
        "execute",
        r'{"language": "python", "code": "re.findall(\'\d+\', \"\n\")"}',
        ("python", "re.findall('\\d+', \"\n\")"),
    ),
    "encoded twice": ("execute", r'"{\"language\": \"python\", \"code\": \"print(1)\"}"', PRINT),
    "in a fence": ("execute", '```json\n{"language": "python", "code": "print(1)"}\n```', PRINT),
    "code in a fence": (
        "execute",
        '{"language": "python", "code": "```python\\nprint(1)\\n```"}',
        ("python", "print(1)\n"),
    ),
    "call in a call": (
        "execute",
        '{"name": "execute", "arguments": {"language": "python", "code": "print(1)"}}',
        PRINT,
    ),
    "call in a call, as text": (
        "execute",
        r'{"name": "execute", "arguments": "{\"language\": \"python\", \"code\": \"print(1)\"}"}',
        PRINT,
    ),
    "other keys": ("execute", '{"lang": "python", "source": "print(1)"}', PRINT),
    "list of lines": ("execute", '{"language": "python", "code": ["a = 1", "b"]}', ("python", "a = 1\nb")),
    "language as key": ("execute", '{"python": "print(1)"}', PRINT),
    "no language": (
        "execute",
        '{"code": "import os\\nprint(os.getcwd())"}',
        ("python", "import os\nprint(os.getcwd())"),
    ),
    "language as function": ("python", '{"code": "print(1)"}', PRINT),
    "shell as function": ("shell", '{"command": "ls -la"}', ("shell", "ls -la")),
    "function with a string": ("python", '"print(1)"', PRINT),
    "function of another name": ("run_code", '{"language": "python", "code": "print(1)"}', PRINT),
}


@pytest.mark.parametrize("size", [1, 7, 10**6])
@pytest.mark.parametrize("slip", CALLS)
def test_a_call_is_what_it_means(slip: str, size: int) -> None:
    name, raw, meant = CALLS[slip]
    messages, reply = answered(called(name, raw, size))
    assert runnable(messages, reply) == [meant]
    assert [message.call for message in messages] == ["c"]
    assert reply.faults == {}


@pytest.mark.parametrize("slip", CALLS)
def test_a_call_that_was_cut_is_never_run(slip: str) -> None:
    name, raw, meant = CALLS[slip]
    for end in range(len(raw)):
        for size in (1, 10**6):
            messages, reply = answered(called(name, raw[:end], size))
            assert runnable(messages, reply) in ([], [meant]), raw[:end]
            assert messages or not raw[:end]


# arguments that are the code itself: whether they were cut, the server's finish alone can say
@pytest.mark.parametrize(
    ("name", "raw", "language"),
    [
        ("python", "print(1)\nprint('two')", "python"),
        ("shell", "ls -la", "shell"),
        ("execute", "import os\nprint(os.getcwd())", "python"),
    ],
)
def test_arguments_may_be_the_code(name: str, raw: str, language: str) -> None:
    for size in (1, 10**6):
        assert runnable(*answered(called(name, raw, size))) == [(language, raw)]


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("execute", ""),
        ("execute", "{}"),
        ("execute", "null"),
        ("execute", "ls -la"),
        ("execute", "[" * 5000),
        ("execute", '{"language": "python"}'),
        ("execute", '{"language": "python", "code": ""}'),
        ("execute", '{"language": "", "code": "print(1)"}'),
        ("execute", '{"language": "python", "code": "print(1)"} and then'),
        ("execute", '{"language": "python", "code": "print("hello")"}'),
        ("execute", '{"language": "python", "code": "a", "code": "b"}'),
        ("execute", r'{"language": "python", "code": "print(\"\ud83d\")"}'),
        ("python", "{1: 2}"),
        ("search", '{"query": "news"}'),
        ("format_code", '{"language": "python", "code": "print(1)"}'),
    ],
)
def test_what_has_no_meaning_is_kept_and_explained(name: str, raw: str) -> None:
    for size in (1, 7, 10**6):
        messages, reply = answered(called(name, raw, size))
        [block] = messages
        assert (block.kind, block.call) == (Kind.CODE, "c")
        assert runnable(messages, reply) == []
        assert '{"language": "python", "code": "print(1)"}' in reply.faults["c"]
        assert ("no function" in reply.faults["c"]) == (name in ("search", "format_code"))


def test_a_fault_shows_what_the_model_wrote() -> None:
    [block], _ = answered(called("search", '{"query": "news"}', 3))
    assert (block.format, block.content) == ("search", '{"query": "news"}')
    [block], _ = answered(called("execute", '{"language": "python"}', 3))
    assert (block.format, block.content) == ("json", '{"language": "python"}')
    [block], _ = answered(called("execute", '{"language": "python", "code": "print("hello")"}', 3))
    assert (block.format, block.content) == ("python", 'print(hello")"}')


# text, what it means
JSON = '{"language": "python", "code": "print(1)"}'
NAMED = '{"name": "execute", "arguments": {"language": "python", "code": "print(1)"}}'
TEXTS = {
    **{
        f"{tag or 'no tag'}": f"```{tag}\n{JSON}\n```"
        for tag in ("json", "execute", "tool_code", "python", "tool_call", "")
    },
    "named": f"```json\n{NAMED}\n```",
    "raw newline": '```json\n{"language": "python", "code": "print(1)"\n}\n```',
    "python dict": "```python\n{'language': 'python', 'code': 'print(1)'}\n```",
    "longer fence": f"  ~~~~ execute\n\n  {JSON}\n  ~~~~\n",
    "tool_call": f"<tool_call>\n{NAMED}\n</tool_call>",
    "tool_call in a line": f"<tool_call>{JSON}</tool_call>\n",
    "tool_call in a fence": f"```\n<tool_call>{NAMED}</tool_call>\n```\n",
    "functions": f"functions.execute({JSON})",
    "functions over lines": 'functions.execute({\n  "language": "python",\n  "code": "print(1)"\n});\n',
    "functions in a fence": f"```json\nfunctions.execute({JSON})\n```",
    "python call": '```python\nexecute(language="python", code="print(1)")\n```',
    "python call in order": "```\nexecute('python', '''print(1)''')\n```",
    "execute call": '```execute\nexecute(code="print(1)", language="python");\n```',
}


@pytest.mark.parametrize("slip", TEXTS)
@pytest.mark.parametrize(("before", "after"), [("", ""), ("So:\n", "\nDone.")])
def test_text_is_what_it_means(slip: str, before: str, after: str) -> None:
    text = before + TEXTS[slip] + after
    for size in (1, 5, 10**6):
        messages, reply = answered([Delta(text[start : start + size]) for start in range(0, len(text), size)])
        assert runnable(messages, reply) == [PRINT]
        assert (
            "".join(message.content for message in messages if message.kind is Kind.MESSAGE).split()
            == (before + after).split()
        )


@pytest.mark.parametrize("slip", TEXTS)
def test_text_that_was_cut_is_never_run(slip: str) -> None:
    text = TEXTS[slip]
    for end in range(len(text)):
        for deltas in ([Delta(text[:end])], [Delta(letter) for letter in text[:end]]):
            assert runnable(*answered(deltas)) in ([], [PRINT]), text[:end]


def test_an_untagged_block_may_name_its_language() -> None:
    for size in (1, 10**6):
        text = "```\npython\nprint(1)\n```\nDone."
        messages, reply = answered([Delta(text[start : start + size]) for start in range(0, len(text), size)])
        assert runnable(messages, reply) == [("python", "print(1)\n")]
        assert messages[-1].content == "Done."


def test_two_calls_in_one_line_of_text() -> None:
    text = f'<tool_call>{JSON}</tool_call> and <tool_call>{{"language": "shell", "code": "ls"}}</tool_call> so'
    messages, _ = answered([Delta(letter) for letter in text])
    assert [(m.format, m.content) for m in messages] == [PRINT, ("", " and"), ("shell", "ls"), ("", " so")]


@pytest.mark.parametrize(
    "text",
    [
        "```json\n" + '{"language": "python", "code": "print(1)", "stars": 5}' + "\n```\n",
        "```json\n" + '{"name": "search", "arguments": {"language": "python", "code": "x"}}' + "\n```\n",
        "```\npython\njava\nruby\n```\n",
        "```\npython is\na language\n```\n",
        '<tool_call>{"name": "search", "arguments": {}}</tool_call>\nSo.',
        "functions.execute({}) is not it\nIt goes on.\n",
        "functions.execute is a function, <tool_call> a tag.\n",
        "    <tool_call>" + JSON + "</tool_call>\n",
    ],
)
def test_what_only_looks_like_a_call_is_prose(text: str) -> None:
    for deltas in ([Delta(text)], [Delta(letter) for letter in text]):
        messages, reply = answered(deltas)
        assert [(m.kind, m.content) for m in messages] == [(Kind.MESSAGE, text)]
        assert not reply.unclosed


@pytest.mark.parametrize(
    "body", ["{1, 2}\n", "execute(1)\n", "exec('1')\n", "{'language': f(), 'code': 2}\n", "\n\n{}"]
)
def test_what_only_looks_like_a_call_is_code(body: str) -> None:
    for size in (1, 10**6):
        text = f"```python\n{body}\n```"
        messages, reply = answered([Delta(text[start : start + size]) for start in range(0, len(text), size)])
        assert runnable(messages, reply) == [("python", body + "\n")]
