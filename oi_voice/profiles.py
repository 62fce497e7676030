"""Profiles: settings in a YAML file, found by name or path; nested groups and dotted names mean the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from oi_voice.errors import SettingsError
from oi_voice.settings import Settings, flatten, pointer

ENDINGS = (".yaml", ".yml")
DEFAULT = "default"
NOT_SETTINGS = ("version",)  # which release a profile was written for


def folders() -> list[Path]:
    """Where a profile's name is looked up: the person's own folder, then those that come with the program."""
    import platformdirs

    package = Path(__file__).parent
    return [
        Path(platformdirs.user_config_dir("oi_voice", appauthor=False)) / "profiles",
        package / "_data" / "profiles",
        package.parent / "profiles",
    ]


def load(settings: Settings, name: str = "") -> list[str]:
    """Put a profile's settings in force; without a name the person's own default, if there is one.

    Returns sentences for the person. A default profile that can't be read is told and left out; a profile that was
    asked for raises SettingsError.
    """
    wanted = name or DEFAULT
    try:
        content = read(wanted)
        settings.apply(content, "profile")
    except SettingsError as error:
        if name:
            raise
        return [f"The default profile is left out. {error}"]
    return [f"In the profile {wanted}: {words}" for key in content if (words := pointer(key))]


def find(name: str) -> Path:
    """The file of a profile given by path or by name, with or without ending. SettingsError lists those there are."""
    given = Path(name).expanduser()
    candidates = [folder / f"{name}{ending}" for folder in folders() for ending in ("", *ENDINGS)]
    if given.suffix or len(given.parts) > 1:
        candidates.insert(0, given)
    for candidate in candidates:
        if candidate.is_file():
            return candidate
    known = sorted({path.stem for folder in folders() for path in folder.glob("*.y*ml")})
    raise SettingsError(f"There is no profile {name!r}.", fix=f"Known: {', '.join(known) or 'none'}.")


def read(name: str) -> dict[str, Any]:
    """The settings of a profile, flat. Raises SettingsError on anything that is no mapping of settings."""
    import yaml

    path = find(name)
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        reason = str(error).splitlines()[0]
        raise SettingsError(f"The profile {path} can't be read ({reason}).", fix="Correct it or delete it.") from None
    if content is None:
        return {}
    if not isinstance(content, dict) or not all(isinstance(key, str) for key in content):
        raise SettingsError(f"The profile {path} is no list of settings.", fix="Write lines such as `model: auto`.")
    return {key: value for key, value in flatten(content).items() if key not in NOT_SETTINGS}
