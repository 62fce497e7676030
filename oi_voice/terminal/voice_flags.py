"""The subcommands that hear and speak, as the command line has them; what they do is in ``voice_programs``."""

from __future__ import annotations

from typing import Any

from oi_voice.terminal.tools import DEST

NAMES = ("talk", "mic", "transcribe", "download", "doctor")


def add(commands: Any) -> None:
    """Declare them."""
    talk = commands.add_parser("talk", help="begin, end or drop a take of the oi_voice that runs, without its key")
    talk.add_argument(
        f"{DEST}how",
        choices=("start", "stop", "toggle", "cancel", "retry"),
        metavar="HOW",
        help="start, stop, toggle, cancel, or retry the last take",
    )
    for name, words in (("engine", "retry with another recogniser"), ("language", "retry in this language: en, de …")):
        talk.add_argument(f"--{name}", default="", metavar=name.upper(), dest=f"{DEST}{name}", help=words)
    mic = commands.add_parser("mic", help="the microphones, a test of one, and a meter until Ctrl-C")
    mic.add_argument("--device", default="", metavar="NAME", dest=f"{DEST}device", help="another than the system's")
    mic.add_argument("--test", action="store_true", dest=f"{DEST}test", help="only the test")
    transcribe = commands.add_parser("transcribe", help="what is said in sound files")
    transcribe.add_argument(f"{DEST}files", nargs="+", metavar="FILE", help="WAV, FLAC, OGG or MP3")
    transcribe.add_argument("--engine", default="", metavar="NAME", dest=f"{DEST}engine",
                            help="grammar, whisper, faster-whisper or api")  # fmt: skip
    transcribe.add_argument("--model", default="", metavar="NAME", dest=f"{DEST}model", help="its model")
    transcribe.add_argument("--language", default="", metavar="CODE", dest=f"{DEST}language", help="en, de …")
    download = commands.add_parser("download", help="fetch a Whisper checkpoint, going on where it stopped")
    download.add_argument(f"{DEST}model", metavar="NAME", help="tiny, base, small …, with .en for English alone")
    doctor = commands.add_parser("doctor", help="try every part of a turn, and name what is broken or slow")
    for parser in (transcribe, doctor):
        parser.add_argument("--json", action="store_true", help="print JSON")
