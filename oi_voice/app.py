"""The programs: the assistant, the typed chat, the demo."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from oi_voice.errors import DesktopError, OiVoiceError
from oi_voice.runtime import Core, spawn
from oi_voice.settings import Settings
from oi_voice.terminal import flags, tools, voice_flags
from oi_voice.terminal.opening import open_profiles, opened
from oi_voice.terminal.render import Printer, complain, say

if TYPE_CHECKING:
    from oi_voice.desktop.assistant import Assistant
    from oi_voice.engine import Engine

ENDINGS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


def main(argv: Sequence[str] | None = None) -> int:
    """``oi-voice``."""
    line = flags.assistant(argv)
    programs = {
        "": _assistant,
        "demo": _demo,
        "commands": _commands,
        **dict.fromkeys(tools.TOOLS, _tool),
        **dict.fromkeys(voice_flags.NAMES, _heard),
    }
    return _guarded(lambda: programs[line.command](line))


def interpreter(argv: Sequence[str] | None = None) -> int:
    """``interpreter``."""
    line = flags.chat(argv)
    for note in line.notes:
        complain(note)

    def program() -> int:
        if line.profiles:
            say([open_profiles(line.profile)])
            return 0
        from oi_voice import compose

        settings = _settings(line)
        _log_to_file(settings.verbose)
        compose.tell_steps(settings, otherwise=logging.INFO)
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
    from oi_voice import compose

    result, notes = compose.settings(line.profile)
    for note in notes:
        complain(note)
    result.apply(line.settings, "flags")
    return result


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
    assistant = Assistant(core, instance, settings.voice.hotkey, line.trust_synthetic_input)
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
    from oi_voice import compose
    from oi_voice.desktop.assistant import Assembled

    parts = await compose.assemble(settings, voice=True, show=lambda _: assistant.show(), browse=opened)
    assistant.at_end(parts.close)
    await parts.model.choose()
    spawn(_tell(parts.engine), "tell the terminal")
    assert parts.sound  # it was asked for
    about = parts.model.reason, parts.sound.chosen
    await assistant.start(Assembled(parts.engine, *about, parts.warm_up, parts.typed_by_code, parts.own))


async def _tell(engine: Engine) -> None:
    from oi_voice.events import Heard, Notice, Progress

    printer = Printer()
    async for event in engine.subscribe():
        if isinstance(event, Notice | Progress):
            printer.show(event)
        elif isinstance(event, Heard):
            printer.tell(f"You: {event.text}")


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
    from oi_voice import compose
    from oi_voice.computer.clipboard import SystemClipboard
    from oi_voice.terminal.chat import Chat, Lines

    printer, lines = Printer(), Lines()
    parts = await compose.assemble(settings, voice=False, show=compose.no_window, browse=opened)
    await parts.model.choose()
    complain(parts.model.reason)
    warming = spawn(parts.warm_up(), "warm up")
    try:
        await Chat(parts.engine, printer, lines, copy=SystemClipboard().write).run()
    finally:
        warming.cancel()
        await parts.close()
    return 0


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


def _tool(line: flags.CommandLine) -> int:
    return tools.run(line.command, line.tool, line.json)


def _heard(line: flags.CommandLine) -> int:
    from oi_voice import voice_programs

    if line.command == "talk":
        return voice_programs.talk(**line.tool)
    settings = _settings(line)
    if line.command == "mic":
        return voice_programs.mic(settings, **line.tool)
    if line.command == "download":
        return voice_programs.download(settings, **line.tool)
    program = voice_programs.transcribe if line.command == "transcribe" else voice_programs.doctor
    return program(settings, as_json=line.json, **line.tool)
