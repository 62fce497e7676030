"""Real processes, and a real kill -9 of the program that started them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from oi_voice.languages.family import Family, now
from oi_voice.testing.processes import ended

# A child in a session of its own, and one that is nobody's child any more.
BROOD = "setsid sleep 600 & (sleep 600 & ) ; sleep 600 & echo born; wait"


@pytest_asyncio.fixture
async def family() -> AsyncIterator[Family]:
    family = Family()
    yield family
    await family.close()


def brood(family: Family) -> subprocess.Popen[bytes]:
    env = os.environ | family.environment()
    process = subprocess.Popen(["/bin/sh", "-c", BROOD], env=env, stdout=subprocess.PIPE)
    assert process.stdout
    assert process.stdout.readline() == b"born\n"
    process.stdout.close()
    return process


def sleeper(family: Family) -> subprocess.Popen[bytes]:
    return subprocess.Popen(["sleep", "600"], env=os.environ | family.environment())


async def test_all_are_found_and_ended_also_those_that_left(family: Family) -> None:
    process = brood(family)
    members = family.members()
    assert len(members) == 4
    assert await family.kill() == 4
    assert all(ended(pid) for pid in members)
    process.wait()


async def test_those_that_began_earlier_and_interpreters_live_on(family: Family) -> None:
    early = sleeper(family)
    since = now()
    late, spared = sleeper(family), sleeper(family)
    family.interpreters.add(spared.pid)
    assert await family.kill(since) == 1
    assert (early.poll(), spared.poll(), late.wait()) == (None, None, -signal.SIGKILL)
    await family.close()
    assert (early.wait(), spared.wait()) == (-signal.SIGKILL, -signal.SIGKILL)


async def test_close_removes_the_folder_and_the_guardian(family: Family) -> None:
    family.environment()
    folder = family.folder
    (folder / "outputs").mkdir()
    guardian = family._guardian
    assert guardian
    await family.close()
    assert guardian.returncode == 0
    assert not folder.exists()
    await family.close()


PROGRAM = """
import os, subprocess, sys
from oi_voice.languages.family import Family
family = Family()
env = os.environ | family.environment()
process = subprocess.Popen(["/bin/sh", "-c", sys.argv[1]], env=env, stdout=subprocess.PIPE)
process.stdout.readline()
print(family.folder, *family.members(), flush=True)
process.wait()
"""


def test_kill_9_of_the_program_ends_them_all_and_removes_the_folder() -> None:
    process = subprocess.Popen([sys.executable, "-c", PROGRAM, BROOD], stdout=subprocess.PIPE)
    assert process.stdout
    folder, *members = process.stdout.readline().decode().split()
    assert len(members) == 4
    process.kill()
    process.wait()
    process.stdout.close()
    assert all(ended(int(pid), 3.0) for pid in members)
    guardian = [int(pid.name) for pid in Path("/proc").iterdir() if pid.name.isdigit() and _speaks_of(pid, folder)]
    assert all(ended(pid, 3.0) for pid in guardian)
    assert not Path(folder).exists()


def _speaks_of(process: Path, word: str) -> bool:
    try:
        return word.encode() in (process / "cmdline").read_bytes()
    except OSError:
        return False
