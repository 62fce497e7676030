"""The person's own editor, in their own terminal."""

from __future__ import annotations

import asyncio
import os
import shlex
import tempfile
from pathlib import Path

from oi_voice.errors import OiVoiceError
from oi_voice.runtime import in_thread
from oi_voice.tags import normal

ENDINGS = {"python": ".py", "javascript": ".js", "typescript": ".ts", "ruby": ".rb", "r": ".R", "java": ".java"}
ENDINGS |= dict.fromkeys(("shell", "bash", "sh", "zsh"), ".sh") | {"powershell": ".ps1", "html": ".html"}
AS_IT_WAS = "The code is as it was."


class EditorError(OiVoiceError):
    """There is no editor, or it did not end well."""

    code = "editor"


def command() -> list[str]:
    """The editor that the person has named, as words; empty without one."""
    named = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
    try:
        return shlex.split(named)
    except ValueError:
        return [named]


async def edited(code: str, language: str) -> str:
    """What the person makes of the code in their editor, which has the terminal meanwhile. Raises EditorError.

    Cancelling ends the editor.
    """
    try:
        path = await in_thread(_draft, code, ENDINGS.get(normal(language), ".txt"), name="draft")
    except OSError as error:
        raise EditorError(f"The code can't be put in a file ({error.strerror}).", fix=AS_IT_WAS) from None
    try:
        await _run([*command(), str(path)])
        return await in_thread(_read, path, name="draft")
    finally:
        path.unlink(missing_ok=True)


async def _run(words: list[str]) -> None:
    try:
        process = await asyncio.create_subprocess_exec(*words)
    except OSError as error:
        fix = f"{AS_IT_WAS} Set EDITOR to one that can, or to nothing to type it here."
        raise EditorError(f"{words[0]} can't be started ({error.strerror}).", fix=fix) from None
    try:
        if ended := await process.wait():
            raise EditorError(f"{words[0]} ended with {ended}.", fix=AS_IT_WAS)
    finally:
        if process.returncode is None:
            process.terminate()


def _draft(code: str, ending: str) -> Path:
    handle, name = tempfile.mkstemp(ending, "oi_voice-")
    with os.fdopen(handle, "w", encoding="utf-8", errors="surrogatepass", newline="\n") as file:
        file.write(code)
    return Path(name)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise EditorError("What the editor saved can't be read.", fix=AS_IT_WAS) from None
