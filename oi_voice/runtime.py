"""The one place that makes threads and tasks: the core loop, background tasks, daemon workers."""

from __future__ import annotations

import asyncio
import atexit
import concurrent.futures
import contextlib
import logging
import queue
import threading
import time
import weakref
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from oi_voice.errors import OiVoiceError
from oi_voice.waiting import settled

log = logging.getLogger(__name__)
T = TypeVar("T")
_tasks: set[asyncio.Task[Any]] = set()


def spawn(work: Coroutine[Any, Any, T], name: str) -> asyncio.Task[T]:
    """Start a task on the running loop, held until it ends; what it raises unseen is logged."""
    task = asyncio.create_task(work, name=name)
    _tasks.add(task)
    task.add_done_callback(_ended)
    return task


def _ended(task: asyncio.Task[Any]) -> None:
    _tasks.discard(task)
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("task %s failed", task.get_name(), exc_info=error)


def post(loop: asyncio.AbstractEventLoop, what: Callable[..., object], *args: Any) -> bool:
    """Have a loop call ``what`` soon, from any thread. False when it has closed: nobody listens any more."""
    try:
        loop.call_soon_threadsafe(what, *args)
    except RuntimeError:
        return False
    return True


class CoreStoppedError(OiVoiceError):
    """The core has ended, or is about to."""


class CoreBusyError(OiVoiceError):
    """A blocking call on the core thread itself, which would wait for ever."""

    code = "deadlock"


class Core:
    """The core thread: one asyncio loop that owns engine, kernel client and model streams.

    Other threads enter it by ``post`` only (or ``call``, which waits).
    """

    def __init__(self) -> None:
        self._stopping = False
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=_serve, args=(self._loop,), name="core", daemon=True)
        self._thread.start()

    def post(self, what: Callable[..., object], *args: Any) -> None:
        """Have the core call ``what`` soon. After ``stop`` this does nothing."""
        post(self._loop, what, *args)

    def submit(self, work: Coroutine[Any, Any, T]) -> concurrent.futures.Future[T]:
        """Start a coroutine on the core; cancelling the future cancels it. Raises CoreStoppedError."""
        if threading.current_thread() is self._thread:
            work.close()
            raise CoreBusyError("This waits for what its own caller holds up.", fix="Call it on another thread.")
        if self._stopping:
            work.close()
            raise CoreStoppedError("It was closed.", fix="Make a new one.", code="closed")
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def call(self, work: Coroutine[Any, Any, T], timeout: float | None = None) -> T:
        """Run a coroutine on the core and wait for its result."""
        future = self.submit(work)
        try:
            return settled(future, timeout)
        except BaseException:
            future.cancel()
            raise

    def stop(self, last: Callable[[], Coroutine[Any, Any, object]] | None = None, timeout: float = 10) -> None:
        """Do the ``last`` thing, cancel what still runs, and end the thread; waits for that for ``timeout`` seconds.

        On the core thread itself (a finalizer may be called anywhere) it does not wait.
        """
        if not self._thread.is_alive() or self._stopping:
            return
        self._stopping = True
        with contextlib.suppress(RuntimeError):  # it has just ended
            self._loop.call_soon_threadsafe(lambda: spawn(self._end(last), "core end"))
        if threading.current_thread() is not self._thread:
            self._thread.join(timeout)

    async def _end(self, last: Callable[[], Coroutine[Any, Any, object]] | None) -> None:
        try:
            if last is not None:
                await last()
        finally:
            await _cancel_all()
            self._loop.stop()


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    loop.run_forever()
    loop.close()


async def _cancel_all() -> None:
    tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


LINGER = 3.0  # seconds that a process waits at its end for what its closed workers still do
_ending: weakref.WeakSet[threading.Thread] = weakref.WeakSet()


@atexit.register
def _linger() -> None:
    """A process that ends while a worker is within a library's own code may abort."""
    end = time.monotonic() + LINGER
    for thread in list(_ending):
        thread.join(max(0.0, end - time.monotonic()))


class Worker:
    """One daemon thread that does blocking work in order, for libraries that want a single thread.

    A cancelled caller goes on at once; the work itself ends unheard.
    """

    def __init__(self, name: str) -> None:
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name=name, daemon=True)
        self._thread.start()

    async def run(self, what: Callable[..., T], *args: Any) -> T:
        """Call ``what(*args)`` on the worker's thread and wait for it."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()

        def job() -> None:
            if future.cancelled():
                return
            try:
                result = what(*args)
            except BaseException as error:  # noqa: BLE001 - carried over to the awaiting task, whatever it is
                _hand_over(loop, future, None, _carried(error))
            else:
                _hand_over(loop, future, result, None)

        self._jobs.put(job)
        return await future

    def send(self, what: Callable[[], None]) -> None:
        """Have ``what`` called on the worker's thread, unawaited."""
        self._jobs.put(what)

    def close(self) -> None:
        """End the thread once its jobs are done."""
        self._jobs.put(None)
        _ending.add(self._thread)

    def _serve(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()


class Escaped(RuntimeError):
    """What would end a task or a loop if it were raised there (``SystemExit`` in somebody's function): the cause."""


def _carried(error: BaseException) -> BaseException:
    if isinstance(error, Exception) and not isinstance(error, StopIteration):
        return error
    escaped = Escaped(f"{type(error).__name__}: {error}".removesuffix(": "))
    escaped.__cause__ = error
    return escaped


async def within(seconds: float, event: asyncio.Event) -> bool:
    """Whether the event happens in that time."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True


async def outcome(work: Awaitable[T]) -> T | BaseException:
    """What comes of work that may end in any error: that is a value, too."""
    [result] = await asyncio.gather(work, return_exceptions=True)
    return (result.__cause__ or result) if isinstance(result, Escaped) else result


async def contained(work: Awaitable[T]) -> T:
    """Await somebody else's coroutine, which may not end the loop. Raises ``Escaped`` for what would."""
    try:
        return await work
    except (SystemExit, KeyboardInterrupt) as error:
        raise _carried(error) from error


def _hand_over(
    loop: asyncio.AbstractEventLoop, future: asyncio.Future[Any], result: object, error: BaseException | None
) -> None:
    def settle() -> None:
        if future.done():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)

    post(loop, settle)


async def in_thread(what: Callable[..., T], *args: Any, name: str = "blocking") -> T:
    """Do one piece of blocking work on a daemon thread of its own; cancelling does not wait for it."""
    worker = Worker(name)
    try:
        return await worker.run(what, *args)
    finally:
        worker.close()


def daemon(what: Callable[[], None], name: str) -> None:
    """Start a daemon thread, for a loop that blocks."""
    threading.Thread(target=what, name=name, daemon=True).start()
