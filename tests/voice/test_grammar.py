"""The grammar recogniser on synthetic speech: the commands are heard, other speech is not taken for one."""

from __future__ import annotations

import subprocess
import wave
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from hearings import heard
from sounds import pcm, tone

from oi_voice.errors import TranscriberError
from oi_voice.llm.commands import PRONUNCIATIONS, jsgf, understand
from oi_voice.ports import Hints, Pcm
from oi_voice.voice.pcm import resample
from oi_voice.voice.stt.automaton import minimal
from oi_voice.voice.stt.grammar import RATE, GrammarEngine
from oi_voice.voice.stt.hosted import Hosted
from oi_voice.voice.stt.spelling import sounds

HEARD = (
    "what is thirty four times twelve",
    "open the text editor",
    "type hello world",
    "delete the file called notes",
    "what can you do",
    "take a screenshot",
    "press enter",
    "scroll down",
    "what time is it",
    "list the files on my desktop",
    "turn the volume up",
    "what is two hundred and five minus eighteen",
    "start a new conversation",
    "switch to the next window",
    "select all",
    "create a folder called projects",
    "click on cancel",
    "read the screen",
    "go back",
    "stop",
)
OTHER = (
    "I think we should have lunch at noon",
    "where did you put my car keys",
    "the quick brown fox jumps over the lazy dog",
    "my brother lives in Chicago",
    "would you like a cup of coffee",
    "she sells sea shells by the sea shore",
    "that was a really good movie",
    "he never told me about it",
    "it is going to be cold tonight",
    "they bought a new house in the country",
)


@pytest.fixture(scope="module")
def flite(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Pcm]:
    """A sentence in flite's voice slt, with silence around it."""
    folder = tmp_path_factory.mktemp("flite")

    def say(text: str) -> Pcm:
        path = folder / "said.wav"
        subprocess.run(["flite", "-voice", "slt", "-t", text, "-o", path], check=True)
        with path.open("rb") as file, wave.open(file) as sound:
            data = resample(sound.readframes(sound.getnframes()), sound.getframerate(), RATE)
        return Pcm(bytes(RATE // 2) + data + bytes(RATE // 2), RATE)

    return say


@pytest.fixture
async def recogniser() -> AsyncIterator[Hosted]:
    host = Hosted(lambda: GrammarEngine(jsgf(), PRONUNCIATIONS))
    await host.start()
    yield host
    host.close()


async def test_commands_are_heard(recogniser: Hosted, flite: Callable[[str], Pcm]) -> None:
    wrong = [(said, text) for said in HEARD if (text := (await heard(recogniser, flite(said))).text) != said]
    assert len(wrong) <= len(HEARD) // 20, wrong


async def test_what_is_heard_is_always_a_command_and_most_other_speech_is_none(
    recogniser: Hosted, flite: Callable[[str], Pcm]
) -> None:
    taken = [text for said in OTHER if (text := (await heard(recogniser, flite(said))).text)]
    assert all(understand(text) for text in taken), taken
    assert len(taken) <= len(OTHER) // 3, taken


async def test_silence_and_tones_are_no_command(recogniser: Hosted) -> None:
    for take in (Pcm(b"", RATE), Pcm(bytes(2 * RATE), RATE), tone(1.0), pcm(tone_free_noise())):
        transcript = await heard(recogniser, take)
        assert (transcript.text, transcript.engine) == ("", "grammar")


def tone_free_noise() -> object:
    import numpy

    return numpy.random.default_rng(1).normal(0, 0.05, RATE)


async def test_a_command_is_heard_before_its_end_with_its_words_and_how_sure_it_is(
    recogniser: Hosted, flite: Callable[[str], Pcm]
) -> None:
    transcript = await heard(recogniser, flite("open the text editor"))
    assert [word.text for word in transcript.words] == ["open", "the", "text", "editor"]
    assert 0.4 <= transcript.words[0].start < transcript.words[-1].end <= 2.5
    assert 0.5 < transcript.confidence <= 1
    assert transcript.timings_ms["decode"] < transcript.timings_ms["early"]


async def test_the_persons_vocabulary_is_heard_where_free_words_are(
    recogniser: Hosted, flite: Callable[[str], Pcm]
) -> None:
    take = flite("type hello docker")
    assert "docker" not in (await heard(recogniser, take)).text
    assert (await heard(recogniser, take, Hints(vocabulary=("Docker", "hello")))).text == "type hello docker"
    assert "docker" not in (await heard(recogniser, take)).text


async def test_words_that_no_dictionary_has_are_said_as_spelled(flite: Callable[[str], Pcm]) -> None:
    host = Hosted(lambda: GrammarEngine("#JSGF V1.0; grammar g; public <c> = open the (blorping | grafanator);", {}))
    assert (await heard(host, flite("open the blorping"))).text == "open the blorping"
    host.close()


@pytest.mark.parametrize(
    ("word", "said"),
    [
        *(("make", "M EY K"), ("phone", "F OW N"), ("knight", "N AY T"), ("station", "S T AE SH AH N")),
        *(("kubectl", "K UW B EH K T L"), ("ssh", "EH S EH S EY CH"), ("Anna", "AE N AH"), ("42", "")),
    ],
)
def test_spelling_is_pronounced(word: str, said: str) -> None:
    assert sounds(word) == said


@pytest.mark.parametrize(
    ("grammar", "words"),
    [
        ("#JSGF V1.0; grammar g; public <c> = open the 7;", "can't pronounce: 7"),
        ("this is no grammar", "can't be compiled"),
    ],
)
async def test_a_bad_grammar_is_told(grammar: str, words: str) -> None:
    broken = Hosted(lambda: GrammarEngine(grammar, {}))
    with pytest.raises(TranscriberError, match=words):
        await broken.start()
    broken.close()


def test_the_automaton_is_the_smallest_for_the_same_sentences() -> None:
    # (open | close) [the] door, with a detour of empty arcs
    arcs = [
        *((0, 1, "open"), (0, 2, "close"), (1, 3, ""), (2, 3, "")),
        *((3, 4, "the"), (3, 4, ""), (4, 5, "door"), (5, 6, "")),
    ]
    automaton = minimal(0, 6, arcs)
    states = {automaton.start, *automaton.accepting, *(target for _, target, _ in automaton.arcs)}
    assert len(states) == 4
    assert sorted(word for _, _, word in automaton.arcs) == ["close", "door", "door", "open", "the"]


def test_the_demo_checkpoint_and_the_table_share_their_phrases() -> None:
    phrases = (Path(__file__).parents[1] / "assets" / "phrases.txt").read_text(encoding="utf-8").splitlines()
    assert all(understand(line.split("\t")[1]) for line in phrases)
