"""PortAudio, entered one call at a time, and words for what goes wrong with it.

Measured on Debian 12 with PulseAudio behind ALSA: a killed sound server ends its streams within 2 ms, and they
reopen without further ado once it is back; PortAudio must be initialised anew only when it found no devices the
first time. A frozen server (SIGSTOP) blocks open, abort and close until it goes on: every call gets a thread of
its own, and a caller waits ``PATIENCE`` at most.
"""

from __future__ import annotations

import atexit
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from oi_voice.errors import OiVoiceError, PlayerError, RecorderError
from oi_voice.runtime import daemon

PATIENCE = 2.0  # seconds until an unanswered open counts as failed; a good one takes 1-10 ms
STUCK = 0.5  # seconds until one call no longer waits for another
LOST = 0.3  # seconds without a callback until a running stream counts as lost

E = TypeVar("E", bound=OiVoiceError)
_lock = threading.Lock()
# By id. A stream that is dropped while PortAudio still calls into it takes the process with it.
_open: dict[int, Any] = {}
_settled = threading.Condition()
_busy = 0  # calls into PortAudio that have begun or are sure to


@dataclass(frozen=True, slots=True)
class Side(Generic[E]):
    """One direction of sound and its words."""

    noun: str
    stream: str
    channels: str
    kind: str
    error: type[E]

    def missing(self) -> E:
        return self.error(
            f"No {self.noun} was found.",
            fix=f"Connect a {self.noun} and check that the sound server runs (on Linux: pactl info), then try again.",
        )

    def unusable(self, detail: str) -> E:
        return self.error(
            f"The {self.noun} could not be opened ({detail}).",
            fix=f"Check that it is connected, not in use by another program, and set as the default {self.noun}.",
        )

    def lost(self) -> E:
        return self.error(
            f"The {self.noun} was lost while in use.",
            fix="Check its cable and the sound server (on Linux: pactl info), then try again.",
        )

    def silent(self) -> E:
        return self.error(
            f"The {self.noun} does not answer.",
            fix="Restart the sound server (on Linux: systemctl --user restart pipewire pulseaudio), then try again.",
        )


MICROPHONE = Side("microphone", "RawInputStream", "max_input_channels", "input", RecorderError)
SPEAKER = Side("speaker", "RawOutputStream", "max_output_channels", "output", PlayerError)


@dataclass(frozen=True, slots=True)
class Device:
    """``number`` and ``name`` are what ``open_stream`` knows it by; ``default`` is what the system would take."""

    number: int
    name: str
    default: bool


def library(side: Side[E]) -> Any:
    """The sounddevice module; its first import starts PortAudio (0.1 s)."""
    try:
        import sounddevice
    except (ImportError, OSError) as missing:  # OSError: the wheel is there, libportaudio is not
        raise side.error(
            "The PortAudio sound library is not installed.",
            fix="Install it: sudo apt install libportaudio2 (or portaudio by dnf, pacman or brew).",
        ) from missing
    atexit.unregister(_leave)
    atexit.register(_leave)  # after sounddevice's own handler, and so run before it
    return sounddevice


def devices(side: Side[E]) -> list[Device]:
    """Those that are there now, or, while PortAudio is in use, were there when it began. Blocking."""
    sound = library(side)
    with _portaudio():
        _look_again(sound)
        try:
            chosen = sound.query_devices(kind=side.kind)["index"]
        except sound.PortAudioError:  # there is none
            return []
        return [
            Device(each["index"], each["name"], each["index"] == chosen)
            for each in sound.query_devices()
            if each[side.channels]
        ]


def open_stream(side: Side[E], device: str, rates: Sequence[float | None], **options: Any) -> Any:
    """Open, but do not start, a mono 16-bit stream at the first of ``rates`` the device takes; None is its own rate.

    Blocking. Raises the side's error. Undo with ``close_soon``.
    """
    sound = library(side)
    with _portaudio():
        try:
            try:
                stream = _first(sound, side, device, rates, options)
            except sound.PortAudioError:
                if not _look_again(sound):
                    raise
                stream = _first(sound, side, device, rates, options)
        except (sound.PortAudioError, ValueError) as error:  # ValueError: no device of that name
            raise _worded(sound, side, device, error) from error
        _open[id(stream)] = stream
    return stream


def start_stream(side: Side[E], stream: Any) -> None:
    """Blocking. Raises the side's error, with the stream closed."""
    sound = library(side)
    try:
        with _portaudio():
            stream.start()
    except sound.PortAudioError as error:
        close_soon(stream)
        raise _worded(sound, side, "", error) from error


def close_soon(stream: Any) -> None:
    """Silence and close a stream, lost or not, in the background: it takes as long as its driver does."""
    global _busy
    with _settled:
        _busy += 1
    daemon(lambda: _close(stream), "sound-close")


def _close(stream: Any) -> None:
    global _busy
    import sounddevice

    try:
        with _portaudio(), suppress(sounddevice.PortAudioError):  # the device is gone, and the stream with it
            stream.abort()  # never stop(), which plays or waits on
            stream.close()
    finally:
        _open.pop(id(stream), None)
        with _settled:
            _busy -= 1
            _settled.notify_all()


def _leave() -> None:
    """At exit: PortAudio hangs for ever when it is ended while a stream is being closed."""
    import sounddevice

    with _settled:
        if not _settled.wait_for(lambda: not _busy, PATIENCE):
            atexit.unregister(sounddevice._exit_handler)  # a driver is stuck: let the system take it all back


def _look_again(sound: Any) -> bool:
    """Have PortAudio read the list of devices again. False while it is in use, for then it can't."""
    if _open or _busy > 1:
        return False
    sound._terminate()  # no public call reads the device list again
    sound._initialize()
    return True


def _first(sound: Any, side: Side[E], device: str, rates: Sequence[float | None], options: dict[str, Any]) -> Any:
    name: str | int | None = int(device) if device.isdecimal() else device or None
    make = getattr(sound, side.stream)
    *tries, last = rates
    for rate in tries:
        with suppress(sound.PortAudioError):
            return make(samplerate=rate, device=name, channels=1, dtype="int16", **options)
    return make(samplerate=last, device=name, channels=1, dtype="int16", **options)


def _worded(sound: Any, side: Side[E], device: str, error: Exception) -> E:
    try:
        there = any(each[side.channels] for each in sound.query_devices())
    except sound.PortAudioError:
        there = False
    if not there:
        return side.missing()
    if isinstance(error, ValueError):
        return side.unusable(f"there is none called {device!r}")
    return side.unusable(str(error.args[0]).rpartition(": ")[2].lower())


@contextmanager
def _portaudio() -> Iterator[None]:
    """PortAudio's open and close are not thread-safe; but a hung device must not take the other one with it.

    Whoever holds the lock for too long loses it, once and for all: a later call finds a new one.
    """
    global _busy, _lock
    with _settled:
        _busy += 1
        lock = _lock
    if not lock.acquire(timeout=STUCK):
        with _settled:
            _lock = lock = threading.Lock() if _lock is lock else _lock
        lock.acquire()
    try:
        yield
    finally:
        lock.release()
        with _settled:
            _busy -= 1
            _settled.notify_all()
