"""What every adapter does, against the same scripted server: no call leaves the machine."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import aclosing
from typing import Any

import pytest
from patience import SOON

from oi_voice.errors import ModelError
from oi_voice.llm.choose import choose
from oi_voice.llm.litellm import LiteLLMModel, load
from oi_voice.llm.openai_compatible import OpenAIModel
from oi_voice.llm.options import Options, Patience
from oi_voice.messages import Kind, Message, Role, user
from oi_voice.ports import Abilities, CallPiece, Delta, Usage
from oi_voice.runtime import spawn
from oi_voice.testing.server import (
    ModelServer,
    Script,
    calls,
    chars,
    error,
    failing,
    in_turn,
    raw_call,
    refusing,
    silent,
    streaming,
    thought,
    tokens,
)

Adapter = OpenAIModel | LiteLLMModel
Make = Callable[..., Adapter]
TEXT = "Héllo 世界, 🎉!\n```python\nprint('é')\n```\n"
TOO_LONG = error("maximum context length is 10 tokens", "context_length_exceeded")
CODE = Message(Role.ASSISTANT, Kind.CODE, "1+1", "python", call="call_9")
PRINTED = Message(Role.COMPUTER, Kind.CONSOLE, "2\n", "output", call="call_9")
PICTURE = Message(Role.COMPUTER, Kind.IMAGE, "aGk=", "base64.png")
FUNCTIONS = Abilities(functions=True)
# LiteLLM asks pydantic in a way that is to go.
pytestmark = pytest.mark.filterwarnings("ignore::pydantic.warnings.PydanticDeprecatedSince211")


@pytest.fixture(scope="module", autouse=True)
def loaded() -> None:
    load()


@pytest.fixture(params=["openai", "litellm"])
def make(request: pytest.FixtureRequest) -> Make:
    """Makes the adapter for a server's address."""

    def build(url: str, **kwargs: Any) -> Adapter:
        options = Options("openai/m", url, **kwargs)
        if request.param == "litellm":
            return LiteLLMModel(options)
        model = choose(options, {})
        assert isinstance(model, OpenAIModel)
        return model

    return build


@pytest.fixture(autouse=True)
def no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port that is taken and does not listen."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


async def heard(model: Adapter, into: list[Delta], *messages: Message) -> None:
    """Consume a reply, keeping what came before it failed."""
    try:
        async with aclosing(model.respond(messages or [user("hello")])) as stream:
            async for delta in stream:
                into.append(delta)
    finally:
        await model.close()


async def deltas(model: Adapter, *messages: Message) -> list[Delta]:
    came: list[Delta] = []
    await heard(model, came, *messages)
    return came


def blocks(came: list[Delta]) -> list[tuple[str, dict[str, str]]]:
    """The calls in a reply: their names and arguments."""
    names: dict[int, str] = {}
    arguments: dict[int, str] = {}
    for piece in [delta.call for delta in came if delta.call]:
        names[piece.index] = names.get(piece.index, "") or piece.name
        arguments[piece.index] = arguments.get(piece.index, "") + piece.arguments
    return [(names[index], json.loads(arguments[index])) for index in sorted(names)]


async def test_a_reply_streams_and_ends_with_its_finish(make: Make) -> None:
    async with ModelServer(streaming("Hel", "lo ```", "py")) as server:
        assert await deltas(make(server.url)) == [Delta("Hel"), Delta("lo ```"), Delta("py"), Delta(finish="stop")]


@pytest.mark.parametrize("pieces", [[TEXT], chars(TEXT), tokens(TEXT)], ids=["whole", "chars", "tokens"])
@pytest.mark.parametrize("every", [0, 1, 7])
async def test_text_comes_through_as_it_is_however_it_is_split(make: Make, pieces: list[str], every: int) -> None:
    async with ModelServer(streaming(*pieces, every=every)) as server:
        came = await deltas(make(server.url))
    assert "".join([delta.text for delta in came]) == TEXT
    assert came[-1].finish == "stop"


async def test_the_request_carries_the_conversation(make: Make) -> None:
    system = Message(Role.SYSTEM, Kind.MESSAGE, "Be brief.")
    async with ModelServer(streaming("ok")) as server:
        await deltas(make(server.url), system, user("hello"), PICTURE)
        await deltas(make(server.url, api_key="given", temperature=0.5, max_tokens=77))
        first, second = server.requests
    assert first.body["messages"][0] == {"role": "system", "content": "Be brief."}
    assert "cannot see pictures" in first.body["messages"][1]["content"]
    assert first.body["model"] == "m"
    assert first.body["temperature"] == 0
    assert first.headers["authorization"] == "Bearer none"
    assert "tools" not in first.body
    assert second.headers["authorization"] == "Bearer given"
    assert second.body["temperature"] == 0.5
    assert second.body["max_tokens"] == 77


