"""The composition root: the one file that names all adapters, and puts an engine together from them."""

from __future__ import annotations

import asyncio
import logging
import os
import warnings
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oi_voice import profiles
from oi_voice.errors import ComputerError, OiVoiceError
from oi_voice.facade.asynchronous import AsyncInterpreter as _AsyncInterpreter
from oi_voice.facade.interpreter import OpenInterpreter as _OpenInterpreter
from oi_voice.facade.parts import Hooks, Machine, Terminal
from oi_voice.settings import Settings

if TYPE_CHECKING:
    from oi_voice.computer.windows import Windows
    from oi_voice.consent.judge import Judge
    from oi_voice.engine import Engine
    from oi_voice.kit import Kit
    from oi_voice.languages.registry import Registry
    from oi_voice.llm.configured import ConfiguredModel
    from oi_voice.ports import Transcriber
    from oi_voice.sound import Sound

log = logging.getLogger(__name__)
# What every kernel begins with. A kernel drops its working directory from the path, which may be where we live.
PRELUDE = f"""\
__import__("sys").path.append({str(Path(__file__).parents[1])!r})
from oi_voice.computer.stub import computer"""
STEPS = "oi_voice steps"  # the name of the log handler that ``verbose`` adds
OURS = ("oi_voice",)  # what our windows are called, which running code may not touch


@dataclass
class Parts:
    """An engine with everything it works on; ``warm`` is what may be started behind it.

    ``typed_by_code`` tells whether running code has just pressed a key of that name; ``own`` is told of a process
    whose windows it may not touch.
    """

    engine: Engine
    model: ConfiguredModel
    registry: Registry
    typed_by_code: Callable[[str], bool]
    own: Callable[[Callable[[], int | None]], None]
    sound: Sound | None = None
    warm: list[Callable[[], Awaitable[None]]] = field(default_factory=list)

    async def warm_up(self) -> None:
        """All at once; what fails is told, and tried again when it is needed."""
        for error in await asyncio.gather(*(start() for start in self.warm), return_exceptions=True):
            if isinstance(error, OiVoiceError):
                self.engine.notify("warning", error.code, str(error))
            elif error is not None:
                log.error("warming up failed", exc_info=error)

    async def close(self) -> None:
        """Stop, and let go of everything."""
        if self.sound:
            self.sound.close()
        await self.engine.close()

    def languages(self) -> list[Any]:
        """The languages there are, each with a ``name``."""
        return list(self.registry.entries())

    async def set_languages(self, languages: Sequence[Any]) -> None:
        """Let these be all there are; those dropped are ended. Raises LanguageError."""
        for dropped in self.registry.replace(languages):
            await dropped.terminate()  # it may be chosen again

    async def terminate(self) -> None:
        """End what the languages run; they begin afresh when used again."""
        for language in self.registry:
            await language.terminate()


def settings(profile: str = "") -> tuple[Settings, list[str]]:
    """The settings of the person's default or named profile and environment, and what there is to say of it."""
    result = Settings()
    notes = profiles.load(result, profile)
    result.from_environment(os.environ)
    return result, notes


async def assemble(
    settings: Settings,
    *,
    voice: bool,
    show: Callable[[str], None],
    hooks: Hooks | None = None,
    browse: Callable[[Path], bool] | None = None,
) -> Parts:
    """An engine on the real adapters; ``browse`` opens a page in the person's browser.

    Raises OiVoiceError, with nothing left open, for settings that can't be met.
    """
    from oi_voice.computer.api import describe
    from oi_voice.computer.broker import Broker
    from oi_voice.computer.handlers import devices
    from oi_voice.controls import Controls
    from oi_voice.engine import Engine
    from oi_voice.kit import Kit
    from oi_voice.languages.family import Family
    from oi_voice.languages.host import Host
    from oi_voice.llm.configured import ConfiguredModel
    from oi_voice.roster import Roster, check

    # First what may be refused: nothing is open yet.
    hearing = _recogniser(settings) if voice else None
    check(settings)
    hooks = hooks or Hooks()
    computer = devices(OURS)
    broker = Broker(computer.handlers, computer.release)
    host = Host(Family(), lambda prompt, secret: engine.ask(prompt, secret), lambda: settings.max_output)
    await broker.start(host.family.folder)
    try:
        languages = Roster(
            settings, host, PRELUDE, broker.address, lambda error: engine.notify("error", error.code, str(error))
        )
        registry = languages.registry(browse, hooks.languages)
    except OiVoiceError:
        await broker.close()
        await host.family.close()
        raise
    model = ConfiguredModel(
        settings, os.environ, lambda words: engine.notify("info", "model.waiting", words), lambda: hooks.completions
    )
    kit = Kit(model, registry, broker, api=describe(), read=_reader(hooks), purse=hooks.purse, judge=_judge(settings))
    engine = Engine(kit, settings, hooks.kept)
    broker.register("assistant", Controls(engine, settings, show))
    parts = Parts(engine, model, registry, computer.keyboard.pressed_lately, computer.own.add)
    parts.warm = [languages.warm]
    if hearing:
        _add_voice(parts, kit, settings, computer.windows, *hearing)
    return parts


