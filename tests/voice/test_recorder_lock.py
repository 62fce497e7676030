"""A locked screen, told by stand-ins for a screen saver and for logind on a bus of the test's own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from jeepney import HeaderFields, MessageType, new_error, new_method_return, new_signal
from jeepney.bus_messages import message_bus
from jeepney.io.asyncio import DBusConnection, DBusRouter, Proxy, open_dbus_connection
from jeepney.wrappers import DBusAddress

from oi_voice.events import Notice, Outcome, State, StateChanged
from oi_voice.sound import Sound
from oi_voice.testing import Harness
from oi_voice.voice.lock import LOGIN, PROPERTIES, SESSION, watch_lock

SAVER = "org.freedesktop.ScreenSaver"
SAVER_PATH = "/org/freedesktop/ScreenSaver"
SESSION_PATH = "/org/freedesktop/login1/session/_37"


@pytest.fixture
async def bus(tmp_path: Path) -> AsyncIterator[str]:
    address = f"unix:path={tmp_path}/bus"
    daemon = await asyncio.create_subprocess_exec(
        *("dbus-daemon", "--session", "--nofork", "--nopidfile", "--nosyslog", f"--address={address}"),
        "--print-address=1",
        stdout=asyncio.subprocess.PIPE,
    )
    assert daemon.stdout is not None
    await daemon.stdout.readline()
    yield address
    daemon.kill()
    await daemon.wait()


class Service:
    """Owns ``name``, answers calls by their member, unless it ``hangs``, and remembers which it had."""

    def __init__(
        self, line: DBusConnection, answers: dict[str, tuple[str, tuple[object, ...]]], hangs: bool = False
    ) -> None:
        self._line = line
        self._answers = answers
        self._hangs = hangs
        self.asked = asyncio.Event()  # for the state: the last thing a watcher does before it waits

    async def serve(self) -> None:
        while True:
            call = await self._line.receive()
            if call.header.message_type is not MessageType.method_call:
                continue
            member = call.header.fields[HeaderFields.member]
            if self._hangs:
                pass
            elif member in self._answers:
                await self._line.send(new_method_return(call, *self._answers[member]))
            else:
                await self._line.send(new_error(call, "org.freedesktop.DBus.Error.UnknownMethod"))
            if member in ("Get", "GetActive"):
                self.asked.set()

    async def signal(self, path: str, interface: str, member: str, signature: str = "", *body: object) -> None:
        await self._line.send(new_signal(DBusAddress(path, interface=interface), member, signature, body))


@asynccontextmanager
async def service(
    bus: str, name: str, hangs: bool = False, **answers: tuple[str, tuple[object, ...]]
) -> AsyncIterator[Service]:
    line = await open_dbus_connection(bus)
    async with DBusRouter(line) as router:
        await Proxy(message_bus, router).RequestName(name)
    service = Service(line, answers, hangs)
    serving = asyncio.create_task(service.serve())
    try:
        yield service
    finally:
        serving.cancel()
        await line.close()


@asynccontextmanager
async def watching(session: str, system: str) -> AsyncIterator[asyncio.Queue[bool]]:
    told: asyncio.Queue[bool] = asyncio.Queue()
    watch = asyncio.create_task(watch_lock(told.put_nowait, session, system))
    yield told
    watch.cancel()
    with suppress(asyncio.CancelledError):
        await watch


async def test_a_screen_saver_locks_and_unlocks(bus: str, tmp_path: Path) -> None:
    async with (
        service(bus, SAVER, GetActive=("b", (False,))) as saver,
        watching(bus, f"unix:path={tmp_path}/none") as told,
        asyncio.timeout(5),
    ):
        await saver.asked.wait()
        await saver.signal(SAVER_PATH, SAVER, "ActiveChanged", "b", True)
        assert await told.get() is True
        await saver.signal(SAVER_PATH, SAVER, "ActiveChanged", "b", True)
        await saver.signal(SAVER_PATH, SAVER, "ActiveChanged", "b", False)
        assert await told.get() is False
    assert told.empty()


async def test_a_screen_that_is_locked_already_is_told(bus: str, tmp_path: Path) -> None:
    async with (
        service(bus, SAVER, GetActive=("b", (True,))),
        watching(bus, f"unix:path={tmp_path}/none") as told,
        asyncio.timeout(5),
    ):
        assert await told.get() is True


async def test_a_screen_saver_that_never_answers_is_heard_all_the_same(
    bus: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("oi_voice.voice.lock.PATIENCE", 0.05)
    async with (
        service(bus, SAVER, hangs=True) as saver,
        watching(bus, f"unix:path={tmp_path}/none") as told,
        asyncio.timeout(5),
    ):
        await saver.asked.wait()
        await saver.signal(SAVER_PATH, SAVER, "ActiveChanged", "b", True)
        assert await told.get() is True


@pytest.mark.parametrize("session", ["37", None])
async def test_logind_tells_of_our_session(
    bus: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, session: str | None
) -> None:
    if session:
        monkeypatch.setenv("XDG_SESSION_ID", session)
    else:
        monkeypatch.delenv("XDG_SESSION_ID", raising=False)
    answers = {"GetSession" if session else "GetSessionByPID": ("o", (SESSION_PATH,)), "Get": ("v", (("b", False),))}
    async with (
        service(bus, LOGIN, **answers) as logind,
        watching(f"unix:path={tmp_path}/none", bus) as told,
        asyncio.timeout(5),
    ):
        await logind.asked.wait()
        hint = {"LockedHint": ("b", True)}
        other = SESSION_PATH.replace("37", "38")
        await logind.signal(other, PROPERTIES, "PropertiesChanged", "sa{sv}as", SESSION, hint, [])
        await logind.signal(SESSION_PATH, PROPERTIES, "PropertiesChanged", "sa{sv}as", SESSION, {}, ["IdleHint"])
        await logind.signal(SESSION_PATH, SESSION, "Lock")
        assert await told.get() is True
        await logind.signal(SESSION_PATH, PROPERTIES, "PropertiesChanged", "sa{sv}as", SESSION, hint, [])
        await logind.signal(SESSION_PATH, SESSION, "Unlock")
        assert await told.get() is False
    assert told.empty()


async def test_without_any_bus_nothing_is_told(tmp_path: Path) -> None:
    told: list[bool] = []
    none = f"unix:path={tmp_path}/none"
    await asyncio.wait_for(watch_lock(told.append, none, none), 5)
    assert told == []


async def test_a_screen_saver_that_does_not_answer_is_heard_later(bus: str) -> None:
    async with service(bus, SAVER) as saver, watching(bus, bus) as told, asyncio.timeout(5):
        await saver.asked.wait()
        await saver.signal(SAVER_PATH, SAVER, "ActiveChanged", "b", True)
        assert await told.get() is True


@pytest.mark.desktop
async def test_a_lock_ends_a_take_and_what_the_room_said_is_not_obeyed(
    h: Harness, sound: Sound, bus: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus)
    async with service(bus, SAVER, GetActive=("b", (False,))) as saver, asyncio.timeout(10):
        await sound.prepare()
        await saver.asked.wait()
        h.engine.press()
        await h.until(State.LISTENING)
        await saver.signal(SAVER_PATH, SAVER, "ActiveChanged", "b", True)
        ended = await h.ended()
        assert (ended.outcome, ended.by) == (Outcome.CANCELLED, "lock")
        assert not len(sound.ear.takes)
        h.engine.press()
        assert "locked" in (await h.until(Notice)).text
        assert (await h.ended()).outcome is Outcome.FAILED
        await saver.signal(SAVER_PATH, SAVER, "ActiveChanged", "b", False)
        while h.engine.state is not State.LISTENING:
            h.engine.press()
            await h.until(StateChanged)