async def test_a_server_here_gets_nothing_of_the_environment(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_ADMIN_KEY"):
        monkeypatch.setenv(name, "sk-from-the-environment")
    async with ModelServer(streaming("ok")) as server:
        await deltas(make(server.url))
        assert "sk-from" not in repr(server.requests[0])


async def test_code_goes_as_calls_and_comes_as_calls(make: Make) -> None:
    script = streaming("Sure. ", *calls(("python", "print('é')\n"), size=3), finish="tool_calls")
    async with ModelServer(script) as server:
        came = await deltas(make(server.url, abilities=FUNCTIONS), user("add"), CODE, PRINTED)
        body = server.requests[0].body
    assert body["tools"][0]["function"]["name"] == "execute"
    assert body.keys() == {"model", "messages", "stream", "stream_options", "temperature", "tools"}
    assert body["messages"][1]["tool_calls"][0]["id"] == body["messages"][2]["tool_call_id"] == "call_9"
    assert came[0] == Delta("Sure. ")
    assert next(delta.call for delta in came if delta.call) == CallPiece(0, "call_0", "execute", '{"l')
    assert blocks(came) == [("execute", {"language": "python", "code": "print('é')\n"})]
    assert came[-1] == Delta(finish="tool_calls")


@pytest.mark.parametrize("size", [0, 1, 9])
async def test_parallel_calls_are_told_apart(make: Make, size: int) -> None:
    wanted = [("python", "1"), ("shell", "ls"), ("python", "1")]
    async with ModelServer(streaming(*calls(*wanted, size=size), finish="tool_calls")) as server:
        came = await deltas(make(server.url, abilities=FUNCTIONS))
    assert [(a["language"], a["code"]) for _, a in blocks(came)] == wanted


async def test_arguments_that_are_no_json_come_as_they_are(make: Make) -> None:
    async with ModelServer(streaming(*raw_call("{'language': broken", size=5))) as server:
        came = await deltas(make(server.url, abilities=FUNCTIONS))
    assert "".join([delta.call.arguments for delta in came if delta.call]) == "{'language': broken"


@pytest.mark.parametrize("name", ["reasoning_content", "reasoning"])
async def test_thoughts_are_no_part_of_the_answer(make: Make, name: str) -> None:
    async with ModelServer(streaming(thought("Hm", name), thought(", so.", name), "42")) as server:
        came = await deltas(make(server.url))
    assert came == [Delta(thought="Hm"), Delta(thought=", so."), Delta("42"), Delta(finish="stop")]


async def test_usage_is_told_once(make: Make) -> None:
    async with ModelServer(streaming("ok", usage=(12, 3))) as server:
        came = await deltas(make(server.url))
    assert [delta.usage for delta in came if delta.usage] == [Usage(12, 3)]


@pytest.mark.parametrize("finish", ["length", "content_filter"])
async def test_a_reply_that_was_shortened_says_so(make: Make, finish: str) -> None:
    async with ModelServer(streaming("half a prog", finish=finish)) as server:
        assert (await deltas(make(server.url)))[-1] == Delta(finish=finish)


@pytest.mark.parametrize("cut", ["clean", "torn"])
async def test_a_reply_cut_in_the_middle_never_finishes(make: Make, cut: str) -> None:
    came: list[Delta] = []
    async with ModelServer(streaming("half a ", "prog", cut=cut)) as server:
        with pytest.raises(ModelError, match="broke off") as failure:
            await heard(make(server.url), came)
    assert came == [Delta("half a "), Delta("prog")]
    assert failure.value.code == "model.cut"
    assert failure.value.transient


async def test_a_reply_cut_within_an_event_never_finishes(make: Make) -> None:
    came: list[Delta] = []
    async with ModelServer(streaming("half a ", "prog", cut="line")) as server:
        with pytest.raises(ModelError):
            await heard(make(server.url), came)
    assert came == [Delta("half a ")]


@pytest.mark.parametrize(
    ("script", "code", "transient"),
    [
        (refusing(400), "model.refused", False),
        (refusing(400, TOO_LONG), "model.too_long", False),
        (refusing(401), "model.key_refused", False),
        (refusing(402), "model.credit", False),
        (refusing(403), "model.key_refused", False),
        (refusing(404), "model.unknown", False),
        (refusing(408), "model.timeout", True),
        (refusing(422), "model.refused", False),
        (refusing(429), "model.busy", True),
        (refusing(429, error("You exceeded your quota", "insufficient_quota")), "model.quota", False),
        (refusing(500), "model.failing", True),
        (refusing(503), "model.busy", True),
        (refusing(502, "<html>Bad gateway</html>", "text/html"), "model.failing", True),
        (refusing(200, "<html>Welcome!</html>", "text/html"), "model.nonsense", False),
        (refusing(200, '{"hello": 1}'), "model.nonsense", False),
        (streaming(cut="clean"), "model.nonsense", False),
    ],
)
async def test_a_refusal_is_told_in_words_after_one_try(
    make: Make, script: Script, code: str, transient: bool, capfd: pytest.CaptureFixture[str]
) -> None:
    async with ModelServer(script) as server:
        with pytest.raises(ModelError) as failure:
            await deltas(make(server.url))
        assert len(server.requests) == 1
    assert (failure.value.code, failure.value.transient) == (code, transient)
    assert failure.value.fix
    assert "<html>" not in str(failure.value)
    assert "litellm" not in str(failure.value).lower()
    assert capfd.readouterr() == ("", "")


async def test_the_servers_own_words_are_passed_on(make: Make) -> None:
    async with ModelServer(refusing(500)) as server:
        with pytest.raises(ModelError, match="It says: the server's own words"):
            await deltas(make(server.url))


@pytest.mark.parametrize("status", [429, 503, 500])
async def test_a_server_says_when_to_come_back(make: Make, status: int) -> None:
    async with ModelServer(refusing(status, headers={"Retry-After": "7"})) as server:
        with pytest.raises(ModelError) as failure:
            await deltas(make(server.url))
    assert failure.value.after == 7


@pytest.mark.parametrize("kind", ["overloaded_error", "rate_limit_error"])
async def test_an_overload_in_the_middle_of_a_reply_is_one(make: Make, kind: str) -> None:
    came: list[Delta] = []
    async with ModelServer(streaming("half ", failing("Come back later", kind))) as server:
        with pytest.raises(ModelError, match="Come back later") as failure:
            await heard(make(server.url), came)
    assert came == [Delta("half ")]
    assert (failure.value.code, failure.value.transient) == ("model.busy", True)


async def test_nobody_there(make: Make, closed_port: int) -> None:
    with pytest.raises(ModelError, match=f"127.0.0.1:{closed_port}/v1 cannot be reached") as failure:
        await deltas(make(f"http://127.0.0.1:{closed_port}/v1", api_key="k"))
    assert (failure.value.code, failure.value.transient) == ("model.unreachable", False)


@pytest.mark.parametrize("address", ["127.0.0.1:9", "localhost:9/v1", "ftp://127.0.0.1:9"])
async def test_an_address_that_is_none(make: Make, address: str) -> None:
    with pytest.raises(ModelError, match="is not a web address") as failure:
        await deltas(make(address, api_key="k"))
    assert failure.value.code == "model.address"


@pytest.mark.parametrize(
    ("script", "patience", "came"),
    [
        (silent(), Patience(first=0.3), []),
        (streaming("one ", stall=True), Patience(first=30, stall=0.2), [Delta("one ")]),
    ],
)
async def test_a_silent_server_is_given_up(make: Make, script: Script, patience: Patience, came: list[Delta]) -> None:
    got: list[Delta] = []
    async with ModelServer(script) as server:
        start = time.perf_counter()
        with pytest.raises(ModelError, match="does not answer") as failure:
            await heard(make(server.url, patience=patience), got)
        assert time.perf_counter() - start < 0.3 + SOON
        await asyncio.wait_for(server.hung_up.wait(), 5)
    assert got == came
    assert failure.value.code == "model.timeout"


@pytest.mark.parametrize("script", [silent(), streaming("one ", stall=True)])
async def test_cancelling_ends_the_request_at_once(make: Make, script: Script) -> None:
    came: list[Delta] = []
    async with ModelServer(script) as server:
        model = make(server.url)
        await model.start()
        task = spawn(heard(model, came), "reply")
        await server.asked.wait()
        start = time.perf_counter()
        task.cancel()
        await asyncio.wait([task])
        await asyncio.wait_for(server.hung_up.wait(), 5)
        assert time.perf_counter() - start < SOON
    assert task.cancelled()


async def test_leaving_a_reply_early_ends_the_request(make: Make) -> None:
    async with ModelServer(streaming("one ", stall=True)) as server:
        model = make(server.url)
        async with aclosing(model.respond([user("hello")])) as stream:
            assert await anext(stream) == Delta("one ")
        await asyncio.wait_for(server.hung_up.wait(), 5)
        await model.close()


async def test_one_adapter_answers_again_after_a_failure(make: Make) -> None:
    async with ModelServer(in_turn(refusing(500), streaming("ok"))) as server:
        model = make(server.url)
        with pytest.raises(ModelError):
            await deltas(model)
        assert (await deltas(model))[0] == Delta("ok")
