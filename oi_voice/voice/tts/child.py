"""The child that renders speech with pyttsx3: a JSON request per line in, a JSON answer per line out.

Run by path, apart from the rest of the program, by ``oi_voice.voice.tts.pyttsx3``. Arguments: words a minute, volume
0 to 1. The first line out has the engine's ``voices`` and its ``usual`` one once it is ready, or says why it is not:
``missing``. A request names the text, the WAV file to write and the voice's id; the answer is ``{}`` or holds an
``error``. Ends when stdin does.

One engine serves for good, for a second one hangs, and only ever saves to files, for what is said aloud through
pyttsx3 can't be stopped on Linux.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any, TextIO

PR_SET_PDEATHSIG = 1  # linux/prctl.h
WAV_HEADER = 44  # bytes: a file of that size is silent


def main(rate: str, volume: str) -> None:
    """Serve until stdin ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # pyttsx3 prints a line for every file
    failures: list[str] = []
    try:
        engine = _engine(int(rate), float(volume), failures)
        usual, voices = engine.getProperty("voice"), [_described(voice) for voice in engine.getProperty("voices")]
    except (ImportError, OSError, RuntimeError) as error:
        _answer(answers, error=str(error), missing=True)
        return
    _answer(answers, voices=voices, usual=usual)
    spoken_by = usual
    for line in sys.stdin:
        request = json.loads(line)
        wanted = request["voice"]
        try:
            if wanted != spoken_by:
                engine.setProperty("voice", wanted)
                spoken_by = wanted
            _render(engine, request["text"], request["path"])
        except (OSError, RuntimeError, ValueError) as error:
            failures.append(str(error))
        written = Path(request["path"]).exists()
        _answer(answers, **({} if written else {"error": "; ".join(failures) or "the engine wrote nothing"}))
        failures.clear()


def _engine(rate: int, volume: float, failures: list[str]) -> Any:
    import pyttsx3

    engine = pyttsx3.init()
    engine.connect("error", lambda name, exception: failures.append(str(exception)))
    engine.setProperty("rate", rate)
    engine.setProperty("volume", volume)
    engine.runAndWait()  # the first call only applies what is set
    return engine


def _described(voice: Any) -> dict[str, Any]:
    """A voice as plain values; some drivers give languages as bytes that begin with a priority."""
    languages = [
        each.lstrip(b"\5\2").decode() if isinstance(each, bytes) else str(each) for each in voice.languages or ()
    ]
    return {"id": str(voice.id), "name": str(voice.name), "languages": languages}


def _render(engine: Any, text: str, path: str) -> None:
    for _ in range(2):
        engine.save_to_file(text, path)
        engine.runAndWait()
        _settle()
        if Path(path).stat().st_size > WAV_HEADER or not any(map(str.isalnum, text)):
            return


def _settle() -> None:
    """Wait until espeak is done with the sentence.

    It may say twice that a sentence is over, and pyttsx3 would take the second time for the end of the next one,
    whose sound it then drops.
    """
    if espeak := sys.modules.get("pyttsx3.drivers._espeak"):
        espeak.Synchronize()


def _answer(answers: TextIO, **fields: Any) -> None:
    answers.write(json.dumps(fields) + "\n")
    answers.flush()


if __name__ == "__main__":
    main(*sys.argv[1:3])
