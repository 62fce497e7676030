"""What the house asks of its own source: who imports whom, what a start may cost, sizes, and words that do not belong.

The gates read files with ``ast``; none imports the code it judges.
"""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "oi_voice"

# --- who may import whom

LAYERS = {
    **dict.fromkeys(
        (
            "addresses",
            "messages",
            "lmc",
            "events",
            "errors",
            "folders",
            "growing",
            "declared",
            "settings",
            "runtime",
            "reveal",
            "tags",
            "waiting",
        ),
        0,
    ),
    **dict.fromkeys(("ports", "profiles", "conversations", "archive"), 1),
    **dict.fromkeys(("agent", "asking", "consent", "dictation", "hearing", "history", "kit", "ledger"), 2),
    **dict.fromkeys(("takes", "turn", "speech", "vocabulary"), 2),
    **dict.fromkeys(("answers", "engine", "subscription", "testing"), 3),
}
ADAPTERS = {"llm", "languages", "computer", "voice"}
FRONT_ENDS = {"desktop", "terminal", "server", "demo", "doctor", "facade", "controls"}
# compose and roster are the composition root, app the programs; __init__ resolves the public names lazily
ROOTS = {"app", "compose", "roster", "sound", "voice_programs", "__main__", "__init__"}
DOORS = {("demo", "desktop.instance")}  # the demo may be told by a running assistant that it is there
# Code that runs in a child process, and what it shares with the parent: together they may use L0 and nothing else of
# ours, so that a child starts fast and stays small.
CHILDREN = {
    "computer.stub": {"computer.api"},
    "desktop.ui": set[str](),
    "languages.inside": {"languages.capped", "languages.output"},
    "voice.tts.child": set[str](),
}


