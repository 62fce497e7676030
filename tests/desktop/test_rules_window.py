"""The rules in force, shown and revoked."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from front import Alone, Open, choose_last_but, close_window, wait_gone
from xdotool import in_front, xdotool

from oi_voice.consent.judge import Judge
from oi_voice.consent.rules import Rules
from oi_voice.consent.shape import Scope, Shape, rule
from oi_voice.demo.stage import Stage
from oi_voice.desktop.rules import RuleBook
from oi_voice.events import ApprovalRequested
from oi_voice.testing import Harness, harness

TITLE = "^oi_voice: rules$"
ASKS = {"did": "rules", "shown": True}
SHELL = Shape("shell", "changes", frozenset({"creates"}), frozenset({"creates /srv/pictures"}))
PYTHON = Shape("python", "read", frozenset({"reads"}), frozenset({"reads /srv/notes"}))
CLICKS = Shape("python", "changes", frozenset({"screen"}))


class Told:
    """What the windows' process is told."""

    def __init__(self) -> None:
        self._messages: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    def __call__(self, message: dict[str, Any]) -> None:
        self._messages.put_nowait(message)

    async def next(self) -> dict[str, Any]:
        return await asyncio.wait_for(self._messages.get(), 10)

    async def until(self, rules: int) -> dict[str, Any]:
        """The next message with so many rules."""
        while len((message := await self.next())["rules"]) != rules:
            pass
        return message

    @property
    def silent(self) -> bool:
        return self._messages.empty()


class Noted(Rules):
    """Rules that say when one was revoked."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.revoked = threading.Event()

    def revoke(self, id: str) -> bool:
        there = super().revoke(id)
        self.revoked.set()
        return there


@pytest.fixture
def rules(tmp_path: Path) -> Noted:
    (tmp_path / "config").mkdir(mode=0o700)
    rules = Noted(tmp_path / "config" / "rules.yaml")
    for shape in (SHELL, PYTHON):
        rules.add(rule(shape, Scope.ALWAYS))
    rules.add(rule(CLICKS, Scope.CONVERSATION))
    return rules


@pytest.fixture
async def book() -> AsyncIterator[Callable[..., Coroutine[None, None, tuple[Harness, Told, RuleBook]]]]:
    """An engine with these rules, what the windows' process is told, and the book that tells it."""
    opened: list[Harness] = []

    async def open_book(rules: Rules | None, **settings: Any) -> tuple[Harness, Told, RuleBook]:
        h, told = harness(("```python\nprint(1)\n```\n", "Done."), Judge(rules), **settings), Told()
        opened.append(h)
        shown = RuleBook(h.engine, told)
        h.engine.listen(shown.follow)
        return h, told, shown

    yield open_book
    for h in opened:
        await h.engine.close()


def words(message: dict[str, Any]) -> list[str]:
    return [row["words"] for row in message["rules"]]


async def test_all_that_is_in_force_is_told(book: Any, rules: Rules) -> None:
    h, told, shown = await book(rules, auto_run="reads")
    shown.show()
    message = await told.next()
    assert message["show"]
    assert [row["scope"] for row in message["rules"]] == ["setting", "conversation", "always", "always"]
    assert words(message)[0] == "Code that only reads"
    assert "Shell code that only makes new files in /srv/pictures" in words(message)
    assert all(row["since"] for row in message["rules"][1:])
    assert (message["path"], message["problems"], message["note"]) == (str(rules.path), [], "")
    h.settings.apply({"safe_mode": "auto"})
    assert "Safe mode is on" in (await told.next())["note"]


@pytest.mark.parametrize("kept", [True, False])
async def test_where_there_are_none_nothing_is_wrong(book: Any, tmp_path: Path, kept: bool) -> None:
    path = tmp_path / "not" / "there.yaml"
    _, told, shown = await book(Rules(path) if kept else None)
    shown.show()
    message = await told.next()
    assert (message["rules"], message["problems"], message["path"]) == ([], [], str(path) if kept else "")


