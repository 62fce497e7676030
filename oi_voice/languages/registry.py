"""Languages by the names that models give them."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from oi_voice.errors import LanguageError
from oi_voice.languages.capped import Capped
from oi_voice.languages.custom import CustomLanguage
from oi_voice.ports import Language
from oi_voice.tags import normal


class Registry:
    """The languages there are; each has a ``name``, and may have what ``Language`` objects do beside it.

    That is ``aliases``, ``system_message`` (what it has to tell the model of itself), ``file_extension``, ``folder``
    (where its code runs), and ``available``, which is False where its runtime is not installed. A name is found in any
    case and spacing, and by what models write in its place (``oi_voice.tags``); where two have the same, the first is
    taken, and a name goes before an alias. ``last`` is called when all are closed; ``capped`` makes what bounds the
    output of a person's own languages.
    """

    def __init__(
        self,
        languages: Iterable[Any],
        last: Callable[[], Awaitable[None]] | None = None,
        capped: Callable[[], Capped] = Capped,
    ) -> None:
        self._last, self._capped = last, capped
        self._languages: list[Any] = list(languages)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of those that can be used here."""
        return tuple(sorted({language.name for language in self._usable()}))

    def get(self, name: str) -> Language:
        """The language called ``name``, usable or not. Raises ``LanguageError``, naming those that are."""
        for wanted in (_key(name), normal(name)):
            for names in (_names, _aliases):
                for language in self._languages:
                    if wanted in map(_key, names(language)):
                        found: Language = language
                        return found
        raise LanguageError(
            f"Code in {name.strip() or 'no named language'} cannot be run here.",
            fix=f"Use one of: {', '.join(self.names)}." if self.names else "No language is left: set some.",
            code="language.unknown",
        )

    def folder(self, name: str) -> Path | None:
        """Where code of that language would run now, if it tells."""
        try:
            found = getattr(self.get(name), "folder", None)
        except LanguageError:
            return None
        return found if isinstance(found, Path) else None

    def entries(self) -> tuple[Any, ...]:
        """What there is, in order; each may be given to ``replace`` again."""
        return tuple(self._languages)

    def system_messages(self) -> tuple[str, ...]:
        """What those that can be used here have to tell the model of themselves."""
        told = (str(getattr(language, "system_message", "") or "") for language in self._usable())
        return tuple(filter(None, told))

    def replace(self, languages: Iterable[Any], computer: object = None) -> list[Language]:
        """Have these languages from now on, and no others; returns those dropped, for the caller to end.

        Each is a ``Language`` with a name, or a person's own class or object (see ``CustomLanguage``, which also gets
        ``computer``). One that is here already stays as it is. Raises ``LanguageError``, and changes nothing, where
        one is no language.
        """
        kept = list({id(one): one for one in [self._language(what, computer) for what in languages]}.values())
        dropped = [language for language in self if not any(language is other for other in kept)]
        self._languages = kept
        return dropped

    def __iter__(self) -> Iterator[Language]:
        return iter(self.entries())

    async def close(self) -> None:
        """End them all, each by itself, and at ``last`` whatever they have started."""
        await asyncio.gather(*(language.close() for language in self))
        if self._last:
            await self._last()

    def _usable(self) -> Iterator[Any]:
        return (language for language in self._languages if getattr(language, "available", True))

    def _language(self, what: Any, computer: object) -> Any:
        for language in self._languages:
            if what is language or (isinstance(language, CustomLanguage) and what is language.what):
                return language
        if isinstance(what, type) or not inspect.isasyncgenfunction(getattr(what, "run", None)):
            return CustomLanguage(what, computer, self._capped)
        if not isinstance(getattr(what, "name", None), str):
            raise LanguageError(f"{type(what).__name__} is no language: it has not a name.", code="language.invalid")
        return what


def _names(language: Any) -> tuple[str, ...]:
    return (language.name,)


def _aliases(language: Any) -> tuple[str, ...]:
    return tuple(getattr(language, "aliases", ()))


def _key(name: str) -> str:
    return "".join(name.lower().split())
