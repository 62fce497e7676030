"""The conversation: its messages, and the file that holds them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from oi_voice.conversations import Conversation, default_folder
from oi_voice.errors import ConversationError
from oi_voice.growing import alike
from oi_voice.messages import Message
from oi_voice.settings import Settings


class History:
    """``kept`` hears of each message that becomes part of it, and of None when a new conversation begins.

    ``warn`` hears of a file that can't be written, once.
    """

    def __init__(
        self,
        settings: Settings,
        kept: Callable[[Message | None], None],
        warn: Callable[[ConversationError], None],
    ) -> None:
        self.messages: list[Message] = []
        self._settings = settings
        self._kept = kept
        self._warn = warn
        self._began = 0  # where the current turn begins
        self._file: Conversation | None = None
        self._unsaved = False

    def begin_turn(self) -> None:
        """What is kept from now on belongs to a turn of its own."""
        self._began = len(self.messages)

    def keep(self, message: Message) -> None:
        """Remember a message, also on disk."""
        self.messages.append(message)
        self._kept(message)
        self.save()

    def afresh(self, in_turn: bool) -> None:
        """Begin a new conversation, in a file of its own; the turn that goes on belongs to it."""
        own = self.messages[self._began :] if in_turn else []
        self.messages.clear()
        self._began, self._file = 0, None
        self._kept(None)
        for message in own:
            self.keep(message)

    def load(self, messages: Sequence[Message], path: Path | None = None) -> bool:
        """Go on with these, in the file ``path`` if they were read from there; whether that is the same conversation.

        One that does not go on where this one is begins a file of its own.
        """
        same = alike(self.messages, messages) == len(self.messages)
        if not same:
            self._file = None
        self.messages[:] = messages
        if path is not None:
            self._file = Conversation(path.parent, path.name, messages)
        return same

    def replace(self, messages: Sequence[Message]) -> None:
        """Have these messages instead, in the same conversation and its file."""
        self.messages[:] = messages
        self._kept(None)
        for message in messages:
            self._kept(message)
        self.save()

    def save(self) -> None:
        """Make the file hold the messages, unless the person wants none of that."""
        if not self._settings.conversation_history:
            return
        try:
            if self._file is None:
                self._file = self._new_file()
            self._file.save(self.messages)
            self._unsaved = False
        except ConversationError as error:
            if not self._unsaved:  # told once; each later message tries again, and saves all
                self._unsaved = True
                self._warn(error)

    def follow(self, changed: Collection[str]) -> None:
        """Settings of these names have changed."""
        if {"conversation_filename", "conversation_history_path"} & set(changed):
            self._file = None

    def _new_file(self) -> Conversation:
        settings = self._settings.snapshot()
        given = settings.conversation_history_path
        try:
            folder = Path(given).expanduser() if given else default_folder()
        except RuntimeError as error:  # the home of somebody unknown
            raise ConversationError(f"There is no folder {given} ({error}).", fix="Name another.") from None
        return Conversation(folder, settings.conversation_filename)
