"""HTML and React: a block is a page, shown to the person in their browser and to the model as a picture."""

from __future__ import annotations

import base64
import contextlib
import html
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import AsyncGenerator, Callable, Iterator
from pathlib import Path

from oi_voice.errors import LanguageError
from oi_voice.languages.browser import INSTALL, TIMEOUT, Browser
from oi_voice.languages.dialects import DRIVERS
from oi_voice.languages.host import Host
from oi_voice.messages import Chunk, Kind, Role
from oi_voice.runtime import in_thread

Show = Callable[[Path], bool]

WHOLE = re.compile(r"<(?:!doctype|html|head|body)\b", re.IGNORECASE)
CHARSET = re.compile(r"<meta[^>]*charset", re.IGNORECASE)
REACT = "react", "react-dom/client"
BABEL = "@babel/standalone/babel.min.js"
NETWORK = (
    "https://unpkg.com/react@18/umd/react.production.min.js",
    "https://unpkg.com/react-dom@18/umd/react-dom.production.min.js",
    "https://unpkg.com/@babel/standalone@7/babel.min.js",
)
NPM_PATIENCE = 10.0  # seconds
_REQUIRE = re.compile(r"""\brequire\(["']([^"']+)["']\)""")
_COMPONENT = re.compile(
    r"^(?:export\s+)?(?:default\s+)?(?:async\s+)?(?:function|class|const|let|var)\s+([A-Z]\w*)", re.M
)
_MOUNTS = re.compile(r"\bcreateRoot\(|\bReactDOM\.render\(")


class Html:
    """``ports.Language`` for pages. ``show`` opens a file in the person's browser, and says whether it did; where
    ``offline()``, pages get nothing from the network while their picture is taken."""

    name = "html"
    aliases: tuple[str, ...] = ("htm", "webpage")
    file_extension = "html"

    def __init__(
        self, host: Host | None = None, show: Show | None = None, offline: Callable[[], bool] = lambda: False
    ) -> None:
        self.host = host or Host()
        self._show, self._offline = show, offline
        self._browser = Browser(self.host.family)

    async def start(self) -> None:
        """Nothing."""

    async def run(self, code: str, run: str) -> AsyncGenerator[Chunk, None]:
        """Write the page, show it, and take its picture. Raises ``LanguageError`` where there can be no page."""
        page = await self._page(code)
        try:
            path = self._written(page)
        except (OSError, UnicodeEncodeError) as error:
            raise LanguageError(f"The page could not be written: {error}.", code="language.start") from error
        yield Chunk(Role.COMPUTER, Kind.CODE, page, "html", recipient="user")
        shown = self._show is not None and await in_thread(self._show, path, name="show page")
        told = f"The page is in {path}{', and is open in the browser' if shown else ''}.\n"
        yield Chunk(Role.COMPUTER, Kind.CONSOLE, told, "output")
        if not self._browser.program:
            told = (
                f"There is no picture of it, for no browser is installed that could take one. Install one: {INSTALL}.\n"
            )
            yield Chunk(Role.COMPUTER, Kind.CONSOLE, told, "notice")
        elif picture := await self._browser.picture(path, self._offline()):
            yield Chunk(Role.COMPUTER, Kind.IMAGE, base64.b64encode(picture).decode(), "base64.png")
        else:
            told = f"There is no picture of it: the browser gave none within {TIMEOUT:.0f} seconds, or was stopped.\n"
            yield Chunk(Role.COMPUTER, Kind.CONSOLE, told, "notice")

    async def stop(self) -> bool:
        """End the taking of a picture. True: there is no state to lose."""
        self._browser.stop()
        return True

    async def terminate(self) -> None:
        self._browser.stop()

    async def close(self) -> None:
        self._browser.stop()

    async def _page(self, code: str) -> str:
        if WHOLE.search(code):
            return code
        title = html.escape(next(iter(re.findall(r"<h1[^>]*>([^<]*)</h1>", code)), "Page"))
        head = f'<meta charset="utf-8">\n<title>{title}</title>'
        return f"<!doctype html>\n<html>\n<head>\n{head}\n</head>\n<body>\n{code}\n</body>\n</html>\n"

    def _written(self, page: str) -> Path:
        folder = self.host.family.folder / "pages"
        folder.mkdir(exist_ok=True)
        handle, name = tempfile.mkstemp(".html", "page-", folder)
        # A page that doesn't say what it is written in says so by its first bytes.
        with os.fdopen(handle, "w", encoding="utf-8" if CHARSET.search(page) else "utf-8-sig") as file:
            file.write(page)
        return Path(name)


