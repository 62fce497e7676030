"""Servers' addresses: whether they are on this machine, and how they may be shown."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit


def on_this_machine(address: str) -> bool:
    """Whether a server's address is one of this machine's own."""
    host = host_of(address)
    try:
        number = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    return number.is_loopback or number.is_unspecified


def host_of(address: str) -> str:
    try:
        return urlsplit(address if "//" in address else f"//{address}").hostname or ""
    except ValueError:  # half an IPv6 address
        return ""


def place(address: str) -> str:
    """An address as it may be shown: without a name and password in it."""
    return re.sub(r"(?<=//)[^/@]*@", "", address)
