"""HTML and React: pages, and pictures of them by a real browser where there is one, else by its argument contract."""

from __future__ import annotations

import base64
import io
import json
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from PIL import Image

from oi_voice.errors import LanguageError
from oi_voice.languages.browser import Browser, command
from oi_voice.languages.family import Family
from oi_voice.languages.host import Host
from oi_voice.languages.web import Html, React
from oi_voice.messages import Chunk, Kind
from oi_voice.runtime import in_thread, spawn
from tests.languages.session_runs import chunks, text

GREEN = (0, 128, 0)
DRAWN_LATER = """<h1>A page</h1><script>
setTimeout(() => {
  if (innerWidth === 1280 && innerHeight === 800) document.body.style.background = "green";
}, 1500);
</script>"""
# Modules as small as can be, in the shapes that the real ones come in.
MODULES = {
    "react/index.js": "module.exports = process.env.NODE_ENV === 'production'"
    " ? require('./cjs/react.production.js') : require('./cjs/react.development.js')",
    "react/cjs/react.production.js": "exports.createElement = (type, props, child) => ({ type, child });"
    "exports.isValidElement = (what) => 'type' in what; exports.Component = class {}",
    "react-dom/index.js": "exports.version = 'small'",
    "react-dom/client.js": "const React = require('react'); const { draw } = require('scheduler');"
    "exports.createRoot = (node) => ({ render: (element) => draw(element.child.type, React) })",
    "scheduler/index.js": "exports.draw = (component, React) => component(React.createElement)",
    "@babel/standalone/babel.min.js": "window.Babel = { transform: (code) => ({ code }) }",
}


@pytest_asyncio.fixture
async def host() -> AsyncIterator[Host]:
    family = Family()
    yield Host(family)
    await family.close()


@pytest.fixture
def no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("oi_voice.languages.browser.NAMES", ())


@pytest.fixture
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A working directory with React in it."""
    for name, source in MODULES.items():
        path = tmp_path / "node_modules" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A browser that notes its arguments and takes its time; returns where it notes them."""
    program, notes = tmp_path / "bin" / "chromium", tmp_path / "notes"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\nprintf "%s\\n" "$@" >"$NOTES"\nexec sleep 600\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent), prepend=":")
    monkeypatch.setenv("NOTES", str(notes))
    yield notes
    assert notes.exists()


def pages(host: Host) -> list[str]:
    return [path.read_text(encoding="utf-8") for path in (host.family.folder / "pages").iterdir()]


def pixels(found: list[Chunk]) -> tuple[tuple[int, int], object]:
    """The size of the picture, and the colour in its last corner."""
    [chunk] = [chunk for chunk in found if chunk.kind is Kind.IMAGE]
    assert chunk.format == "base64.png"
    picture = Image.open(io.BytesIO(base64.b64decode(chunk.content))).convert("RGB")
    return picture.size, picture.getpixel((picture.width - 1, picture.height - 1))


needs_browser = pytest.mark.skipif(not Browser(Family()).program, reason="no browser is installed")


@needs_browser
async def test_a_page_is_shown_to_all(host: Host) -> None:
    shown: list[Path] = []
    html = Html(host, show=lambda path: not shown.append(path))
    found = await chunks(html, DRAWN_LATER)
    assert pixels(found) == ((1280, 800), GREEN)
    [page] = pages(host)
    assert (found[0].kind, found[0].format, found[0].recipient, found[0].content) == (Kind.CODE, "html", "user", page)
    assert text(found) == f"The page is in {shown[0]}, and is open in the browser.\n"
    assert page.startswith("<!doctype html>")
    assert all(part in page for part in ('<meta charset="utf-8">', "<title>A page</title>", DRAWN_LATER))
    assert [entry.name for entry in host.family.folder.iterdir()] == ["pages"]


async def test_a_whole_page_is_left_as_it_is(host: Host, no_browser: None) -> None:
    page = "<!DOCTYPE html><html><body>é 日本</body></html>"
    found = await chunks(Html(host), page)
    assert found[0].content == page
    assert pages(host) == ["\ufeff" + page]
    assert "open in the browser" not in text(found)
    await chunks(Html(host), '<html><meta charset="utf-8"></html>')
    assert '<html><meta charset="utf-8"></html>' in pages(host)


async def test_without_a_browser_it_is_said_how_to_get_one(host: Host, no_browser: None) -> None:
    found = await chunks(Html(host), "<p>")
    assert "no browser is installed" in text(found, "notice")
    assert "apt install chromium" in text(found, "notice")
    assert len(pages(host)) == 1


async def test_a_browser_that_takes_too_long_is_ended(
    host: Host, stand_in: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("oi_voice.languages.browser.TIMEOUT", 0.5)
    found = await chunks(Html(host), "<p>")
    assert "There is no picture of it" in text(found, "notice")
    assert host.family.members() == []


async def test_stop_ends_the_browser(host: Host, stand_in: Path) -> None:
    os.mkfifo(stand_in)
    html = Html(host)
    drawing = spawn(chunks(html, "<p>"), "drawing")
    await in_thread(stand_in.read_text)  # until the browser is there
    assert await html.stop()
    assert "was stopped" in text(await drawing, "notice")
    assert host.family.members() == []


@pytest.mark.parametrize("offline", [False, True])
def test_how_browsers_are_told(tmp_path: Path, offline: bool) -> None:
    page, into = tmp_path / "a page.html", tmp_path / "picture.png"
    chromium = command("/usr/bin/chromium", page, into, offline)
    assert chromium[-1] == page.as_uri()
    assert {"--headless=new", "--no-first-run", f"--screenshot={into}", f"--user-data-dir={tmp_path}/profile"} < set(
        chromium
    )
    assert any("NOTFOUND" in option for option in chromium) is offline
    firefox = command("/usr/bin/firefox-esr", page, into, offline)
    assert firefox[1:3] == ["--headless", "--no-remote"]
    assert firefox[-2:] == [f"--screenshot={into}", page.as_uri()]
    assert (tmp_path / "profile" / "user.js").exists() is offline


@needs_browser
@pytest.mark.parametrize(
    "code",
    [
        "module.exports.default = (create) => (document.body.style.background = 'green')",
        "function Other() {}\nfunction App(create) {\n  document.body.style.background = create ? 'green' : 'red'\n}",
        "const Page = () => (document.body.style.background = typeof require('react-dom').createRoot && 'green')",
        "ReactDOM.createRoot(document.getElementById('root')).render({ child: { type: () => 0 } });"
        "document.body.style.background = '</script>' && 'green'",
    ],
)
async def test_a_component_is_drawn(host: Host, modules: None, code: str) -> None:
    assert pixels(await chunks(React(host, offline=lambda: True), code)) == ((1280, 800), GREEN)


async def test_react_that_is_not_there(
    host: Host, no_browser: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(LanguageError, match="npm install -g react react-dom @babel/standalone") as caught:
        await chunks(React(host, offline=lambda: True), "<h1>Hello</h1>")
    assert caught.value.code == "language.missing"
    page = (await chunks(React(host), "<h1>Hello</h1>"))[0].content
    assert page.count('<script src="https://') == 3
    assert json.dumps("export default () => <><h1>Hello</h1></>").replace("</", "<\\/") in page
