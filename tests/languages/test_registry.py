from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from typing import Any

import pytest

from oi_voice.errors import LanguageError
from oi_voice.languages.capped import Capped
from oi_voice.languages.custom import CustomLanguage
from oi_voice.languages.kernel import JupyterPython
from oi_voice.languages.registry import Registry
from oi_voice.messages import Chunk, Kind, Role


class Shell:
    """As the built-in ones are."""

    name = "shell"
    aliases = ("bash", "sh", "zsh")
    file_extension = "sh"
    available = True

    async def run(self, code: str, run: str) -> AsyncGenerator[Chunk, None]:
        yield Chunk(Role.COMPUTER, Kind.CONSOLE, code, "output")


class Absent(Shell):
    name = "javascript"
    aliases = ("js", "node")
    system_message = "Nobody is told."
    available = False


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
    assert Registry([python]).get(name) is python


@pytest.mark.parametrize("name", ["cobol", "", "pythonic"])
def test_an_unknown_language_is_refused_with_those_there_are(name: str, python: JupyterPython) -> None:
    registry = Registry([python])
    with pytest.raises(LanguageError, match="Use one of: python") as refused:
        registry.get(name)
    assert refused.value.code == "language.unknown"
    assert registry.names == ("python",)


@pytest.mark.parametrize(
    ("name", "found"),
    [("bash", "shell"), ("Sh", "shell"), ("zsh", "shell"), ("JS", "javascript"), ("node", "javascript")],
)
def test_each_language_brings_its_other_names(name: str, found: str, python: JupyterPython) -> None:
    assert getattr(Registry([python, Shell(), Absent()]).get(name), "name", "") == found


def test_what_is_not_installed_is_found_but_not_told_of(python: JupyterPython) -> None:
    registry = Registry([python, Shell(), Absent()])
    assert registry.names == ("python", "shell")
    assert registry.system_messages() == ()
    assert [language.name for language in registry.entries()] == ["python", "shell", "javascript"]
    with pytest.raises(LanguageError, match=r"Use one of: python, shell\.$"):
        registry.get("cobol")


def test_a_name_goes_before_an_alias(python: JupyterPython) -> None:
    registry, bash = Registry([Shell()]), type("Bash", (Custom,), {"name": "bash", "aliases": ()})
    registry.replace([*registry, bash])
    assert isinstance(registry.get("bash"), CustomLanguage)
    assert isinstance(registry.get("sh"), Shell)


@pytest.mark.parametrize("name", ["mypython", "MYPYTHON", "mp", "my py", "MyPy"])
def test_custom_languages_take_the_place_of_the_others(name: str, python: JupyterPython) -> None:
    registry = Registry([python])
    assert registry.replace([Custom]) == [python]
    assert registry.names == ("MyPython",)
    assert registry.get(name) is registry.entries()[0]
    assert [(entry.name, entry.file_extension) for entry in registry.entries()] == [("MyPython", "py")]
    assert registry.system_messages() == ("Print things.",)
    with pytest.raises(LanguageError, match="Use one of: MyPython"):
        registry.get("python")


def test_a_custom_python_is_found_by_pythons_other_names(python: JupyterPython) -> None:
    registry = Registry([python])
    registry.replace([type("Cloud", (Custom,), {"name": "Python"})])
    assert isinstance(registry.get("py"), CustomLanguage)


def test_what_is_there_may_be_given_again_and_stays(python: JupyterPython) -> None:
    registry = Registry([python])
    assert registry.replace([*registry.entries(), Custom]) == []
    custom = registry.get("mp")
    assert registry.replace([Custom, python]) == []
    assert registry.get("mp") is custom
    assert registry.get("python") is python
    assert registry.replace([]) == [custom, python]
    with pytest.raises(LanguageError, match="No language is left"):
        registry.get("python")


def test_nothing_is_changed_when_one_is_no_language(python: JupyterPython) -> None:
    registry = Registry([python])
    for wrong in (3, object, type("Nameless", (Shell,), {"name": None})()):
        with pytest.raises(LanguageError, match="is no language"):
            registry.replace([Custom, wrong])
    assert registry.names == ("python",)


async def test_close_ends_each_and_then_the_rest(python: JupyterPython) -> None:
    ended: list[str] = []

    async def last() -> None:
        ended.append("last")

    registry = Registry([python], last)
    registry.replace([Custom])
    await registry.close()
    assert ended == ["last"]
    with pytest.raises(LanguageError, match="closed"):
        await registry.get("mp").start()


async def test_a_custom_language_is_capped_as_the_others(python: JupyterPython) -> None:
    registry = Registry([python], capped=lambda: Capped(10))
    registry.replace([Custom])
    async with aclosing(registry.get("mp").run("0123456789" * 2, "run")) as stream:
        said = "".join([chunk.content async for chunk in stream])
    assert said == "01234\n… 10 characters left out …\n56789"
    await registry.close()
