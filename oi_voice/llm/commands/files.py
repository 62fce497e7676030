"""Commands for files and folders, sums, the clock: plain Python, no computer needed."""

from __future__ import annotations

from oi_voice.llm.commands import replies
from oi_voice.llm.commands.pattern import Value
from oi_voice.llm.commands.row import Row, Slots

_FILES = "Files and folders"
_SUMS = "Sums, time and date"
_HERE = {"place": Value("Path.cwd()", "in this folder")}
_WHERE = "[[in|on] <place>]"
_PATHLIB = "from pathlib import Path\n\n"
_FOLDER = f"{_PATHLIB}folder = $place\n"
_FILE = f"{_PATHLIB}folder = $place\nfile = folder / $name\n"


def _sum(slots: Slots) -> str:
    """Integers as they are; fractions where only they are exact. Nothing for a division by zero."""
    a, operator, b = (slots[name].code for name in ("a", "operator", "b"))
    if operator == "/" and float(b) == 0:
        return ""
    if operator != "/" and "." not in a + b:
        return f"print({a} {operator} {b})"
    return f"from fractions import Fraction\n\nprint({_fraction(a)} {operator} {_fraction(b)})"


def _percent(slots: Slots) -> str:
    a, b = (_fraction(slots[name].code) for name in ("a", "b"))
    return f"from fractions import Fraction\n\nprint({a} * {b} / 100)"


def _fraction(number: str) -> str:
    return f'Fraction("{number}")' if "." in number else f"Fraction({number})"


def _files(name: str, says: str, examples: tuple[str, ...], code: str, reply: str, also: tuple[str, ...] = ()) -> Row:
    return Row(name, _FILES, (says,), examples, code, reply, also, _HERE)


