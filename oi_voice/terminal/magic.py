"""Magic commands: lines of the typed chat that begin with %, and never reach the model."""

from __future__ import annotations

import difflib
import inspect
import json
import platform
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from oi_voice import __version__
from oi_voice.agent.prompt import system_message
from oi_voice.agent.request import Presenter
from oi_voice.agent.trim import tokens
from oi_voice.archive import load
from oi_voice.declared import DECLARED, Setting
from oi_voice.engine import Engine
from oi_voice.errors import OiVoiceError
from oi_voice.ledger import told
from oi_voice.lmc import to_lmc
from oi_voice.messages import Kind, Message, Role, user
from oi_voice.runtime import in_thread
from oi_voice.settings import lookup
from oi_voice.terminal import export, files
from oi_voice.terminal.shell import Shell

Copy = Callable[[str], None]
SAVED = "messages.json"
SHOWN = 60  # characters of a setting or a message in what is told
AUTO_RUN: dict[bool | str, tuple[str, str, str]] = {  # how it is called, what runs, what it means
    True: ("on", "all code", "code is run without asking."),
    "reads": ("reads", "code that only reads", "what only reads is run without asking, the rest is asked about."),
    False: ("off", "no code", "you are asked before code is run."),
}
NO_COMMAND = "Write a command behind %%, or below it, with an empty line at its end."


@dataclass(frozen=True, slots=True)
class Command:
    """One magic command. Its function gets what stands behind its name and returns what to tell, or raises
    OiVoiceError; ``older`` names are taken with a pointer to today's."""

    name: str
    arguments: str
    help: str
    function: Callable[[Magic, str], str | Awaitable[str]]
    aliases: tuple[str, ...] = ()
    older: tuple[str, ...] = ()


class Magic:
    """``sure`` asks the person a question that nothing but their own fresh yes answers; ``copy`` puts text on their
    clipboard, where there is one."""

    def __init__(self, engine: Engine, shell: Shell, sure: Callable[[str], Awaitable[bool]], copy: Copy | None) -> None:
        self._engine, self._shell, self._sure, self._copy = engine, shell, sure, copy

    async def run(self, text: str) -> str:
        """Do what a line that begins with % says; returns what to tell the person."""
        text = text.strip()
        if text.startswith("%%"):
            return await self._shell.run(text[2:].strip()) if text[2:].strip() else NO_COMMAND
        name, argument = [*text[1:].split(None, 1), "", ""][:2]
        command = BY_NAME.get(name.lower())
        if command is None:
            near = difflib.get_close_matches(name.lower(), BY_NAME, 1)
            return f"There is no %{name}. " + (f"Did you mean %{near[0]}?" if near else "%help lists what there is.")
        pointer = f"%{name} is now called %{command.name}.\n" if name.lower() in command.older else ""
        try:
            result = command.function(self, argument)
            return pointer + (await result if inspect.isawaitable(result) else result)
        except OiVoiceError as error:
            return pointer + str(error)

    # --- settings

    def verbose(self, argument: str) -> str:
        self._engine.settings.apply({"verbose": argument or True})
        return f"verbose is {'on: each step is told' if self._engine.settings.verbose else 'off'}."

    async def auto_run(self, argument: str) -> str:
        settings = self._engine.settings
        wanted, before = lookup("auto_run").parse(argument or True), settings.auto_run
        (word, which, meaning), loosens = AUTO_RUN[wanted], before is not True and wanted not in (False, before)
        if loosens and not await self._sure(f"Run {which} from now on without asking?"):
            return f"auto_run stays {AUTO_RUN[before][0]}."
        settings.apply({"auto_run": wanted}, may_loosen=True)
        if wanted and settings.safe_mode != "off":
            return f"auto_run is {word}, but safe_mode is {settings.safe_mode}, so you are still asked."
        return f"auto_run is {word}: {meaning}"

    async def model(self, argument: str) -> str:
        settings, model = self._engine.settings, self._engine.kit.model
        before, begun = settings.llm.model, False
        if argument:
            settings.apply({"llm.model": argument})
        try:
            await model.start()
            begun = True
        except OiVoiceError as error:
            return f"{error}" + (f" Still using {before}." if argument else "")
        finally:
            if argument and not begun:  # it can't be had, or the person did not want to wait
                settings.apply({"llm.model": before})
        return f"Using {model.name}."

    # --- the conversation

    async def reset(self, argument: str) -> str:
        self._engine.new_conversation()
        for language in self._engine.kit.languages:
            await language.terminate()
        return "A new conversation begins. What code kept in memory is forgotten too."

    def undo(self, argument: str) -> str:
        history = self._engine.history
        first = _last_asked(history, self._engine.settings.loop_message)
        if first is None:
            return "There is nothing to undo."
        gone = history[first:]
        self._engine.replace(history[:first])
        done = " What code did to the computer stays done." if any(m.kind is Kind.CONSOLE for m in gone) else ""
        said = next(message.content for message in gone if message.kind is Kind.MESSAGE)
        return f"Removed “{_short(said)}” and what came of it, {_count(len(gone))}.{done}"

    def save_message(self, argument: str) -> str:
        path, entries = files.path_of(argument or SAVED), [to_lmc(m, calls=True) for m in self._engine.history]
        files.replace(path, json.dumps(entries, indent=2, default=str) + "\n")
        return f"Saved {_count(len(entries))} to {path}."

    def load_message(self, argument: str) -> str:
        messages = load(path := files.path_of(argument or SAVED))  # before anything is given up
        self._engine.new_conversation()
        self._engine.replace(messages)
        return f"Loaded {_count(len(messages))} from {path}. The conversation goes on from there."

    def markdown(self, argument: str) -> str:
        return self._exported(argument, export.markdown, ".md")

    def jupyter(self, argument: str) -> str:
        return self._exported(argument, lambda said: json.dumps(export.notebook(said), indent=1) + "\n", ".ipynb")

    def _exported(self, argument: str, form: Callable[[Sequence[Message]], str], ending: str) -> str:
        history = self._engine.history
        if not history:
            return "There is nothing to export yet."
        return f"Exported to {files.add(form(history), argument, history, ending)}."

    async def copy(self, argument: str) -> str:
        code = next((message.content for message in reversed(self._engine.history) if message.kind is Kind.CODE), None)
        if code is None:
            return "There is no code yet to copy."
        if self._copy is None:
            return "There is no clipboard here."
        await in_thread(self._copy, code)
        return f"The last code is on the clipboard, {len(code):,} characters."

    # --- what there is to know

    async def tokens(self, argument: str) -> str:
        kit, settings = self._engine.kit, self._engine.settings.snapshot()
        await kit.model.start()
        able = kit.model.abilities
        system = system_message(
            settings, functions=able.functions, languages=kit.languages.names, notes=kit.languages.system_messages(),
            api=kit.api if settings.os or settings.computer.import_computer_api else "", spoken=False,
        )  # fmt: skip
        prompt = [user(argument)] if argument else []
        request = await Presenter().request(system, [*self._engine.history, *prompt], settings, able, None)
        total, own = sum(map(tokens, request)), sum(map(tokens, prompt))
        of_it = f", {own:,} of them the prompt" if own else ""
        price, spent = able.price_sent, self._engine.spend
        cost = f"about ${total * price:.4f}" if price else "at no price known"
        return (
            f"The next request: about {total:,} tokens{of_it}, of {able.context_window:,} that the model reads, {cost}."
            + (f"\nSpent so far: ${spent:.4f}." if spent else "")
        )

    def info(self, argument: str) -> str:
        kit, values = self._engine.kit, self._engine.settings.values()
        changed = [
            f"  {setting.name}: {_value(setting, values[setting.name])}"
            for setting in DECLARED
            if values[setting.name] != setting.default
        ]
        return "\n".join([
            f"oi_voice {__version__}",
            f"Python {platform.python_version()}",
            f"Platform: {platform.platform()}",
            f"Model: {kit.model.name}, reads {kit.model.abilities.context_window:,} tokens",
            f"Languages: {', '.join(kit.languages.names)}",
            f"Messages: {len(self._engine.history)}",
            f"Last turn: {told(self._engine.legs) or 'none so far'}",
            "Settings that differ from the defaults:" if changed else "All settings are the defaults.",
            *changed,
        ])  # fmt: skip

    def help(self, argument: str) -> str:
        rows = [(f"%{command.name} {command.arguments}".strip(), command.help) for command in COMMANDS]
        rows.insert(0, ("%% command", "Run a shell command of your own."))
        width = max(len(usage) for usage, _ in rows)
        return "\n".join(f"{usage:<{width}}  {words}" for usage, words in rows)


