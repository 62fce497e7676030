from __future__ import annotations

import pytest

from oi_voice.errors import LanguageError
from oi_voice.languages.kernel import JupyterPython
from oi_voice.languages.registry import Registry


@pytest.fixture
def python() -> JupyterPython:
    return JupyterPython()


@pytest.mark.parametrize("name", ["python", "Python", "py", "PY", "python3", " python\n"])
def test_one_language_serves_all_of_its_names(name: str, python: JupyterPython) -> None:
    assert Registry({"python": python}).get(name) is python


@pytest.mark.parametrize("name", ["cobol", "", "pythonic"])
def test_an_unknown_language_is_refused_with_those_there_are(name: str, python: JupyterPython) -> None:
    registry = Registry({"python": python})
    with pytest.raises(LanguageError, match="Use one of: python") as refused:
        registry.get(name)
    assert refused.value.code == "language.unknown"
    assert registry.names == ("python",)
