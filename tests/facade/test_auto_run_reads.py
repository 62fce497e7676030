"""``interpreter.auto_run = "reads"``: what only reads runs, the rest asks."""

from __future__ import annotations

from pathlib import Path

import pytest
from interpreters import Make

from oi_voice.errors import SettingsError

WRITES = "```python\nopen({path!r}, 'w').close()\n```"


def test_what_only_reads_runs_and_the_rest_does_not_where_nobody_can_be_asked(make: Make, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    interpreter, _ = make("```python\nprint(3 + 4)\n```", WRITES.format(path=str(mark)), "Done.")
    interpreter.auto_run = "reads"
    with pytest.warns(UserWarning, match="auto_run"):
        said = interpreter.chat("do it", display=False)
    assert any(message["content"].strip() == "7" for message in said if message["type"] == "console")
    assert not mark.exists()


def test_another_word_is_refused_and_changes_nothing(make: Make) -> None:
    interpreter, _ = make("Hello.")
    with pytest.raises(SettingsError, match="true, reads or false"):
        interpreter.auto_run = "writes"
    assert interpreter.auto_run is False
