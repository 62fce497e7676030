"""Commands that use the desktop: applications, windows, keys, the pointer, the screen, sound."""

from __future__ import annotations

from oi_voice.llm.commands import replies
from oi_voice.llm.commands.row import Row, Slots

_WINDOWS = "Applications and windows"
_PAGES = "Pages and tabs"
_TYPING = "Typing and keys"
_EDITING = "Editing"
_POINTER = "The pointer"
_SCREEN = "The screen"
_SOUND = "Sound"


def hotkey(name: str, group: str, says: str, example: str, keys: str, reply: str) -> Row:
    """A command that is one key combination."""
    names = ", ".join(f'"{key}"' for key in keys.split())
    verb = "hotkey" if " " in keys else "press"
    return Row(name, group, (says,), (example,), f"computer.keyboard.{verb}({names})", reply)


def _combination(slots: Slots) -> str:
    keys = [slots[name].code for name in ("first", "second", "key") if name in slots]
    return f"computer.keyboard.hotkey({', '.join(keys)})"


def _combined(slots: Slots, output: str) -> str:
    return f"I pressed {' '.join(slots[name].said for name in ('first', 'second', 'key') if name in slots)}."


def _search(slots: Slots) -> str:
    return (
        "from urllib.parse import quote_plus\n\n"
        f'computer.os.open("https://duckduckgo.com/?q=" + quote_plus({slots["words"].code}))'
    )