ROWS = (
    Row(
        "list_files",
        _FILES,
        ("list the files <place>", "list the files (in|on) <place>", "what files are (in|on) <place>"),
        ("list the files on my desktop", "list the files in my downloads folder", "list the files in this folder"),
        f"{_FOLDER}for file in sorted(folder.iterdir()):\n"
        '    if not file.name.startswith("."):\n        print(file.name)',
        replies.listed_files,
        (
            f"(list|show) [me] [all] [the|my] (files|folders|files and folders) {_WHERE}",
            "(what|which) files (are|do i have) (in|on) <place>",
            "what is in <place>",
        ),
        _HERE,
    ),
    Row(
        "count_files",
        _FILES,
        ("how many files are (in|on) <place>",),
        ("how many files are in this folder", "how many files are on my desktop"),
        f"{_FOLDER}print(sum(file.is_file() for file in folder.iterdir()))",
        replies.counted_files,
        (f"how many files (are|are there|do i have) {_WHERE}", f"count the files {_WHERE}"),
        _HERE,
    ),
    _files(
        "create_file",
        f"create a file called <name> {_WHERE}",
        ("create a file called notes", "create a file called notes on my desktop"),
        f"{_FILE}file.touch(exist_ok=False)\nprint(file)",
        "I created the file $name $place.",
        (f"(create|make) (a|the) [new] [empty] file [called|named] <name> {_WHERE}",),
    ),
    _files(
        "create_folder",
        f"create a folder called <name> {_WHERE}",
        ("create a folder called projects", "create a folder called projects in my documents"),
        f"{_PATHLIB}parent = $place\nfolder = parent / $name\nfolder.mkdir()\nprint(folder)",
        "I created the folder $name $place.",
        (f"(create|make) (a|the) [new] (folder|directory) [called|named] <name> {_WHERE}",),
    ),
    _files(
        "delete_file",
        f"delete the file called <name> {_WHERE}",
        ("delete the file called notes", "delete the file called notes on my desktop"),
        f"{_FILE}file.unlink()\nprint(file)",
        "I deleted the file $name $place.",
        (f"(delete|remove) the file [called|named] <name> {_WHERE}",),
    ),
    _files(
        "delete_folder",
        f"delete the folder called <name> {_WHERE}",
        ("delete the folder called projects",),
        f"{_PATHLIB}parent = $place\nfolder = parent / $name\n"
        "folder.rmdir()  # refuses when anything is in it\nprint(folder)",
        "I deleted the empty folder $name $place.",
        (f"(delete|remove) the [empty] (folder|directory) [called|named] <name> {_WHERE}",),
    ),
    Row(
        "rename_file",
        _FILES,
        ("rename the file called <name> to <new:name>",),
        ("rename the file called notes to projects",),
        f"{_PATHLIB}file = Path.cwd() / $name\nnew = file.with_name($new)\n"
        "if new.exists():\n    raise FileExistsError(f'{new.name} exists already')\n"
        "print(file.rename(new))",
        "I renamed $name to $new.",
        ("rename [the] [file|folder] [called|named] <name> to <new:name>",),
    ),
    Row(
        "open_folder",
        _FILES,
        ("open <place>",),
        ("open my downloads folder", "open my documents"),
        f"{_FOLDER}computer.os.open(str(folder))",
        "I opened the folder.",
        hidden=False,
    ),
    Row(
        "open_file",
        _FILES,
        ("open the file called <name>",),
        ("open the file called notes",),
        f"{_FILE}computer.os.open(str(file.resolve(strict=True)))",
        "I opened $name.",
        (f"open the file [called|named] <name> {_WHERE}",),
        _HERE,
    ),
    Row(
        "go_to_folder",
        _FILES,
        ("go to <place>",),
        ("go to my downloads folder",),
        f"import os\n{_FOLDER}os.chdir(folder)\nprint(folder)",
        "We are $place now.",
        ("(change|move|switch) to <place>",),
    ),
    Row(
        "which_folder",
        _FILES,
        ("(what|which) folder (is this|are we in)",),
        ("which folder is this",),
        f"{_PATHLIB}print(Path.cwd())",
        "This is $output.",
        ("where are we", "what is (the current|this) folder"),
    ),
    Row(
        "disk_space",
        _FILES,
        ("how much disk space is (left|free)", "how much space is left"),
        ("how much disk space is left",),
        "import shutil\nfrom pathlib import Path\n\n"
        "disk = shutil.disk_usage(Path.home())\n"
        'print(f"{disk.free / 1e9:.0f} of {disk.total / 1e9:.0f} gigabytes")',
        "$output are free.",
        ("how much [free|disk] space (is|do i have) [left|free] [on] [my|the|this] [disk|computer]",),
    ),
    Row(
        "arithmetic",
        _SUMS,
        ("what is <a:number> <operator> <b:number>", "how much is <a:number> <operator> <b:number>"),
        (
            "what is thirty four times twelve",
            "what is nine plus ten",
            "what is two hundred and five minus eighteen",
            "what is three point five times two",
            "how much is one thousand divided by eight",
        ),
        _sum,
        replies.sum_of,
        ("[what is|how much is|calculate|compute] <a:number> <operator> <b:number>",),
    ),
    Row(
        "percent",
        _SUMS,
        ("what is <a:number> percent of <b:number>",),
        ("what is fifteen percent of eighty",),
        _percent,
        replies.sum_of,
        ("[what is|how much is|calculate] <a:number> percent of <b:number>",),
        {"operator": Value("", "percent of")},
    ),
    Row(
        "time",
        _SUMS,
        ("what time is it", "what is the time"),
        ("what time is it", "what is the time"),
        'from datetime import datetime\n\nprint(f"{datetime.now():%I:%M %p}".lstrip("0"))',
        "It is $output.",
        ("(what time is it|what is the time) [now|right now]", "tell me the time"),
    ),
    Row(
        "date",
        _SUMS,
        ("what is the date [today]", "what is today's date"),
        ("what is the date today", "what is the date"),
        'from datetime import date\n\nprint(f"{date.today():%A, %B %d, %Y}".replace(" 0", " "))',
        "Today is $output.",
        ("what (is the date [of] today|is today date|date is it [today])",),
    ),
    Row(
        "day",
        _SUMS,
        ("what day is (it|today)",),
        ("what day is it", "what day is today"),
        'from datetime import date\n\nprint(f"{date.today():%A}")',
        "Today is $output.",
        ("what day (is it today|of the week is it)",),
    ),
    Row(
        "coin",
        _SUMS,
        ("flip a coin",),
        ("flip a coin",),
        'import random\n\nprint(random.choice(["heads", "tails"]))',
        "It is $output.",
        ("toss a coin",),
    ),
    Row(
        "dice",
        _SUMS,
        ("roll the dice",),
        ("roll the dice",),
        "import random\n\nprint(random.randint(1, 6))",
        "It is a $output.",
        ("roll a (die|dice)",),
    ),
)
