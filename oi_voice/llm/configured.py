"""The model that the settings name, made anew when they change."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from functools import partial
from types import SimpleNamespace
from typing import Any

from oi_voice.addresses import on_this_machine
from oi_voice.errors import ModelError, SettingsError
from oi_voice.llm.capabilities import LOCAL, resolve
from oi_voice.llm.discover import Choice, discover, served
from oi_voice.llm.options import Options
from oi_voice.messages import Message
from oi_voice.ports import Abilities, Delta, Model
from oi_voice.runtime import in_thread
from oi_voice.settings import Settings

FAST = "gpt-3.5-turbo"  # what ``fast`` chooses where nothing else is chosen, as documented


class ConfiguredModel:
    """``ports.Model`` by the settings of group ``llm``. ``completions`` gives the person's own function, or None.

    ``told`` gets sentences for the person while a passing failure is waited out. ``reason`` says which model it is.
    """

    def __init__(
        self,
        settings: Settings,
        environ: Mapping[str, str],
        told: Callable[[str], None],
        completions: Callable[[], Callable[..., Any] | None] = lambda: None,
    ) -> None:
        self._settings, self._environ, self._told, self._completions = settings, environ, told, completions
        self._inner: Model | None = None
        self._made_for: object = None
        self.reason = ""

    @property
    def name(self) -> str:
        return self._inner.name if self._inner else str(self._settings.llm.model)

    @property
    def abilities(self) -> Abilities:
        return self._inner.abilities if self._inner else Abilities()

    async def choose(self) -> None:
        """Find the model; at once while the settings stay as they are. Raises ModelError or SettingsError."""
        settings, function = self._settings.snapshot(), self._completions()
        wanted = (vars(settings.llm), settings.offline, settings.local, settings.fast, settings.vision, function)
        if self._inner is not None and wanted == self._made_for:
            return
        inner = await self._make(settings, function)
        await self.close()
        self._inner, self._made_for = inner, wanted

    async def start(self) -> None:
        """Find the model, and load what it needs."""
        await self.choose()
        assert self._inner is not None
        await self._inner.start()

    async def respond(self, messages: Sequence[Message]) -> AsyncGenerator[Delta, None]:
        """Stream the reply; ``start`` comes first."""
        if self._inner is None:
            await self.start()
        assert self._inner is not None
        async with aclosing(self._inner.respond(messages)) as deltas:
            async for delta in deltas:
                yield delta

    async def close(self) -> None:
        """Let go of connections."""
        if self._inner is not None:
            await self._inner.close()

    async def _make(self, settings: SimpleNamespace, function: Callable[..., Any] | None) -> Model:
        llm = settings.llm
        if function is not None:
            from oi_voice.llm.custom import CustomModel

            self.reason = "Using the program's own model."
            return CustomModel(function, await self._options(settings, llm.model, llm.api_base))
        choice = await self._choice(settings)
        self.reason = choice.reason
        if choice.model == "commands":
            from oi_voice.llm.commands import CommandModel

            return CommandModel()
        from oi_voice.llm.choose import choose, is_local
        from oi_voice.llm.retry import Patient

        options = await self._options(settings, choice.model, choice.api_base)
        model = choose(options, self._environ)
        if (settings.offline or settings.local) and not is_local(options, self._environ):
            raise _elsewhere(choice.model)
        return Patient(model, self._told)

    async def _choice(self, settings: SimpleNamespace) -> Choice:
        llm = settings.llm
        if not llm.model.strip():
            raise SettingsError("No model is named.", fix="Say auto, commands or a model's name.")
        if llm.model != "auto":
            reason = "Using the built-in commands." if llm.model == "commands" else f"Using {llm.model}."
            return Choice(llm.model, llm.api_base, reason)
        if llm.api_base:
            if (settings.offline or settings.local) and not on_this_machine(llm.api_base.strip()):
                raise _elsewhere(llm.api_base)
            return await served(llm.api_base)
        if settings.fast and not (settings.offline or settings.local):
            return Choice(FAST, "", f"Using {FAST}, a fast model.")
        return await discover({} if settings.offline or settings.local else self._environ)

    async def _options(self, settings: SimpleNamespace, model: str, api_base: str) -> Options:
        llm = settings.llm
        window, reply, functions = llm.context_window, llm.max_tokens, llm.supports_functions
        vision = True if settings.vision and llm.supports_vision is None else llm.supports_vision
        found = partial(resolve, model, api_base, context_window=window, max_tokens=reply)
        able = await in_thread(partial(found, supports_functions=functions, supports_vision=vision))
        return Options(
            model,
            api_base,
            llm.api_key,
            llm.api_version,
            llm.temperature,
            reply or (able.max_tokens if able.context_window <= LOCAL.context_window else 0),
            able,
            settings.shrink_images,
        )


def _elsewhere(what: str) -> ModelError:
    return ModelError(
        f"{what} is not on this machine, and offline or local is on.",
        fix="Switch that off, or choose a model on this machine: commands is built in.",
        code="model.offline",
    )
