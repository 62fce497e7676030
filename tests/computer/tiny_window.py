"""A plain X window in a process of its own, which counts the presses it gets.

Started with where it is to be as JSON, ``{"box": [x, y, width, height]}``, and how:
``pid`` is put on it as _NET_WM_PID; ``through``: it lets all clicks through; ``blink``: it comes and goes (``"shown"``)
or takes the keyboard and gives it back (``"focused"``) as fast as it can. It says so once it is there, and at the end
of its input how many presses came.
"""

from __future__ import annotations

import json
import select
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

from Xlib import X, Xatom, display
from Xlib.ext import shape


def main() -> None:
    wanted = json.loads(sys.argv[1])
    screen = display.Display()
    window = shown(screen, wanted)
    sys.stdout.write("here\n")
    sys.stdout.flush()
    blink = blinks(screen, window, wanted.get("blink", ""))
    pressed: Counter[int] = Counter()
    while not select.select([sys.stdin], [], [], 0 if wanted.get("blink") else 0.02)[0]:
        next(blink)
        screen.sync()
        pressed.update(screen.next_event().type for _ in range(screen.pending_events()))
    screen.sync()
    pressed.update(screen.next_event().type for _ in range(screen.pending_events()))
    sys.stdout.write(json.dumps({"buttons": pressed[X.ButtonPress], "keys": pressed[X.KeyPress]}) + "\n")


def shown(screen: Any, wanted: dict[str, Any]) -> Any:
    root = screen.screen().root
    events = X.ButtonPressMask | X.KeyPressMask | X.StructureNotifyMask
    window = root.create_window(*wanted["box"], 0, X.CopyFromParent, override_redirect=True, event_mask=events)
    if wanted.get("pid"):
        window.change_property(screen.intern_atom("_NET_WM_PID"), Xatom.CARDINAL, 32, [wanted["pid"]])
    if wanted.get("through"):
        window.shape_rectangles(shape.SO.Set, shape.SK.Input, 0, 0, 0, [])
    window.map()
    screen.sync()
    return window


def blinks(screen: Any, window: Any, how: str) -> Iterator[None]:
    before = screen.get_input_focus().focus
    while True:
        if how == "shown":
            window.unmap()
            yield
            window.map()
            window.configure(stack_mode=X.Above)
        elif how == "focused":
            window.set_input_focus(X.RevertToPointerRoot, X.CurrentTime)
            yield
            before.set_input_focus(X.RevertToPointerRoot, X.CurrentTime)
        yield


if __name__ == "__main__":
    main()
