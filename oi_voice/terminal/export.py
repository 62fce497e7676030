"""A conversation for others to read: as Markdown, or as a Jupyter notebook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from oi_voice.conversations import first_words
from oi_voice.messages import Kind, Message, Role, fenced

WHO = {Role.USER: "You", Role.ASSISTANT: "Assistant", Role.COMPUTER: "Computer", Role.SYSTEM: "System"}
SHOWN = 60  # characters of what can only be named
# Cell magics of IPython that run a cell in another language.
CELLS = {"shell": "bash", "bash": "bash", "sh": "sh", "javascript": "javascript", "html": "html", "ruby": "ruby"}
NOTEBOOK = {
    "metadata": {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    },
    "nbformat": 4,
    "nbformat_minor": 4,
}
IMAGES = {"base64.png": "image/png", "base64.jpeg": "image/jpeg", "base64.jpg": "image/jpeg"}


def markdown(messages: Sequence[Message]) -> str:
    """The conversation as Markdown; the model's thoughts are left out."""
    parts, speaker = [f"# {first_words(messages) or 'Conversation'}"], None
    for message in filter(_told, messages):
        if message.role is not speaker:
            speaker = message.role
            parts.append(f"## {WHO[speaker]}")
        parts.append(_block(message))
    return "\n\n".join(parts) + "\n"


def notebook(messages: Sequence[Message]) -> dict[str, Any]:
    """The conversation as a notebook, format 4.4: code with its outputs in code cells, the rest in Markdown cells."""
    cells: list[dict[str, Any]] = []
    by_call: dict[str, dict[str, Any]] = {}
    code: dict[str, Any] | None = None  # the last code cell
    for message in filter(_told, messages):
        if message.kind is Kind.CODE and (source := _source(message)) is not None:
            code = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source}
            cells.append(code)
            by_call[message.call] = code
        elif message.role is Role.COMPUTER and (cell := by_call.get(message.call) if message.call else code):
            cell["outputs"] += _outputs(message)
        else:
            words = _block(message) if message.role is not Role.USER else f"**{WHO[Role.USER]}:** {_block(message)}"
            cells.append({"cell_type": "markdown", "metadata": {}, "source": words})
            code = None if message.kind is Kind.CODE else code  # what comes of it is not the last cell's
    return {"cells": cells, **NOTEBOOK}


def _told(message: Message) -> bool:
    return message.kind is not Kind.REASONING and bool(message.content.strip())


def _block(message: Message) -> str:
    """One message as Markdown."""
    text = message.content
    if message.kind is Kind.CODE:
        return fenced(text, message.format)
    if message.kind is Kind.CONSOLE:
        return f"*{text.strip()}*" if message.format == "notice" else fenced(text, "output")
    if message.kind is Kind.IMAGE:
        return f"![Picture]({f'data:{IMAGES[message.format]};base64,{text}' if message.format in IMAGES else text})"
    return text.strip() if message.kind is Kind.MESSAGE else f"[{message.kind.value}: {text[:SHOWN]}]"


def _source(code: Message) -> str | None:
    """What a cell must hold to run this code; None where a notebook can't."""
    if code.format in ("python", "py", ""):
        return code.content
    return f"%%{CELLS[code.format]}\n{code.content}" if code.format in CELLS else None


def _outputs(message: Message) -> Iterator[dict[str, Any]]:
    if message.kind is Kind.CONSOLE:
        name = "stderr" if message.format == "notice" else "stdout"
        yield {"output_type": "stream", "name": name, "text": message.content}
    elif message.format in IMAGES:
        yield {"output_type": "display_data", "metadata": {}, "data": {IMAGES[message.format]: message.content}}
    else:
        kind = "text/html" if message.format == "html" else "text/plain"
        yield {"output_type": "display_data", "metadata": {}, "data": {kind: message.content}}