ROWS = (
    Row(
        "open_app",
        _WINDOWS,
        ("(open|start|launch) [the|a] <app>",),
        ("open the text editor", "start the calculator", "open the file manager", "open the web browser"),
        "computer.os.open($app)",
        "I opened $app.",
        also=("(open|start|launch|run) [up] [the|a|an|my] <app>",),
    ),
    Row(
        "open_site",
        _WINDOWS,
        (),
        ("go to example.org",),
        "computer.os.open($site)",
        "I opened $site.",
        also=("(go to|visit|open|browse to) [the] [website|page|site] <site>",),
        hidden=True,
    ),
    Row(
        "search_web",
        _WINDOWS,
        ("search [the web] for <words>",),
        ("search for python tutorials",),
        _search,
        "I searched for $words.",
        also=("search [the] (web|internet|net) for <words>", "(google|look up) <words>"),
    ),
    Row(
        "close_app",
        _WINDOWS,
        ("(close|quit) [the] <app>",),
        ("close the calculator",),
        "computer.window.focus($app)\ncomputer.window.close()",
        "I closed $app.",
    ),
    Row(
        "close_window",
        _WINDOWS,
        ("close (this|the) window",),
        ("close this window",),
        "computer.window.close()",
        "I closed the window.",
        also=("close [the] [current] window",),
    ),
    Row(
        "minimize_window",
        _WINDOWS,
        ("(minimize|hide) (this|the) window",),
        ("minimize this window",),
        "computer.window.minimize()",
        "I minimized the window.",
        also=("minimise [this|the] window", "(minimize|hide) it"),
    ),
    Row(
        "next_window",
        _WINDOWS,
        ("switch to the next window", "next window"),
        ("switch to the next window", "next window"),
        "computer.window.next()",
        "This is the next window.",
        also=("switch [the] (window|windows)", "go to the next window"),
    ),
    Row(
        "focus_app",
        _WINDOWS,
        ("switch to [the] <app>",),
        ("switch to the terminal",),
        "computer.window.focus($app)",
        "I switched to $app.",
        also=("(focus|bring up|switch over to) [on] [the] <app>",),
    ),
    Row(
        "list_windows",
        _WINDOWS,
        ("(what|which) windows are open",),
        ("which windows are open",),
        "for window in computer.window.list():\n    print(window)",
        replies.listed_windows,
        also=("list [all] [the|my] [open] windows",),
    ),
    Row(
        "lock_screen",
        _WINDOWS,
        ("lock (the|my) screen",),
        ("lock the screen",),
        'import subprocess\n\nsubprocess.run(["loginctl", "lock-session"], check=True)',
        "The screen is locked.",
        also=("lock [the|my|this] [screen|computer]",),
    ),
    hotkey("go_back", _PAGES, "go back", "go back", "alt left", "I went back."),
    hotkey("go_forward", _PAGES, "go forward", "go forward", "alt right", "I went forward."),
    hotkey("new_tab", _PAGES, "[open a] new tab", "open a new tab", "ctrl t", "There is a new tab."),
    hotkey("close_tab", _PAGES, "close (this|the) tab", "close this tab", "ctrl w", "I closed the tab."),
    hotkey("next_tab", _PAGES, "[switch to the] next tab", "next tab", "ctrl tab", "This is the next tab."),
    hotkey("reload", _PAGES, "(reload|refresh) (this|the) page", "reload the page", "f5", "I reloaded the page."),
    hotkey("zoom_in", _PAGES, "zoom in", "zoom in", "ctrl +", "Larger."),
    hotkey("zoom_out", _PAGES, "zoom out", "zoom out", "ctrl -", "Smaller."),
    hotkey("full_screen", _PAGES, "[go] full screen", "full screen", "f11", "I switched full screen."),
    Row(
        "type",
        _TYPING,
        ("type <words>",),
        ("type hello world", "type the weather is good today"),
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
    hotkey("copy", _EDITING, "copy (this|that|it) [text]", "copy this text", "ctrl c", "I copied it."),
    hotkey("cut", _EDITING, "cut (this|that|it) [text]", "cut this text", "ctrl x", "I cut it out."),
    hotkey("paste", _EDITING, "paste (it|that|this) [here]", "paste it here", "ctrl v", "I pasted it."),
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
    Row(
        "screenshot",
        _SCREEN,
        ("take a screenshot",),
        ("take a screenshot",),
        "from datetime import datetime\nfrom pathlib import Path\n\n"
        'path = Path.home() / "Pictures" / f"Screenshot {datetime.now():%Y-%m-%d %H-%M-%S}.png"\n'
        "path.parent.mkdir(parents=True, exist_ok=True)\n"
        "computer.display.screenshot().save(path)\nprint(path)",
        "I saved the screenshot in your Pictures folder.",
        also=("(take|make) [a|another] (screenshot|screen shot|picture of the screen)", "screenshot"),
    ),
    Row(
        "read_screen",
        _SCREEN,
        ("what is on (my|the) screen", "read (the screen|this page)"),
        ("what is on my screen", "read the screen", "read this page"),
        "print(computer.display.text())",
        replies.screen,
        also=("read [me] (this|the|my) (screen|page|window)", "what (do|can) you see"),
    ),
    Row(
        "screen_size",
        _SCREEN,
        ("how (big|large) is (my|the) screen",),
        ("how big is my screen",),
        "width, height = computer.display.size()\nprint(width, 'by', height)",
        "The screen is $output pixels.",
        also=("what is the size of (my|the) screen",),
    ),
    Row(
        "clipboard",
        _SCREEN,
        ("what is on the clipboard", "read the clipboard"),
        ("what is on the clipboard",),
        "print(computer.clipboard.view())",
        replies.clipboard,
        also=("what is (in|on) (my|the) clipboard",),
    ),
    Row(
        "volume_up",
        _SOUND,
        ("turn the volume up", "turn up the volume", "louder"),
        ("turn the volume up", "louder"),
        'print(computer.os.volume("+10%"))',
        replies.volume,
        also=("(turn it up|volume up|raise the volume)",),
    ),
    Row(
        "volume_down",
        _SOUND,
        ("turn the volume down", "turn down the volume", "quieter"),
        ("turn the volume down", "quieter"),
        'print(computer.os.volume("-10%"))',
        replies.volume,
        also=("(turn it down|volume down|lower the volume)",),
    ),
    Row(
        "volume_set",
        _SOUND,
        ("set the volume to <level> percent",),
        ("set the volume to fifty percent",),
        'print(computer.os.volume("$level%"))',
        replies.volume,
        also=("(set|turn) [the] volume to <level> [percent]",),
    ),
    Row(
        "sound_off",
        _SOUND,
        ("(mute the sound|turn the sound off)",),
        ("turn the sound off",),
        'computer.os.volume("mute")',
        "The sound is off.",
        also=("(mute the (speaker|speakers|volume)|turn off the sound)",),
    ),
    Row(
        "sound_on",
        _SOUND,
        ("(unmute the sound|turn the sound on)",),
        ("turn the sound on",),
        'computer.os.volume("unmute")',
        "The sound is on.",
        also=("(unmute the (speaker|speakers|volume)|turn on the sound)",),
    ),
)