async def test_what_is_wrong_with_the_file_is_told(book: Any, rules: Rules) -> None:
    _, told, shown = await book(rules)
    rules.path.write_text("- nonsense\n")
    shown.show()
    message = await told.next()
    assert [row["scope"] for row in message["rules"]] == ["conversation"]
    assert "Rule 1 in" in message["problems"][0]


async def test_a_revoked_rule_is_gone(book: Any, rules: Rules) -> None:
    _, told, shown = await book(rules)
    shown.show()
    for left in (2, 1, 0):
        first = (await told.next())["rules"][0]
        shown.revoke(first["id"])
        assert len(list(rules)) in (left, left + 1), "not yet, or already"
    assert (await told.next())["rules"] == []
    assert list(Rules(rules.path)) == []
    shown.revoke("no such rule")
    assert (await told.next())["problems"] == []


@pytest.mark.parametrize(("auto_run", "said"), [(True, "All code"), ("reads", "Code that only reads")])
async def test_what_a_setting_allows_is_revoked(book: Any, auto_run: bool | str, said: str) -> None:
    h, told, shown = await book(None, auto_run=auto_run)
    shown.show()
    message = await told.next()
    assert words(message) == [said]
    shown.revoke(message["rules"][0]["id"])
    assert (await told.until(rules=0))["show"] is False
    assert h.settings.auto_run is False


async def test_a_rule_that_can_not_be_revoked_stays_and_the_reason_is_said(book: Any, rules: Rules) -> None:
    _, told, shown = await book(rules)
    shown.show()
    last = (await told.next())["rules"][-1]
    lock = rules.path.with_name(f"{rules.path.name}.lock")
    lock.unlink(missing_ok=True)
    lock.mkdir()
    shown.revoke(last["id"])
    message = await told.next()
    assert last in message["rules"]
    assert "can't be kept" in message["problems"][0]
    lock.rmdir()
    shown.revoke(last["id"])
    assert (await told.until(rules=2))["problems"] == []


async def test_a_rule_that_a_yes_makes_is_shown(book: Any, tmp_path: Path) -> None:
    h, told, shown = await book(Rules(tmp_path / "config" / "rules.yaml"))
    shown.show()
    assert words(await told.next()) == []
    h.engine.start_turn("print")
    asked = await h.until(ApprovalRequested)
    h.engine.resolve(asked.turn, asked.digest, True, "popup", allow="always")
    assert words(await told.until(rules=1)) == ["Python code that only computes"]
    await h.ended()


async def test_once_closed_it_is_told_nothing(book: Any, rules: Rules) -> None:
    h, told, shown = await book(rules)
    shown.show()
    await told.next()
    shown.attend(False)
    h.settings.apply({"safe_mode": "auto"})
    shown.attend(True)
    assert "Safe mode is on" in (await told.next())["note"]
    assert told.silent


# --- the window itself


class Window(Alone):
    async def show(self, path: Path, *rows: str) -> str:
        """Show rules with these words, in this file; returns the window once it has the keyboard."""
        rules = [{"id": row, "words": row, "scope": "always", "since": "2026-11-21"} for row in rows]
        self.tell({"do": "rules", "show": True, "rules": rules, "problems": [], "path": str(path), "note": ""})
        return await asyncio.to_thread(in_front, TITLE)

    async def acts(self) -> dict[str, Any]:
        """What it says next, but for asking how the rules are now."""
        while (said := await self.said()) == ASKS:
            pass
        return said


@pytest.fixture
async def window(stage: Stage) -> AsyncIterator[Window]:
    window = Window()
    await window.start()
    yield window
    await window.close()


