"""What every room's tests share: one virtual desktop and sound a session."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from oi_voice.demo.stage import Stage
from oi_voice.demo.x11 import environment

# Put in the background by a script, the suite would ignore interrupts, and so would all the programs that it starts.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def a_home_of_our_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Conversations, profiles and logs of tests stay out of the person's own."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
            patch.setenv(name, str(home / name.lower()))
        yield


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    """A running stage, its environment exported for the whole session.

    PortAudio reads its configuration once: import ``sounddevice`` only inside tests that use this fixture.
    """
    with Stage() as up, environment(up.env):
        yield up


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """A failure that did not come back is told in full all the same: it is a bug of the test, or a rare one of ours."""
    for report in terminalreporter.getreports("rerun"):
        terminalreporter.section(f"failed once: {report.nodeid}")
        terminalreporter.write_line(report.longreprtext)
