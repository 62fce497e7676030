"""The reference documentation's Python snippets, cut out of a folder that the person names; none of it is kept here."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

DOCUMENTATION = "open-interpreter-docs.txt"  # many pages in one file, each under its name
READMES = ("open-interpreter-readme-ja.txt", "open-interpreter-readme-zh.txt")
PAGES = (  # a page's name begins with one of these
    "usage/python/", "guides/basic-usage.mdx", "guides/streaming-response.mdx", "guides/multiple-instances.mdx",
    "guides/running-locally.mdx", "guides/profiles.mdx", "usage/examples.mdx", "protocols/lmc-messages.mdx",
    "language-models/custom-models.mdx", "language-models/local-models/", "code-execution/custom-languages.mdx",
    "code-execution/usage.mdx", "integrations/e2b.mdx", "settings/all-settings.mdx", "NCU_MIGRATION_GUIDE.md",
    "telemetry/telemetry.mdx", *READMES,
)  # fmt: skip
HEADING = re.compile(r"^={16}\nFile: (.+)\n={16}\n", re.MULTILINE)
BLOCK = re.compile(r"^( *)(`{3,})([^`\n]*)\n(.*?)^\1\2 *$", re.MULTILINE | re.DOTALL)
LIKE_PYTHON = re.compile(r"\s*(\{|interpreter\.)")  # how a block without a tag begins that is Python all the same
IMPORT = re.compile(r"^( *)(from interpreter import|import interpreter$)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Cut:
    """A snippet as it stands on its page; ``number`` counts the page's Python snippets from one."""

    page: str
    number: int
    text: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def program(self) -> str:
        """The text with nothing but its import line changed."""
        return IMPORT.sub(_ours, self.text)


def _ours(line: re.Match[str]) -> str:
    return f"{line[1]}from oi_voice import" + ("" if line[2].startswith("from") else " interpreter")


def cut(folder: Path) -> dict[tuple[str, int], Cut]:
    """Every Python snippet of ``PAGES``, by page and number. OSError where a file is not there."""
    parts = HEADING.split((folder / DOCUMENTATION).read_text(encoding="utf-8"))
    pages = dict(zip(parts[1::2], parts[2::2], strict=True))
    pages |= {name: (folder / name).read_text(encoding="utf-8") for name in READMES}
    cuts = [snippet for name, text in pages.items() if name.startswith(PAGES) for snippet in _snippets(name, text)]
    return {(snippet.page, snippet.number): snippet for snippet in cuts}


def _snippets(page: str, text: str) -> list[Cut]:
    blocks = [(block[3].split(), block[4]) for block in BLOCK.finditer(text)]
    python = [body for tag, body in blocks if (tag[0].lower() == "python" if tag else LIKE_PYTHON.match(body))]
    return [Cut(page, number, body) for number, body in enumerate(python, 1)]
