"""Languages by the names that models give them."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from oi_voice.errors import LanguageError
from oi_voice.languages.custom import CustomLanguage
from oi_voice.ports import Language

ALIASES = {"py": "python", "python3": "python", "ipython": "python"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A language and what it is called. ``system_message`` is what it has to tell the model of itself."""

    name: str
    language: Language
    aliases: tuple[str, ...] = ()
    system_message: str = ""
    file_extension: str = ""


class Registry:
    """The languages there are; one ``Language`` serves all of its names, in any case and spacing.

    Where two have the same name, the first is taken.
    """

    def __init__(self, languages: Mapping[str, Language]) -> None:
        self._entries = [Entry(name, language) for name, language in languages.items()]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(sorted({entry.name for entry in self._entries}))

    def get(self, name: str) -> Language:
        """The language called ``name``. Raises ``LanguageError``, naming those there are."""
        key = _key(name)
        for wanted in (key, ALIASES.get(key, key)):
            for entry in self._entries:
                if wanted in map(_key, (entry.name, *entry.aliases)):
                    return entry.language
        raise LanguageError(
            f"Code in {name.strip() or 'no named language'} cannot be run here.",
            fix=f"Use one of: {', '.join(self.names)}." if self._entries else "No language is left: set some.",
            code="language.unknown",
        )

    def entries(self) -> tuple[Entry, ...]:
        """What there is, in order; each may be given to ``replace`` again."""
        return tuple(self._entries)

    def system_messages(self) -> tuple[str, ...]:
        """What the languages have to tell the model of themselves."""
        return tuple(entry.system_message for entry in self._entries if entry.system_message)

    def replace(self, languages: Iterable[Any], computer: object = None) -> list[Language]:
        """Have these languages from now on, and no others; returns those dropped, for the caller to close.

        Each is an entry, a ``Language`` with a name or one that is here already, or a person's own class or object
        (see ``CustomLanguage``, which also gets ``computer``). One that is here already stays as it is. Raises
        ``LanguageError``, and changes nothing, where one is no language.
        """
        entries = [self._entry(what, computer) for what in languages]
        kept = [entry.language for entry in entries]
        dropped = [language for language in self if not any(language is other for other in kept)]
        self._entries = entries
        return dropped

    def __iter__(self) -> Iterator[Language]:
        return iter({id(entry.language): entry.language for entry in self._entries}.values())

    def _entry(self, what: Any, computer: object) -> Entry:
        if isinstance(what, Entry):
            return what
        for entry in self._entries:
            if what is entry.language or (isinstance(entry.language, CustomLanguage) and what is entry.language.what):
                return entry
        if isinstance(what, type) or not inspect.isasyncgenfunction(getattr(what, "run", None)):
            what = CustomLanguage(what, computer)
        elif not isinstance(getattr(what, "name", None), str):
            raise LanguageError(f"{type(what).__name__} is no language: it has not a name.", code="language.invalid")
        told = getattr(what, "system_message", ""), getattr(what, "file_extension", "")
        return Entry(what.name, what, tuple(getattr(what, "aliases", ())), *told)


def _key(name: str) -> str:
    return "".join(name.lower().split())
