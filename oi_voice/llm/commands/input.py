"""Commands that type, press keys, edit and point."""

from __future__ import annotations

from oi_voice.llm.commands.row import Row, Slots, hotkey

_TYPING = "Typing and keys"
_EDITING = "Editing"
_POINTER = "The pointer"


def _combination(slots: Slots) -> str:
    keys = [slots[name].code for name in ("first", "second", "key") if name in slots]
    return f"computer.keyboard.hotkey({', '.join(keys)})"


def _combined(slots: Slots, output: str) -> str:
    return f"I pressed {' '.join(slots[name].said for name in ('first', 'second', 'key') if name in slots)}."


ROWS = (
    Row(
        "type",
        _TYPING,
        ("type <words>",),
        ("type hello world", "type good morning"),
        "computer.keyboard.write($words)",
        "I typed it.",
        also=("(write|enter the text|type in|type the words) <words>",),
    ),
    Row(
        "type_name",
        _TYPING,
        ("type my name",),
        ("type my name",),
        "import getpass\n\ncomputer.keyboard.write(getpass.getuser())",
        "I typed your user name.",
        also=("type my user name",),
    ),
    Row(
        "press",
        _TYPING,
        ("press [the] <key> [key]", "press <key>"),
        ("press enter", "press escape", "press the down arrow", "press f five"),
        "computer.keyboard.press($key)",
        "I pressed $key.",
        also=("(press|hit) [the] (<key>|<key:typed_key>|<key:letter>) [key]",),
    ),
    Row(
        "press_combination",
        _TYPING,
        ("press <first:modifier> [<second:modifier>] (<key>|<key:letter>)",),
        ("press control s", "press alt tab", "press control shift t"),
        _combination,
        _combined,
        also=(
            "(press|hit) (<first:modifier>|<first:typed_modifier>) [plus|and] "
            "[<second:modifier>|<second:typed_modifier>] [plus|and] (<key>|<key:typed_key>|<key:letter>)",
        ),
    ),
    hotkey("new_line", _TYPING, "new line", "new line", "enter", "There is a new line."),
    hotkey("delete_word", _TYPING, "delete the last word", "delete the last word", "ctrl backspace", "It is gone."),
    hotkey("select_all", _EDITING, "select (all|everything)", "select all", "ctrl a", "Everything is selected."),
    Row(
        "copy",
        _EDITING,
        ("copy (this|that|it) [text]",),
        ("copy this text",),
        "computer.clipboard.copy()",
        "I copied it.",
    ),
    hotkey("cut", _EDITING, "cut (this|that|it) [text]", "cut this text", "ctrl x", "I cut it out."),
    Row(
        "paste",
        _EDITING,
        ("paste (it|that|this) [here]",),
        ("paste it here",),
        "computer.clipboard.paste()",
        "I pasted it.",
    ),
    hotkey("undo", _EDITING, "undo (that|it)", "undo that", "ctrl z", "I undid it."),
    hotkey("redo", _EDITING, "redo (that|it)", "redo that", "ctrl shift z", "I did it again."),
    hotkey("save", _EDITING, "save (this|the|my) (file|document|page)", "save this file", "ctrl s", "I saved it."),
    Row(
        "click",
        _POINTER,
        ("click on [the] <words>",),
        ("click on save", "click on cancel", "click on the first link"),
        "computer.mouse.click($words)",
        "I clicked on $words.",
        also=("(click|press|tap) [on] [the] <words> button", "(click|tap) [on] [the] <words>"),
    ),
    Row(
        "double_click",
        _POINTER,
        ("double click on [the] <words>",),
        ("double click on the icon",),
        "computer.mouse.double_click($words)",
        "I double clicked on $words.",
        also=("double click [on] [the] <words>",),
    ),
    Row(
        "right_click",
        _POINTER,
        ("right click on [the] <words>",),
        ("right click on the picture",),
        "computer.mouse.right_click($words)",
        "I right clicked on $words.",
        also=("right click [on] [the] <words>",),
    ),
    Row(
        "click_at",
        _POINTER,
        ("click at <x:pixel> (by|comma) <y:pixel>",),
        ("click at two hundred by three hundred",),
        "computer.mouse.click($x, $y)",
        "I clicked at $x by $y.",
        also=("click [at] <x:pixel> [by|comma|and] <y:pixel>",),
    ),
    Row(
        "move_pointer",
        _POINTER,
        ("move the (mouse|pointer) to <x:pixel> (by|comma) <y:pixel>",),
        ("move the mouse to two hundred by three hundred",),
        "computer.mouse.move($x, $y)",
        "The pointer is at $x by $y.",
        also=("move [the] (mouse|pointer|cursor) to <x:pixel> [by|comma|and] <y:pixel>",),
    ),
    Row(
        "scroll",
        _POINTER,
        ("scroll <vertical> [a little|a bit]",),
        ("scroll down", "scroll up"),
        "computer.mouse.scroll($vertical)",
        "I scrolled $vertical.",
    ),
    hotkey("scroll_top", _POINTER, "(scroll|go) to the top", "scroll to the top", "ctrl home", "This is the top."),
    hotkey("scroll_end", _POINTER, "(scroll|go) to the bottom", "scroll to the bottom", "ctrl end", "This is the end."),
)
