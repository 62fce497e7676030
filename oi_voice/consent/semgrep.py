"""safe_mode's scan: semgrep as a child of ours, with rules of our own, without a network.

It finds what is often a mistake or an attack; what it does not find may still be one.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from oi_voice.consent.packages import advice
from oi_voice.errors import OiVoiceError
from oi_voice.runtime import in_thread
from oi_voice.tags import normal

RULES = Path(__file__).with_name("scan_rules")
PATIENCE = 30.0  # seconds
LINES = 6  # of one sort of finding, by number
#: Languages that can be scanned: the rules for each, and how a file of it ends.
SCANNED = {
    "python": ("python", ".py"),
    **dict.fromkeys(("shell", "bash", "sh", "zsh", "dash", "ksh"), ("bash", ".sh")),
    "javascript": ("javascript", ".js"),
    "typescript": ("javascript", ".ts"),
}
NOTHING = "The scan found nothing."
PARTLY = "Not all of the code could be read."
_OPTIONS = ("--json", "--quiet", "--metrics=off", "--disable-version-check", "--disable-nosem", "--no-git-ignore")
_KEPT = ("PATH", "HOME", "USERPROFILE", "SYSTEMROOT", "TMPDIR", "TEMP", "TMP")  # of the environment: no keys
_GRAVEST = ("ERROR", "WARNING", "INFO")
_NOWHERE = "http://127.0.0.1:9"


class ScanError(OiVoiceError):
    """Code could not be scanned."""

    code = "scan"


async def scan(language: str, code: str) -> str:
    """What a scan of the code finds, in words, a line each; empty for nothing. Raises ScanError.

    Cancelling it kills semgrep, and whatever that has started.
    """
    told = await in_thread(advice, language, code, name="packages")
    if normal(language) not in SCANNED:
        return " ".join(filter(None, [f"Code in {language} can't be scanned.", told]))
    places = [str(Path(sys.executable).parent), os.environ.get("PATH", "")]
    program = shutil.which("semgrep", path=os.pathsep.join(filter(None, places)))
    if program is None:
        fix = f"Install it with: pip install 'oi_voice[safe]'. {told}".strip()
        raise ScanError("The scanner (semgrep) is not installed.", fix=fix, code="scan.missing")
    rules, ending = SCANNED[normal(language)]
    command = [program, "scan", "--config", str(RULES / f"{rules}.yaml"), *_OPTIONS]
    try:
        with tempfile.TemporaryDirectory(prefix="oi_voice-scan-", ignore_cleanup_errors=True) as folder:
            path = _file(folder, ending, code)
            found = _words(await _run([*command, str(path)], path.parent))
    except OSError as error:
        raise ScanError(f"The scan could not begin ({error.strerror or error}).") from None
    return f"{found or NOTHING}\n{told}" if told else found


def _file(folder: str, ending: str, code: str) -> Path:
    path = Path(folder, f"code{ending}")
    path.write_bytes(code.encode("utf-8", "replace"))
    return path


async def _run(command: Sequence[str], folder: Path) -> bytes:
    """What the command prints. Raises ScanError, and OSError where it can't be started."""
    process = await asyncio.create_subprocess_exec(
        *command, env=_environment(folder), cwd=folder, start_new_session=True,
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        async with asyncio.timeout(PATIENCE):
            return (await process.communicate())[0]
    except TimeoutError:
        raise ScanError(f"The scan was not done after {PATIENCE:g} seconds.", fix="It was stopped.") from None
    finally:
        if process.returncode is None:
            _kill(process)


def _environment(folder: Path) -> dict[str, str]:
    """Nothing of the person's but where things are; semgrep's own files in the folder, and no way out."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    files = {name: str(folder / name.lower()) for name in ("SETTINGS_FILE", "LOG_FILE", "VERSION_CACHE_PATH")}
    return {
        **kept,
        **{f"SEMGREP_{name}": path for name, path in files.items()},
        **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY"), _NOWHERE),
        "SEMGREP_SEND_METRICS": "off",
        "SEMGREP_ENABLE_VERSION_CHECK": "0",
        "PYTHONUTF8": "1",
    }


def _kill(process: asyncio.subprocess.Process) -> None:
    if sys.platform == "win32":
        process.kill()
        return
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _words(output: bytes) -> str:
    """What semgrep's JSON says. Raises ScanError."""
    try:
        report = json.loads(output)
        found = [_finding(result) for result in report["results"]]
        errors, scanned = report["errors"], report["paths"]["scanned"]
    except (ValueError, KeyError, TypeError):
        raise ScanError("The scanner failed.", fix="Run semgrep --version to see whether it works.") from None
    if not scanned:
        raise ScanError("The code could not be scanned.")
    return "\n".join([*_told(found), *([PARTLY] if errors else [])])


def _finding(result: dict[str, Any]) -> tuple[int, int, str]:
    """How grave it is, 0 most, its line, its words."""
    severity = result["extra"]["severity"]
    return _GRAVEST.index(severity) if severity in _GRAVEST else 0, result["start"]["line"], result["extra"]["message"]


def _told(found: Sequence[tuple[int, int, str]]) -> list[str]:
    """A line for each sort of finding, the gravest first."""
    lines: dict[str, list[int]] = {}
    for _, line, message in sorted(set(found)):
        lines.setdefault(message, []).append(line)
    return [f"{_places(at)}: {message}" for message, at in lines.items()]


def _places(lines: Sequence[int]) -> str:
    if len(lines) == 1:
        return f"Line {lines[0]}"
    kept, rest = [str(line) for line in lines[:LINES]], len(lines) - LINES
    *most, last = [*kept, f"{rest} more"] if rest > 0 else kept
    return f"Lines {', '.join(most)} and {last}"