def module_name(path: Path) -> str:
    """The dotted name inside the package: ``voice.tts.child``; a package's own file is named after its folder."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


def imports(source: str, package: str) -> Iterator[tuple[int, str]]:
    """Line and dotted name (without ``oi_voice.``) of everything of ours that the source imports, early or late.

    ``package`` is the dotted package that relative imports start from.
    """
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Import | ast.ImportFrom | ast.Call):
            continue
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = ["oi_voice", *filter(None, package.split("."))]
                base = ".".join([*parts[: len(parts) - node.level + 1], *filter(None, [base])])
            names = [f"{base}.{alias.name}" for alias in node.names if not alias.name.startswith("__")]
        elif ast.unparse(node.func) in ("importlib.import_module", "import_module"):
            names = [ast.literal_eval(arg) for arg in node.args[:1] if isinstance(arg, ast.Constant)]
        yield from ((node.lineno, name.removeprefix("oi_voice.")) for name in names if name.startswith("oi_voice."))


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def breach(importer: str, imported: str) -> str:
    """Why ``importer`` may not import ``imported``, or nothing."""
    room, other = importer.split(".")[0], imported.split(".")[0]
    for child, shared in CHILDREN.items():
        if any(within(importer, part) for part in (child, *shared)):
            allowed = LAYERS.get(other) == 0 or any(within(imported, part) for part in (child, *shared))
            return "" if allowed else "a child process's code may import its own files and L0 only"
    if room in ROOTS or room == other or (LAYERS.get(other, 9) == 0 and room not in LAYERS):
        return ""
    if any(room == who and within(imported, door) for who, door in DOORS):
        return ""
    if room in LAYERS:
        allowed = LAYERS.get(other, 9) <= LAYERS[room] and other != "testing"
        return "" if allowed else f"L{LAYERS[room]} may import L0 to L{LAYERS[room]} only"
    if room in ADAPTERS:
        return "" if LAYERS.get(other, 9) <= 1 else "an adapter may import L0, L1 and its own room only"
    if room in FRONT_ENDS:
        allowed = other in LAYERS and other != "testing"
        return "" if allowed else "a front end may import L0 to L3 and its own room only"
    return f"the room {room} has no place in the layers above: give it one first"


def test_who_imports_whom() -> None:
    breaches = []
    for path in sorted(PACKAGE.rglob("*.py")):
        name = module_name(path)
        package = name if path.name == "__init__.py" and name != "__init__" else name.rpartition(".")[0]
        for line, imported in imports(path.read_text(encoding="utf-8"), package):
            if why := breach(name, imported):
                breaches.append(f"{path.relative_to(ROOT)}:{line} imports {imported}: {why}")
    assert not breaches, "\n".join(["", *breaches])


@pytest.mark.parametrize(
    ("importer", "statement"),
    [
        ("events", "from oi_voice.ports import Pcm"),
        ("ports", "import oi_voice.engine"),
        ("turn", "from oi_voice import engine"),
        ("engine", "def late():\n    from oi_voice.voice.player import Player"),
        ("llm.commands", "from oi_voice.computer.display import Display"),
        ("voice.stt.grammar", "from ...llm import commands"),
        ("voice.player", "import importlib; importlib.import_module('oi_voice.turn')"),
        ("terminal.chat", "from oi_voice.desktop.tray import Tray"),
        ("demo.scenes", "from oi_voice.desktop import tray"),
        ("desktop.tray", "from oi_voice.voice.player import Player"),
        ("desktop.ui.popup", "from oi_voice.engine import Engine"),
        ("computer.stub", "from oi_voice.computer.broker import Door"),
        ("computer.api", "from oi_voice.computer import broker"),
        ("attic", "from oi_voice.engine import Engine"),
    ],
)
def test_a_breach_is_found(importer: str, statement: str) -> None:
    found = list(imports(statement, importer.rpartition(".")[0]))
    assert found
    assert all(breach(importer, name) for _, name in found)


@pytest.mark.parametrize(
    ("importer", "statement"),
    [
        ("engine", "from oi_voice.turn import Turn"),
        ("voice.stt.grammar", "from oi_voice.ports import Pcm"),
        ("voice.stt.grammar", "from ..activity import Gate"),
        ("demo.scenes", "from oi_voice.desktop.instance import knock"),
        ("desktop.ui.popup", "from oi_voice.messages import Chunk"),
        ("computer.stub", "from oi_voice.computer import api"),
        ("terminal.chat", "from oi_voice.engine import Engine"),
        ("app", "from oi_voice.voice.player import Player"),
    ],
)
def test_a_fair_import_passes(importer: str, statement: str) -> None:
    found = list(imports(statement, importer.rpartition(".")[0]))
    assert found
    assert not any(breach(importer, name) for _, name in found)


# --- a cold start

HEAVY = {"litellm", "openai", "numpy", "torch", "fastapi", "jupyter_client", "sounddevice", "pynput", "pystray"}
HEAVY |= {"tkinter", "PySide6"}
COLD = """
import json, sys
seen = []
watched = ("socket.__new__", "_thread.start_new_thread", "_thread.start_joinable_thread")
sys.addaudithook(lambda event, args: seen.append(event) if event in watched else None)
import oi_voice
import oi_voice.terminal.flags
print(json.dumps({"modules": sorted({name.partition(".")[0] for name in sys.modules}), "seen": seen}))
"""


def test_importing_is_cold() -> None:
    done = subprocess.run([sys.executable, "-c", COLD], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert sorted(HEAVY & set(report["modules"])) == []
    assert report["seen"] == [], "importing made a thread or a socket"


# --- sizes

FILE_LIMIT, FUNCTION_LIMIT = 400, 70
FILE_GUIDE, FUNCTION_GUIDE = 250, 40


def sizes() -> Iterator[tuple[str, int, int, int]]:
    """What, its lines, its guide, its limit: for every file and every function of the package."""
    for path in sorted(PACKAGE.rglob("*.py")):
        source, name = path.read_text(encoding="utf-8"), str(path.relative_to(ROOT))
        yield name, len(source.splitlines()), FILE_GUIDE, FILE_LIMIT
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                yield f"{name}:{node.lineno} {node.name}", lines, FUNCTION_GUIDE, FUNCTION_LIMIT


def test_sizes(capsys: pytest.CaptureFixture[str]) -> None:
    over = [f"{what}: {lines} lines, more than {limit}" for what, lines, _, limit in sizes() if lines > limit]
    long = [f"{what}: {lines} lines, better {guide}" for what, lines, guide, _ in sizes() if lines > guide]
    if long:
        with capsys.disabled():
            sys.stderr.write("\n" + "\n".join(long) + "\n")
    assert not over, "\n".join(["", *over])


# --- broad excepts

# The turn's boundary and the server's connection turn whatever fails into words; runtime carries any error across
# threads, and a BaseException may be caught where it is raised again.
BOUNDARIES = {"oi_voice/turn.py", "oi_voice/server/websocket.py"}
CARRIER = "oi_voice/runtime.py"


def broad(node: ast.AST) -> str:
    """``Exception`` or ``BaseException`` if the node swallows that much, else nothing."""
    if isinstance(node, ast.ExceptHandler):
        if any(isinstance(inner, ast.Raise) and inner.exc is None for inner in node.body):
            return ""
        caught = [node.type] if not isinstance(node.type, ast.Tuple) else node.type.elts
        if node.type is None:
            return "BaseException"
    elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("contextlib.suppress", "suppress"):
        caught = node.args
    else:
        return ""
    names = [ast.unparse(kind) for kind in caught if kind is not None]
    return next((name for name in ("BaseException", "Exception") if name in names), "")


def test_broad_excepts_stand_at_the_boundaries_only() -> None:
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            kind = broad(node)
            if kind and name not in BOUNDARIES and not (name == CARRIER and kind == "BaseException"):
                found.append(f"{name}:{getattr(node, 'lineno', 0)} catches {kind}")
    assert not found, "\n".join(["", *found])


# --- what is installed


UNPINNED = {"semgrep"}  # does not go with the other pins: see constraints.txt


def test_every_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [
        *project["dependencies"],
        *(name for extra in project["optional-dependencies"].values() for name in extra),
    ]
    pinned = {}
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        name, _, version = line.partition("==")
        pinned[canonicalize_name(name)] = version
    for requirement in [required for required in map(Requirement, wanted) if required.name not in UNPINNED]:
        version = pinned.get(canonicalize_name(requirement.name), "")
        assert version, f"constraints.txt does not pin {requirement.name}"
        assert requirement.specifier.contains(version), f"constraints.txt pins {requirement.name} at {version}"


# --- words

# In two halves, so that this file does not find itself.
MACHINE = re.compile("|".join(f"/{folder}" for folder in ("work/", "root/", "tmp/probe")))


def test_no_path_of_a_machine() -> None:
    if not (shutil.which("git") and (ROOT / ".git").exists()):
        pytest.skip("not a git checkout")
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = []
    for name in filter(None, listing.stdout.split("\0")):
        path = ROOT / name
        if not path.is_file() or b"\0" in (data := path.read_bytes())[:8192]:
            continue
        lines = data.decode("utf-8", "replace").splitlines()
        found += [f"{name}:{number} {line.strip()}" for number, line in enumerate(lines, 1) if MACHINE.search(line)]
    assert not found, "\n".join(["", *found])
