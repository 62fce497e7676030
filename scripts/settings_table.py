#!/usr/bin/env python3
"""Writes docs/settings.md from the settings' declaration; with --check only tells whether it is up to date."""

from __future__ import annotations

import sys
from pathlib import Path

from oi_voice.declared import DECLARED, Setting

TARGET = Path(__file__).parent.parent / "docs" / "settings.md"
HEAD = """\
# Settings

Every setting can be given as a flag, in a profile, as an environment variable (`OI_VOICE_` and its name in capitals,
dots as underscores: `OI_VOICE_LLM_MODEL`) and as an attribute in Python (`interpreter.llm.model`). What is given later
in this list wins: default, profile, environment, flag, a change while running.

In a profile, groups may be nested (`llm:` and below it `model:`) or dotted (`llm.model:`). A profile named
`default.yaml` in your profiles folder is used when no other is named.

This page is made from the declaration in `oi_voice/declared.py` by `scripts/settings_table.py`.
"""
TITLES = {"": "Interpreter", "llm": "Language model", "computer": "Computer", "voice": "Voice"}


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    for group, title in TITLES.items():
        rows = [_row(setting) for setting in DECLARED if setting.group == group]
        parts.append("\n".join([f"\n## {title}\n", "| setting | flag | default | |", "|---|---|---|---|", *rows]))
    return "\n".join(parts) + "\n"


def _row(setting: Setting) -> str:
    flags = f"`--{setting.option}`" + (f" `-{setting.short}`" if setting.short else "")
    notes = [setting.help]
    if setting.choices:
        notes.append(f"One of {', '.join(setting.choices)}.")
    if setting.low is not None and setting.high is not None:
        notes.append(f"From {setting.low:,.10g} to {setting.high:,.10g}.")
    if setting.loosens:
        notes.append("Not taken from the environment.")
    if setting.also:
        notes.append(f"Also {', '.join(f'`{name}`' for name in setting.also)}.")
    if setting.older:
        notes.append(f"Formerly {', '.join(f'`{name}`' for name in setting.older)}.")
    return f"| `{setting.name}` | {flags} | {_default(setting)} | {' '.join(notes)} |"


def _default(setting: Setting) -> str:
    value = setting.default
    if value is None:
        return "no limit" if setting.name == "max_budget" else "auto"
    if isinstance(value, str) and len(value) > 20:
        return "a text"
    if isinstance(value, list):
        return ", ".join(f"“{item}”" for item in value)
    return f"`{str(value).lower() if isinstance(value, bool) else value}`" if value != "" else "–"


def main() -> int:
    if "--check" in sys.argv:
        return 0 if TARGET.read_text(encoding="utf-8") == page() else 1
    TARGET.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
