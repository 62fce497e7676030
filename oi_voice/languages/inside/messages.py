"""What the kernel's messages lack: half a character, which has no UTF-8, is written out as its escape."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import partial
from typing import Any

_SURROGATE = re.compile("[\ud800-\udfff]")


def mend_messages(session: Any) -> Callable[..., Any]:
    """Mend a session; returns its way to send."""
    session.pack = partial(_pack, session.pack)
    send: Callable[..., Any] = session.send
    return send


def _pack(pack: Callable[[Any], bytes], message: Any) -> bytes:
    try:
        return pack(message)
    except UnicodeEncodeError:
        text = json.dumps(message, ensure_ascii=False, default=str)
        return _SURROGATE.sub(lambda half: f"\\\\u{ord(half[0]):04x}", text).encode()
