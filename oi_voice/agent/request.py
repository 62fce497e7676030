"""What a model is sent of a conversation: what fits its window, in the person's own words around it.

A session's ``Presenter`` remembers what it made of earlier turns, so that a request costs what is new in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from types import SimpleNamespace

from oi_voice.agent.present import Reader, Templates, clipped, templated, with_pictures_read
from oi_voice.agent.trim import PICTURE, fit, limit_of, mark, prune_pictures, tokens
from oi_voice.errors import ModelError
from oi_voice.growing import Growing
from oi_voice.messages import Kind, Message, Role
from oi_voice.ports import Abilities

MARK = 30  # tokens of the words that stand for what was left out
LEAST = 200  # tokens for the conversation itself, below which a model would be asked about nothing
READ = 200  # tokens, about, of what is read in a picture for a model that sees none


@dataclass(frozen=True, slots=True)
class Part:
    """A turn as it is shown: its messages, about how many tokens they take, and whether pictures are among them."""

    messages: list[Message]
    tokens: int
    pictures: bool


@dataclass(frozen=True, slots=True)
class Look:
    """What decides how a turn is shown: the output's limit in characters, what a picture takes in tokens, and
    templates where code is plain text."""

    max_output: int
    picture: int
    templates: Templates | None

    def part(self, messages: Sequence[Message], first: int = 0) -> Part:
        shown = clipped(messages, self.max_output)
        if self.templates:
            shown = self.templates.worded(shown)
        pictures = sum(1 for message in shown if message.kind is Kind.IMAGE and message.recipient != "user")
        return Part(shown, sum(map(tokens, shown)) - pictures * (PICTURE - self.picture), pictures > 0)

    def plain(self, messages: Sequence[Message], first: int = 0) -> list[Message]:
        return self.templates.plain(messages) if self.templates else list(messages)


class Presenter:
    """One session's requests."""

    def __init__(self) -> None:
        self._take(Look(0, 0, None))

    async def request(
        self,
        system: Message,
        messages: Sequence[Message],
        settings: SimpleNamespace,
        abilities: Abilities,
        read: Reader | None,
    ) -> list[Message]:
        """The system message and what comes with it, in the form that the model takes."""
        look = _look(settings, abilities)
        if look != self._look:
            self._take(look)
        parts = self._parts(templated(messages, settings))
        room = limit_of(abilities.context_window, abilities.max_tokens) - tokens(system)
        if room < LEAST:
            raise _too_long(tokens(system), abilities.context_window)
        kept, left_out = _newest(parts, room)
        shown = [system, *chain.from_iterable([part.messages for part in kept])]
        pictures = any(part.pictures for part in kept)
        if left_out and not pictures and sum(part.tokens for part in kept) + MARK <= room:
            return list(chain.from_iterable(self._plain([system, mark(left_out), *shown[1:]])))
        if pictures:
            emit = settings.computer.emit_images is not False
            shown = await with_pictures_read(prune_pictures(shown), read, sees=abilities.vision, emit=emit)
        shown = fit(shown, abilities.context_window, abilities.max_tokens, left_out)
        return list(chain.from_iterable(self._plain(shown)))

    def _take(self, look: Look) -> None:
        self._look, self._parts, self._plain = look, Growing(look.part), Growing(look.plain)


def _look(settings: SimpleNamespace, abilities: Abilities) -> Look:
    role = Role.ASSISTANT if settings.code_output_sender == "assistant" else Role.USER
    templates = Templates(role, settings.code_output_template, settings.empty_code_output_template)
    return Look(settings.max_output, PICTURE if abilities.vision else READ, None if abilities.functions else templates)


def _too_long(system: int, window: int) -> ModelError:
    return ModelError(
        f"The system message takes about {system} of the {window} tokens that the model reads.",
        fix="Shorten custom_instructions or system_message, or raise llm.context_window.",
        code="model.too_long",
    )


def _newest(parts: Sequence[Part], room: int) -> tuple[Sequence[Part], int]:
    """The newest whole turns that fit into ``room`` tokens, one at least, and how many messages come before them.

    The cut moves in steps of a quarter of the room, counted from the conversation's start, so that one request after
    another begins alike. A turn that is too long by itself is left to ``fit``.
    """
    over = sum(part.tokens for part in parts) - room
    if over <= 0:
        return parts, 0
    step = max(room // 4, 1)
    target, dropped, at = -(-over // step) * step, 0, 0
    while dropped < target and at < len(parts) - 1:
        dropped += parts[at].tokens
        at += 1
    return parts[at:], sum(len(part.messages) for part in parts[:at])
