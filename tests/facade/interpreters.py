"""What the fixture ``make`` gives."""

from __future__ import annotations

from collections.abc import Callable

from oi_voice import OpenInterpreter
from oi_voice.testing.server import ModelServer

Make = Callable[..., tuple[OpenInterpreter, ModelServer]]
