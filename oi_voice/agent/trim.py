"""What of a conversation a model is sent, so that it fits its window: a pure function of the messages.

The cut moves in steps of a quarter of the room, counted from the conversation's start, so that one request after
another begins with the same messages and the server's cache of them holds. All of it is linear in the messages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate, takewhile

from oi_voice.messages import Kind, Message, Role, user

PICTURE = 1100  # tokens of a picture of about a megapixel; 85 to 1,600 among the providers
OVERHEAD = 8  # tokens around each message: its role, a code block's fences and the words before output
STEPS = 4  # into which the room is cut
OLD_PICTURE = "[An older picture was left out.]"

_CONSOLE, _IMAGE, _REASONING = Kind.CONSOLE, Kind.IMAGE, Kind.REASONING  # looking members up costs more than the rest


def tokens(message: Message) -> int:
    """About how many tokens a message takes, rather too many than too few; 0 where the model is never shown it.

    Characters a token, measured with OpenAI's cl100k_base and Claude's published tokenizer: English prose 3.4 to 4.1,
    Python 3.8 to 4.1, listings and numbers 1.9 to 2.6, hexadecimal 1.7, base64 1.4. Tokens a character: Russian 0.5 to
    0.7, Chinese and Japanese 0.8 to 1.0, Korean 0.8 to 1.1, Thai 1.0 to 1.8, emoji up to 2.7. So: a third of a token
    for each character, three fifths of one in output, and half of one for each byte that UTF-8 needs beyond the first.
    """
    if message.kind is _IMAGE:
        return 0 if message.recipient == "user" else PICTURE
    if message.kind is _REASONING or message.recipient == "user":
        return 0
    text = message.content
    size = len(text)
    wide = 0 if text.isascii() else (len(text.encode("utf-8", "surrogatepass")) - size) // 2
    return OVERHEAD + (size * 3 // 5 if message.kind is _CONSOLE else size // 3) + wide


def limit_of(window: int, reserve: int) -> int:
    """The tokens that a request may take of ``window``, beside a reply of ``reserve``: half the window at most, and a
    quarter where it is 0, for unknown."""
    return window - min(reserve or window // 4, window // 2)


def fit(messages: Sequence[Message], window: int, reserve: int, left_out: int = 0) -> list[Message]:
    """The newest messages that fit into ``window`` tokens beside a reply of ``reserve`` (see ``limit_of``);
    ``left_out`` are missing already, behind the system messages.

    Kept always are the system messages at the head, the newest of the user's, and the newest reply with what came of
    it; where these alone are too long, or one message takes more than its share of the room, it is shown head and
    tail. Code and its results stay or go together. One message of the user's says how many were left out, and stands
    where they did; when the newest of the user's is older than the cut, it comes before that.
    """
    limit = limit_of(window, reserve)
    if not left_out and sum(map(tokens, messages)) <= limit:
        return list(messages)
    system = list(takewhile(lambda message: message.role is Role.SYSTEM, messages))
    room = limit - sum(map(tokens, system)) - tokens(mark(len(messages)))
    rest = messages[len(system) :]
    may_cut, newest = _boundaries(rest), _newest(rest)
    last = max((at for at, free in enumerate(may_cut) if free), default=0)
    body = [message if at == newest else _share(message, limit) for at, message in enumerate(rest)]
    _squeeze(body, sorted({newest, *range(last, len(body))} - {-1}), room)
    costs = [tokens(message) for message in body]
    cut = min(last, _cut(costs, may_cut, room, limit // STEPS))
    pinned: list[Message] = []
    if 0 <= newest < cut:
        pinned = [body[newest]]
        cut = min(last, _cut(costs, may_cut, room - costs[newest], limit // STEPS))
    left_out += sum(1 for cost in costs[:cut] if cost) - len(pinned)
    marked = [mark(left_out)] if left_out else []
    return [*system, *pinned, *marked, *body[cut:]]


def prune_pictures(messages: Sequence[Message], keep: int = 4, step: int = 4) -> list[Message]:
    """The messages, of whose pictures the newest ``keep`` are left, and up to ``step - 1`` more.

    Older ones become words, ``step`` of them at a time, so that what is sent begins alike for ``step`` pictures.
    """
    pictures = [at for at, message in enumerate(messages) if message.kind is _IMAGE and message.recipient != "user"]
    pruned = list(messages)
    for at in pictures[: max(0, len(pictures) - keep) // step * step]:
        pruned[at] = _worded(pruned[at], OLD_PICTURE)
    return pruned


def _boundaries(messages: Sequence[Message]) -> list[bool]:
    """Where a cut may be: not between code and what came of it.

    A result belongs to the latest code of the same ``call``, as servers may count their calls anew in each reply;
    without a ``call`` to the reply before it, from that one's first code on.
    """
    change = [0] * (len(messages) + 2)  # of how many results forbid a cut here
    by_call: dict[str, int] = {}
    code: int | None = None  # the first in the latest reply
    before: Role | None = None
    for at, message in enumerate(messages):
        if message.role is Role.COMPUTER:
            start = by_call.get(message.call, code) if message.call else code
            if start is not None:
                change[start + 1] += 1
                change[at + 1] -= 1
        else:
            if message.role is not before:
                code = None
            if message.kind is Kind.CODE:
                code = at if code is None else code
                by_call[message.call] = at
        before = message.role
    return [forbidding == 0 for forbidding in accumulate(change[: len(messages)])]


def _cut(costs: Sequence[int], may_cut: Sequence[bool], room: int, step: int) -> int:
    """How many messages to leave out: the fewest whole steps, counted in tokens from the start, that make the rest
    fit, and on to the next place where a cut may be."""
    over = sum(costs) - room
    if over <= 0:
        return 0
    step = max(step, 1)
    target = -(-over // step) * step
    for at, before in enumerate(accumulate(costs, initial=0)):
        if before >= target and at < len(costs) and may_cut[at]:
            return at
    return len(costs)


def _newest(messages: Sequence[Message]) -> int:
    """Where the newest of the user's words are, else their newest picture or file, else -1."""
    theirs = [at for at, message in enumerate(messages) if message.role is Role.USER]
    return max((at for at in theirs if messages[at].kind is Kind.MESSAGE), default=max(theirs, default=-1))


