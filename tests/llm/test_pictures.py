from __future__ import annotations

import base64
import io
import os
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from oi_voice.errors import OiVoiceError
from oi_voice.llm.pictures import DATA_MAX, SIDE_MAX, Ready, Shelf, as_png, data_url, stamp
from oi_voice.messages import Kind, Message, Role

RED = (200, 30, 30)


def drawn(mode: str = "RGB", size: tuple[int, int] = (60, 40), colour: Any = RED) -> Image.Image:
    return Image.new(mode, size, colour)


def noise(mode: str, size: tuple[int, int]) -> Image.Image:
    return Image.frombytes(mode, size, os.urandom(len(mode) * size[0] * size[1]))


def encoded(image: Image.Image, form: str = "PNG", **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def picture(data: bytes, form: str = "base64.png") -> Message:
    return Message(Role.USER, Kind.IMAGE, base64.b64encode(data).decode(), form)


def at(path: Path | str) -> Message:
    return Message(Role.USER, Kind.IMAGE, str(path), "path")


def opened(url: str) -> Image.Image:
    """The picture of a data URL; its type must be the one that the URL names."""
    head, _, data = url.partition(";base64,")
    image = Image.open(io.BytesIO(base64.b64decode(data)))
    image.load()
    assert head == f"data:image/{str(image.format).lower()}"
    return image


# --- as it is


@pytest.mark.parametrize("shrink", [False, True])
@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_small_picture_goes_as_it_is(form: str, shrink: bool) -> None:
    data = encoded(drawn(), form)
    url = data_url(picture(data, f"base64.{form.lower()}"), shrink)
    assert url == f"data:image/{form.lower()};base64,{base64.b64encode(data).decode()}"


@pytest.mark.parametrize("form", ["", "base64", "base64.png", "base64.jpeg"])
def test_the_data_itself_says_what_it_is(form: str) -> None:
    assert opened(data_url(picture(encoded(drawn(), "JPEG"), form), False)).format == "JPEG"


def test_data_may_come_as_a_data_url() -> None:
    plain = picture(encoded(drawn()))
    assert data_url(Message(Role.USER, Kind.IMAGE, f"data:image/png;base64,{plain.content}"), False) == data_url(
        plain, False
    )


@pytest.mark.parametrize("form", ["BMP", "TIFF", "PPM"])
def test_what_models_cannot_read_becomes_png(form: str) -> None:
    image = opened(data_url(picture(encoded(drawn(), form)), False))
    assert (image.format, image.size, image.getpixel((5, 5))) == ("PNG", (60, 40), RED)


@pytest.mark.parametrize("mode", ["CMYK", "LAB"])
def test_colours_of_print_become_those_of_screens(mode: str) -> None:
    tiff = encoded(Image.new(mode, (20, 10)), "TIFF")
    assert opened(data_url(picture(tiff), False)).mode == "RGB"


def test_a_large_picture_goes_as_it_is_when_asked_to() -> None:
    data = encoded(drawn(size=(3000, 100)))
    assert opened(data_url(picture(data), False)).size == (3000, 100)


# --- shrunk


@pytest.mark.parametrize(
    ("size", "smaller"),
    [((3136, 784), (1568, 392)), ((100, 3136), (50, 1568)), ((1569, 10), (1568, 10)), ((1568, 9), (1568, 9))],
)
def test_the_longer_side_is_cut_down_to_the_limit(size: tuple[int, int], smaller: tuple[int, int]) -> None:
    image = opened(data_url(picture(encoded(drawn(size=size))), True))
    assert image.size == smaller
    assert image.format == ("PNG" if size == smaller else "JPEG")


def test_heavy_data_is_written_anew_at_the_same_size() -> None:
    data = encoded(noise("RGB", (1200, 1200)))
    assert len(data) * 4 / 3 > DATA_MAX
    url = data_url(picture(data), True)
    assert len(url) < DATA_MAX
    assert (opened(url).size, opened(url).format) == ((1200, 1200), "JPEG")


def test_what_is_see_through_stays_so() -> None:
    image = opened(data_url(picture(encoded(drawn("RGBA", (2000, 500), (*RED, 100)))), True))
    assert (image.format, image.size) == ("PNG", (1568, 392))
    assert image.getchannel("A").getextrema() == (100, 100)


def test_a_palette_with_a_clear_colour_stays_see_through() -> None:
    data = encoded(drawn("P", (2000, 10), 0), transparency=0)
    image = opened(data_url(picture(data), True))
    assert (image.format, image.convert("RGBA").getpixel((3, 3))) == ("PNG", (0, 0, 0, 0))


def test_a_see_through_picture_that_stays_heavy_gets_a_white_ground() -> None:
    image = opened(data_url(picture(encoded(noise("RGBA", (1700, 1700)))), True))
    assert (image.format, image.mode, max(image.size)) == ("JPEG", "RGB", SIDE_MAX)


def test_a_full_alpha_channel_is_not_see_through() -> None:
    image = opened(data_url(picture(encoded(drawn("RGBA", (2000, 500), (*RED, 255)))), True))
    assert image.format == "JPEG"


def test_a_photograph_that_lies_on_its_side_is_put_upright() -> None:
    turned = Image.Exif()
    turned[0x0112] = 6  # the camera was turned a quarter
    data = encoded(drawn(size=(2000, 1000)), "JPEG", exif=turned)
    assert opened(data_url(picture(data), True)).size == (784, 1568)
    assert Image.open(io.BytesIO(as_png(picture(data)))).size == (1000, 2000)


def test_greys_of_sixteen_bits_stay_grey() -> None:
    image = opened(data_url(picture(encoded(drawn("I;16", (2000, 10), 32768))), True))
    assert image.getpixel((5, 5)) == (128, 128, 128)


# --- files


def test_a_file_is_read_and_its_name_says_nothing(tmp_path: Path) -> None:
    file = tmp_path / "photo.png"
    file.write_bytes(encoded(drawn(), "JPEG"))
    assert opened(data_url(at(file), True)).format == "JPEG"


def test_the_home_folder_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    (tmp_path / "a.png").write_bytes(encoded(drawn()))
    assert opened(data_url(at("~/a.png"), False)).size == (60, 40)


def test_a_changed_file_is_read_again_and_a_lost_one_remembered(tmp_path: Path) -> None:
    file = tmp_path / "plot.png"
    file.write_bytes(encoded(drawn()))
    first = data_url(at(file), False)
    file.write_bytes(encoded(drawn(size=(9, 9))))
    os.utime(file, ns=(1, 1))
    second = data_url(at(file), False)
    assert opened(first).size == (60, 40)
    assert opened(second).size == (9, 9)
    file.unlink()
    assert data_url(at(file), False) == second
    assert stamp(at(file)) is None


# --- what is wrong


@pytest.mark.parametrize(
    "content", ["", "!", "aGk=", "ä", "data:image/png;base64,", base64.b64encode(encoded(drawn())[:-30]).decode()]
)
@pytest.mark.parametrize("use", [lambda message: data_url(message, True), as_png])
def test_damage_is_told_in_words(content: str, use: Any) -> None:
    with pytest.raises(OiVoiceError) as told:
        use(Message(Role.USER, Kind.IMAGE, content, "base64.png"))
    assert told.value.code == "picture"
    assert str(told.value) == "A picture's data is damaged. Make or send the picture again."


def test_a_broken_middle_is_found() -> None:
    data = bytearray(encoded(noise("RGB", (90, 90))))
    data[len(data) // 2] ^= 255
    with pytest.raises(OiVoiceError, match="damaged"):
        data_url(picture(bytes(data)), False)


def test_a_file_that_is_none(tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text("no picture", encoding="utf-8")
    for path, words in (
        (tmp_path / "gone.png", "There is no picture at"),
        (tmp_path, "There is no picture at"),
        (note, "is no picture, or damaged. Use a PNG"),
        ("~nobody-of-that-name/a.png", "There is no picture at"),
        ("a\0b", "There is no picture at"),
        ("x" * 5000, "There is no picture at|can't be read"),
    ):
        with pytest.raises(OiVoiceError, match=words) as told:
            data_url(at(path), False)
        assert told.value.code == "picture"


def test_a_file_that_is_no_picture_by_its_size(tmp_path: Path) -> None:
    film = tmp_path / "film.png"
    with film.open("wb") as file:
        file.truncate(65 << 20)
    with pytest.raises(OiVoiceError, match="too big"):
        data_url(at(film), True)


def test_too_many_pixels_are_refused() -> None:
    head = bytearray(encoded(drawn("1", (8, 8), 0)))
    head[16:24] = (60000).to_bytes(4, "big") * 2
    head[29:33] = zlib.crc32(head[12:29]).to_bytes(4, "big")
    with pytest.raises(OiVoiceError, match="too many pixels"):
        data_url(picture(bytes(head)), True)


def test_another_format_is_refused_with_those_there_are() -> None:
    with pytest.raises(OiVoiceError, match=r"can't be url\. Use"):
        data_url(Message(Role.USER, Kind.IMAGE, "http://example.org/a.png", "url"), False)


def test_no_program_is_started_for_a_picture() -> None:
    with pytest.raises(OiVoiceError, match="damaged"):
        data_url(picture(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\nshowpage\n"), False)


# --- kept


def test_a_picture_is_made_once() -> None:
    message = picture(encoded(drawn(size=(2000, 30))))
    assert data_url(message, True) is data_url(message, True)
    assert data_url(message, False) is data_url(message, False)
    assert data_url(message, True) != data_url(message, False)


def test_the_shelf_keeps_the_latest_within_its_room() -> None:
    shelf = Shelf(100)
    first, second, third = (Message(Role.USER, Kind.IMAGE, letter) for letter in "abc")
    shelf.put(first, True, Ready("x" * 40, None))
    shelf.put(first, True, Ready("y" * 40, None))
    shelf.put(second, True, Ready("x" * 40, None))
    assert shelf.get(first, True) == Ready("y" * 40, None)
    assert shelf.get(first, False) is None
    shelf.put(third, True, Ready("x" * 40, None))
    assert shelf.get(second, True) is None
    assert shelf.get(first, True)
    assert shelf.get(third, True)
    shelf.put(second, True, Ready("x" * 101, None))
    assert not any(shelf.get(message, True) for message in (first, second, third))


# --- for readers


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "BMP"])
def test_as_png(form: str) -> None:
    data = as_png(picture(encoded(drawn(), form)))
    image = Image.open(io.BytesIO(data))
    assert (image.format, image.size) == ("PNG", (60, 40))
