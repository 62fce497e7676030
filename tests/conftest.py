"""What every room's tests share: one virtual desktop and sound a session."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from oi_voice.demo.stage import Stage
from oi_voice.demo.x11 import environment


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    """A running stage, its environment exported for the whole session.

    PortAudio reads its configuration once: import ``sounddevice`` only inside tests that use this fixture.
    """
    with Stage() as up, environment(up.env):
        yield up
