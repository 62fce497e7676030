"""Commands that fetch: curl, wget and their like."""

from __future__ import annotations

import re

from oi_voice.consent.classify import web
from oi_voice.consent.classify.knowledge import names_in
from oi_voice.consent.classify.risk import Effect
from oi_voice.consent.classify.shell.commands import Handler, Line, Printed
from oi_voice.consent.classify.shell.options import entry, operands
from oi_voice.consent.classify.texts import BLAND, Origin, Text, component

_VALUED = frozenset("ACDEFHKPQTUXYbcdehmortuwxyz")  # letters of curl's that take a value


_LONG = names_in(
    """
    output request header data data-binary data-raw data-urlencode data-ascii form form-string upload-file json
    user user-agent referer cookie cookie-jar max-time connect-timeout retry retry-delay proxy write-out range
    cacert cert key url oauth2-bearer config interface resolve limit-rate stderr dump-header trace trace-ascii
    output-dir url-query preproxy proxy-user proxy-header socks4 socks4a socks5 socks5-hostname connect-to doh-url
    dns-servers
    """
)


_BODY = names_in(
    """
    d F T data data-binary data-raw data-urlencode data-ascii form form-string upload-file json
    """
)


#: Options of which the request goes through another host, or to another one than the address says.
_THROUGH = names_in(
    """
    x proxy preproxy socks4 socks4a socks5 socks5-hostname doh-url dns-servers resolve connect-to
    """
)


_KEYS = names_in(
    """
    H header u user b cookie A user-agent e referer oauth2-bearer url-query
    """
)


def _options(line: Line) -> tuple[list[tuple[str, Text | None]], list[Text | None]]:
    """curl's options with their values, and the addresses."""
    options: list[tuple[str, Text | None]] = []
    rest: list[Text | None] = []
    args = list(line.args)
    while args:
        text = args.pop(0)
        word = text.head if text is not None else ""
        if text is None or not word.startswith("-") or word == "-":
            rest.append(text)
        elif word.startswith("--"):
            options.append((word[2:], args.pop(0) if word[2:] in _LONG and args else None))
        else:
            for at, letter in enumerate(word[1:], 1):
                if letter in _VALUED:
                    behind = Text((word[at + 1 :], *text.pieces[1:])) if word[at + 1 :] or text.plain is None else None
                    options.append((letter, behind or (args.pop(0) if args else None)))
                    break
                options.append((letter, None))
    return options, rest


def _curl(line: Line) -> Printed:
    """``curl``: fetches, unless it is given something to send."""
    options, addresses = _options(line)
    named = dict(options)
    asks = bool({"G", "get"} & set(named))
    told = [value for name, value in options if name in _KEYS or (asks and name in _BODY)]
    posts = bool(_BODY & set(named)) and not asks
    posts |= any(value is None or value.origin not in BLAND for value in told)
    method = named.get("X") or named.get("request")
    posts |= method is not None and (method.plain or "").upper() not in ("GET", "HEAD")
    known = set(named) <= _LONG | _VALUED | _PLAIN
    if not known or {"K", "config", "Q"} & set(named):
        line.deeds.unknown("runs curl with an option that may do more than fetch")
    addresses += [value for name, value in options if name == "url"]
    posts |= _keys(line, options) or any(_SPEAKS.match(each.head) for each in addresses if each is not None)
    for address in addresses:
        web.fetches(line.deeds, address, tells=posts)
    for name, value in options:
        if name in _THROUGH:
            _through(line, name, value)
    for name in ("o", "output", "c", "cookie-jar", "D", "dump-header", "trace", "trace-ascii", "stderr"):
        value = named.get(name)
        if name in named and (value is None or value.plain != "-"):
            line.deeds.writes(value)
    if {"O", "remote-name", "J", "remote-name-all"} & set(named):
        for address in addresses:
            line.deeds.writes(_last(address))
    return Text((Origin.NET,))


def _through(line: Line, name: str, value: Text | None) -> None:
    """The hosts between: ``--resolve name:port:address``, ``--connect-to name:port:host:port``, or a proxy."""
    plain = value.plain if value is not None else None
    if plain is None:
        web.fetches(line.deeds, None)
    elif name in ("resolve", "connect-to"):
        hosts = re.split(r":(?![^\[]*\])", plain)[2:3]
        for host in hosts[0].split(",") if name == "resolve" and hosts else hosts:
            line.deeds.add(Effect.NETWORK, "host", host.strip("[]"))
    else:
        for host in plain.split(","):
            web.fetches(line.deeds, Text((host,)))


#: What is spoken by these goes on from what curl is given to read.
_SPEAKS = re.compile(r"(?i)(?!https?:|ftps?:|file:)[a-z][a-z0-9+.-]*://")
_FILES = re.compile(r"[\w.+-]*@")  # ``@file``, and ``name@file`` of what is encoded


