"""pystray's tray. Its backends with a menu need PyGObject, so they run in the system's Python, where that is there."""

from __future__ import annotations

import os
import site
import subprocess
import sys
from pathlib import Path

import pytest
from front import choose_last_but

from oi_voice.demo.stage import Stage
from oi_voice.desktop import tray

SYSTEM = "/usr/bin/python3"
CHECK = f"import sys, gi; gi.require_version('Gtk', '3.0'); assert sys.version_info[:2] == {sys.version_info[:2]}"
RUN = """
from oi_voice.desktop.tray import PystrayTray, has_menu
assert has_menu()
def chosen(action):
    print(action, flush=True)
    if action == "quit":
        tray.close()
tray = PystrayTray(chosen, lambda: True)
tray.show("listening", "oi_voice: Listening")
tray.run()
"""


@pytest.mark.desktop
def test_the_menu_acts(stage: Stage, tmp_path: Path) -> None:
    here = os.pathsep.join((str(Path(tray.__file__).parents[2]), *site.getsitepackages()))
    env = {**stage.env, "PYTHONPATH": here, "PYSTRAY_BACKEND": "gtk"}
    if not Path(SYSTEM).exists() or subprocess.run([SYSTEM, "-c", CHECK], env=env, capture_output=True).returncode:
        pytest.skip("the system's Python has no PyGObject with GTK 3, or is another version")
    (program := tmp_path / "trayprobe.py").write_text(RUN)  # GTK names its windows after the file
    run = stage.children.start(SYSTEM, str(program), env=env, stdout=subprocess.PIPE)
    assert run.stdout is not None
    try:
        for ups, action in ((9, "talk"), (1, "download"), (0, "quit")):
            choose_last_but(ups, "trayprobe")
            assert run.stdout.readline().decode().strip() == action
        assert run.wait(10) == 0
    finally:
        stage.children.end(run)


def test_closing_it_early_ends_it(stage: Stage) -> None:
    program = (
        "from oi_voice.desktop.tray import PystrayTray as T; tray = T(print); tray.close(); tray.close(); tray.run()"
    )
    env = {**stage.env, "PYSTRAY_BACKEND": "xorg"}
    subprocess.run([sys.executable, "-c", program], env=env, timeout=30, check=True)


def test_without_a_display_there_is_no_menu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", "")
    assert not tray.has_menu()
