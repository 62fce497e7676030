"""A stage: a virtual screen and virtual sound, brought up for a demonstration or a test and taken down after.

On it: Xvfb with a window manager (openbox) and a tray host (trayer), a session bus with accessibility, and
a private PulseAudio whose default microphone and speaker are virtual. Nothing of the person's own desktop,
sound or settings is touched. Linux only.

Set ``os.environ`` from ``env`` before PortAudio is loaded: it reads ``ALSA_CONFIG_PATH`` when it starts.
"""

from __future__ import annotations

import os
import secrets
import select
import shutil
import site
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from oi_voice import folders
from oi_voice.demo import x11
from oi_voice.demo.children import Children, deadline, missing
from oi_voice.errors import DesktopError

WIDTH, HEIGHT = 1280, 800
DESKTOP_BLUE = 0x3B5573
DEATH = 200  # hundredths of a second in which the end of a program whose pipe has closed is seen

#: What is played into this sink is what the default microphone hears.
MICROPHONE_SINK = "person"
MICROPHONE = "microphone"
#: The default speaker, and the source on which all that it plays can be recorded.
SPEAKER = "speaker"
SPEAKER_MONITOR = "speaker.monitor"

SOUND_PACKAGES = {"pulseaudio": "pulseaudio", "parec": "pulseaudio-utils", "setpriv": "util-linux"}
SCREEN_PACKAGES = {
    "Xvfb": "xvfb",
    "openbox": "openbox",
    "trayer": "trayer",
    "dbus-daemon": "dbus",
    "dbus-send": "dbus",
}

# Without norewinds a null sink hands out its first samples after 1-2 s. The socket comes last: once it is
# there, so is everything else.
_PULSE = f"""\
load-module module-null-sink sink_name={MICROPHONE_SINK} rate=48000 norewinds=1
load-module module-remap-source source_name={MICROPHONE} master={MICROPHONE_SINK}.monitor
load-module module-null-sink sink_name={SPEAKER} rate=48000 norewinds=1
set-default-source {MICROPHONE}
set-default-sink {SPEAKER}
load-module module-native-protocol-unix auth-anonymous=1 socket={{socket}}
"""

_ALSA = f"""\
pcm.!default {{ type pulse }}
ctl.!default {{ type pulse }}
pcm.pulse {{ type pulse }}
ctl.pulse {{ type pulse }}
pcm.{MICROPHONE} {{ type pulse device {MICROPHONE} }}
pcm.{SPEAKER} {{ type pulse device {SPEAKER} }}
"""


