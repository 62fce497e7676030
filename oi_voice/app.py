"""The composition root: the one file that names all adapters, and the programs made of them."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from oi_voice.errors import ComputerError, DesktopError, OiVoiceError, SettingsError
from oi_voice.runtime import Core, spawn
from oi_voice.settings import Settings
from oi_voice.terminal import flags
from oi_voice.terminal.render import Printer, complain, say

if TYPE_CHECKING:
    from oi_voice.desktop.assistant import Assistant
    from oi_voice.engine import Engine
    from oi_voice.ports import Model, Transcriber
    from oi_voice.turn import Kit

log = logging.getLogger(__name__)
# What every kernel begins with. A kernel drops its working directory from the path, which may be where we live.
PRELUDE = f"""\
__import__("sys").path.append({str(Path(__file__).parents[1])!r})
from oi_voice.computer.stub import computer"""
# Whisper checkpoints that auto looks for, the best for short commands first.
CHECKPOINTS = ("base.en", "base", "small.en", "small", "tiny.en", "tiny", "turbo", "medium", "large-v3")
ENDINGS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
LANGUAGES = ("python",)
OURS = ("oi_voice",)  # what our windows are called, which running code may not touch


def main(argv: Sequence[str] | None = None) -> int:
    """``oi-voice``."""
    line = flags.assistant(argv)
    programs = {"": _assistant, "demo": _demo, "commands": _commands}
    return _guarded(lambda: programs[line.command](line))


def interpreter(argv: Sequence[str] | None = None) -> int:
    """``interpreter``."""
    line = flags.chat(argv)

    def program() -> int:
        settings = _settings(line)
        _log_to_file(settings.verbose)
        return asyncio.run(_chat(settings))

    return _guarded(program)


def _guarded(program: Callable[[], int]) -> int:
    try:
        return program()
    except OiVoiceError as error:
        complain(str(error))
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # whoever read our output has left
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 1


def _settings(line: flags.CommandLine) -> Settings:
    from oi_voice import profiles

    settings = Settings()
    if line.profile:
        settings.apply(profiles.read(line.profile), "profile")
    settings.from_environment(os.environ)
    settings.apply(line.settings, "flags")
    return settings


# --- the parts


@dataclass
class Parts:
    """An engine with everything it works on; ``warm`` is what may be started behind it.

    ``typed_by_code`` tells whether running code has just pressed a key of that name.
    """

    engine: Engine
    model: str
    typed_by_code: Callable[[str], bool]
    recogniser: str = ""
    warm: list[Callable[[], Awaitable[None]]] = field(default_factory=list)

    async def warm_up(self) -> None:
        """All at once; what fails is told, and tried again when it is needed."""
        for error in await asyncio.gather(*(start() for start in self.warm), return_exceptions=True):
            if isinstance(error, OiVoiceError):
                self.engine.notify("warning", error.code, str(error))
            elif error is not None:
                log.error("warming up failed", exc_info=error)


async def _parts(settings: Settings, *, voice: bool, show: Callable[[str], None]) -> Parts:
    from oi_voice.computer.broker import Broker
    from oi_voice.computer.handlers import devices
    from oi_voice.controls import Controls
    from oi_voice.engine import Engine
    from oi_voice.languages.kernel import JupyterPython
    from oi_voice.languages.registry import Registry
    from oi_voice.turn import Kit

    # First what may be refused: nothing is open yet.
    model, why, starts = await _model(settings, LANGUAGES)
    hearing = _transcriber(settings.stt) if voice else None
    computer = devices(OURS)
    broker = Broker(computer.handlers, computer.release)
    await broker.start()
    python = JupyterPython(PRELUDE, {"OI_VOICE_BROKER": broker.address})
    kit = Kit(model, Registry(dict.fromkeys(LANGUAGES, python)), broker)
    engine = Engine(kit, settings)
    broker.register("assistant", Controls(engine, settings, show))
    parts = Parts(engine, why, computer.keyboard.pressed_lately, warm=[python.start, *starts])
    if hearing:
        _add_voice(parts, kit, settings, *hearing)
    return parts


async def _model(
    settings: Settings, languages: Sequence[str]
) -> tuple[Model, str, list[Callable[[], Awaitable[None]]]]:
    """The language model to use, a sentence on which and why, and what to warm up for it."""
    name, base, why = settings.model, settings.api_base, ""
    if not name.strip():
        raise SettingsError("No model is named.", fix="Say --model auto, --model commands or a model's name.")
    if name == "auto" and base:
        raise SettingsError("With --api_base the model must be named too.", fix="For example: --model openai/qwen3")
    if name == "auto":
        from oi_voice.llm.discover import discover

        choice = await discover(os.environ)
        name, base, why = choice.model, choice.api_base, choice.reason
    if name == "commands":
        from oi_voice.llm.commands import CommandModel

        return CommandModel(), why or "Using the built-in commands.", []
    from oi_voice.computer.api import describe
    from oi_voice.agent.prompt import system_message
    from oi_voice.llm.litellm import LiteLLMModel

    model = LiteLLMModel(name, base, settings.api_key, system=system_message(languages, describe()))
    return model, why or f"Using {name}.", [model.start]


def _add_voice(parts: Parts, kit: Kit, settings: Settings, transcriber: Transcriber, name: str) -> None:
    from oi_voice.turn import Ear, Mouth
    from oi_voice.voice.player import Player
    from oi_voice.voice.recorder import Recorder
    from oi_voice.voice.sentences import Sentences
    from oi_voice.voice.stt.gated import Gated
    from oi_voice.voice.tts.pyttsx3 import Pyttsx3Synthesizer

    engine, parts.recogniser = parts.engine, name
    recorder = Recorder(
        settings.microphone,
        max_seconds=settings.max_take,
        on_level=engine.heard_level,
        on_fault=lambda error: engine.notify("warning", error.code, str(error)),
    )
    synthesizer = Pyttsx3Synthesizer(settings.voice_rate, settings.voice)
    settings.subscribe(lambda _: synthesizer.tune(settings.voice_rate, settings.voice))
    kit.ear = Ear(recorder, Gated(transcriber))
    kit.mouth = Mouth(Sentences, synthesizer, Player(settings.speaker))
    parts.warm += [recorder.prepare, transcriber.start, synthesizer.start]


def _transcriber(wanted: str) -> tuple[Transcriber, str]:
    """The recogniser of that name, and what it is called. ``auto`` takes Whisper where a checkpoint is there."""
    from oi_voice.voice.stt.whisper import WhisperTranscriber, find_checkpoint

    engine, _, name = wanted.partition(":")
    if engine == "auto":
        name = next(filter(find_checkpoint, CHECKPOINTS), "")
        engine = "whisper" if name else "grammar"
    if engine == "whisper":
        return WhisperTranscriber(name or "base"), f"Whisper ({Path(name or 'base').stem})"
    if engine != "grammar":
        raise SettingsError(f"There is no recogniser {wanted!r}.", fix="Say auto, grammar, whisper or whisper:NAME.")
    from oi_voice.llm.commands import PRONUNCIATIONS, jsgf
    from oi_voice.voice.stt.grammar import GrammarTranscriber

    return GrammarTranscriber(jsgf(), PRONUNCIATIONS), "the built-in commands' grammar"


# --- the assistant


def _assistant(line: flags.CommandLine) -> int:
    from oi_voice.desktop.assistant import Assistant
    from oi_voice.desktop.instance import ALREADY, Instance, ask, socket_path

    settings = _settings(line)
    _need_display()
    path = socket_path()
    instance = Instance.claim(path)
    if instance is None:
        ask(path, {"do": "show"})
        say([ALREADY])
        return 0
    _log_to_file(settings.verbose)
    core = Core()
    assistant = Assistant(core, instance, settings.hotkey)
    for ending in ENDINGS:
        signal.signal(ending, lambda *_: assistant.quit())
    try:
        core.call(_start(assistant, settings))
        assistant.wait()
    finally:
        core.call(assistant.close(), timeout=10)
        core.stop()
    return 0


def _need_display() -> None:
    if sys.platform != "linux" or os.environ.get("WAYLAND_DISPLAY"):
        return
    what = "There is no display here."
    if name := os.environ.get("DISPLAY"):
        from Xlib.display import Display
        from Xlib.error import DisplayError

        try:
            Display(name).close()
        except (DisplayError, OSError) as error:
            what = f"The display {name} can't be reached ({error})."
        else:
            return
    raise DesktopError(
        what,
        fix="Start oi-voice inside a desktop session, watch it work with `oi-voice demo`, or type to it with"
        " `interpreter`.",
    )


async def _start(assistant: Assistant, settings: Settings) -> None:
    parts = await _parts(settings, voice=True, show=lambda _: assistant.show())
    spawn(_tell(parts.engine), "tell the terminal")
    await assistant.start(parts.engine, parts.model, parts.recogniser, parts.warm_up, parts.typed_by_code)


async def _tell(engine: Engine) -> None:
    from oi_voice.events import Notice

    printer = Printer()
    async for event in engine.subscribe():
        if isinstance(event, Notice):
            printer.show(event)


def _log_to_file(verbose: bool) -> None:
    import platformdirs

    folder = Path(platformdirs.user_log_dir("oi_voice", appauthor=False))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = logging.FileHandler(folder / "oi_voice.log", encoding="utf-8")
    except OSError as error:
        complain(f"No log is kept: {error}.")
        return
    Path(handler.baseFilename).chmod(0o600)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("oi_voice").setLevel(logging.DEBUG if verbose else logging.INFO)  # libraries log what was said


# --- the other programs


async def _chat(settings: Settings) -> int:
    from oi_voice.terminal.chat import Chat, Lines

    printer, lines = Printer(), Lines()
    parts = await _parts(settings, voice=False, show=_no_window)
    complain(parts.model)
    warming = spawn(parts.warm_up(), "warm up")
    try:
        await Chat(parts.engine, printer, lines).run()
    finally:
        warming.cancel()
        await parts.engine.close()
    return 0


def _no_window(what: str) -> None:
    raise ComputerError("There is no window here.", fix="`oi-voice` has one; `interpreter --help` lists the settings.")


def _demo(line: flags.CommandLine) -> int:
    from oi_voice.demo.report import table
    from oi_voice.demo.run import run_demo

    wanted = {"stt": "grammar", "model": "commands", **line.settings}
    report = run_demo(line.out, wanted["stt"], wanted["model"], keep=line.keep, here=line.here)
    say([json.dumps(report.to_json(), ensure_ascii=False)] if line.json else [table(report)])
    return 0 if report.ok else 1


def _commands(line: flags.CommandLine) -> int:
    from oi_voice.llm.commands import sayings

    for group, phrases in sayings().items():
        say([f"{group}:", *(f"  {phrase}" for phrase in phrases)])
    return 0
