"""Silero's voice-activity network, version 6 (MIT), by onnxruntime; the file comes with the package ``silero-vad``.

The network judges 32 ms at a time and remembers what came before. It takes a chord's onset, a footstep or the hum
of the mains for a voice now and then, depending on where in it a frame begins and on what lies below 300 Hz, which
voices do not need. So it is asked twice: of the sound as it is, and of its telephone band half a frame later.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oi_voice.errors import TranscriberError

if TYPE_CHECKING:
    from numpy import floating
    from numpy.typing import NDArray

    Floats = NDArray[floating[Any]]

RATE = 16_000  # Hz
FRAME, CONTEXT = 512, 64  # samples that the network takes at a time, and of those before
UNITS = 128  # numbers in each of its two memories
MODEL = "silero_vad_16k_sequence.onnx"  # takes many frames at once, with the same result
TELEPHONE = (300, 3400)  # Hz
TAPS = 129  # of the band's filter, which delays by half as much
LATER = FRAME // 2 - TAPS // 2  # samples more, to half a frame
SURE = 0.995  # no frame says more than that


class Silero:
    """The network, loaded in 70 ms; serves any number of streams. Raises TranscriberError when it can't be had."""

    def __init__(self) -> None:
        self._session = _load()

    def stream(self) -> Stream:
        return Stream(self._session)


class Stream:
    """A sound that is judged frame by frame. 12 ms of work a second of sound in pieces of 30 ms, 5 ms in one."""

    def __init__(self, session: Any) -> None:
        import numpy as np

        self._plain, self._telephone = _View(session, 0), _View(session, LATER)
        self._rest = np.zeros(0, np.float32)
        self._past = np.zeros(TAPS - 1, np.float32)
        times = np.arange(TAPS) - TAPS // 2
        low, high = (2 * hertz / RATE * np.sinc(2 * hertz / RATE * times) for hertz in TELEPHONE)
        self._band = ((high - low) * np.hamming(TAPS)).astype(np.float32)

    def feed(self, samples: Floats) -> tuple[Floats, Floats]:
        """Of each frame that is now whole: the log-odds that it holds a voice, and its level in the telephone band
        in dB below full scale."""
        import numpy as np

        sound = np.concatenate((self._rest, samples))
        whole = len(sound) // FRAME * FRAME
        sound, self._rest = sound[:whole], sound[whole:]
        if not whole:
            return sound, sound
        banded = np.convolve(np.concatenate((self._past, sound)), self._band, "valid")
        self._past = sound[1 - TAPS :]
        power = (banded.reshape(-1, FRAME) ** 2).mean(axis=1)
        odds = (self._plain.feed(sound) + self._telephone.feed(banded)) / 2
        return odds, 10 * np.log10(power + 1e-10)


class _View:
    """What the network makes of one rendering of the sound, delayed by some samples."""

    def __init__(self, session: Any, delay: int) -> None:
        import numpy as np

        self._session = session
        self._sound = np.zeros(CONTEXT + delay, np.float32)
        self._memory = [np.zeros((1, 1, UNITS), np.float32)] * 2

    def feed(self, samples: Floats) -> Floats:
        """The log-odds of each frame; ``samples`` are whole frames."""
        import numpy as np

        sound = np.concatenate((self._sound, samples))
        self._sound = sound[len(samples) :]
        count = len(samples) // FRAME
        frames = np.lib.stride_tricks.sliding_window_view(sound, CONTEXT + FRAME)[::FRAME][:count]
        hidden, cell = self._memory
        likely, *self._memory = self._session.run(None, {"input": np.ascontiguousarray(frames), "h": hidden, "c": cell})
        likely = np.clip(likely, 1 - SURE, SURE)
        result: Floats = np.log(likely / (1 - likely))
        return result


def _load() -> Any:
    found = find_spec("silero_vad")  # imported it would bring torch; only its file is wanted
    path = Path(found.origin).parent / "data" / MODEL if found and found.origin else None
    try:
        import onnxruntime
        from onnxruntime.capi import onnxruntime_pybind11_state as native
    except (ImportError, OSError) as missing:
        raise _unavailable("onnxruntime is not installed, or broken.") from missing
    if path is None or not path.is_file():
        raise _unavailable("The voice-activity model is not installed.")
    onnxruntime.disable_telemetry_events()  # its builds for Windows have some
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # so small a network is slower on more
    options.log_severity_level = 3  # errors
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except (native.Fail, native.InvalidArgument, native.InvalidProtobuf, native.InvalidGraph, native.NoModel) as broken:
        raise _unavailable(f"The voice-activity model {path} could not be loaded.") from broken


def _unavailable(what: str) -> TranscriberError:
    return TranscriberError(what, fix="Install it: pip install onnxruntime silero-vad", code="recogniser.activity")
