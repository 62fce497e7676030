"""Pictures of pages, taken by a browser that nobody sees: its own profile, nothing kept, nothing asked."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from oi_voice.languages.family import Family
from oi_voice.runtime import in_thread

WIDTH, HEIGHT = 1280, 800  # pixels
TIMEOUT = 20.0  # seconds that a picture may take
SETTLE = 5_000  # milliseconds of a page's own time that pass before the picture, without waiting for them
INSTALL = (
    "apt install chromium (Debian, Ubuntu), brew install --cask chromium (macOS), "
    "winget install Google.Chrome (Windows)"
)
NAMES = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge", "microsoft-edge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    "firefox", "firefox-esr", "/Applications/Firefox.app/Contents/MacOS/firefox",
)  # fmt: skip
# Neither updates nor reports nor questions at a first start; a window without a frame, as large as its screen.
CHROMIUM = (
    "--headless=new", "--no-first-run", "--no-default-browser-check", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-extensions", "--disable-breakpad", "--mute-audio",
    "--hide-scrollbars", "--force-device-scale-factor=1", "--kiosk", f"--screen-info={{{WIDTH}x{HEIGHT}}}",
    f"--window-size={WIDTH},{HEIGHT}", f"--virtual-time-budget={SETTLE}",
)  # fmt: skip
# A proxy that is not there, for hosts of the network only.
FIREFOX_OFFLINE = """user_pref("network.proxy.type", 1);
user_pref("network.proxy.http", "127.0.0.1");
user_pref("network.proxy.http_port", 9);
user_pref("network.proxy.ssl", "127.0.0.1");
user_pref("network.proxy.ssl_port", 9);
"""


class Browser:
    """Takes pictures, with the first of ``NAMES`` that is installed. ``stop`` ends those under way."""

    def __init__(self, family: Family) -> None:
        self._family = family
        self._running: set[subprocess.Popen[bytes]] = set()

    @property
    def program(self) -> str:
        """Its path; empty when there is none."""
        return next((path for name in NAMES if (path := shutil.which(name))), "")

    async def picture(self, page: Path, offline: bool) -> bytes:
        """A PNG of the page as it looks when it has settled; none when that fails or takes too long. Where
        ``offline``, the page gets nothing from the network."""
        with tempfile.TemporaryDirectory(
            prefix="browser-", dir=self._family.folder, ignore_cleanup_errors=True
        ) as name:
            into = Path(name) / "picture.png"
            try:
                process = _started(command(self.program, page, into, offline), self._family)
            except OSError:
                return b""
            self._running.add(process)
            try:
                async with asyncio.timeout(TIMEOUT):
                    await in_thread(process.wait, name="browser")
            except TimeoutError:
                return b""
            finally:
                _end(process)
                self._running.discard(process)
            return into.read_bytes() if into.exists() else b""

    def stop(self) -> None:
        for process in self._running:
            _end(process)


def _started(line: list[str], family: Family) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        line,
        env=os.environ | family.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def command(program: str, page: Path, into: Path, offline: bool) -> list[str]:
    """How this browser is told to draw ``page`` into a file, beside which its profile is."""
    profile = into.parent / "profile"
    if "firefox" in Path(program).name.lower():
        profile.mkdir()
        if offline:
            (profile / "user.js").write_text(FIREFOX_OFFLINE, encoding="utf-8")
        size = f"--window-size={WIDTH},{HEIGHT}"
        return [
            program,
            "--headless",
            "--no-remote",
            "--profile",
            str(profile),
            size,
            f"--screenshot={into}",
            page.as_uri(),
        ]
    options = [*CHROMIUM, f"--user-data-dir={profile}", f"--screenshot={into}"]
    if offline:
        options.append("--host-resolver-rules=MAP * ~NOTFOUND")
    if sys.platform != "win32" and os.geteuid() == 0:
        options.append("--no-sandbox")  # for root has none
    return [program, *options, page.as_uri()]


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
