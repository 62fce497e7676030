"""Installed programs as freedesktop.org's desktop entries and MIME defaults describe them."""

from __future__ import annotations

import os
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ENTRY, DEFAULTS = "Desktop Entry", "Default Applications"


@dataclass(frozen=True, slots=True)
class App:
    """A program that can be started: ``id`` is its file's name, ``line`` its command, ``names`` what it answers to."""

    id: str
    name: str
    names: tuple[str, ...]
    line: str
    categories: frozenset[str] = frozenset()
    mimes: frozenset[str] = frozenset()
    generic: str = ""
    terminal: bool = False
    window_class: str = ""


def installed() -> list[App]:
    """All that a desktop's menu would show. A file in an earlier folder hides one of the same id in a later one."""
    found: dict[str, App | None] = {}
    for folder in data_folders():
        for path in sorted((folder / "applications").glob("**/*.desktop")):
            name = "-".join(path.relative_to(folder / "applications").parts)
            if name not in found:
                found[name] = _app(name, groups(path).get(ENTRY, {}))
    return [app for app in found.values() if app is not None]


def default_for(mime: str) -> Iterator[str]:
    """Ids of the programs that are the person's, then the system's, default for a MIME type."""
    config = [_path("XDG_CONFIG_HOME", "~/.config"), *_paths("XDG_CONFIG_DIRS", "/etc/xdg")]
    desktops = [name.lower() for name in os.environ.get("XDG_CURRENT_DESKTOP", "").split(":") if name]
    for folder in [*config, *(folder / "applications" for folder in data_folders())]:
        for name in [*(f"{desktop}-mimeapps.list" for desktop in desktops), "mimeapps.list", "defaults.list"]:
            yield from filter(None, groups(folder / name).get(DEFAULTS, {}).get(mime, "").split(";"))


def data_folders() -> list[Path]:
    return [_path("XDG_DATA_HOME", "~/.local/share"), *_paths("XDG_DATA_DIRS", "/usr/local/share:/usr/share")]


def groups(path: Path) -> dict[str, dict[str, str]]:
    """A desktop file's groups of keys; empty when it can't be read."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return {}
    found: dict[str, dict[str, str]] = {}
    group: dict[str, str] = {}
    for line in lines:
        if line.startswith("["):
            group = found.setdefault(line.strip("[] \t"), {})
        elif "=" in line and not line.startswith("#"):
            key, _, value = line.partition("=")
            group.setdefault(key.strip(), value.strip())
    return found


def command(app: App, target: str = "") -> tuple[str, ...]:
    """Its Exec line's program and arguments. ``target`` (a file or address) stands in for the field code, if any."""
    parts: list[str] = []
    taken = False
    for part in shlex.split(app.line):
        if part in ("%f", "%F", "%u", "%U"):
            parts += [target] if target else []
            taken = True
        elif part == "%c":
            parts.append(app.name)
        elif not (len(part) == 2 and part[0] == "%" and part != "%%"):
            parts.append(part.replace("%%", "%"))
    return tuple(parts if taken or not target else [*parts, target])


def _app(name: str, entry: dict[str, str]) -> App | None:
    title = entry.get("Name", "")
    hidden = any(entry.get(key) == "true" for key in ("NoDisplay", "Hidden"))
    if hidden or entry.get("Type") != "Application" or not title or not _for_this_desktop(entry):
        return None
    try:
        parts = shlex.split(entry.get("Exec", ""))
    except ValueError:  # unbalanced quotes
        return None
    if not parts or not shutil.which(parts[0]) or not shutil.which(entry.get("TryExec", parts[0])):
        return None
    locale = os.environ.get("LC_MESSAGES", os.environ.get("LANG", "")).partition(".")[0]
    local = [entry.get(f"Name[{code}]", "") for code in (locale, locale.partition("_")[0])]
    short = name.removesuffix(".desktop").rpartition(".")[2]
    return App(
        name,
        title,
        tuple(filter(None, (title, *local, Path(parts[0]).name, short))),
        entry["Exec"],
        _items(entry, "Categories"),
        _items(entry, "MimeType"),
        entry.get("GenericName", ""),
        entry.get("Terminal") == "true",
        entry.get("StartupWMClass", ""),
    )


def _for_this_desktop(entry: dict[str, str]) -> bool:
    here = set(filter(None, os.environ.get("XDG_CURRENT_DESKTOP", "").split(":")))
    only, never = _items(entry, "OnlyShowIn"), _items(entry, "NotShowIn")
    return (not only or bool(only & here)) and not never & here


def _items(entry: dict[str, str], key: str) -> frozenset[str]:
    return frozenset(filter(None, entry.get(key, "").split(";")))


def _path(variable: str, default: str) -> Path:
    return Path(os.environ.get(variable) or default).expanduser()


def _paths(variable: str, default: str) -> list[Path]:
    return [Path(folder) for folder in (os.environ.get(variable) or default).split(":") if folder]
