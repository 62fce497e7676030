"""Voice activity: whether anybody speaks to the microphone, for a recogniser invents words where nobody does.

Two detectors that err differently are asked. A neural network (``silero``) knows voices, whispered ones too, but
takes some chords, steps and slammed doors for a short word; an analysis of pitch (``larynx``) knows none of these
but is fooled by drums and engines. What the network says of each frame is summed up as log-odds, as in Wald's
sequential test; much of it proves speech, and a little does where there is a pitch as well. A voice too faint to be
the person's own proves nothing. The bounds stand between what 1,000 noises and 2,000 short commands in noise
of 5 dB and better came to.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from math import exp
from typing import TYPE_CHECKING

from oi_voice.ports import Pcm
from oi_voice.voice.activity.larynx import voiced_seconds

if TYPE_CHECKING:
    from oi_voice.voice.activity.silero import Silero

RATE = 16_000  # Hz
STEP = 512 / RATE  # seconds a frame
# Log-odds. A frame counts for speech from a likelihood of 25 % on, for voices in noise hover there for long.
LEANING = 1.1
ENOUGH = 14.0  # proves speech; of 985 noises the highest came to 9.6 (but music that breaks a silence to 44)
ENOUGH_VOICED = 5.0  # does with a pitch; noises with one came to 3.5, of 209 short words at 5 dB all but one to more
VOICED = 0.06  # seconds with a pitch
NONE = -4.0  # what a frame says in which it is too quiet for the person's own voice
FAINT = -45.0  # dB below full scale in the telephone band: a voice in front of a microphone is at -36 to -12
RINGS = 3  # frames: that much later the network still speaks of what was loud
LOOKS = 10  # frames after the network was of that opinion in which a pitch may be found
LAG = 2560  # samples
RECENT = 2.0  # seconds in which it is looked for
GULP = 4096  # samples at a time at most, for the pitch is looked for where the network is
ON, OFF = 0.5, 0.35  # likelihoods at which speaking begins and ends


@dataclass(frozen=True, slots=True)
class Frame:
    """32 ms up to ``at``, in seconds since the first: ``level`` in dB below full scale; ``speech``: somebody speaks;
    ``proven``: beyond doubt, by this frame and those before."""

    at: float
    level: float
    speech: bool
    proven: bool = False


class Activity:
    """Listens to a sound while it comes in. ``proven`` stays; ``faint``: speech was heard, but from far off."""

    def __init__(self, silero: Silero) -> None:
        self.proven = False
        self.speaking = False
        self.speech_seconds = 0.0
        self.last_speech: float | None = None  # seconds from the beginning
        self.seconds = 0.0
        self._stream = silero.stream()
        self._recent = b""
        self._levels: deque[float] = deque(maxlen=RINGS)
        self._near = self._any = 0.0  # what the frames came to, those of a near voice and all
        self._heard = False
        self._looks = 0

    def end(self) -> list[Frame]:
        """Nothing more comes: what the network, which lags, has yet to say."""
        return self.feed(Pcm(bytes(2 * LAG), RATE))

    @property
    def faint(self) -> bool:
        return self._heard and not self.proven

    def feed(self, piece: Pcm) -> list[Frame]:
        """The next piece, at 16 kHz: the frames that it completes."""
        frames: list[Frame] = []
        for start in range(0, len(piece.data), 2 * GULP):
            frames += self._gulp(piece.data[start : start + 2 * GULP])
        return frames

    def _gulp(self, data: bytes) -> list[Frame]:
        import numpy as np

        self._recent = (self._recent + data)[-round(2 * RECENT * RATE) :]
        odds, levels = self._stream.feed(np.frombuffer(data, "<i2").astype(np.float32) / 32768)
        return [self._frame(float(one), float(level)) for one, level in zip(odds, levels, strict=True)]

    def _frame(self, odds: float, level: float) -> Frame:
        self.seconds += STEP
        self._levels.append(level)
        loud = max(self._levels) >= FAINT
        likely = 1 / (1 + exp(-odds))
        self.speaking = loud and likely >= (OFF if self.speaking else ON)
        if self.speaking:
            self.speech_seconds += STEP
            self.last_speech = self.seconds
        self._any = max(0.0, min(self._any + odds + LEANING, ENOUGH))
        self._near = max(0.0, min(self._near + (odds if loud else min(odds, NONE)) + LEANING, ENOUGH))
        self._heard = self._heard or self._any >= ENOUGH
        proven = self._proves()
        self.proven = self.proven or proven
        return Frame(self.seconds, level, self.speaking, proven)

    def _proves(self) -> bool:
        if self._near >= ENOUGH:
            return True
        self._looks = LOOKS if self._near >= ENOUGH_VOICED else max(0, self._looks - 1)
        return self._looks > 0 and voiced_seconds(Pcm(self._recent, RATE), VOICED) >= VOICED


class Pitch:
    """What there is without the network: the same, by pitch alone. Knows nothing of whispering and of distance."""

    AT_ONCE = 0.1  # seconds; the least that proves speech, and that is looked at

    def __init__(self) -> None:
        self.proven = self.faint = False
        self.speech_seconds = 0.0
        self._recent = b""
        self._fresh = 0

    def feed(self, piece: Pcm) -> None:
        """The next piece, at 16 kHz."""
        self._recent = (self._recent + piece.data)[-round(4 * RECENT * RATE) :]
        self._fresh += len(piece.data)
        if self._fresh >= 2 * self.AT_ONCE * RATE:
            self._fresh = 0
            self.speech_seconds = max(self.speech_seconds, voiced_seconds(Pcm(self._recent, RATE)))
            self.proven = self.proven or self.speech_seconds >= self.AT_ONCE

    def end(self) -> None:
        """Nothing more comes."""
