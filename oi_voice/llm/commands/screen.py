"""Commands about what is seen and heard: the screen, the clipboard, the sound."""

from __future__ import annotations

from oi_voice.llm.commands import replies
from oi_voice.llm.commands.row import Row

_SCREEN = "The screen"
_SOUND = "Sound"


ROWS = (
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
