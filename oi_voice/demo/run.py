"""``oi-voice demo``: sets the stage, plays every scene, keeps the evidence."""

from __future__ import annotations

import json
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from oi_voice.demo.cast import Cast
from oi_voice.demo.children import missing
from oi_voice.demo.eyes import Eyes
from oi_voice.demo.monitor import Monitor
from oi_voice.demo.person import ESPEAK, FLITE, Person, Voice
from oi_voice.demo.program import Program, named
from oi_voice.demo.report import Report, Scene
from oi_voice.demo.scenes import SCENES
from oi_voice.demo.stage import SCREEN_PACKAGES, SOUND_PACKAGES, Stage
from oi_voice.errors import OiVoiceError

#: What the scenes need besides the stage: ears and eyes for the person, an editor to type into.
PACKAGES = {
    "paplay": "pulseaudio-utils",
    "parec": "pulseaudio-utils",
    "espeak-ng": "espeak-ng",
    "tesseract": "tesseract-ocr",
    "mousepad": "mousepad",
}


def run_demo(
    out: Path, stt: str = "grammar", model: str = "commands", *, keep: bool = False, here: bool = False
) -> Report:
    """Play the scenes against the real program and return what came of them.

    It brings up its own screen and sound, even where there are others, so that it never types into the
    person's own windows. ``here`` plays on the screen that is there; the sound stays virtual. ``keep``
    leaves the stage up after the last scene until Ctrl-C. Steps are told on stderr; ``out`` gets
    pictures, sound and transcript. The stage is taken down on any way out, SIGTERM included.
    """
    voice = ESPEAK if stt.startswith("whisper") else FLITE
    screen = {} if here else SCREEN_PACKAGES
    missing({**SOUND_PACKAGES, **screen, **PACKAGES, voice.program: voice.program})
    out.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    report = Report(out=str(out), stt=stt)
    with _terminated_as_interrupted(), ExitStack() as stack:
        _tell("stage", "brings up a virtual desktop and sound")
        stage = stack.enter_context(Stage(screen=not here))
        # Without earcons: the first sound that is heard is to be the answer.
        flags = ("--trust-synthetic-input", "--no-earcons", "--stt", _absolute(stt), "--model", model)
        cast = _cast(stack, stage, voice, flags, out)
        try:
            for name, title, play in SCENES:
                report.scenes.append(_play(cast, Scene(name, title), play))
        finally:
            _keep_evidence(cast, report, time.monotonic() - began)
        if keep:
            _tell("stage", f"stays up on display {stage.display}; Ctrl-C takes it down")
            _wait_for_interrupt()
    return report


def _cast(stack: ExitStack, stage: Stage, voice: Voice, arguments: Sequence[str], out: Path) -> Cast:
    person = Person(stage, voice)
    stack.callback(person.close)
    eyes = Eyes(stage)
    stack.callback(eyes.close)
    monitor = Monitor(stage)
    monitor.start()
    stack.callback(monitor.close)
    program = Program(stage, *arguments)
    stack.callback(program.close)
    _tell("program", "starts")
    program.start()
    return Cast(stage, program, person, eyes, monitor, out, lambda what: _tell("person", what))


def _absolute(stt: str) -> str:
    """The program runs in another folder, so the path in ``whisper:PATH`` has to be absolute."""
    engine, colon, name = stt.partition(":")
    return f"{engine}{colon}{Path(name).resolve()}" if Path(name).is_file() else stt


def _play(cast: Cast, scene: Scene, play: Callable[[Cast, Scene], None]) -> Scene:
    _tell(f"scene {scene.name}", scene.title)
    mark = cast.program.mark()
    try:
        play(cast, scene)
    except OiVoiceError as error:
        scene.ok = False
        scene.evidence += [str(error), cast.eyes.screenshot(cast.out / f"{scene.name}-failed.png").name]
        cast.person.relax()
    scene.evidence += [notice["text"] for notice in cast.program.since(mark, named("Notice"))]
    _tell(f"scene {scene.name}", "ok" if scene.ok else f"FAILED: {scene.done}")
    return scene


def _keep_evidence(cast: Cast, report: Report, seconds: float) -> None:
    out, report.seconds = cast.out, round(seconds, 1)
    cast.monitor.save(out / "spoken.wav")
    _write(out / "transcript.json", cast.program.events)
    _write(out / "report.json", report.to_json())


def _write(path: Path, data: object) -> None:
    path.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _tell(who: str, what: str) -> None:
    sys.stderr.write(f"{who:>8}: {what}\n")
    sys.stderr.flush()


@contextmanager
def _terminated_as_interrupted() -> Iterator[None]:
    """SIGTERM unwinds as Ctrl-C does, so that the stage comes down."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _wait_for_interrupt() -> None:
    try:
        signal.pause()
    except KeyboardInterrupt:
        return