def _keys(line: Line, options: list[tuple[str, Text | None]]) -> bool:
    """Whether a host is told a password, or what is in a file; files that are read for it are noted."""
    tells = False
    for name, value in options:
        head = value.head if value is not None else ""
        found = _FILES.match(head) if name in _BODY or name in ("url-query", "H", "header") else None
        if name in ("n", "netrc"):
            line.deeds.add(Effect.SECRETS, "file", ".netrc", "reads keys or passwords")
        elif name in _NAMES or (name in ("H", "header", "proxy-header") and _TOKEN.match(head)):
            tells = True
        elif found or (name in ("b", "cookie") and "=" not in head):
            line.deeds.reads(Text((head[found.end() if found else 0 :],)) if head else None)
            tells = True
        elif name in ("w", "write-out") and (value is None or head.startswith("@") or "%output" in head):
            line.deeds.unknown("runs curl with words that are not known here")
    return tells


_NAMES = names_in("u user oauth2-bearer U proxy-user")
_TOKEN = re.compile(r"(?i)(?:proxy-)?authorization:|cookie:|x-api-key:")


#: Options of curl's without a value that change how it fetches, and no more.
_PLAIN = names_in(
    """
    s S f L k v i I g # 4 6 0 1 2 3 n N j a p l q O J G get head silent show-error fail location insecure
    verbose include compressed http1.1 http2 ipv4 ipv6 remote-name remote-name-all progress-bar
    no-progress-meter fail-with-body globoff tcp-nodelay create-dirs netrc no-buffer tlsv1.2 tlsv1.3
    retry-all-errors location-trusted path-as-is
    """
)


def _last(address: Text | None) -> Text | None:
    if address is None or address.plain is None:
        return Text((Origin.NAME,))
    name = address.plain.partition("?")[0].rstrip("/").rpartition("/")[2]
    return Text((name,)) if name else Text((Origin.NAME,))


def _wget(line: Line) -> Printed:
    posts = line.has(
        "--user",
        "--password",
        "--http-user",
        "--http-password",
        "--post-data",
        "--post-file",
        "--body-data",
        "--body-file",
        "--method",
    )
    posts |= any(each is None or each.origin not in BLAND for each in line.args)  # a header, a name, an address
    posts |= any(re.search(_TOKEN.pattern, word) for word in line.plain)
    addresses = line.rest(
        "-O -o -P -U -t -T -i -a -w -l -R -A --output-document --output-file --user --password --header --user-agent"
    )
    if line.has("--execute", "--use-askpass") or "-e" in line.plain or "-i" in line.plain:
        line.deeds.unknown("runs wget by a file, which is not looked into")
    for address in addresses:
        web.fetches(line.deeds, address, tells=posts)
    output = line.value("--output-document") or _wget_output(line)
    if line.has("-o", "--output-file"):
        line.deeds.writes(line.value("-o", "--output-file"))
    if line.has("-a", "--append-output"):
        line.deeds.appends(line.value("-a", "--append-output"))
    if output is not None and output.plain == "-":
        return Text((Origin.NET,))
    if not line.has("--spider"):
        _wget_saves(line, output, addresses)
    return None


def _wget_saves(line: Line, output: Text | None, addresses: list[Text | None]) -> None:
    if output is not None:
        line.deeds.writes(output)
    elif line.has("-r", "-m", "--mirror", "--recursive", "-p", "-i"):
        line.deeds.changes(line.value("-P", "--directory-prefix") or Text((".",)))
    else:
        folder = line.value("-P", "--directory-prefix")
        for address in addresses:
            name = _last(address)
            if folder is not None and not line.has("-N", "--timestamping"):
                line.deeds.makes(folder)
            else:
                line.deeds.writes(component(folder, name) if folder is not None and name is not None else name)


def _wget_output(line: Line) -> Text | None:
    for index, word in enumerate(line.plain):
        if re.fullmatch(r"-[qncN]*O", word):
            return line.args[index + 1] if index + 1 < len(line.args) else None
        if re.fullmatch(r"-[qncN]*O-", word):
            return Text(("-",))
    return None


def _httpie(line: Line) -> Printed:
    if line.has("--proxy", "--session", "--verify", "--cert"):
        line.deeds.unknown(f"runs {line.name} with an option that may do more than fetch")
    words = line.rest()
    method = words[0].plain if words and words[0] is not None else ""
    more = len(words) > (2 if method in ("GET", "HEAD") else 1)
    address = (
        words[1]
        if method in ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH") and len(words) > 1
        else words[0]
        if words
        else None
    )
    web.fetches(line.deeds, address, tells=more or (method not in ("GET", "HEAD") and method == (method or "").upper()))
    return Text((Origin.NET,))


def _loader(line: Line) -> Printed:
    """Programs that fetch into files of names that their hosts give; an old file stays unless they are told."""
    for each in operands(line.args, entry(line.name) or ""):
        web.fetches(line.deeds, each)
    if line.has("--force-overwrites", "--allow-overwrite"):
        named = line.value("-o", "--output", "--out")
        line.deeds.writes(named if named is not None and "%(" not in named.head else None)
    line.deeds.add(Effect.CREATES, "file", "")
    return None


HANDLERS: dict[str, Handler] = {
    "curl": _curl,
    "wget": _wget,
    **dict.fromkeys(("http", "https", "httpie", "xh"), _httpie),
    **dict.fromkeys(("yt-dlp", "youtube-dl", "aria2c", "axel"), _loader),
}
