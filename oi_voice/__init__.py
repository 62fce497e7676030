"""oi_voice: a voice-driven desktop assistant. Importing it has no side effects.

``interpreter`` is an ``OpenInterpreter`` for programs that need just one; it is made when first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from oi_voice.compose import AsyncInterpreter, OpenInterpreter

    interpreter: OpenInterpreter

__version__ = "0.1.0"
__all__ = ["AsyncInterpreter", "OpenInterpreter", "__version__", "interpreter"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from oi_voice import compose

    made = compose.OpenInterpreter() if name == "interpreter" else getattr(compose, name)
    globals()[name] = made
    return made
