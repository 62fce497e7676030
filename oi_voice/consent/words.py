"""What code would do, in one or two sentences for a person.

They are made from the classification, never from anyone's account.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from oi_voice.consent.classify.risk import Effect, Level, Risk, Target
from oi_voice.consent.told import clause, clean, files, last, listed, looked_at, names, size
from oi_voice.reveal import strange_hosts

__all__ = ["LONGEST", "size", "words"]

LONGEST = 240  # characters: what can be read, or heard, before the answer
_MORE = "And more."
_ENDS = re.compile(r"[.!?]+\s")  # of a sentence, which a name in a reason could put there


def words(risk: Risk) -> str:
    """The sentences, gravest first, of at most ``LONGEST`` characters together."""
    told = [sentence for effect in _ORDER if (sentence := _sentence(effect, risk))]
    told[1:1] = [each for target in risk.targets if target.kind == "host" for each in strange_hosts(target.name)][:1]
    untold = Effect.UNKNOWN in risk.effects or Effect.HIDDEN in risk.effects
    if risk.level is Level.UNKNOWN and (untold or not told):
        told.insert(0, _cannot(risk, "What this does cannot be told"))
    elif untold:
        told.insert(1, _cannot(risk, "Not all of it can be told"))
    if not told:
        looks = " or looks something up" if Effect.READS in risk.effects else ""
        return f"Computes{looks} and shows a result; changes nothing."
    kept = told[0]
    for sentence in told[1:]:
        ends = sentence is told[-1]
        if len(kept) + len(sentence) + 1 + (0 if ends else len(_MORE) + 1) > LONGEST:
            return f"{kept} {_MORE}" if len(kept) + len(_MORE) < LONGEST else kept
        kept = f"{kept} {sentence}"
    return kept


def _cannot(risk: Risk, begins: str) -> str:
    """That something cannot be told, and why: as many reasons as there is room for."""
    reasons = [_ENDS.sub(" ", clause(reason, 80)) for reason in risk.reasons if reason not in _TOLD]
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
    packages = [target for target in targets if target.kind == "package"]
    if packages and len(packages) == len(targets):
        return f"Uninstalls {names(packages, 'software')}."
    paths = [target for target in targets if target.kind in ("file", "folder") and target.name.startswith(("/", "~"))]
    parts = [files(paths)] if paths else []
    for target in targets:
        if target.kind == "records":
            parts.append(f"records in {files([replace(target, kind='file')])}")
        elif target not in paths:
            parts.append(clean(target.name) or "files whose names cannot be told")
    return f"Deletes {listed(parts) or 'something'}. Cannot be undone."


def _overwrites(targets: Sequence[Target]) -> str:
    return f"Replaces {files(targets)}: what is there now is lost."


def _starts(targets: Sequence[Target]) -> str:
    return f"Starts or stops {names(targets, 'a program')}."


def _ends(targets: Sequence[Target]) -> str:
    windows = [target for target in targets if target.kind == "window"]
    if windows and len(windows) == len(targets):
        name = clean(windows[0].name)
        return f"Closes {f'the window {name}' if name else 'a window'}; what is not saved there is lost."
    return f"Ends {names(targets, 'a program')}; what is not saved there is lost."


def _hosts(targets: Sequence[Target]) -> str:
    return listed([clean(target.name) for target in targets if target.name] or ["a host that cannot be told"])


def _system(targets: Sequence[Target]) -> str:
    disks = [target for target in targets if target.kind == "disk"]
    if disks:
        return f"Overwrites the whole disk {listed([clean(last(target.name)) for target in disks])}: all on it is lost."
    what = "settings" if targets and all(target.kind == "setting" for target in targets) else "files"
    return _named(f"Changes the system's own {what}")(targets)


def _moves(targets: Sequence[Target]) -> str:
    taken = [target for target in targets if target.kind == "source"]
    kept = [target for target in targets if target.kind != "source"]
    several = max(len(taken), len(kept)) > 1 or any(mark in target.name for target in targets for mark in "*?[")
    what = "files" if several else files(taken) if taken else "a file"
    to = f" to {files(kept).replace('files like', 'names like')}" if kept else ""
    return f"Moves or renames {what}{to}."


def _named(begins: str, otherwise: str = "") -> Callable[[Sequence[Target]], str]:
    """A sentence that names its targets in brackets, if there are any."""

    def sentence(targets: Sequence[Target]) -> str:
        names = [clean(last(target.name)) for target in targets if target.name]
        return f"{begins} ({listed(names)}){otherwise}." if names else f"{begins}{otherwise}."

    return sentence


def _onto(begins: str) -> Callable[[Sequence[Target]], str]:
    """A sentence about files."""
    return lambda targets: f"{begins} {files(targets)}."


def _always(sentence: str) -> Callable[[Sequence[Target]], str]:
    return lambda _: sentence


def _reads(targets: Sequence[Target]) -> str:
    read = [target for target in targets if target.kind == "file"]
    folders = [target for target in targets if target.kind == "folder"]
    if read:
        return f"Reads {files(read)}."
    if folders:
        return f"Looks at what is in {looked_at(folders)}."
    things = listed([clean(target.name) for target in targets if target.kind == "text"])
    return f"Looks at {things}." if things else ""


_SENTENCES: dict[Effect, Callable[[Sequence[Target]], str]] = {
    Effect.RULES: _always("Changes oi_voice's own rules or files."),
    Effect.STARTUP: _named("Changes what starts by itself"),
    Effect.SYSTEM: _system,
    Effect.FOREIGN: _always("Runs code from the internet that nobody here has seen."),
    Effect.SENDS: lambda targets: f"Sends data to {_hosts(targets)}.",
    Effect.SECRETS: _named("Reads keys or passwords", ", and what is printed goes to the model"),
    Effect.DELETES: _deletes,
    Effect.OVERWRITES: _overwrites,
    Effect.ENDS: _ends,
    Effect.ADMIN: _always("Runs as administrator."),
    Effect.INSTALLS: lambda targets: f"Installs {names(targets, 'software')}.",
    Effect.STARTS: _starts,
    Effect.SCREEN: _always("Clicks or types on your screen."),
    Effect.SETTINGS: lambda targets: f"Changes settings ({names(targets, 'of the system')}).",
    Effect.CHANGES: _onto("Changes"),
    Effect.MOVES: _moves,
    Effect.RECYCLES: lambda targets: f"Moves {files(targets)} to the bin. Can be undone.",
    Effect.COPIES: _onto("Makes a copy:"),
    Effect.CREATES: _onto("Makes"),
    Effect.OPENS: lambda targets: f"Opens {names(targets, 'a program')}.",
    Effect.CLIPBOARD: _always("Changes the clipboard."),
    Effect.SESSION: _always("Changes something for now only."),
    Effect.NETWORK: lambda targets: f"Reads from {_hosts(targets)}.",
    Effect.READS: _reads,
}
_ORDER = tuple(_SENTENCES)
