"""Speech by a server that speaks OpenAI's protocol: ``POST …/audio/speech`` gives the sound of a text."""

from __future__ import annotations

import asyncio
import io
import re
import struct
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from oi_voice.addresses import on_this_machine, place
from oi_voice.errors import SynthesizerError
from oi_voice.ports import Pcm
from oi_voice.runtime import spawn

if TYPE_CHECKING:
    import httpx

OPENAI = "https://api.openai.com/v1"
MODEL, VOICE = "gpt-4o-mini-tts", "alloy"
RATE = 24_000  # Hz: what OpenAI's ``pcm`` is in
USUAL = 175  # words a minute at speed 1
PATIENCE = 15.0  # seconds for a sentence
SLOWEST, FASTEST = 4_000, 384_000  # samples a second
LOUDEST = 50_000_000  # bytes: more than a quarter of an hour is no sentence
#: How words begin, JSON and HTML among them, in ASCII; samples hardly ever do so for so many bytes.
_WORDS = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:[\t\n\r -~]{32}|[{\[<][\t\n\r -~]*\Z|<[!\w][\t\n\r -~]{8})")
_PACKED = {b"ID3": "mp3", b"OggS": "ogg", b"fLaC": "flac"}


class ApiSynthesizer:
    """The port's Synthesizer over an endpoint; it knows languages by itself.

    ``base`` is its address up to ``/v1``, empty for OpenAI. ``offline()`` forbids any that is not on this machine.
    ``rate`` is in words a minute, ``volume`` 0 to 1.
    """

    def __init__(
        self,
        model: str = MODEL,
        voice: str = VOICE,
        *,
        base: str = "",
        key: str = "",
        rate: int = USUAL,
        volume: float = 1.0,
        offline: Callable[[], bool] = lambda: False,
    ) -> None:
        self._model, self._voice = model or MODEL, voice or VOICE
        self._base, self._key = (base or OPENAI).rstrip("/"), key
        self._offline = offline
        self._formats = ["pcm", "wav"]  # the one to ask for, and then others
        self._volume = volume
        self._client: httpx.AsyncClient | None = None
        self.tune(rate)

    async def start(self) -> None:
        """Whether it may and can be asked; asks nothing. Raises SynthesizerError."""
        self._check()

    def tune(self, rate: int, voice: str = "", volume: float | None = None) -> None:
        """Speak at another rate, in another voice, or louder, from the next sentence on."""
        self._speed = min(4.0, max(0.25, rate / USUAL))
        self._voice = voice or self._voice
        self._volume = self._volume if volume is None else volume

    async def render(self, text: str, language: str = "") -> Pcm:
        if not text.strip():
            return Pcm(b"", RATE)
        self._check()
        while True:
            response = await self._ask(text)
            if response.status_code == 400 and "response_format" in response.text and len(self._formats) > 1:
                del self._formats[0]
                continue
            if response.status_code != 200:
                raise self._refused(response)
            return louder(sound_of(response.content, response.headers.get("content-type", "")), self._volume)

    def close(self) -> None:
        client, self._client = self._client, None
        if client:
            spawn(client.aclose(), "leave the speech server")

    def _check(self) -> None:
        if self._offline() and not on_this_machine(self._base):
            raise SynthesizerError(
                f"The speech server {place(self._base)} is not on this machine, and offline is on.",
                fix="Set voice.tts to pyttsx3 or piper, or turn offline off.",
                code="speech.offline",
            )
        if self._base == OPENAI and not self._key:
            raise SynthesizerError(
                "OpenAI's speech needs a key.",
                fix="Set OPENAI_API_KEY, or set voice.tts to pyttsx3.",
                code="speech.key",
            )

    async def _ask(self, text: str) -> httpx.Response:
        import httpx

        if self._client is None:  # no proxy stands between us and this machine
            self._client = httpx.AsyncClient(timeout=PATIENCE, trust_env=not on_this_machine(self._base))
        body: dict[str, Any] = {
            "model": self._model, "voice": self._voice, "input": text, "response_format": self._formats[0],
        }  # fmt: skip
        if self._speed != 1.0:
            body["speed"] = round(self._speed, 2)
        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        try:
            async with asyncio.timeout(PATIENCE):  # the client's own bounds each piece, of which there may be no end
                return await self._client.post(f"{self._base}/audio/speech", json=body, headers=headers)
        except (httpx.TimeoutException, TimeoutError) as error:
            raise self._failed("did not answer in time") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise self._failed(f"could not be reached ({error or type(error).__name__})") from error

    def _refused(self, response: httpx.Response) -> SynthesizerError:
        if response.status_code in (401, 403):
            return self._failed("did not accept the key", "Check the key.")
        if response.status_code == 404:
            return self._failed("has no speech, or not this model", "Set voice.tts to a model that it has.")
        detail = re.sub(r"\s+", " ", response.text)[:200]
        return self._failed(f"refused a sentence ({response.status_code}: {detail})")

    def _failed(self, what: str, fix: str = "") -> SynthesizerError:
        fix = fix or "Check its address, or set voice.tts to pyttsx3."
        return SynthesizerError(f"The speech server {place(self._base)} {what}.", fix=fix)


def sound_of(data: bytes, kind: str) -> Pcm:
    """What a server sent, WAV or bare samples; ``kind`` is its content type. Raises SynthesizerError."""
    if not data:
        raise _no_sound("nothing at all")
    if len(data) > LOUDEST:
        raise _no_sound("far too long")
    if data.startswith(b"RIFF"):
        return _wav(data)
    if re.match(r"(?i)(text/|application/json|audio/(mpeg|mp3|ogg|opus|aac|flac))", kind):
        raise _no_sound(kind.partition(";")[0])
    if _WORDS.match(data):  # whatever they are said to be
        raise _no_sound("text")
    if packed := next((name for mark, name in _PACKED.items() if data.startswith(mark)), ""):
        raise _no_sound(packed)
    rate = re.search(r"rate=(\d{4,6})", kind)
    return _played(data, int(rate[1]) if rate else RATE)


def _wav(data: bytes) -> Pcm:
    """Streamed WAV files have no true length in their heads: what is there is taken."""
    file, rate, shape = io.BytesIO(data[12:]), 0, (0, 0, 0)
    while len(head := file.read(8)) == 8:
        name, size = struct.unpack("<4sI", head)
        if name == b"fmt ":
            kind, channels, rate, _, _, bits = struct.unpack("<HHIIHH", file.read(size)[:16].ljust(16, b"\0"))
            shape = (kind, channels, bits)
        elif name == b"data":
            if shape not in ((1, 1, 16), (0xFFFE, 1, 16)):
                raise _no_sound("not 16-bit mono")
            return _played(file.read(size), rate)
        else:
            file.seek(size + size % 2, io.SEEK_CUR)
    raise _no_sound("a broken WAV file")


def _played(data: bytes, rate: int) -> Pcm:
    if not SLOWEST <= rate <= FASTEST:
        raise _no_sound(f"{rate} samples a second")
    return Pcm(data[: len(data) // 2 * 2], rate)


def _no_sound(what: str) -> SynthesizerError:
    return SynthesizerError(f"The speech server sent no sound that can be played ({what}).", fix="Choose another.")


def louder(sound: Pcm, volume: float) -> Pcm:
    """The same sound, ``volume`` times as loud (0 to 1)."""
    if volume >= 1:
        return sound
    import numpy as np

    return Pcm((np.frombuffer(sound.data, "<i2") * max(volume, 0.0)).astype("<i2").tobytes(), sound.rate)