class React(Html):
    """A component: the default export, else ``App``, else the last one. Its libraries are looked for in
    ``node_modules``, here and then among npm's own; else the page fetches them, unless ``offline()``."""

    name = "react"
    aliases: tuple[str, ...] = ("jsx", "tsx", "reactjs")
    file_extension = "jsx"

    async def _page(self, code: str) -> str:
        scripts = await in_thread(self._scripts, name="react")
        if code.lstrip().startswith("<"):
            code = f"export default () => <>{code}</>"
        names = _COMPONENT.findall(code)
        component = "App" if "App" in names else (names or [""])[-1]
        block = {"code": code, "component": component, "mounts": bool(_MOUNTS.search(code))}
        tags = "\n".join(f'<script src="{html.escape(source)}"></script>' for source in scripts)
        template = (DRIVERS / "react.html").read_text(encoding="utf-8")
        data = json.dumps(block).replace("</", "<\\/").replace("<!--", "<\\u0021--")
        return template.replace("__SCRIPTS__", tags).replace("__BLOCK__", data)

    def _scripts(self) -> list[str]:
        for root in _module_folders():
            if (root / BABEL).is_file() and (bundle := bundled(root, REACT)):
                path = self.host.family.folder / "react.js"
                path.write_text(bundle, encoding="utf-8")
                return [path.as_uri(), (root / BABEL).as_uri()]
        if self._offline():
            raise LanguageError(
                "React is not on this computer, and offline nothing is fetched.",
                fix="Install it: npm install -g react react-dom @babel/standalone",
                code="language.missing",
            )
        return list(NETWORK)


def _module_folders() -> Iterator[Path]:
    """Where modules may be, the nearest first. Blocks."""
    here = Path.cwd()
    yield from (folder / "node_modules" for folder in (here, *here.parents))
    if npm := shutil.which("npm"):
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            done = subprocess.run(
                [npm, "root", "-g"],
                capture_output=True,
                text=True,
                timeout=NPM_PATIENCE,
                check=True,
                stdin=subprocess.DEVNULL,
            )
            yield Path(done.stdout.strip())


def bundled(root: Path, names: tuple[str, ...]) -> str:
    """One script of these modules and all that they require, for a page: it defines ``React`` and ``ReactDOM``.

    Empty when one is missing. What is for development only is left out.
    """
    sources: dict[str, str] = {}
    waiting = [(root, name) for name in (*names, "react-dom")]
    entries = [_found(root, *one) for one in waiting]
    if not all(entries):
        return ""
    links: dict[str, dict[str, str]] = {}
    todo = [path for path in entries if path]
    while todo:
        path = todo.pop()
        if str(path) in sources:
            continue
        sources[str(path)] = source = path.read_text(encoding="utf-8")
        needed = {
            name: _found(root, path.parent, name) for name in _REQUIRE.findall(source) if "development" not in name
        }
        links[str(path)] = {name: str(found) for name, found in needed.items() if found}
        todo += [found for found in needed.values() if found]
    modules = ",\n".join(
        f"{json.dumps(path)}: [function (module, exports, require) {{\n{source}\n}}, {json.dumps(links[path])}]"
        for path, source in sources.items()
    )
    react, client, dom = (json.dumps(str(path)) for path in entries)
    return LOADER.format(modules=modules, react=react, client=client, dom=dom)


LOADER = """(() => {{
const process = {{ env: {{ NODE_ENV: "production" }} }};
const modules = {{
{modules}
}};
const loaded = {{}};
const load = (path) => {{
  if (!loaded[path]) {{
    const module = (loaded[path] = {{ exports: {{}} }});
    const [run, links] = modules[path];
    run(module, module.exports, (name) => load(links[name]));
  }}
  return loaded[path].exports;
}};
window.React = load({react});
window.ReactDOM = {{ ...load({dom}), ...load({client}) }};
}})();
"""


def _found(root: Path, folder: Path, name: str) -> Path | None:
    """The file of a module that a file in ``folder`` requires."""
    base = folder / name if name.startswith(".") else root / name
    candidates = (base, base.with_name(base.name + ".js"), base / "index.js")
    return next((path.resolve() for path in candidates if path.is_file()), None)
