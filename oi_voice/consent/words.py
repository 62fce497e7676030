"""What code would do, in one or two sentences for a person.

They are made from the classification, never from anyone's account.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from oi_voice.consent.classify.risk import Effect, Level, Risk, Target
from oi_voice.reveal import reveal

LONGEST = 240  # characters: what can be read, or heard, before the answer
_NAME = 40  # characters of one name
_MORE = "And more."
_UNITS = ("bytes", "KB", "MB", "GB", "TB")


def words(risk: Risk) -> str:
    """The sentences, gravest first, of at most ``LONGEST`` characters together."""
    told = [sentence for effect in _ORDER if (sentence := _sentence(effect, risk))]
    if risk.level is Level.UNKNOWN:
        told.insert(0, _cannot(risk, "What this does cannot be told"))
    elif Effect.UNKNOWN in risk.effects or Effect.HIDDEN in risk.effects:
        told.insert(1, _cannot(risk, "Not all of it can be told"))
    if not told:
        return "Computes and shows a result; changes nothing."
    kept = told[0]
    for sentence in told[1:]:
        ends = sentence is told[-1]
        if len(kept) + len(sentence) + 1 + (0 if ends else len(_MORE) + 1) > LONGEST:
            return f"{kept} {_MORE}" if len(kept) + len(_MORE) < LONGEST else kept
        kept = f"{kept} {sentence}"
    return kept


def _cannot(risk: Risk, begins: str) -> str:
    """That something cannot be told, and why: as many reasons as there is room for."""
    reasons = [_clean(reason, 80) for reason in risk.reasons if reason not in _TOLD]
    if not reasons:
        return f"{begins}."
    more = len(reasons) - 1
    return (
        f"{begins}: it {reasons[0]}{f', and {more} more such' if more > 1 else f', and {reasons[1]}' if more else ''}."
    )


#: Reasons that a sentence of their effect tells already.
_TOLD = frozenset(
    (
        "changes oi_voice's own rules",
        "changes what starts by itself",
        "changes the system's own files",
        "reads keys or passwords",
        "runs as administrator",
        "runs code that comes from a host",
        "reads all environment variables, keys among them",
        "deletes files whose names are made as it runs",
        "goes to an address that is made as it runs",
        "connects to a host that is made as it runs",
    )
)


def _sentence(effect: Effect, risk: Risk) -> str:
    if effect not in risk.effects:
        return ""
    return _SENTENCES[effect]([target for target in risk.targets if target.effect is effect])


# --- sentences


def _deletes(targets: Sequence[Target]) -> str:
    files = [target for target in targets if target.kind in ("file", "folder") and target.name.startswith(("/", "~"))]
    others = [target for target in targets if target not in files]
    parts = [_files(files)] if files else []
    parts += [_clean(target.name) for target in others if target.name]
    if not parts:
        return "Deletes something; what cannot be told. Cannot be undone."
    return f"Deletes {_and(parts)}. Cannot be undone."


def _overwrites(targets: Sequence[Target]) -> str:
    return f"Replaces {_files(targets)}: what is there now is lost."


def _starts(targets: Sequence[Target]) -> str:
    return f"Starts or stops {_names(targets, 'a program')}."


def _ends(targets: Sequence[Target]) -> str:
    windows = [target for target in targets if target.kind == "window"]
    if windows and len(windows) == len(targets):
        name = _clean(windows[0].name)
        return f"Closes {f'the window {name}' if name else 'a window'}; what is not saved there is lost."
    return f"Ends {_names(targets, 'a program')}; what is not saved there is lost."


def _hosts(targets: Sequence[Target]) -> str:
    return _and([_clean(target.name) for target in targets if target.name] or ["a host that cannot be told"])


def _named(begins: str, otherwise: str = "") -> Callable[[Sequence[Target]], str]:
    """A sentence that names its targets in brackets, if there are any."""

    def sentence(targets: Sequence[Target]) -> str:
        names = [_clean(_last(target.name)) for target in targets if target.name]
        return f"{begins} ({_and(names)}){otherwise}." if names else f"{begins}{otherwise}."

    return sentence


def _onto(begins: str) -> Callable[[Sequence[Target]], str]:
    """A sentence about files."""
    return lambda targets: f"{begins} {_files(targets)}."


def _always(sentence: str) -> Callable[[Sequence[Target]], str]:
    return lambda _: sentence


def _reads(targets: Sequence[Target]) -> str:
    files = [target for target in targets if target.kind == "file"]
    folders = [target for target in targets if target.kind == "folder"]
    if files:
        return f"Reads {_files(files)}."
    return f"Looks at what is in {_and([_place(target.name) for target in folders])}." if folders else ""


_SENTENCES: dict[Effect, Callable[[Sequence[Target]], str]] = {
    Effect.RULES: _always("Changes oi_voice's own rules or files."),
    Effect.STARTUP: _named("Changes what starts by itself"),
    Effect.SYSTEM: _named("Changes the system's own files"),
    Effect.FOREIGN: _always("Runs code from the internet that nobody here has seen."),
    Effect.SENDS: lambda targets: f"Sends data to {_hosts(targets)}.",
    Effect.SECRETS: _named("Reads keys or passwords", ", and what is printed goes to the model"),
    Effect.DELETES: _deletes,
    Effect.OVERWRITES: _overwrites,
    Effect.ENDS: _ends,
    Effect.ADMIN: _always("Runs as administrator."),
    Effect.INSTALLS: lambda targets: f"Installs {_names(targets, 'software')}.",
    Effect.STARTS: _starts,
    Effect.SCREEN: _always("Clicks or types on your screen."),
    Effect.SETTINGS: lambda targets: f"Changes settings ({_names(targets, 'of the system')}).",
    Effect.CHANGES: _onto("Changes"),
    Effect.MOVES: _onto("Moves or renames a file to"),
    Effect.RECYCLES: lambda targets: f"Moves {_files(targets)} to the bin. Can be undone.",
    Effect.COPIES: _onto("Makes a copy:"),
    Effect.CREATES: _onto("Makes"),
    Effect.OPENS: lambda targets: f"Opens {_names(targets, 'a program')}.",
    Effect.CLIPBOARD: _always("Changes the clipboard."),
    Effect.SESSION: _always("Changes something for now only."),
    Effect.NETWORK: lambda targets: f"Reads from {_hosts(targets)}.",
    Effect.READS: _reads,
}
_ORDER = tuple(_SENTENCES)


# --- what they are about


def _files(targets: Sequence[Target]) -> str:
    """Files and folders: one by its name, several by their number, size and folder."""
    if not targets:
        return "something"
    if len(targets) == 1:
        return _one(targets[0])
    counts = [target.count for target in targets]
    known = None if None in counts else sum(count or 0 for count in counts)
    number = (
        f"{known} {_noun(targets, known)}" if known is not None else f"{_noun(targets, 2)} (how many cannot be told)"
    )
    if any(target.upto for target in targets):
        number = f"up to {number}" if known is not None else number
    return f"{number}{_size(targets)}{_where([_folder(target) for target in targets])}"


def _one(target: Target) -> str:
    name = target.name
    if not name:
        return "a file whose name cannot be told"
    if not name.startswith(("/", "~")) and ":" not in name[:3]:
        return _clean(name)
    if any(mark in name for mark in "*?["):
        return _pattern(target)
    last = _clean(_last(name))
    if target.kind == "folder" and target.effect in (Effect.DELETES, Effect.CHANGES):
        if target.effect is Effect.CHANGES:
            return f"what is in {_place(name)}"
        inside = f" with {_count(target)}{_size([target])}" if target.exists else ""
        if name == str(Path.home()):
            return f"{_place(name)}{inside}"
        return f"the folder {last}{inside}{_where([_folder(target)])}"
    noun = "the folder " if target.kind == "folder" else ""
    absent = " (not there now)" if target.effect is Effect.DELETES and target.exists is False else ""
    return f"{noun}{last}{_size([target]) if target.exists else ''}{_where([_folder(target)])}{absent}"


def _pattern(target: Target) -> str:
    like = _clean(_last(target.name))
    deep = " and the folders in it" if "**" in target.name else ""
    if target.count is None:
        none = target.exists is False and target.effect is Effect.DELETES
        return f"files like {like}{_where([_folder(target)])}{deep}{' (none there now)' if none else ''}"
    upto = "up to " if target.upto else ""
    return f"{upto}{_count(target)}{_size([target])}{_where([_folder(target)])}{deep}"


def _count(target: Target) -> str:
    if target.count is None:
        return "more files than could be counted"
    return f"{target.count} file{'' if target.count == 1 else 's'}" if target.count else "nothing in it"


def _noun(targets: Sequence[Target], count: int | None) -> str:
    kinds = {target.kind for target in targets}
    noun = "folder" if kinds == {"folder"} else "file"
    return noun if count == 1 else f"{noun}s"


def _size(targets: Sequence[Target]) -> str:
    """The size in brackets, where all of it is known and there is any."""
    sizes = [target.bytes for target in targets if target.exists]
    total = sum(size or 0 for size in sizes)
    if None in sizes or not total:
        return ""
    return f" ({size(total)})"


def size(count: int) -> str:
    """A number of bytes for a person: "812 bytes", "2.1 MB"."""
    amount, unit = float(count), 0
    while amount >= 1000 and unit < len(_UNITS) - 1:
        amount, unit = amount / 1000, unit + 1
    if unit == 0:
        return f"{count} byte{'' if count == 1 else 's'}"
    return f"{amount:.1f} {_UNITS[unit]}".replace(".0 ", " ")


def _where(folders: Sequence[str]) -> str:
    distinct = list(dict.fromkeys(folder for folder in folders if folder))
    if not distinct:
        return ""
    return (
        f" in {_and([_place(folder) for folder in distinct])}" if len(distinct) <= 2 else f" in {len(distinct)} folders"
    )


def _folder(target: Target) -> str:
    path = target.name
    while any(mark in path.rpartition("/")[0] for mark in "*?["):
        path = path.rpartition("/")[0]
    return path.rpartition("/")[0] or "/"


def _place(path: str) -> str:
    """A folder as a person calls it: without the home folder's path."""
    home = str(Path.home())
    if path == home:
        return "your home folder"
    return _clean(path.removeprefix(f"{home}/")) if path.startswith(f"{home}/") else _clean(path)


def _last(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2] or path


def _names(targets: Sequence[Target], otherwise: str) -> str:
    names = [
        _clean(_place(target.name) if target.name.startswith("/") else target.name) for target in targets if target.name
    ]
    return _and(names) if names else otherwise


def _and(names: Sequence[str]) -> str:
    distinct = list(dict.fromkeys(names))
    if len(distinct) > 3:
        distinct = [*distinct[:2], f"{len(distinct) - 2} more"]
    return distinct[0] if len(distinct) == 1 else f"{', '.join(distinct[:-1])} and {distinct[-1]}" if distinct else ""


def _clean(name: str, longest: int = _NAME) -> str:
    """A name with nothing hidden in it, on one line, cut in the middle where it is long."""
    shown = reveal(" ".join(name.split()))[0]
    if len(shown) <= longest:
        return shown
    half = (longest - 1) // 2
    return f"{shown[:half]}…{shown[-half:]}"
