"""Speech by a server, against one on loopback."""

from __future__ import annotations

import io
import wave
from collections.abc import AsyncIterator

import pytest
from sounds import samples, tone

from oi_voice.addresses import on_this_machine
from oi_voice.errors import SynthesizerError
from oi_voice.ports import Pcm
from oi_voice.testing.server import ModelServer, Script, Wire
from oi_voice.voice.tts.api import ApiSynthesizer, sound_of

SOUND = tone(0.3, rate=24_000)


def wav(sound: Pcm, *, streamed: bool = False) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(2)
        written.setframerate(sound.rate)
        written.writeframes(sound.data)
    data = file.getvalue()
    return data[:4] + b"\xff" * 4 + data[8:40] + b"\xff" * 4 + data[44:] if streamed else data


def giving(data: bytes, kind: str = "audio/pcm", status: int = 200) -> Script:
    async def answer(wire: Wire) -> None:
        await wire.head(status, kind, length=len(data))
        await wire.send(data)

    return answer


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    async with ModelServer(giving(SOUND.data)) as server:
        yield server


async def test_a_sentence_is_asked_for_and_rendered(server: ModelServer) -> None:
    synthesizer = ApiSynthesizer("tts-9", "nova", base=server.url, key="k", rate=350)
    await synthesizer.start()
    assert await synthesizer.render("Hello there.", "en") == SOUND
    [request] = server.requests
    assert (request.method, request.path) == ("POST", "/v1/audio/speech")
    assert request.headers["authorization"] == "Bearer k"
    assert request.body == {
        "model": "tts-9", "voice": "nova", "input": "Hello there.", "response_format": "pcm", "speed": 2.0,
    }  # fmt: skip
    assert (await synthesizer.render("  ")).data == b""
    assert len(server.requests) == 1
    synthesizer.close()


@pytest.mark.parametrize("streamed", [False, True])
async def test_wav_is_understood(server: ModelServer, streamed: bool) -> None:
    server.script = giving(wav(tone(0.2, rate=16_000), streamed=streamed), "audio/wav")
    synthesizer = ApiSynthesizer(base=server.url)
    assert await synthesizer.render("Hello.") == tone(0.2, rate=16_000)
    synthesizer.close()


async def test_a_server_without_pcm_is_asked_for_wav_from_then_on(server: ModelServer) -> None:
    async def picky(wire: Wire) -> None:
        if wire.request.body["response_format"] == "pcm":
            await giving(b'{"error": "response_format must be wav"}', "application/json", 400)(wire)
        else:
            await giving(wav(SOUND), "audio/wav")(wire)

    server.script = picky
    synthesizer = ApiSynthesizer(base=server.url)
    assert await synthesizer.render("Hello.") == await synthesizer.render("Hello.") == SOUND
    assert [request.body["response_format"] for request in server.requests] == ["pcm", "wav", "wav"]
    synthesizer.close()


async def test_tuning_holds_from_the_next_sentence_on(server: ModelServer) -> None:
    synthesizer = ApiSynthesizer(base=server.url)
    synthesizer.tune(175, "echo", 0.5)
    assert abs(samples(await synthesizer.render("Hello."))).max() == pytest.approx(0.2, abs=0.01)
    assert server.requests[0].body["voice"] == "echo"
    synthesizer.close()


async def test_an_answer_without_end_is_given_up(server: ModelServer, monkeypatch: pytest.MonkeyPatch) -> None:
    async def endless(wire: Wire) -> None:
        await wire.head(200, "audio/pcm")
        while True:
            await wire.send(SOUND.data)

    server.script = endless
    monkeypatch.setattr("oi_voice.voice.tts.api.PATIENCE", 0.1)
    with pytest.raises(SynthesizerError, match="did not answer in time"):
        await ApiSynthesizer(base=server.url).render("Hello.")


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (giving(b"no", "text/plain", 401), "did not accept the key"),
        (giving(b"no", "text/plain", 404), "has no speech"),
        (giving(b"sorry\nbusy", "text/plain", 503), "refused a sentence (503: sorry busy)"),
        (giving(b"<html>", "text/html"), "no sound that can be played (text/html)"),
        (giving(b'{"error": {"message": "busy"}}', ""), "no sound that can be played (text)"),
        (giving(b'\n [{"a": 1}]', "application/octet-stream"), "no sound that can be played (text)"),
        (giving(b"\xef\xbb\xbf<!DOCTYPE html><p>\xc3\xbc</p>"), "no sound that can be played (text)"),
        (giving(b"Internal Server Error: the model is busy", ""), "no sound that can be played (text)"),
        (giving(b"OggS\0\2", ""), "no sound that can be played (ogg)"),
        (giving(b"ID3...", "audio/mpeg"), "no sound that can be played (audio/mpeg)"),
        (giving(b"RIFF1234WAVEfmt "), "a broken WAV file"),
        (giving(b"RIFF1234WAVEfmt \4\0\0\0\1\0\1\0data\2\0\0\0ab"), "not 16-bit mono"),
        (giving(wav(Pcm(b"ab", 1))), "1 samples a second"),
        (giving(b"ab", "audio/pcm; rate=0000"), "0 samples a second"),
        (giving(b""), "nothing at all"),
    ],
)
async def test_what_goes_wrong_is_said(server: ModelServer, script: Script, words: str) -> None:
    server.script = script
    synthesizer = ApiSynthesizer(base=server.url)
    with pytest.raises(SynthesizerError) as refused:
        await synthesizer.render("Hello.")
    assert words in str(refused.value)
    assert refused.value.fix
    synthesizer.close()


async def test_a_server_that_is_not_there_is_said(server: ModelServer) -> None:
    synthesizer = ApiSynthesizer(base="http://127.0.0.1:9/v1")
    with pytest.raises(SynthesizerError, match="could not be reached") as gone:
        await synthesizer.render("Hello.")
    assert gone.value.fix
    synthesizer.close()


async def test_offline_only_this_machine_is_asked(server: ModelServer) -> None:
    offline = True
    there = ApiSynthesizer(base="http://name:secret@example.com/v1", key="k", offline=lambda: offline)
    for refused in (there.start(), there.render("Hello.")):
        with pytest.raises(SynthesizerError, match="offline is on") as no:
            await refused
        assert "secret" not in str(no.value)
    here = ApiSynthesizer(base=server.url, offline=lambda: offline)
    assert await here.render("Hello.") == SOUND
    here.close()
    offline = False
    await there.start()


async def test_openai_needs_a_key() -> None:
    with pytest.raises(SynthesizerError, match="needs a key"):
        await ApiSynthesizer().start()


def test_a_rate_that_is_told_is_believed() -> None:
    assert sound_of(b"\0\0\0", "audio/L16; rate=16000; channels=1") == Pcm(b"\0\0", 16_000)


@pytest.mark.parametrize(
    ("address", "here"),
    [
        ("http://localhost:1/v1", True), ("http://127.0.0.9/v1", True), ("http://[::1]:8/v1", True),
        ("http://a.localhost", True), ("http://0.0.0.0:80", True), ("localhost:80", True),
        ("http://localhost.example.com", False), ("http://localhost@example.com", False), ("http://[::1", False),
        ("http://192.168.0.2", False), ("", False),
    ],
)  # fmt: skip
def test_what_is_on_this_machine(address: str, here: bool) -> None:
    assert on_this_machine(address) is here
