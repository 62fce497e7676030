"""What Whisper says of silence and noise is often confident nonsense: when not to believe it, and what to try then.

No single sign suffices, so there are several: probability, the model's own verdict that nobody spoke, repetition,
more text than anybody says in that time, an echo of the prompt and, last, phrases that come from the captions it was
trained on.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from oi_voice.ports import Word

# openai-whisper's own thresholds. It drops a segment only when both say silence; either is enough here, for a
# confident hallucination passes the pair, and a command that was not given is worse than one said twice.
NO_SPEECH = 0.6
LOG_PROBABILITY = -1.0
COMPRESSION = 2.4  # text that packs better than this repeats itself
HURRY = 40  # characters a second; the fastest auctioneer stays below
LEAST = 20  # characters that anything may have
# What captions end with and commands never are. Plain thanks are not among them: people say these.
CAPTIONS = re.compile(
    r"thank(s| you)( so much| very much)? for (watching|listening|viewing)( this video)?"
    r"|(please |don't forget to |remember to )?(like (and|comment) )?(and )?subscribe( to (my|the|our) channel)?"
    r"|see you (in the )?next (time|video|week)"
    r"|(sub|sous-?)?titles? (by|par|von) .*|untertitel.*|subt[ií]tulos.*|sous-titres.*|legendas.*"
    r"|.*amara\.?org.*|.*transcri(bed|ption) by .*|copyright .*|all rights reserved|www\..*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Heard:
    """What a model made of one window of sound.

    ``log_probability`` is the mean of its ``tokens``; ``no_speech`` its probability that nobody spoke. ``words`` count
    their seconds from the window's beginning.
    """

    text: str
    language: str = "en"
    log_probability: float = 0.0
    no_speech: float = 0.0
    tokens: int = 0
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Attempt:
    """A way to decode a window: as long as the clip is or filled up to 30 s, with the prompt or without."""

    temperature: float = 0.0
    padded: bool = False
    prompted: bool = False


# Hotter ones invent. Shortened windows and prompts are ours, so whatever looks wrong is asked again without them.
ATTEMPTS = (Attempt(prompted=True), Attempt(padded=True), Attempt(0.2, padded=True), Attempt(0.4, padded=True))


def settle(decode: Callable[[Attempt], Heard], seconds: float, prompt: str = "") -> Heard:
    """The first result that can be believed of a window that long; without any words when none can."""
    for attempt in ATTEMPTS:
        heard = decode(attempt)
        if believable(heard, seconds, prompt if attempt.prompted else "") and (
            attempt.padded or not doubled(heard.text)
        ):
            return heard
        if attempt.padded and heard.no_speech > NO_SPEECH:
            break
    return Heard("", heard.language, heard.log_probability, heard.no_speech)


def believable(heard: Heard, seconds: float, prompt: str = "") -> bool:
    """Whether somebody said that, in so many seconds, to a model given that ``prompt``."""
    text = heard.text.strip()
    return bool(
        text
        and heard.no_speech <= NO_SPEECH
        and heard.log_probability >= LOG_PROBABILITY
        and compression(text) <= COMPRESSION
        and len(text) <= LEAST + HURRY * seconds
        and not CAPTIONS.fullmatch(text.strip(" .!?…♪"))
        and not _echoes(text, prompt)
    )


def doubled(text: str) -> bool:
    """Whether it says all there is twice, as of a shortened window some models do."""
    words = re.findall(r"\w+", text.lower())
    half = len(words) // 2
    return bool(words) and words[:half] == words[half:]


def compression(text: str) -> float:
    """How many times smaller the text gets."""
    data = text.encode()
    return len(data) / len(zlib.compress(data)) if data else 0.0


def _echoes(text: str, prompt: str) -> bool:
    """Whether several words in a row are the prompt's: one alone may well have been said."""
    said, given = (" ".join(re.findall(r"\w+", part.lower())) for part in (text, prompt))
    return said.count(" ") >= 2 and f" {said} " in f" {given} "
