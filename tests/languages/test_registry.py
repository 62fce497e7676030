from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from oi_voice.errors import LanguageError
from oi_voice.languages.custom import CustomLanguage
from oi_voice.languages.kernel import JupyterPython
from oi_voice.languages.registry import Registry


class Custom:
    name = "MyPython"
    aliases = ("mp", "My Py")
    system_message = "Print things."
    file_extension = "py"

    def run(self, code: str) -> Iterator[dict[str, Any]]:
        yield {"type": "console", "content": code}


@pytest.fixture
def python() -> JupyterPython:
    return JupyterPython()


@pytest.mark.parametrize("name", ["python", "Python", "py", "PY", "python3", " python\n", "Python 3", "IPython"])
def test_one_language_serves_all_of_its_names(name: str, python: JupyterPython) -> None:
    assert Registry({"python": python}).get(name) is python


@pytest.mark.parametrize("name", ["cobol", "", "pythonic"])
def test_an_unknown_language_is_refused_with_those_there_are(name: str, python: JupyterPython) -> None:
    registry = Registry({"python": python})
    with pytest.raises(LanguageError, match="Use one of: python") as refused:
        registry.get(name)
    assert refused.value.code == "language.unknown"
    assert registry.names == ("python",)


def test_a_language_with_two_names_is_one(python: JupyterPython) -> None:
    assert list(Registry({"python": python, "sage": python})) == [python]


@pytest.mark.parametrize("name", ["mypython", "MYPYTHON", "mp", "my py", "MyPy"])
def test_custom_languages_take_the_place_of_the_others(name: str, python: JupyterPython) -> None:
    registry = Registry({"python": python})
    assert registry.replace([Custom]) == [python]
    assert registry.names == ("MyPython",)
    assert registry.get(name) is registry.entries()[0].language
    assert [(entry.name, entry.file_extension) for entry in registry.entries()] == [("MyPython", "py")]
    assert registry.system_messages() == ("Print things.",)
    with pytest.raises(LanguageError, match="Use one of: MyPython"):
        registry.get("python")


def test_a_custom_python_is_found_by_pythons_other_names(python: JupyterPython) -> None:
    registry = Registry({"python": python})
    registry.replace([type("Cloud", (Custom,), {"name": "Python"})])
    assert isinstance(registry.get("py"), CustomLanguage)


def test_what_is_there_may_be_given_again_and_stays(python: JupyterPython) -> None:
    registry = Registry({"python": python})
    assert registry.replace([*registry.entries(), Custom]) == []
    custom = registry.get("mp")
    assert registry.replace([Custom, python]) == []
    assert registry.get("mp") is custom
    assert registry.get("python") is python
    assert registry.replace([]) == [custom, python]
    with pytest.raises(LanguageError, match="No language is left"):
        registry.get("python")


def test_nothing_is_changed_when_one_is_no_language(python: JupyterPython) -> None:
    registry = Registry({"python": python})
    for wrong in (3, object, JupyterPython()):
        with pytest.raises(LanguageError, match="is no language"):
            registry.replace([Custom, wrong])
    assert registry.names == ("python",)