def _share(message: Message, limit: int) -> Message:
    """The message, no longer than its share of the room: a quarter, or half where it is the user's."""
    return shorten(message, limit // (2 if message.role is Role.USER else STEPS))


def _squeeze(body: list[Message], kept: Sequence[int], room: int) -> None:
    """Make those of ``body`` at ``kept`` fit into ``room`` together: each has an even share, and what the short ones
    leave of theirs goes to the long ones."""
    if sum(tokens(body[at]) for at in kept) <= room:
        return
    waiting = len(kept)
    for at in sorted(kept, key=lambda at: tokens(body[at])):
        body[at] = shorten(body[at], room // waiting)
        room -= tokens(body[at])
        waiting -= 1


def shorten(message: Message, limit: int) -> Message:
    """The message in at most ``limit`` tokens: its head and its tail, and how much is missing between.

    A picture becomes words. Below 10 tokens nothing fits, and a bare mark is left.
    """
    cost = tokens(message)
    if cost <= limit:
        return message
    if message.kind is _IMAGE:
        return shorten(_worded(message, "[A picture was left out.]"), limit)
    text, keep = message.content, len(message.content)
    while keep:
        # In proportion, again where head and tail hold more tokens a character than what is between.
        keep = max(0, min(keep - 1, keep * (limit - 2 * OVERHEAD) // cost))
        half = keep // 2
        left_out = f"\n[… {len(text) - 2 * half:,} characters were left out …]\n"
        shown = replace(message, content=text[:half] + left_out + text[len(text) - half :])
        cost = tokens(shown)
        if cost <= limit:
            return shown
    return replace(message, content="[…]")


def _worded(picture: Message, words: str) -> Message:
    """Words in a picture's place, still tied to the code that it came of."""
    return replace(picture, kind=Kind.MESSAGE, content=words, format="")


def mark(count: int) -> Message:
    return user(f"[{count} earlier message{'s were' if count > 1 else ' was'} left out.]")
