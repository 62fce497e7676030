"""Commands to the assistant itself, and what it can honestly not do."""

from __future__ import annotations

from oi_voice.llm.commands.row import Row

_ASSISTANT = "The assistant"
UNKNOWN = "I can't do that without a language model; say “what can I say” to hear what I can do."
SAYINGS = "what_can_i_say"
REPEAT = "repeat"
_ABLE = (
    "I can open and switch applications and windows, type and press keys, click and scroll, read the screen, "
    "take screenshots, look after files and folders, do sums, tell the time, and change the volume. "
    "Say “what can I say” for examples."
)


def _act(name: str, says: tuple[str, ...], call: str, reply: str = "", also: tuple[str, ...] = ()) -> Row:
    return Row(name, _ASSISTANT, says, (_first(says[0]),), f"computer.assistant.{call}", reply, also)


def _say(
    name: str,
    says: tuple[str, ...],
    examples: tuple[str, ...],
    reply: str,
    also: tuple[str, ...] = (),
    show: bool = False,
) -> Row:
    return Row(name, _ASSISTANT, says, examples, reply=reply, also=also, hidden=not show)


def _first(pattern: str) -> str:
    """The pattern without its optional words, each choice being its first."""
    while "[" in pattern or "(" in pattern:
        at = max(pattern.rfind("["), pattern.rfind("("))
        inner, _, rest = pattern[at + 1 :].partition("]" if pattern[at] == "[" else ")")
        pattern = pattern[:at] + ("" if pattern[at] == "[" else inner.split("|")[0]) + rest
    return " ".join(pattern.split())


ROWS = (
    _act("new_conversation", ("(start|begin) a new conversation", "new conversation"), "new_conversation()", "Yes?"),
    _act("mute", ("mute", "mute yourself"), "mute()", also=("be quiet", "stop talking")),
    _act("unmute", ("unmute", "unmute yourself"), "unmute()", "I can speak again."),
    _act("slower", ("speak [more] slowly", "speak slower"), "slower()", "Is this better?", ("slow down",)),
    _act("faster", ("speak faster", "speak more quickly"), "faster()", "Is this better?", ("speed up",)),
    _act("settings", ("(show|open) [me] the settings",), 'show("settings")', "The window shows what is set."),
    _act("history", ("(show|open) [me] the history",), 'show("history")', "The window shows what was said."),
    _say(REPEAT, ("read that again", "say that again"), ("read that again", "say that again"), "$output", show=True),
    _say("what_can_you_do", ("what can you do",), ("what can you do",), _ABLE, ("help",), show=True),
    _say(
        SAYINGS,
        ("what can i say",),
        ("what can i say",),
        "$output",
        ("(list|show) [me] [the|all] commands",),
        show=True,
    ),
    _say(
        "hello",
        ("hello [computer]", "good morning"),
        ("hello computer", "hello"),
        "Hello. What shall I do?",
        ("hi", "hey"),
    ),
    _say("thanks", ("thank you", "thanks"), ("thank you",), "You are welcome.", ("thank you very much",)),
    _say("goodbye", ("goodbye",), ("goodbye",), "Goodbye.", ("bye",)),
    _say(
        "who",
        ("who are you",),
        ("who are you",),
        "I am the assistant of this computer.",
        ("what (are you|is your name)",),
    ),
    _say("how_are_you", ("how are you",), ("how are you",), "I am well. What shall I do?"),
    _say("stop", ("stop",), ("stop",), "", ("stop it", "stop that"), show=True),
    _say(
        "never_mind",
        ("never mind", "cancel that"),
        ("never mind", "cancel that"),
        "All right.",
        ("cancel", "forget it"),
        show=True,
    ),
    _say(
        "answer",
        ("yes [run it]", "no [don't run it]"),
        ("yes", "no", "yes run it", "no don't run it"),
        "Nothing is waiting for an answer.",
        ("(yes|yeah|ok|no) [please|thanks]", "(do|don't) (it|run it)", "go ahead"),
    ),
    _say(
        "rename_this",
        ("rename this file",),
        ("rename this file",),
        "I need both names: say “rename the file called notes to projects”.",
    ),
    _say(
        "unable",
        (
            "what is the weather like",
            "remind me in <number> (minutes|hours)",
            "summarize this document",
            "switch to the local model",
            "play some music",
            "send an email",
            "tell me a joke",
        ),
        (
            "what is the weather like",
            "remind me in five minutes",
            "summarize this document",
            "switch to the local model",
            "tell me a joke",
        ),
        UNKNOWN,
    ),
)
