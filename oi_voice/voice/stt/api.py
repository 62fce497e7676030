"""A recogniser elsewhere: any server that speaks OpenAI's transcription protocol."""

from __future__ import annotations

import io
import json
import re
import time
import wave
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from oi_voice.errors import TranscriberError
from oi_voice.ports import ANY, Hearing, Hints, Pcm, Transcript
from oi_voice.runtime import in_thread

if TYPE_CHECKING:
    import httpx

OPENAI = "https://api.openai.com/v1"
MODEL = "whisper-1"
CONNECT = 10.0  # seconds
LEAST, TIMES = 30.0, 2.0  # seconds, and times its length, that an answer may take
PROMPT = 800  # characters; the protocol's models look at the last 224 tokens
ANSWER_MAX = 1 << 20  # bytes; an hour of speech comes to a tenth of that
WORDS_MAX = 200  # characters of a server's own words worth reading
ELSEWHERE = "The recogniser is on another machine, and offline is on."
STAY = "Turn offline off, or set voice.stt to auto: that stays on this machine."
_NO_TEXT = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")  # control characters, and halves of pairs


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where to send takes: ``url`` ends before ``/audio/transcriptions``; ``local`` is on this machine. ``key`` is
    asked for each take, since a person may change it."""

    url: str = OPENAI
    key: Callable[[], str] = str
    model: str = MODEL
    local: bool = False


class ApiTranscriber:
    """The port's Transcriber over an endpoint. A take is sent when it has ended; ``offline()`` keeps it here."""

    def __init__(self, endpoint: Endpoint, offline: Callable[[], bool] = lambda: False) -> None:
        self.endpoint = endpoint
        self._offline = offline
        self._client: httpx.AsyncClient | None = None

    async def start(self) -> None:
        """Import the client, on a thread; nothing is sent. Raises TranscriberError where nothing could be."""
        if self._offline() and not self.endpoint.local:
            raise _error("offline", ELSEWHERE, STAY)
        if self.endpoint.url == OPENAI and not self.endpoint.key():
            raise _error("key_missing", "OpenAI's recogniser needs a key, and none is set.", "Set OPENAI_API_KEY.")
        await in_thread(_load, name="api import")

    def hear(self, hints: Hints = ANY) -> Hearing:
        return _Hearing(self, hints)

    def close(self) -> None:
        self._client = None  # its idle connections end with it

    async def ask(self, sound: bytes, rate: int, hints: Hints) -> Transcript:
        """Have a take recognised. Raises TranscriberError."""
        import httpx

        await self.start()
        began = time.perf_counter()
        seconds = len(sound) / 2 / rate
        key = self.endpoint.key()
        fields = {"model": self.endpoint.model, "response_format": "json"}
        if len(hints.languages) == 1:
            fields["language"] = hints.languages[0]
        if hints.vocabulary:
            fields["prompt"] = ", ".join(hints.vocabulary)[-PROMPT:]
        try:
            status, body = await self._post(
                data=fields,
                files={"file": ("take.wav", _wav(sound, rate), "audio/wav")},
                headers={"Authorization": f"Bearer {key}"} if key else {},
                timeout=httpx.Timeout(max(LEAST, TIMES * seconds), connect=CONNECT),
            )
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise self._unreached(error) from error
        text, language = self._read(status, body)
        language = language or (hints.languages[0] if hints.languages else "en")
        return Transcript(text, language, engine="api", timings_ms={"decode": (time.perf_counter() - began) * 1000})

    async def _post(self, **request: Any) -> tuple[int, bytes]:
        """Status and body, which is empty where it is too long for an answer."""
        url = f"{self.endpoint.url.rstrip('/')}/audio/transcriptions"
        body = bytearray()
        async with self._connection().stream("POST", url, **request) as response:
            async for piece in response.aiter_bytes():
                body += piece
                if len(body) > ANSWER_MAX:
                    return response.status_code, b""
        return response.status_code, bytes(body)

    def _connection(self) -> httpx.AsyncClient:
        import httpx

        if self._client is None:
            self._client = httpx.AsyncClient(trust_env=not self.endpoint.local)
        return self._client

    @property
    def _where(self) -> str:
        if self.endpoint.url == OPENAI:
            return "OpenAI"
        return f"The recogniser at {re.sub('(?<=//)[^/@]*@', '', self.endpoint.url)}"

    def _unreached(self, error: Exception) -> TranscriberError:
        import httpx

        if isinstance(error, httpx.TimeoutException):
            return _error("timeout", f"{self._where} does not answer.", "Try again, or use another recogniser.")
        if isinstance(error, httpx.UnsupportedProtocol | httpx.InvalidURL):
            return _error(
                "address", f"{self._where} has no web address.", "Write it with http:// or https:// in front."
            )
        return _error(
            "unreachable", f"{self._where} cannot be reached.", "Check that it runs, its address and the network."
        )

    def _read(self, status: int, data: bytes) -> tuple[str, str]:
        """The text, and the language if it is told."""
        try:
            body = json.loads(data)
        except (ValueError, RecursionError):
            body = None
        if status in (401, 403):
            raise _error("key_refused", f"{self._where} refused the key.", "Check that it is right and still valid.")
        if status == 404:
            fix = "Check the address and the model's name."
            raise _error("unknown", f"{self._where} has no recogniser called {self.endpoint.model}.", fix)
        if status == 429 or status >= 500:
            raise _error("busy", f"{self._where} can't answer now.{_words(body)}", "Try again in a while.")
        if status >= 400:
            raise _error("refused", f"{self._where} refused the take.{_words(body)}", "Use another recogniser.")
        if not isinstance(body, dict) or not isinstance(body.get("text"), str):
            raise _error("garbage", f"{self._where} answered with garbage.", "Check its address.")
        return _NO_TEXT.sub(" ", body["text"]).strip(), str(body.get("language") or "")


class _Hearing:
    """The port's Hearing: what is fed is gathered."""

    def __init__(self, transcriber: ApiTranscriber, hints: Hints) -> None:
        self._transcriber = transcriber
        self._hints = hints
        self._sound = bytearray()
        self._rate = 16_000

    def feed(self, sound: Pcm) -> None:
        self._sound += sound.data
        self._rate = sound.rate

    def tail(self, begun: bool = True) -> None: ...

    async def finish(self) -> Transcript:
        return await self._transcriber.ask(bytes(self._sound), self._rate, self._hints)

    def abort(self) -> None:
        self._sound.clear()


def _load() -> None:
    import httpx  # noqa: F401 - takes 0.2 s, and is needed in the first request


def _wav(sound: bytes, rate: int) -> bytes:
    result = io.BytesIO()
    with wave.open(result, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(sound)
    return result.getvalue()


def _words(body: Any) -> str:
    """The server's own words, as a sentence to append."""
    error = body.get("error") if isinstance(body, dict) else None
    words = error.get("message") if isinstance(error, dict) else error
    words = " ".join(words.split()) if isinstance(words, str) else ""
    return f" It says: {words[:WORDS_MAX].rstrip('.')}." if words else ""


def _error(code: str, message: str, fix: str) -> TranscriberError:
    return TranscriberError(message, fix=fix, code=f"recogniser.{code}")
