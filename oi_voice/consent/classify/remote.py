"""Other computers by name: what they have is never looked at here, for that alone would ask them."""

from __future__ import annotations

import os
import re
import socket
from contextlib import suppress
from ipaddress import IPv6Address, ip_address

from oi_voice.consent.classify.spots import home

#: autofs(5), AFS, GVfs and macOS mount what is named there; two backslashes begin Windows' names.
_REMOTE = re.compile(
    r"/(?:net|afs|Network/Servers|run/user/[^/]+/gvfs)/+([^/]+)|"
    + (r"[\\/]{2}" if os.name == "nt" else r"\\\\")
    + r"((?![.?]\\)[^\\/]+)"
)
#: Links that lead elsewhere in each process.
_OWN = frozenset(("/proc/self", "/proc/thread-self", "/dev/fd"))
_LINKS = 40  # followed, as Linux does


def host(path: str) -> str:
    """The computer that an absolute path leads to; empty for this one. Where the person's own home is, is this one."""
    found = _REMOTE.match(path)
    if not found or path == home() or path.startswith(f"{home()}/"):
        return ""
    return found[1] or found[2]


_NAMED = re.compile(r"(?<![\w.:/~*$}-])/(?:net|afs|run/user/[^/\s]+/gvfs)/([\w.:=,@-]+)/?")


def named(code: str) -> list[str]:
    """The other computers whose places stand in a program's text, whatever it does with them."""
    return [found[1] for found in _NAMED.finditer(code)]


#: Where clouds hand the keys of a machine to whoever asks on it: AWS', Google's, Azure's, Alibaba's and Oracle's
#: documentation; also as a part of a name, by which a public name server leads there.
_CLOUD = re.compile(
    r"(?:^|[.-])(?:169[.-]254[.-](?:169[.-]25[34]|170[.-]2(?:3)?)|100[.-]100[.-]100[.-]200|192[.-]0[.-]0[.-]192)(?:$|[.-])"
    r"|^(?:(?:metadata|instance-data)(?:\..*)?|fd00:ec2::(?:254|23)|fd20:ce::254)$"
)


def gives_keys(name: str) -> bool:
    """Whether a host, however its address is written, is the one that hands out a cloud's keys."""
    plain = name.lower().rstrip(".")
    with suppress(OSError, ValueError):
        plain = str(ip_address(plain) if ":" in plain else ip_address(socket.inet_aton(plain)))
    with suppress(ValueError):
        mapped = IPv6Address(plain).ipv4_mapped
        plain = str(mapped) if mapped is not None else plain
    return _CLOUD.search(plain) is not None


def followed(path: str) -> str:
    """An absolute path with all links followed, but for what is on another computer. Looks at nothing there."""
    if os.name == "nt":
        return path if host(path) else os.path.realpath(path)
    if host(path):
        return path
    parts, at, links = path.split("/")[::-1], "", 0
    while parts:
        part = parts.pop()
        if part in ("", "."):
            continue
        if part == "..":
            at = at.rpartition("/")[0]
            continue
        at = f"{at}/{part}"
        if at in _OWN:
            return os.path.normpath("/".join([at, *parts[::-1]]))
        if host(f"{at}/{parts[-1] if parts else ''}"):
            return os.path.normpath("/".join([at, *parts[::-1]]))
        to = _leads(at) if links < _LINKS else ""
        if to:
            links, at = links + 1, "" if to.startswith("/") else at.rpartition("/")[0]
            parts += to.split("/")[::-1]
    return at or "/"


def _leads(path: str) -> str:
    """What a link leads to; empty where there is none, or none may look."""
    try:
        return os.readlink(path)  # noqa: PTH115  # a Path of each part would take longer than the look
    except (OSError, ValueError):
        return ""
