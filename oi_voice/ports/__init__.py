"""The seams: everything that touches hardware, the OS, a model or a person stands behind one of these.

Each has a real adapter, and those that a turn works with have a fake in ``oi_voice.testing``. Async methods are called
on the core loop and must never block it; ``close`` may be called more than once. Streams are async generators, so that
who stops listening can close them (``contextlib.aclosing``). Unless said otherwise a method raises the ``OiVoiceError``
of its kind, with words a person can act on.
"""

from oi_voice.ports.desktop import Clipboard, Frame, Hotkeys, Keyboard, Pointer, Screen, Tray
from oi_voice.ports.model import Abilities, CallPiece, Delta, Model, Usage
from oi_voice.ports.running import Answer, Approver, Ask, Broker, Language, Languages, Proposal, Verdict
from oi_voice.ports.sound import (
    ANY,
    Hearing,
    Hints,
    Pcm,
    Player,
    Recorder,
    Segmenter,
    Synthesizer,
    Transcriber,
    Transcript,
    Word,
)

__all__ = [
    "ANY",
    "Abilities",
    "Answer",
    "Approver",
    "Ask",
    "Broker",
    "CallPiece",
    "Clipboard",
    "Delta",
    "Frame",
    "Hearing",
    "Hints",
    "Hotkeys",
    "Keyboard",
    "Language",
    "Languages",
    "Model",
    "Pcm",
    "Player",
    "Pointer",
    "Proposal",
    "Recorder",
    "Screen",
    "Segmenter",
    "Synthesizer",
    "Transcriber",
    "Transcript",
    "Tray",
    "Usage",
    "Verdict",
    "Word",
]
