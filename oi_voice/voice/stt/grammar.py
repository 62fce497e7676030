"""The recogniser that needs no download: pocketsphinx with a grammar of what can be said.

Speech that the grammar does not hold is caught by a second way through it, a loop of bare speech sounds: where
these fit better than any command, nothing was said that we know. Free words (``type …``) are the largest part of
the grammar and so the likeliest to be heard by mistake; they are given little weight.
"""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from oi_voice.errors import TranscriberError
from oi_voice.ports import Pcm, Transcript
from oi_voice.runtime import Worker
from oi_voice.voice.stt.automaton import Automaton, minimal, read

T = TypeVar("T")
RATE = 16_000  # Hz, the model's own
# The sounds of the US English model (ARPAbet), as words of their own for what is no command.
SOUNDS = "AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH"
NO_COMMAND = 1e-20  # weight of ending there: short commands would be lost to 1, and noise be a short command with 1e-30
NOISE = 1e-3  # weight of a sound of the loop against a command's words
FREE = 150  # a state with more words than that is a free slot
FREE_WORD = 1e-30  # its words' weight
# Wide enough that the loop of sounds, whose words are many and short, is never lost on the way (pocketsphinx: 7e-29).
WORD_BEAM = 1e-40


class GrammarTranscriber:
    """The port's Transcriber over pocketsphinx, on one thread of its own.

    ``jsgf`` is the grammar; ``pronunciations`` gives words that the dictionary lacks, in ARPAbet.
    """

    def __init__(self, jsgf: str, pronunciations: Mapping[str, str]) -> None:
        self._jsgf = jsgf
        self._pronunciations = pronunciations
        self._worker: Worker | None = None
        self._decoder: Any = None

    async def start(self) -> None:
        await self._on_worker(self._decode, bytes(2 * RATE))

    async def transcribe(self, take: Pcm) -> Transcript:
        if take.rate != RATE:
            raise TranscriberError(f"The recogniser needs sound at {RATE} Hz, not {take.rate}.")
        began = time.perf_counter()
        text = await self._on_worker(self._decode, take.data)
        timings = {"decode": (time.perf_counter() - began) * 1000}
        return Transcript(text, "en", 1.0 if text else 0.0, "grammar", timings)

    def close(self) -> None:
        if self._worker:
            self._worker.close()
        self._worker = self._decoder = None

    async def _on_worker(self, what: Callable[..., T], *args: Any) -> T:
        if self._worker is None:
            self._worker = Worker("grammar")
        return await self._worker.run(what, *args)

    def _decode(self, data: bytes) -> str:
        """The command that was said; nothing for silence and for speech that is no command."""
        if self._decoder is None:
            self._decoder = self._load()
        decoder = self._decoder
        decoder.start_utt()
        if data:
            decoder.process_raw(data, full_utt=True)
        decoder.end_utt()
        found = decoder.hyp()
        text = found.hypstr if found else ""
        return "" if "[" in text else text

    def _load(self) -> Any:
        try:
            import pocketsphinx
        except (ImportError, OSError) as missing:
            raise TranscriberError(
                "pocketsphinx is not installed, or broken.", fix="Install it: pip install pocketsphinx"
            ) from missing
        decoder = pocketsphinx.Decoder(lm=None, samprate=RATE, loglevel="FATAL", bestpath=False, wbeam=WORD_BEAM)
        for word, sounds in self._pronunciations.items():
            if not decoder.lookup_word(word):
                decoder.add_word(word, sounds, True)
        try:
            automaton = _automaton(decoder.parse_jsgf(self._jsgf))
        except (RuntimeError, ValueError) as broken:
            raise TranscriberError(f"The grammar can't be compiled: {broken}.") from broken
        unknown = sorted({word for _, _, word in automaton.arcs if not decoder.lookup_word(word)})
        if unknown:
            raise TranscriberError(
                f"The recogniser can't pronounce: {', '.join(unknown)}.", fix="Add them to the pronunciations."
            )
        _activate(decoder, automaton)
        return decoder


def _automaton(network: Any) -> Automaton:
    with tempfile.TemporaryDirectory(prefix="oi-voice-") as folder:
        path = Path(folder) / "network"
        network.writefile(str(path))
        return minimal(*read(path.read_text(encoding="utf-8").splitlines()))


def _activate(decoder: Any, automaton: Automaton) -> None:
    """Have the decoder listen for the automaton's sentences, or for anything else that is spoken."""
    width = Counter(origin for origin, _, _ in automaton.arcs)
    last = 1 + max(max(origin, target) for origin, target, _ in automaton.arcs)
    noise = last + 1
    arcs: list[tuple[int, int, float] | tuple[int, int, float, str]] = [
        (origin, target, FREE_WORD if width[origin] > FREE else 1 / width[origin], word)
        for origin, target, word in sorted(automaton.arcs)
    ]
    arcs += [(state, last, 1.0) for state in sorted(automaton.accepting)]
    for sound in SOUNDS.split():
        word = f"[{sound.lower()}]"
        decoder.add_word(word, sound, True)
        arcs += [(automaton.start, noise, NOISE, word), (noise, noise, NOISE, word)]
    arcs.append((noise, last, NO_COMMAND))
    decoder.add_fsg("commands", decoder.create_fsg("commands", automaton.start, last, arcs))
    decoder.activate_search("commands")
