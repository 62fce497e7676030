"""Languages by the names that models give them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from oi_voice.errors import LanguageError
from oi_voice.ports import Language

ALIASES = {"py": "python", "python3": "python", "ipython": "python"}


class Registry:
    """The languages there are; one ``Language`` serves all of its aliases, in any case."""

    def __init__(self, languages: Mapping[str, Language]) -> None:
        self._languages = dict(languages)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(sorted(self._languages))

    def get(self, name: str) -> Language:
        """The language called ``name``. Raises ``LanguageError``, naming those there are."""
        key = name.strip().lower()
        language = self._languages.get(ALIASES.get(key, key))
        if language is None:
            raise LanguageError(
                f"Code in {name.strip() or 'no named language'} cannot be run here.",
                fix=f"Use one of: {', '.join(self.names)}.",
                code="language.unknown",
            )
        return language

    def __iter__(self) -> Iterator[Language]:
        return iter(self._languages.values())
