"""What models write where a language's name belongs, and which of these names are of data and not of programs."""

from __future__ import annotations

import re

#: Other spellings of a language, as lower-case words, and the one that the rest of the program sees. ``bash``, ``sh``
#: and ``zsh`` are programs of their own: whoever runs them decides whether they differ.
ALIASES = {
    **dict.fromkeys(("py", "py3", "python3", "python2", "ipython", "ipython3", "tool_code"), "python"),
    **dict.fromkeys(("js", "node", "nodejs", "node.js", "mjs"), "javascript"),
    **dict.fromkeys(("shell-session", "shellsession", "sh-session", "shellscript", "shell-script"), "shell"),
    **dict.fromkeys(("ps", "ps1", "pwsh"), "powershell"),
    **dict.fromkeys(("bat", "cmd"), "batch"),
    **dict.fromkeys(("c++", "cc", "cxx"), "cpp"),
    **dict.fromkeys(("c#", "cs"), "csharp"),
    "bash-session": "bash",
    "golang": "go",
    "osascript": "applescript",
    "rb": "ruby",
    "rs": "rust",
    "rscript": "r",
    "ts": "typescript",
}

#: Names that are surely meant as a language's, wherever they stand: a function, a key, a block's first line.
LANGUAGES = frozenset(
    ("python", "shell", "bash", "sh", "zsh", "fish", "javascript", "typescript", "applescript", "powershell")
) | {"batch", "r", "ruby", "java", "html", "react", "perl", "php", "lua", "c", "cpp", "csharp", "go", "rust", "sql"}

#: Tags of blocks that show something and are not to be run.
DATA = (
    frozenset(
        ("text", "txt", "plain", "plaintext", "text-only", "none", "raw", "markdown", "md", "mdx", "rst", "table")
    )
    | {"output", "out", "stdout", "stderr", "console", "terminal", "pycon", "result", "results", "response", "error"}
    | {"traceback", "log", "logs", "diff", "patch", "http", "email", "mermaid", "plantuml", "dot", "asciidoc", "tree"}
    | {"json", "jsonc", "json5", "jsonl", "ndjson", "geojson", "csv", "tsv", "xml", "yaml", "yml", "toml", "ini", "cfg"}
    | {"conf", "config", "properties", "env", "dotenv", "svg", "css", "regex", "dockerfile", "docker", "makefile"}
    | {"gitignore", "graphql", "proto", "protobuf", "schema", "base64", "hex", "ascii", "file", "filename"}
    | {"latex", "tex", "math", "bibtex"}
)

_WORD = re.compile(r"[\s{.\[<\"']*(?:lang(?:uage)?-)?([^\W\d_][\w+#.-]*)")
_SHOWS = re.compile(r"\s+(?:output|result|results|traceback|error|log)\b", re.IGNORECASE)


def normal(info: str) -> str:
    """The language that a block's info string, or a name, begins with: ``{.python}``, ``Py`` and ``python:main.py`` are
    ``python``. Empty when there is no name."""
    found = _WORD.match(info.lower())
    if found is None:
        return ""
    word = found[1].rstrip(".-")
    return ALIASES.get(word, word)


def shows(info: str) -> bool:
    """Whether a block with this info string shows something and is no program: ``json``, ``console output``."""
    found = _WORD.match(info.lower())
    return found is None or found[1] in DATA or _SHOWS.match(info, found.end()) is not None


def names_language(name: str) -> bool:
    """Whether this, and nothing more, is the name of a programming language."""
    word = name.strip().lower()
    return ALIASES.get(word, word) in LANGUAGES
