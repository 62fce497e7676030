"""The one declaration of every setting: flags, environment, profiles, Python attributes and docs are made from it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from oi_voice.errors import SettingsError

WORDS = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
SYSTEM_MESSAGE = """\
You are oi_voice, an assistant that works on this person's own computer, and can do there whatever can be done by
running code. Plan briefly, take small steps, and look at each result before the next step. When the task is done, or
the person did not allow a step, say so in plain words and run nothing more."""
EXECUTION_INSTRUCTIONS = """\
To run code, write one markdown code block, with its language behind the opening fence, and end your answer there. It
runs once the person has agreed, and you are shown what it printed. Code that is only to be read gets no language."""
OUTPUT = "The code printed:\n{content}\nGo on, or, if this was all, say what came of it."
NO_OUTPUT = "The code ran and printed nothing. Go on, or, if this was all, say so."
LOOP_MESSAGE = """\
Go on with the task. If all of it is done, say exactly "The task is done."; if it can't be done, "The task can't be
done."; if you need to know something first, end with "I need to know more."."""
LOOP_BREAKERS = ("The task is done.", "The task can't be done.", "I need to know more.")


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting; ``name`` is dotted where it belongs to a group (``llm.model``).

    ``low`` and ``high`` bound a number, ``choices`` a text, which ``holds`` what must be in it; ``optional`` ones may
    be None ("auto"); ``secret`` ones are never shown or stored. Values that it ``loosens`` with take a safeguard away:
    a person's own profile, command line or program may set them, an environment or a running assistant may not.
    ``also`` are other names that mean the same; ``older`` ones are taken with a pointer to today's. A ``middle`` is a
    word that may stand for neither true nor false.
    """

    name: str
    type: type[str] | type[bool] | type[int] | type[float] | type[list[str]]
    default: Any
    help: str
    flag: str = ""
    short: str = ""
    metavar: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    optional: bool = False
    secret: bool = False
    loosens: tuple[object, ...] = ()
    holds: str = ""
    middle: str = ""
    also: tuple[str, ...] = ()
    older: tuple[str, ...] = ()

    @property
    def group(self) -> str:
        """``llm``, ``computer`` or ``voice``; empty for those of the interpreter itself."""
        return self.name.rpartition(".")[0]

    @property
    def option(self) -> str:
        """What it is called on the command line, without the dashes."""
        return self.flag or self.name.rpartition(".")[2]

    def parse(self, value: object) -> Any:
        """``value``, also as text, as this setting's own type. Raises SettingsError."""
        if self.optional and (value is None or value == "" or str(value).lower() == "auto"):
            return None
        if value is None:
            return self.default
        result = self._convert(value)
        if self.low is not None and self.high is not None and not self.low <= result <= self.high:  # nan is neither
            raise self._refuse(value, f"a number from {self.low:g} to {self.high:g}")
        if self.choices and result not in self.choices:
            raise self._refuse(value, f"one of {', '.join(self.choices)}")
        return result

    def _convert(self, value: object) -> Any:
        if self.type is bool:
            word = str(value).strip().lower()
            if self.middle and word == self.middle:
                return word
            result = value if isinstance(value, bool) else WORDS.get(word)
            if result is None:
                raise self._refuse(value, f"true{f', {self.middle}' if self.middle else ''} or false")
            return result
        if self.type is str:
            return self._text(value)
        if self.type is int or self.type is float:
            return self._number(value)
        return self._list(value)

    def _text(self, value: object) -> str:
        if value is False and not self.choices and not self.holds:
            return ""  # no such text
        if self.choices and isinstance(value, bool):  # what YAML makes of on and off
            value = "on" if value else "off"
        if hasattr(value, "__fspath__"):
            value = value.__fspath__()
        if not isinstance(value, str):
            raise self._refuse(value, "text")
        if self.holds not in value:
            raise self._refuse(value, f"a text with {self.holds} in it")
        return value

    def _number(self, value: object) -> int | float:
        try:
            if isinstance(value, float) and self.type is int and value.is_integer():
                return int(value)
            return int(str(value)) if self.type is int else float(str(value))
        except ValueError:
            raise self._refuse(value, "a whole number" if self.type is int else "a number") from None

    def _list(self, value: object) -> list[str]:
        if isinstance(value, str):
            try:
                value = json.loads(value) if value.lstrip().startswith("[") else [value]
            except ValueError:
                raise self._refuse(value, 'a list such as ["a", "b"]') from None
        if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
            raise self._refuse(value, "a list of texts")
        return list(value)

    def _refuse(self, value: object, wanted: str) -> SettingsError:
        shown = "that value" if self.secret else repr(value)
        return SettingsError(f"{self.name} can't be {shown}.", fix=f"Give {wanted}.")