class Stage:
    """``with Stage() as stage`` brings it up; ``stage.env`` is the environment of whoever plays on it.

    With ``screen=False`` the sound and the home are virtual, but the screen is the one that is there.
    """

    def __init__(self, *, screen: bool = True) -> None:
        self._own_screen = screen
        self.env: dict[str, str] = {}
        self.folder = Path()
        self._children: Children | None = None

    def __enter__(self) -> Self:
        return self.up()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.down()

    @property
    def children(self) -> Children:
        """Start whatever plays on the stage here, and it ends with the stage."""
        if self._children is None:
            raise DesktopError("The stage is not up.", fix="Call Stage.up() first.")
        return self._children

    @property
    def display(self) -> str:
        return self.env["DISPLAY"]

    def up(self, timeout: float = 15.0) -> Self:
        """Bring everything up; returns when all of it answers. DesktopError if something is missing or fails."""
        missing(SOUND_PACKAGES | (SCREEN_PACKAGES if self._own_screen else {}))
        self.folder = folders.private()
        self._children = Children(self._make("log"))
        self.env = self._environment()
        end = deadline(timeout)
        try:
            self._start_sound()
            if self._own_screen:
                self._start_screen(end)
                self._start_bus(end)
                x11.wait_for_desktop(self.env, end, self.children)
                x11.single_desktop(self.env)
                x11.paint(self.env, DESKTOP_BLUE)
            _retry(self._sound_answers, end, self.children)
            self._keep_awake()
        except BaseException:
            self.down()
            raise
        return self

    def down(self) -> None:
        """End what was started, last first, and remove its files. Harmless when down already."""
        if self._children is not None:
            self._children.end_all()
            self._children = None
            shutil.rmtree(self.folder, ignore_errors=True)
            self.env = {}

    def _make(self, name: str) -> Path:
        path = self.folder / name
        path.mkdir(mode=0o700)
        return path

    def _environment(self) -> dict[str, str]:
        runtime = self._make("run")
        env = {
            # The bus that is there, before XDG_RUNTIME_DIR changes; on a screen of our own another takes its place.
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={os.environ.get('XDG_RUNTIME_DIR', '')}/bus",
            **os.environ,
            "HOME": str(self._make("home")),
            "PYTHONUSERBASE": site.getuserbase(),  # packages installed for the user alone hang on HOME
            **{f"XDG_{kind}_HOME": str(self._make(kind.lower())) for kind in ("CONFIG", "CACHE", "DATA", "STATE")},
            "XDG_RUNTIME_DIR": str(runtime),
            "PULSE_SERVER": f"unix:{self.folder}/sound",
            "ALSA_CONFIG_PATH": str(self.folder / "asound.conf"),
            "GTK_MODULES": "gail:atk-bridge",
            "NO_AT_BRIDGE": "0",
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
            "GSETTINGS_BACKEND": "memory",  # programs on the stage keep nothing
        }
        if not self._own_screen:
            return env
        return env | {
            "XDG_SESSION_TYPE": "x11",
            "XAUTHORITY": str(self.folder / "xauthority"),
            "WAYLAND_DISPLAY": "",
            "GDK_BACKEND": "x11",
            "QT_QPA_PLATFORM": "xcb",
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={runtime}/bus",
        }

    def _start_sound(self) -> None:
        script = self.folder / "default.pa"
        script.write_text(_PULSE.format(socket=self.env["PULSE_SERVER"].removeprefix("unix:")))
        Path(self.env["ALSA_CONFIG_PATH"]).write_text(_ALSA)
        self.children.start(
            *("pulseaudio", "-n", "-F", str(script), "--daemonize=no", "--exit-idle-time=-1"),
            *("--use-pid-file=no", "--realtime=no", "--high-priority=no"),
            env=self.env,
        )

    def _keep_awake(self) -> None:
        """Listen to the microphone all the time: a null sink that nobody hears works every 50 ms only, where a real
        sound card delivers every few milliseconds."""
        self.children.start(
            *("parec", f"--device={MICROPHONE}", "--latency-msec=10"), env=self.env, stdout=subprocess.DEVNULL
        )

    def _sound_answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(self.env["PULSE_SERVER"].removeprefix("unix:")) == 0

    def _start_screen(self, end: float) -> None:
        cookie = secrets.token_bytes(16)
        authority = Path(self.env["XAUTHORITY"])
        authority.touch(mode=0o600)
        authority.write_bytes(x11.authority(cookie))
        number = self._announced(
            *("Xvfb", "-displayfd", "{fd}", "-screen", "0", f"{WIDTH}x{HEIGHT}x24"),
            *("-nolisten", "tcp", "-auth", str(authority), "-noreset", "-dpi", "96"),
            end=end,
        )
        authority.write_bytes(x11.authority(cookie, number))
        self.env["DISPLAY"] = f":{number}"
        self.children.start("openbox", "--sm-disable", env=self.env)
        place = ("--edge", "bottom", "--align", "right", "--widthtype", "request", "--height", "26")
        self.children.start("trayer", *place, env=self.env)

    def _start_bus(self, end: float) -> None:
        address = f"--address={self.env['DBUS_SESSION_BUS_ADDRESS']}"
        self._announced(
            *("dbus-daemon", "--session", "--nofork", "--nopidfile", "--nosyslog", address, "--print-address={fd}"),
            end=end,
        )
        call = ("--dest=org.a11y.Bus", "--print-reply", "/org/a11y/bus", "org.a11y.Bus.GetAddress")
        subprocess.run(
            ["dbus-send", "--session", *call],
            env=self.env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=max(0.1, end - time.monotonic()),
            check=False,  # without at-spi2-core only reading by accessible name is missing
        )

    def _announced(self, *command: str, end: float) -> str:
        """Start a server that, once it answers, writes a line to the descriptor put in place of ``{fd}``."""
        reading, writing = os.pipe()
        with os.fdopen(reading, "rb", buffering=0) as lines:
            with os.fdopen(writing, "wb"):
                filled = [part.replace("{fd}", str(writing)) for part in command]
                self.children.start(*filled, env=self.env, pass_fds=[writing])
            return _read_line(lines.fileno(), end, self.children)


def _read_line(descriptor: int, end: float, children: Children) -> str:
    line = b""
    while not line.endswith(b"\n"):
        children.check()
        if not select.select([descriptor], [], [], max(0.0, end - time.monotonic()))[0]:
            raise DesktopError("The virtual desktop did not come up in time.", fix="Try again on a less busy machine.")
        piece = os.read(descriptor, 256)
        if not piece:  # a pipe closes a moment before the death behind it can be seen
            for _ in range(DEATH):
                children.check()
                time.sleep(0.01)
            raise DesktopError("The virtual desktop broke off while starting.", fix="See that Xvfb and dbus work.")
        line += piece
    return line.decode().strip()


def _retry(answers: Callable[[], bool], end: float, children: Children) -> None:
    """Ask until ``answers``: for readiness that nothing announces. Every 10 ms, until ``end``."""
    while not answers():
        children.check()
        if time.monotonic() > end:
            raise DesktopError("The virtual sound server did not answer in time.", fix="See that pulseaudio works.")
        time.sleep(0.01)
