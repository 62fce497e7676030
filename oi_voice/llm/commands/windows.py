"""Commands for applications, windows, pages and tabs."""

from __future__ import annotations

from oi_voice.llm.commands import replies
from oi_voice.llm.commands.row import Row, Slots, hotkey

_WINDOWS = "Applications and windows"
_PAGES = "Pages and tabs"


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
        "computer.window.close($app)",
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
        "print(computer.window.next())",
        "This is $output.",
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
        'for window in computer.window.list():\n    print(window["title"])',
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
)
