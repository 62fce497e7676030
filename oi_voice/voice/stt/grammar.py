"""The recogniser that needs no download: pocketsphinx with a grammar of what can be said.

Speech that the grammar does not hold is caught by a second way through it, a loop of bare speech sounds: where
these fit better than any command, nothing was said that we know. Free words (``type …``) are the largest part of
the grammar and so the likeliest to be heard by mistake; they are given little weight.

A take is decoded in one go, in its pauses and at its end (20-40 ms a second of sound). Fed piece by piece pocketsphinx
must guess the microphone's sound from earlier takes: of 80 commands in four flite voices it then had 66 to 71 right,
in one go 78.
"""

from __future__ import annotations

import math
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oi_voice.errors import TranscriberError
from oi_voice.ports import Hints, Word
from oi_voice.voice.stt.automaton import Automaton, minimal, read
from oi_voice.voice.stt.early import Growing, Listening, Stopped
from oi_voice.voice.stt.guards import Heard
from oi_voice.voice.stt.spelling import sounds

if TYPE_CHECKING:
    from oi_voice.voice.stt.endpoint import Floats

RATE = 16_000  # Hz, the model's own
FRAMES = 100  # a second
SEARCH = "commands"
# The sounds of the US English model (ARPAbet), as words of their own for what is no command.
SOUNDS = "AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH"
NO_COMMAND = 1e-20  # weight of ending there: short commands would be lost to 1, and noise be a short command with 1e-30
NOISE = 1e-3  # weight of a sound of the loop against a command's words
FREE = 150  # a state with more words than that is a free slot
FREE_WORD = 1e-30  # its words' weight
# Wide enough that the loop of sounds, whose words are many and short, is never lost on the way (pocketsphinx: 7e-29).
WORD_BEAM = 1e-40
# How well the sound fits a command: the mean logarithm of a frame's score, in pocketsphinx's own scale. Of 98 commands
# heard rightly, in flite's and espeak's voices, half had more than -0.0023 and one in a hundred less than -0.0059;
# of 11 wrong ones half had less than -0.0052.
LEAST = -0.0059
STEEP = 150  # makes of it a confidence of 0.7 for the former half, and 0.46 for the latter


