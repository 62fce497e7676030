"""Which models of Whisper are on this machine. Imports nothing heavy, loads nothing, fetches nothing."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

# What auto looks for, the best for short commands first.
CHECKPOINTS = ("base.en", "base", "small.en", "small", "tiny.en", "tiny", "turbo", "medium", "large-v3")
SIZES = {"base.en": 145, "base": 145}  # of those that are offered to be fetched, in MB
ALIASES = {"turbo": "large-v3-turbo", "large": "large-v3"}
PUBLISHERS = ("Systran", "mobiuslabsgmbh", "deepdml")  # of models for faster-whisper on the hub it loads from


def cache() -> Path:
    """Where openai-whisper keeps its checkpoints, and we ours."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "whisper"


def to_offer(languages: Iterable[str]) -> str:
    """The checkpoint to fetch for commands in these languages, given as codes; none: English."""
    return "base.en" if all(code.lower()[:2] == "en" for code in languages) else "base"


def find_checkpoint(name: str) -> Path | None:
    """The checkpoint file of that path, or of that name in Whisper's cache."""
    path = Path(name).expanduser()
    if path.is_file():
        return path
    cached = cache() / f"{ALIASES.get(name, name)}.pt"
    return cached if _plain(name) and cached.is_file() else None


def find_converted(name: str) -> Path | None:
    """The folder of a model for faster-whisper: of that path, converted by us, or in the hub's cache."""
    path = Path(name).expanduser()
    if _whole(path):
        return path
    if not _plain(name):
        return None
    official = ALIASES.get(name, name)
    hub = Path(os.environ.get("HF_HOME") or cache().parent / "huggingface") / "hub"
    snapshots = (
        snapshot
        for publisher in PUBLISHERS
        for snapshot in hub.glob(f"models--{publisher}--faster-whisper-{official}/snapshots/*")
    )
    return next(filter(_whole, (converted(official), *snapshots)), None)


def converted(name: str) -> Path:
    """Where we put a checkpoint converted for faster-whisper."""
    return cache() / "faster" / ALIASES.get(name, name)


def _plain(name: str) -> bool:
    return bool(name) and name == Path(name).name


def _whole(folder: Path) -> bool:
    # Without the tokenizer faster-whisper would fetch one.
    return all((folder / part).is_file() for part in ("model.bin", "config.json", "tokenizer.json"))