_INTERPRETER = (
    Setting("auto_run", bool, False, "Run code without asking first, or only what reads. Use with care.", short="y",
            middle="reads", loosens=(True, "reads")),
    Setting("offline", bool, False, "Use only what is on this machine: no model elsewhere, no online features."),
    Setting("verbose", bool, False, "Tell what happens, step by step: in the log, or a program's standard error.",
            short="v", older=("debug",)),
    Setting("safe_mode", str, "off", "Scan code before asking: off, ask (offer it), auto. Unless off, all is asked.",
            choices=("off", "ask", "auto"), loosens=("off",)),
    Setting("loop", bool, False, "Go on until the model says that the task is done or can't be done."),
    Setting("loop_message", str, LOOP_MESSAGE, "What the model is told to make it go on."),
    Setting("loop_breakers", list[str], list(LOOP_BREAKERS), "Phrases of the model that end the loop."),
    Setting("custom_instructions", str, "", "Added to the system message.", short="ci"),
    Setting("system_message", str, SYSTEM_MESSAGE, "What the model is told about its part.", short="s"),
    Setting("user_message_template", str, "{content}", "Made of the person's words; {content} stands for them.",
            holds="{content}"),
    Setting("always_apply_user_message_template", bool, False, "Apply it to all messages, not the last only."),
    Setting("code_output_template", str, OUTPUT, "Made of a program's output; {content} stands for it.",
            holds="{content}"),
    Setting("empty_code_output_template", str, NO_OUTPUT, "What the model is told when a program printed nothing."),
    Setting("code_output_sender", str, "user", "Who a program's output seems to come from.",
            choices=("user", "assistant")),
    Setting("max_output", int, 2800, "Characters of a program's output that the model is shown.", short="xo",
            low=100, high=1e6, also=("llm.max_output", "computer.max_output")),
    Setting("max_budget", float, None, "US dollars that a session may cost; at that, the model is asked no more.",
            short="b", low=0, high=1e6, optional=True, also=("llm.max_budget",)),
    Setting("conversation_history", bool, True, "Save conversations."),
    Setting("conversation_filename", str, "", "The file to save this conversation in; empty makes up a name."),
    Setting("conversation_history_path", str, "", "The folder of saved conversations; empty is the program's own.",
            metavar="DIR"),
    Setting("approval_timeout", float, 60.0, "Seconds after which an unanswered question is a no; 0 waits for ever.",
            low=0, high=86400),
    Setting("audit_log", bool, True, "Keep a record of what was asked, answered and run.", loosens=(False,)),
    Setting("input_timeout", float, 300.0, "Seconds that running code waits for a line it asked for; 0 is for ever.",
            low=0, high=86400),
    Setting("os", bool, False, "OS mode: the model may use screen, mouse and keyboard.", short="o"),
    Setting("vision", bool, False, "Vision mode: the model is taken to see pictures.", short="vi"),
    Setting("local", bool, False, "Choose only models on this machine.", short="l"),
    Setting("fast", bool, False, "Have the model write code at once, without explanations.", short="f"),
    Setting("shrink_images", bool, True, "Scale large pictures down before they are sent."),
    Setting("multi_line", bool, True, "Let typed messages between lines of three quotes span lines.", short="ml"),
    Setting("plain_text_display", bool, False, "Show text without formatting, as it still is anyway.",
            flag="plain", short="pl"),
    Setting("disable_telemetry", bool, True, "Accepted, and always so: nothing is ever sent.", short="dt"),
    Setting("anonymized_telemetry", bool, False, "Accepted without effect: nothing is ever sent."),
)  # fmt: skip
_LLM = (
    Setting("llm.model", str, "auto", "Language model: auto, commands (built in, offline) or any LiteLLM model.",
            short="m", older=("model",)),
    Setting("llm.temperature", float, 0.0, "Randomness of the answers.", short="t", low=0, high=2,
            older=("temperature",)),
    Setting("llm.context_window", int, None, "Tokens that the model can read; auto knows most models.", short="c",
            low=500, high=1e8, optional=True, older=("context_window",)),
    Setting("llm.max_tokens", int, None, "Tokens of one answer at most.", short="x", low=1, high=1e7, optional=True,
            older=("max_tokens",)),
    Setting("llm.api_base", str, "", "Address of an OpenAI-compatible server.", short="ab", metavar="URL",
            older=("api_base",)),
    Setting("llm.api_key", str, "", "Key for the model's provider.", short="ak", metavar="KEY", secret=True,
            older=("api_key",)),
    Setting("llm.api_version", str, "", "Version of the provider's API, where it has several.", short="av",
            older=("api_version",)),
    Setting("llm.supports_functions", bool, None, "Whether the model calls functions; auto knows most models.",
            flag="llm_supports_functions", short="lsf", optional=True, older=("supports_function_calling",)),
    Setting("llm.supports_vision", bool, None, "Whether the model sees pictures; auto knows most models.",
            flag="llm_supports_vision", short="lsv", optional=True),
    Setting("llm.execution_instructions", str, EXECUTION_INSTRUCTIONS,
            "How a model without function calls is told to run code; false says nothing."),
)  # fmt: skip
_COMPUTER = (
    Setting("computer.offline", bool, None, "Offline for the computer; auto follows offline. None of it is online yet.",
            flag="computer_offline", optional=True),
    Setting("computer.verbose", bool, None, "Verbose for the computer; auto follows verbose, which tells of it too.",
            flag="computer_verbose", optional=True),
    Setting("computer.emit_images", bool, None, "Pictures as pictures, or as the text in them; auto follows the model.",
            optional=True),
    Setting("computer.import_computer_api", bool, False, "Describe the computer API to the model, as OS mode does."),
    Setting("computer.kernel_gateway", str, "", "Run Python on this Jupyter Server or Enterprise Gateway, not here.",
            metavar="URL"),
    Setting("computer.kernel_gateway_token", str, "", "Token of that server.", metavar="TOKEN", secret=True),
    Setting("computer.kernel_gateway_kernel", str, "", "Its kernel to use; empty takes its default.", metavar="NAME"),
    Setting("computer.kernel_gateway_timeout", float, 10.0, "Seconds after which a silent one is given up.",
            low=0.1, high=600),
)  # fmt: skip
_VOICE = (
    Setting("voice.stt", str, "auto", "Recogniser: auto, grammar, whisper, faster-whisper, api; also with :MODEL.",
            also=("stt",)),
    Setting("voice.hotkey", str, "<ctrl_r>", "The key to hold while speaking.", metavar="KEY", also=("hotkey",)),
    Setting("voice.microphone", str, "", "Microphone's name; empty follows the system.", metavar="NAME",
            also=("microphone",)),
    Setting("voice.speaker", str, "", "Loudspeaker's name; empty follows the system.", metavar="NAME",
            also=("speaker",)),
    Setting("voice.key_mode", str, "hold", "Hold the key while speaking, toggle with it, or auto: hold or tap.",
            choices=("hold", "toggle", "auto"), also=("key_mode",)),
    Setting("voice.warm", bool, False, "Keep the microphone open, so that no first word is cut; 0.6 s stay in memory."),
    Setting("voice.tail", float, 0.3, "Seconds that are recorded after the key goes up.", low=0.1, high=1.0),
    Setting("voice.handsfree", bool, False, "Listen all the time, and take what is said without the key."),
    Setting("voice.max_take", float, 60.0, "Seconds after which a held key ends the take.", low=1, high=600,
            also=("max_take",)),
    Setting("voice.languages", list[str], [], "Languages that may be spoken, as en or de; none: any."),
    Setting("voice.review", str, "never", "Show what was heard, to be corrected before it is sent.",
            choices=("never", "low", "always")),
    Setting("voice.speak", bool, True, "Speak answers aloud.", short="sm", also=("speak", "speak_messages")),
    Setting("voice.consent", bool, True, "Take a spoken yes or no where code is asked about."),
    Setting("voice.tts", str, "auto", "Voice: auto, pyttsx3, piper[:VOICE], api[:MODEL[/VOICE]].", also=("tts",)),
    Setting("voice.tts_base", str, "", "Address of an OpenAI-compatible speech server.", metavar="URL"),
    Setting("voice.tts_key", str, "", "Its key.", metavar="KEY", secret=True),
    Setting("voice.stt_base", str, "", "Address of an OpenAI-compatible transcription server.", metavar="URL"),
    Setting("voice.stt_key", str, "", "Its key.", metavar="KEY", secret=True),
    Setting("voice.volume", float, 1.0, "How loud answers are, 0 to 1.", low=0, high=1),
    Setting("voice.earcons", bool, True, "Short sounds for what happens."),
    Setting("voice.name", str, "", "Speech engine's voice; empty takes its default.", flag="voice", metavar="NAME",
            also=("voice_name",)),
    Setting("voice.rate", int, 175, "Words a minute.", flag="voice_rate", low=80, high=450, also=("voice_rate",)),
)  # fmt: skip
DECLARED: tuple[Setting, ...] = (*_INTERPRETER, *_LLM, *_COMPUTER, *_VOICE)
GROUPS = tuple(dict.fromkeys(setting.group for setting in DECLARED if setting.group))
