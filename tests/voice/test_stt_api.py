"""A transcription endpoint, played by a server on loopback."""

from __future__ import annotations

import json

import pytest
from hearings import heard
from sounds import RATE, tone

from oi_voice.errors import TranscriberError
from oi_voice.ports import Hints, Pcm
from oi_voice.settings import Settings
from oi_voice.sound import recogniser
from oi_voice.testing.server import ModelServer, Script, Wire, refusing, silent
from oi_voice.voice.stt.api import OPENAI, ApiTranscriber, Endpoint


def saying(body: object) -> Script:
    async def answer(wire: Wire) -> None:
        data = json.dumps(body).encode()
        await wire.head(200, "application/json", length=len(data))
        await wire.send(data)

    return answer


def asking(server: ModelServer, key: str = "k") -> ApiTranscriber:
    return ApiTranscriber(Endpoint(server.url, lambda: key, "whisper-large", local=True))


async def test_a_take_is_sent_as_a_file_with_what_helps_to_understand_it() -> None:
    async with ModelServer(saying({"text": " Open kubectl. "})) as server:
        transcriber = asking(server)
        await transcriber.start()
        transcript = await heard(transcriber, tone(1), Hints(("de",), ("kubectl", "Anna")))
        assert (transcript.text, transcript.language, transcript.engine) == ("Open kubectl.", "de", "api")
        [request] = server.requests
        assert (request.method, request.path) == ("POST", "/v1/audio/transcriptions")
        assert request.headers["authorization"] == "Bearer k"
        assert request.headers["content-type"].startswith("multipart/form-data")
        for part in (b"whisper-large", b"kubectl, Anna", b'name="language"\r\n\r\nde', b"RIFF"):
            assert part in request.data
        assert len(request.data) > 2 * RATE
        transcriber.close()


async def test_the_language_that_was_found_is_told_and_no_key_is_sent_without_one() -> None:
    async with ModelServer(saying({"text": "Bonjour", "language": "fr"})) as server:
        transcript = await heard(asking(server, ""), tone(1), Hints(("de", "fr")))
        assert transcript.language == "fr"
        assert "authorization" not in server.requests[0].headers
        assert b'name="language"' not in server.requests[0].data


async def test_a_key_that_is_changed_is_used_from_the_next_take_on() -> None:
    settings = Settings()
    async with ModelServer(saying({"text": "Yes."})) as server:
        settings.apply({"voice.stt_base": server.url, "voice.stt_key": "old"})
        transcriber, _ = recogniser(settings, "api")
        await heard(transcriber, tone(1))
        settings.apply({"voice.stt_key": "new"})
        await heard(transcriber, tone(1))
        assert [request.headers["authorization"] for request in server.requests] == ["Bearer old", "Bearer new"]
        transcriber.close()


@pytest.mark.parametrize(
    ("script", "code", "words"),
    [
        (refusing(401), "key_refused", "refused the key"),
        (refusing(404), "unknown", "whisper-large"),
        (refusing(429), "busy", "the server's own words"),
        (refusing(500, "<html>"), "busy", "can't answer now"),
        (refusing(400), "refused", "the server's own words"),
        (saying({"text": 7}), "garbage", "garbage"),
        (saying(["text"]), "garbage", "garbage"),
        (saying({"text": "a " * 1_000_000}), "garbage", "garbage"),
    ],
)
async def test_a_refusal_is_words(script: Script, code: str, words: str) -> None:
    async with ModelServer(script) as server:
        with pytest.raises(TranscriberError, match=words) as told:
            await heard(asking(server), tone(0.5))
        assert told.value.code == f"recogniser.{code}"
        assert told.value.fix


async def test_what_is_no_text_is_left_out() -> None:
    async with ModelServer(saying({"text": "scroll\0 down \ud800\n\x1b[2J now"})) as server:
        assert (await heard(asking(server), tone(0.5))).text == "scroll  down  [2J now"


async def test_a_server_that_is_silent_or_gone_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("oi_voice.voice.stt.api.LEAST", 0.2)
    async with ModelServer(silent()) as server:
        with pytest.raises(TranscriberError, match="does not answer"):
            await heard(asking(server), Pcm(b"", RATE))
    with pytest.raises(TranscriberError, match="cannot be reached"):
        await heard(asking(server), tone(0.5))


async def test_what_is_no_address_is_told_without_its_password() -> None:
    with pytest.raises(TranscriberError, match="no web address") as told:
        await heard(ApiTranscriber(Endpoint("example//me:secret@host", lambda: "k")), tone(0.5))
    assert "secret" not in str(told.value)


async def test_openai_needs_a_key() -> None:
    with pytest.raises(TranscriberError, match="needs a key"):
        await ApiTranscriber(Endpoint(OPENAI)).start()
