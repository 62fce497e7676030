"""A conversation's pictures as models take them, and as text readers do. All of it blocks: call it on a thread."""

from __future__ import annotations

import base64
import io
import struct
import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from oi_voice.errors import OiVoiceError
from oi_voice.messages import Message

if TYPE_CHECKING:
    from PIL.Image import Image

SIDE_MAX = 1568  # pixels: Anthropic scales longer sides down to this itself, OpenAI to 2048
DATA_MAX = 4 << 20  # characters of base64: Anthropic refuses more than 5 MB
FILE_MAX = 64 << 20  # bytes that are read at all
CACHE_MAX = 64 << 20  # characters that are kept, of what came and of what is ready to be sent
QUALITY = 80  # of JPEG
SENT = ("PNG", "JPEG", "GIF", "WEBP")  # the formats that OpenAI, Anthropic and Google all take
READ = (*SENT, "BMP", "TIFF", "PPM", "ICO")  # not all that Pillow reads: for some it starts programs

Stamp = tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Ready:
    """A data URL, and which state of a file it was made of."""

    url: str
    stamp: Stamp


class Shelf:
    """The data URLs made last and what they were made of, ``room`` characters at most."""

    def __init__(self, room: int) -> None:
        self._room, self._used = room, 0
        self._ready: OrderedDict[tuple[str, str, bool], Ready] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, message: Message, shrink: bool) -> Ready | None:
        key = (message.format, message.content, shrink)
        with self._lock:
            if ready := self._ready.get(key):
                self._ready.move_to_end(key)
            return ready

    def put(self, message: Message, shrink: bool, ready: Ready) -> None:
        key = (message.format, message.content, shrink)
        with self._lock:
            if old := self._ready.pop(key, None):
                self._used -= len(key[1]) + len(old.url)
            self._ready[key] = ready
            self._used += len(key[1]) + len(ready.url)
            while self._used > self._room:
                (_, content, _), oldest = self._ready.popitem(last=False)
                self._used -= len(content) + len(oldest.url)


_shelf = Shelf(CACHE_MAX)


def data_url(message: Message, shrink: bool) -> str:
    """``data:image/…;base64,…`` of a picture that is whole: base64 data or, with the format ``path``, a file.

    With ``shrink`` one with a side above 1568 pixels, or more than 4 MB of base64, is made smaller. A file that
    changed is read again; of one that is gone, the picture last seen is given. Raises OiVoiceError (``picture``).
    """
    now, ready = stamp(message), _shelf.get(message, shrink)
    if ready and (now is None or now == ready.stamp):
        return ready.url
    data = _data(message)
    image, form = _open(data, message)
    if form not in SENT:
        data, form = _encoded(image, "PNG"), "PNG"
    if shrink and (max(image.size) > SIDE_MAX or len(data) * 4 / 3 > DATA_MAX):
        data, form = _shrunk(image)
    url = f"data:image/{form.lower()};base64,{base64.b64encode(data).decode('ascii')}"
    _shelf.put(message, shrink, Ready(url, now))
    return url


def as_png(message: Message) -> bytes:
    """The picture as a PNG file's bytes, upright. Raises OiVoiceError (``picture``)."""
    data = _data(message)
    image, form = _open(data, message)
    return data if form == "PNG" else _encoded(_upright(image), "PNG")


def stamp(message: Message) -> Stamp:
    """Which state of its file a message shows (time in ns, bytes); None for data, and for a file that is gone."""
    if message.format != "path":
        return None
    try:
        status = _path(message).stat()
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_size


def _path(message: Message) -> Path:
    path = Path(message.content)
    try:
        return path.expanduser()
    except RuntimeError:  # no such user
        return path


def _data(message: Message) -> bytes:
    """The bytes of the picture's file."""
    if message.format == "path":
        return _file(_path(message))
    if message.format and not message.format.startswith("base64"):
        raise _error(f"A picture's format can't be {message.format}.", 'Use "base64.png", "base64.jpeg" or "path".')
    try:
        return base64.b64decode(message.content.rpartition("base64,")[2])
    except ValueError as error:
        raise _damaged(message) from error


def _file(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise _error(f"There is no picture at {path}.", "Check the path; it should name a file.")
        if path.stat().st_size > FILE_MAX:
            raise _error(f"The file {path} is too big for a picture.", f"Use one below {FILE_MAX >> 20} MB.")
        return path.read_bytes()
    except OSError as error:
        raise _error(f"The picture {path} can't be read: {error.strerror}.", "Check who may read it.") from error


def _open(data: bytes, message: Message) -> tuple[Image, str]:
    """The picture, decoded so that damage shows here, and its format."""
    import PIL.Image

    try:
        image = PIL.Image.open(io.BytesIO(data), formats=READ)
        form = "JPEG" if image.format == "MPO" else image.format or ""  # a phone's JPEG with a second picture behind
        image.load()
    except PIL.Image.DecompressionBombError as error:
        raise _error("A picture has too many pixels.", "Make it smaller first.") from error
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, struct.error) as error:  # what decoders raise
        raise _damaged(message) from error
    return image, form


def _shrunk(image: Image) -> tuple[bytes, str]:
    """The picture within the limits: JPEG, or PNG where it is see-through and that suffices."""
    import PIL.Image

    image, clear = _upright(image), _see_through(image)
    image = _eight_bits(image).convert("RGBA" if clear else "RGB")
    image.thumbnail((SIDE_MAX, SIDE_MAX), PIL.Image.Resampling.LANCZOS)  # never makes one larger
    if clear:
        data = _encoded(image, "PNG")
        if len(data) * 4 / 3 <= DATA_MAX:
            return data, "PNG"
        white = PIL.Image.new("RGBA", image.size, "white")
        image = PIL.Image.alpha_composite(white, image).convert("RGB")
    return _encoded(image, "JPEG"), "JPEG"


def _see_through(image: Image) -> bool:
    """Whether anything shines through; a screenshot often has an alpha channel that is full everywhere."""
    if "transparency" in image.info:
        return True
    return "A" in image.getbands() and image.getchannel("A").getextrema() != (255, 255)


def _eight_bits(image: Image) -> Image:
    """Greys of 16 bits as greys of 8, which Pillow's own conversion would clip to white."""
    return image.point(lambda level: level / 256).convert("L") if image.mode.startswith("I;16") else image


def _upright(image: Image) -> Image:
    """The picture turned as its camera says, which a new file would no longer say."""
    import PIL.ImageOps

    return PIL.ImageOps.exif_transpose(image)


def _encoded(image: Image, form: str) -> bytes:
    if form == "PNG" and image.mode not in ("1", "L", "LA", "P", "RGB", "RGBA"):
        image = _eight_bits(image).convert("RGB")
    file = io.BytesIO()
    image.save(file, form, quality=QUALITY)
    return file.getvalue()


def _damaged(message: Message) -> OiVoiceError:
    if message.format == "path":
        return _error(f"The file {message.content} is no picture, or damaged.", "Use a PNG, JPEG, GIF or WebP file.")
    return _error("A picture's data is damaged.", "Make or send the picture again.")


def _error(message: str, fix: str) -> OiVoiceError:
    return OiVoiceError(message, fix=fix, code="picture")