COMMANDS = (
    Command("help", "", "Show this list.", Magic.help, aliases=("h", "?")),
    Command("verbose", "[true/false]", "Tell each step, or no longer.", Magic.verbose, older=("debug",)),
    Command("auto_run", "[true/reads/false]", "Run all code without asking, only what reads, or none.", Magic.auto_run),
    Command("model", "[name]", "Use another model, or tell which is used.", Magic.model),
    Command("reset", "", "Begin a new conversation.", Magic.reset),
    Command("undo", "", "Remove your last message and all that came of it.", Magic.undo),
    Command("save_message", "[path]", f"Save the messages as JSON, in {SAVED} unless you name a file.",
            Magic.save_message, aliases=("save",)),
    Command("load_message", "[path]", f"Load messages from JSON, from {SAVED} unless you name a file.",
            Magic.load_message, aliases=("load",)),
    Command("tokens", "[prompt]", "Estimate the tokens and the cost of the next request.", Magic.tokens),
    Command("info", "", "Show versions, the model, and the settings you changed.", Magic.info),
    Command("markdown", "[path]", "Export the conversation as Markdown, to your Downloads unless you name a file.",
            Magic.markdown),
    Command("jupyter", "[path]", "Export it as a Jupyter notebook, likewise.", Magic.jupyter),
    Command("copy", "", "Copy the last code to the clipboard.", Magic.copy),
)  # fmt: skip
BY_NAME = {name: command for command in COMMANDS for name in (command.name, *command.aliases, *command.older)}


def _last_asked(history: Sequence[Message], goes_on: str) -> int | None:
    """Where the last request begins: the person's words, and pictures and files before them. ``goes_on`` is said in
    their place."""
    for at, message in reversed(list(enumerate(history))):
        if message.role is Role.USER and message.kind is Kind.MESSAGE and message.content != goes_on:
            while at and history[at - 1].role is Role.USER and history[at - 1].kind is not Kind.MESSAGE:
                at -= 1
            return at
    return None


def _value(setting: Setting, value: object) -> str:
    """A setting as it may be shown: no secret, nor what an address may hold of one."""
    if setting.secret:
        return "(set)"
    shown = str(value).lower() if isinstance(value, bool) else str(value)
    return _short(re.sub(r"(://[^\s?]*\?)\S+", r"\1…", re.sub(r"//[^/@\s]*@", "//…@", shown)))


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= SHOWN else f"{words[: SHOWN - 1]}…"


def _count(messages: int) -> str:
    return f"{messages:,} message{'' if messages == 1 else 's'}"
