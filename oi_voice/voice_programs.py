"""``oi-voice talk``, ``mic``, ``transcribe`` and ``doctor``: a part of the composition root."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from contextlib import aclosing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oi_voice.settings import Settings
from oi_voice.terminal.render import complain, rewrite, say

if TYPE_CHECKING:
    from oi_voice.doctor import Bench
    from oi_voice.sound import Sound


def talk(how: str, engine: str, language: str) -> int:
    """Tell the running assistant. Raises SettingsError for what does not go together."""
    from oi_voice.desktop.instance import socket_path
    from oi_voice.desktop.talk import Talk
    from oi_voice.desktop.talk import talk as tell
    from oi_voice.errors import SettingsError

    if (engine or language) and how != Talk.RETRY:
        raise SettingsError(
            "Another recogniser or language is for a take that there is already.",
            fix="Say: oi-voice talk retry --engine whisper --language en",
        )
    tell(socket_path(), Talk(how), engine, language)
    return 0


def mic(settings: Settings, device: str, test: bool) -> int:
    """List, test, and show the level until interrupted."""
    with suppress(KeyboardInterrupt):
        return asyncio.run(_mic(device or settings.voice.microphone, test))
    say([""])
    return 0


async def _mic(device: str, test: bool) -> int:
    from oi_voice.voice.mic import check, meter, microphones

    say([f"{'*' if one.default else ' '} {one.number:3} {one.name}" for one in await microphones()])
    say(["Testing: say something …"])
    found = await check(device)
    say([found.words])
    if found.code and (test or found.code != "microphone.faint"):
        return 1
    if not test:
        async with aclosing(meter(device)) as levels:
            async for level in levels:
                rewrite(level.bar())
    return 0


def transcribe(settings: Settings, files: Sequence[str], engine: str, model: str, language: str, as_json: bool) -> int:
    """Print what is said in each file; 1 where one can't be read, of which standard error tells."""
    wanted = f"{engine or 'whisper'}:{model}" if model else engine
    entries = asyncio.run(_transcribe(settings, [Path(file) for file in files], wanted, language, as_json))
    if as_json:
        say([json.dumps(entries, ensure_ascii=False)])
    return 0 if len(entries) == len(files) else 1


async def _transcribe(
    settings: Settings, files: list[Path], wanted: str, language: str, quiet: bool
) -> list[dict[str, Any]]:
    from oi_voice.errors import TranscriberError
    from oi_voice.ports import Hints
    from oi_voice.sound import recogniser
    from oi_voice.voice.stt.gated import Gated
    from oi_voice.voice.transcribe import UNREADABLE, line
    from oi_voice.voice.transcribe import transcribe as entries_of

    inner, _ = recogniser(settings, wanted, early=False)
    transcriber, entries = Gated(inner), []
    hints = Hints((language,) if language else tuple(settings.voice.languages))
    try:
        await transcriber.start()
        for file in files:
            try:
                [entry] = [entry async for entry in entries_of([file], transcriber, hints)]
            except TranscriberError as error:
                if error.code != UNREADABLE:
                    raise
                complain(str(error))
                continue
            entries.append(entry)
            if not quiet:
                say([line(entry)])
    finally:
        transcriber.close()
    return entries


def download(settings: Settings, model: str) -> int:
    """Fetch a checkpoint, and tell how far it is. Raises SettingsError where nothing may leave this machine."""
    from oi_voice.errors import SettingsError
    from oi_voice.roster import offline

    if offline(settings):
        raise SettingsError(
            "A checkpoint comes from the network, and offline is on.",
            fix=f"For this once: oi-voice --no-offline download {model}",
        )
    with suppress(KeyboardInterrupt):
        say(["", f"It is in {asyncio.run(_download(model))}."])
        return 0
    say(["", "Stopped. Said again, it goes on from there."])
    return 130


async def _download(model: str) -> Path:
    from oi_voice.runtime import in_thread
    from oi_voice.voice.stt.download import download as fetched
    from oi_voice.voice.stt.download import official

    def told(have: int, size: int) -> None:
        rewrite(f"{model}: {have / 1e6:.0f} of {size / 1e6:.0f} MB")

    return await fetched(await in_thread(official, model, name="checkpoint"), told)


def doctor(settings: Settings, as_json: bool) -> int:
    """Try every part; 1 where one fails."""
    return asyncio.run(_doctor(settings, as_json))


async def _doctor(settings: Settings, as_json: bool) -> int:
    from dataclasses import asdict

    from oi_voice import compose, ledger
    from oi_voice.doctor import Check, examine

    checks: list[Check] = []
    parts = await compose.assemble(settings, voice=True, show=compose.no_window)
    try:
        await parts.model.choose()
        assert parts.sound  # a voice was asked for
        bench, turns = _bench(settings, parts.sound), ledger.read(ledger.default_path())
        async with aclosing(examine(parts.engine.kit, bench, turns)) as found:
            async for check in found:
                checks.append(check)
                if not as_json:
                    say([f"{'ok  ' if check.ok else 'FAIL'} {check.name:15} {check.words}"])
    finally:
        await parts.close()
    if as_json:
        say([json.dumps([asdict(check) for check in checks], ensure_ascii=False)])
    return 0 if all(check.ok for check in checks) else 1


def _bench(settings: Settings, sound: Sound) -> Bench:
    """What the doctor tries beside the kit."""
    from oi_voice.desktop.hotkeys import try_key
    from oi_voice.desktop.instance import Instance, socket_path
    from oi_voice.doctor import Bench
    from oi_voice.errors import DesktopError
    from oi_voice.ports import Pcm
    from oi_voice.runtime import in_thread
    from oi_voice.voice.activity import RATE
    from oi_voice.voice.pcm import resample

    async def key() -> str:
        try:
            return await in_thread(try_key, settings.voice.hotkey, name="talk key")
        except DesktopError as error:
            if error.code != "desktop.key_taken":
                raise
            if first := Instance.claim(socket_path()):
                first.close()
                raise
            return "The oi_voice that runs has it."

    async def render(words: str) -> Pcm:
        await sound.synthesizer.start()
        said = await sound.synthesizer.render(words, "en")
        return Pcm(await in_thread(resample, said.data, said.rate, RATE, name="resample"), RATE)

    return Bench(key, sound.chosen.transcriber, render)