class GrammarEngine:
    """pocketsphinx. ``jsgf`` is the grammar; ``pronunciations`` gives words that the dictionary lacks, in ARPAbet.

    Other words it lacks, and those of the take's vocabulary, which may stand wherever free words may, are pronounced
    as they are spelled.
    """

    name = "grammar"

    def __init__(self, jsgf: str, pronunciations: Mapping[str, str], *, early: bool = True) -> None:
        self._jsgf = jsgf
        self._pronunciations = pronunciations
        self._early = early
        self._decoder: Any = None
        self._automaton = Automaton(0, frozenset(), frozenset())
        self._vocabulary: tuple[str, ...] = ()

    def load(self) -> None:
        try:
            import pocketsphinx
        except (ImportError, OSError) as missing:
            raise TranscriberError(
                "pocketsphinx is not installed, or broken.", fix="Install it: pip install pocketsphinx"
            ) from missing
        decoder = pocketsphinx.Decoder(lm=None, samprate=RATE, loglevel="FATAL", bestpath=False, wbeam=WORD_BEAM)
        try:
            self._automaton = _automaton(decoder.parse_jsgf(self._jsgf))
        except (RuntimeError, ValueError) as broken:
            raise TranscriberError(f"The grammar can't be compiled: {broken}.") from broken
        words = {word for _, _, word in self._automaton.arcs}
        if unknown := sorted(word for word in words if not self._pronounced(decoder, word)):
            raise TranscriberError(
                f"The recogniser can't pronounce: {', '.join(unknown)}.", fix="Add them to the pronunciations."
            )
        for sound in SOUNDS.split():
            decoder.add_word(f"[{sound.lower()}]", sound, True)
        self._decoder = decoder
        self._listen_for(())
        self._recognise(bytes(2 * RATE))

    def take(self, listening: Listening) -> Growing:
        return Growing(
            partial(self._decode, listening.hints), listening, self.name, early=self._early, whole_takes=True
        )

    def close(self) -> None:
        self._decoder = None

    def _decode(self, hints: Hints, sound: Floats, language: str, stopped: Callable[[], bool]) -> Heard:
        import numpy as np

        if stopped():
            raise Stopped
        vocabulary = tuple(
            dict.fromkeys(word for term in hints.vocabulary for word in re.findall(r"[a-z']+", term.lower()))
        )
        if vocabulary != self._vocabulary:
            self._listen_for(vocabulary)
        return self._recognise(np.rint(sound * 32768).astype("<i2").tobytes())

    def _recognise(self, data: bytes) -> Heard:
        """The command that was said; nothing for silence and for speech that is no command."""
        decoder = self._decoder
        decoder.start_utt()
        if data:
            decoder.process_raw(data, full_utt=True)
        decoder.end_utt()
        found = decoder.hyp()
        if not found or "[" in found.hypstr:
            return Heard("")
        said = [(part, math.log(part.ascore)) for part in decoder.seg() if part.word[0] not in "<("]
        fit = sum(score for _, score in said) / sum(part.end_frame - part.start_frame + 1 for part, _ in said)
        if fit < LEAST:
            return Heard("")
        words = tuple(Word(part.word, part.start_frame / FRAMES, (part.end_frame + 1) / FRAMES) for part, _ in said)
        return Heard(found.hypstr, "en", STEEP * fit, words=words)

    def _pronounced(self, decoder: Any, word: str) -> bool:
        """Whether the decoder knows the word, by now."""
        if decoder.lookup_word(word):
            return True
        spelled = self._pronunciations.get(word) or sounds(word)
        if spelled:
            decoder.add_word(word, spelled, True)
        return bool(spelled)

    def _listen_for(self, vocabulary: tuple[str, ...]) -> None:
        """Have the decoder listen for the grammar's sentences with these words too, or for anything else spoken."""
        decoder, automaton = self._decoder, self._automaton
        known = [word for word in vocabulary if self._pronounced(decoder, word)]
        arcs, last = _network(automaton, known)
        decoder.add_fsg(SEARCH, decoder.create_fsg(SEARCH, automaton.start, last, arcs))  # in place of the one before
        decoder.activate_search(SEARCH)
        self._vocabulary = vocabulary


def _automaton(network: Any) -> Automaton:
    with tempfile.TemporaryDirectory(prefix="oi-voice-") as folder:
        path = Path(folder) / "network"
        network.writefile(str(path))
        return minimal(*read(path.read_text(encoding="utf-8").splitlines()))


Arc = tuple[int, int, float] | tuple[int, int, float, str]


def _network(automaton: Automaton, vocabulary: list[str]) -> tuple[list[Arc], int]:
    """The automaton, more words for its free slots, and the loop of sounds; with its last state."""
    width = Counter(origin for origin, _, _ in automaton.arcs)
    last = 1 + max(max(origin, target) for origin, target, _ in automaton.arcs)
    noise = last + 1
    arcs: list[Arc] = [
        (origin, target, FREE_WORD if width[origin] > FREE else 1 / width[origin], word)
        for origin, target, word in sorted(automaton.arcs)
    ]
    slots = sorted({(origin, target) for origin, target, _ in automaton.arcs if width[origin] > FREE})
    known = {(origin, word) for origin, _, word in automaton.arcs}
    arcs += [
        (origin, target, FREE_WORD, word)
        for origin, target in slots
        for word in vocabulary
        if (origin, word) not in known
    ]
    arcs += [(state, last, 1.0) for state in sorted(automaton.accepting)]
    for sound in SOUNDS.split():
        word = f"[{sound.lower()}]"
        arcs += [(automaton.start, noise, NOISE, word), (noise, noise, NOISE, word)]
    arcs.append((noise, last, NO_COMMAND))
    return arcs, last