@pytest.mark.desktop
async def test_it_is_used_by_keyboard(window: Window, tmp_path: Path) -> None:
    shown = await window.show(tmp_path / "rules.yaml", "one", "two", "three")
    xdotool("key", "Tab", "Tab", "space")
    assert await window.acts() == {"did": "revoke", "id": "two"}
    await window.show(tmp_path / "rules.yaml", "one", "three")
    xdotool("key", "Escape")
    assert await window.acts() == {"did": "rules", "shown": False}
    await asyncio.to_thread(wait_gone, shown)


@pytest.mark.desktop
async def test_a_file_that_somebody_changes_is_read_again(window: Window, tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text("")
    shown = await window.show(path, "one")
    assert await window.said() == ASKS, "it may have changed since it was read"
    path.write_text("[]")
    assert await window.said() == ASKS
    (tmp_path / "new").write_text("[]")
    (tmp_path / "new").replace(path)
    assert await window.said() == ASKS
    close_window(int(shown))
    assert await window.acts() == {"did": "rules", "shown": False}


@pytest.mark.desktop
async def test_the_menu_brings_it_up_and_it_revokes(opened: Open, rules: Noted) -> None:
    desk = await opened(judge=Judge(rules))
    await asyncio.to_thread(choose_last_but, 1)
    await asyncio.to_thread(in_front, TITLE)
    xdotool("key", "Tab", "Tab", "space")
    assert await asyncio.to_thread(rules.revoked.wait, 10)
    assert [rule.shape for rule in rules] == [CLICKS, PYTHON]
    assert desk.quits.empty()


OFFSCREEN = """
import json, sys
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
app = QApplication([])
from oi_voice.desktop.ui.rules import RulesWindow
told = []
window = RulesWindow(told.append)
window.show_rules(json.loads(sys.argv[1]))
texts = [label.text() for label in window.findChildren(QLabel) if not label.isHidden()]
revoke = [press for press in window.findChildren(QPushButton) if press.text() == "Revoke"]
for press in revoke:
    press.click()
    press.click()
inner = lambda widget: widget.objectName().startswith("qt_") or "Scroll" in type(widget).__name__
nameless = [type(one).__name__ for one in window.findChildren(QWidget) if not (one.accessibleName() or inner(one))]
print(json.dumps([texts, told, nameless, [press.accessibleName() for press in revoke]]))
"""


def offscreen(rules: list[dict[str, str]], problems: list[str], note: str = "") -> list[list[Any]]:
    """What a window that is shown these says: its texts, what two clicks on each Revoke tell, what has no name."""
    message = {"show": False, "rules": rules, "problems": problems, "path": "/srv/rules.yaml", "note": note}
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "LC_ALL": "C"}
    command = [sys.executable, "-c", OFFSCREEN, json.dumps(message)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=env, check=True)
    return list(json.loads(done.stdout))


def test_each_rule_is_told_with_a_button_of_its_own() -> None:
    rows = [
        {"id": "1", "words": "Python code that only computes", "scope": "always", "since": "2026-11-21"},
        {"id": "2", "words": "Shell code in \u202etxt.exe", "scope": "conversation", "since": "someday"},
        {"id": "3", "words": "Code that only reads", "scope": "setting", "since": ""},
    ]
    texts, told, nameless, names = offscreen(rows, ["Rule 4 is ignored."])
    for text in ("Python code that only computes", "Always, since 21 November 2026", "Rule 4 is ignored."):
        assert text in texts
    assert "Shell code in ⟨U+202E⟩txt.exe" in texts
    assert "In this conversation" in texts
    assert any("auto_run" in text for text in texts)
    assert told == [{"did": "revoke", "id": "1"}], "the second half of a double-click revokes nothing"
    assert names[0] == "Revoke: Python code that only computes"
    assert nameless == []


def test_where_nothing_is_allowed_it_says_so() -> None:
    texts, _, nameless, _ = offscreen([], [], "Safe mode is on.")
    assert "Nothing runs without a question yet." in texts
    assert "Safe mode is on." in texts
    assert nameless == []