def _judge(settings: Settings) -> Judge:
    """The person's own rules, and the record unless they want none."""
    from oi_voice.consent import audit, rules
    from oi_voice.consent.judge import Judge
    from oi_voice.consent.semgrep import scan

    log = audit.AuditLog(audit.default_path()) if settings.audit_log else None
    return Judge(rules.Rules(rules.default_path()), log, scan)


def _reader(hooks: Hooks) -> Callable[[Any], Awaitable[str]]:
    """What gives a picture's text to models that see none: the program's own function, else the text in it."""
    from oi_voice.llm.describe import Describer

    own: dict[object, Describer] = {}

    async def read(message: Any) -> str:
        function = hooks.vision_renderer
        if function not in own:
            own.clear()
            own[function] = Describer(_text_in, function)
        return await own[function](message)

    return read


def _text_in(png: bytes) -> str:
    from oi_voice.computer.ocr import text_of

    return text_of(png)


def _recogniser(settings: Settings) -> tuple[Transcriber, str]:
    from oi_voice.sound import recogniser

    return recogniser(settings)


def _add_voice(
    parts: Parts, kit: Kit, settings: Settings, windows: Windows, transcriber: Transcriber, name: str
) -> None:
    from oi_voice.sound import Sound

    sound = parts.sound = Sound(parts.engine, settings, transcriber, name, windows)
    kit.ear, kit.mouth = sound.ear, sound.mouth
    parts.warm += [sound.prepare, sound.ear.transcriber.start, sound.synthesizer.start]


# --- the Python API


class _Composition:
    """What the Python API asks of us."""

    def settings(self) -> Settings:
        result, notes = settings()
        for note in notes:
            warnings.warn(note, FutureWarning, stacklevel=4)
        tell_steps(result)
        return result

    async def open(self, settings: Settings, hooks: Hooks) -> Machine:
        return await assemble(settings, voice=False, show=no_window, hooks=hooks)

    def terminal(self) -> Terminal:
        from oi_voice.computer.clipboard import SystemClipboard
        from oi_voice.terminal.blocking import BlockingTerminal

        return BlockingTerminal(SystemClipboard().write)


def tell_steps(settings: Settings, otherwise: int = logging.NOTSET) -> None:
    """``verbose``, now and whenever it changes: each step on standard error. ``otherwise``: the log's level without."""

    def tell(changed: dict[str, Any]) -> None:
        if "verbose" not in changed:
            return
        steps = logging.getLogger("oi_voice")
        for handler in [handler for handler in steps.handlers if handler.name == STEPS]:
            steps.removeHandler(handler)
        if changed["verbose"]:
            shown = logging.StreamHandler()
            shown.name = STEPS
            shown.setFormatter(logging.Formatter("oi_voice: %(message)s"))
            steps.addHandler(shown)
        steps.setLevel(logging.DEBUG if changed["verbose"] else otherwise)

    settings.subscribe(tell)
    tell({"verbose": settings.verbose})


class OpenInterpreter(_OpenInterpreter):
    __doc__ = _OpenInterpreter.__doc__
    _composition = _Composition()


class AsyncInterpreter(_AsyncInterpreter):
    __doc__ = _AsyncInterpreter.__doc__
    _composition = _Composition()


def no_window(what: str) -> None:
    """Where an assistant would show its window."""
    raise ComputerError("There is no window here.", fix="`oi-voice` has one; `interpreter --help` lists the settings.")
