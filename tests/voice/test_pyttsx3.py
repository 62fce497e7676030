"""pyttsx3 in its child process, with espeak-ng."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sounds import samples

from oi_voice.errors import SynthesizerError
from oi_voice.runtime import in_thread
from oi_voice.voice.tts import pyttsx3, warm
from oi_voice.voice.tts.pyttsx3 import Pyttsx3Synthesizer
from oi_voice.voice.tts.voices import Voice, pick

SENTENCE = "Thirty four times twelve is four hundred and eight."
READY = '{"voices": [], "usual": ""}'
LONG = "one two three " * 2000  # takes the engine several seconds


@pytest.fixture
async def synthesizer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Pyttsx3Synthesizer]:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    synthesizer = Pyttsx3Synthesizer()
    await synthesizer.start()
    yield synthesizer
    synthesizer.close()


def children() -> set[int]:
    """The speech processes that are ours and alive."""
    listed = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    pids = {int(pid) for path in listed for pid in path.read_text().split()}
    return {pid for pid in pids if pyttsx3.CHILD.name in Path(f"/proc/{pid}/cmdline").read_text()}


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_a_sentence_is_rendered(synthesizer: Pyttsx3Synthesizer) -> None:
    sound = await synthesizer.render(SENTENCE)
    assert sound.rate == 22_050
    assert 2 < sound.seconds < 5
    assert abs(samples(sound)).max() > 0.1


async def test_one_sentence_after_another_each_its_own(synthesizer: Pyttsx3Synthesizer, tmp_path: Path) -> None:
    sounds = [await synthesizer.render(text) for text in ("Yes.", SENTENCE, "Yes.")]
    assert sounds[0].seconds == pytest.approx(sounds[2].seconds, abs=0.2)
    assert sounds[1].seconds > 2 * sounds[0].seconds
    assert files(tmp_path) == []


async def test_a_warm_sentence_takes_little_time(synthesizer: Pyttsx3Synthesizer) -> None:
    times = []
    for _ in range(4):
        began = time.perf_counter()
        await synthesizer.render(SENTENCE)
        times.append(time.perf_counter() - began)
    assert min(times) < 0.1, times


@pytest.mark.parametrize("text", ["", "  ", "…", "<b>&amp;[[x]]", 'say "hi"\nand go', "漢字 é 🎉"])
async def test_odd_text_is_harmless(synthesizer: Pyttsx3Synthesizer, text: str) -> None:
    assert (await synthesizer.render(text)).rate == 22_050


async def test_rate_and_volume_are_heard() -> None:
    usual, other = Pyttsx3Synthesizer(), Pyttsx3Synthesizer(rate=350, volume=0.2)
    try:
        plain, changed = await usual.render(SENTENCE), await other.render(SENTENCE)
    finally:
        usual.close()
        other.close()
    assert changed.seconds < 0.75 * plain.seconds
    assert abs(samples(changed)).max() < 0.5 * abs(samples(plain)).max()


async def test_an_unknown_voice_is_said_and_the_default_one_speaks() -> None:
    synthesizer = Pyttsx3Synthesizer(voice="nobody")
    with pytest.raises(SynthesizerError, match="'nobody'"):
        await synthesizer.start()
    assert (await synthesizer.render("Hello.")).seconds > 0.2
    synthesizer.close()


async def test_cancelling_leaves_the_child_usable(synthesizer: Pyttsx3Synthesizer) -> None:
    before = children()
    rendering = asyncio.create_task(synthesizer.render("one two three " * 100))
    await asyncio.sleep(0)
    rendering.cancel()
    with pytest.raises(asyncio.CancelledError):
        await rendering
    assert 2 < (await synthesizer.render(SENTENCE)).seconds < 5
    assert children() == before


async def test_a_child_killed_in_mid_sentence_is_replaced(synthesizer: Pyttsx3Synthesizer) -> None:
    (before,) = children()
    rendering = asyncio.create_task(synthesizer.render(SENTENCE * 20))
    await asyncio.sleep(0)
    os.kill(before, signal.SIGKILL)
    assert (await rendering).seconds > 10
    assert children() != {before}


async def test_a_child_that_always_dies_ends_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, synthesizer: Pyttsx3Synthesizer
) -> None:
    dying = tmp_path / "dying.py"
    dying.write_text(f"import sys\nprint('{READY}', flush=True)\nsys.stdin.readline()\n")
    monkeypatch.setattr(pyttsx3, "CHILD", dying)
    synthesizer = Pyttsx3Synthesizer()
    with pytest.raises(SynthesizerError, match="crashed") as crashed:
        await synthesizer.render(SENTENCE)
    assert crashed.value.fix
    synthesizer.close()


async def test_without_espeak_the_fix_is_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import ctypes\n"
        "class Without(ctypes.CDLL):\n"
        "    def __init__(self, name, *rest, **more):\n"
        "        if 'espeak' in str(name):\n"
        "            raise OSError(name)\n"
        "        super().__init__(name, *rest, **more)\n"
        "ctypes.CDLL = ctypes.cdll._dlltype = Without\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    synthesizer = Pyttsx3Synthesizer()
    with pytest.raises(SynthesizerError) as missing:
        await synthesizer.start()
    assert "sudo apt install espeak-ng" in missing.value.fix
    synthesizer.close()


async def test_close_ends_the_child_and_its_folder(synthesizer: Pyttsx3Synthesizer, tmp_path: Path) -> None:
    rendering = asyncio.create_task(synthesizer.render(LONG))
    await asyncio.sleep(0)
    synthesizer.close()
    synthesizer.close()
    with pytest.raises(SynthesizerError):
        await rendering
    assert children() == set()
    assert files(tmp_path) == []


async def test_the_child_dies_with_its_parent() -> None:
    program = (
        "import asyncio, os, psutil\n"
        "from oi_voice.voice.tts.pyttsx3 import Pyttsx3Synthesizer\n"
        "async def main():\n"
        "    synthesizer = Pyttsx3Synthesizer()\n"
        "    await synthesizer.start()\n"
        "    [child] = psutil.Process().children()\n"
        "    print(child.pid, flush=True)\n"
        "    os.kill(os.getpid(), 9)\n"
        "asyncio.run(main())\n"
    )
    done = await in_thread(lambda: subprocess.run([sys.executable, "-c", program], capture_output=True, check=False))
    child = Path(f"/proc/{int(done.stdout)}")

    def gone() -> bool:
        end = time.monotonic() + 5
        while child.exists() and "Z" not in (child / "stat").read_text().split()[2] and time.monotonic() < end:
            time.sleep(0.01)
        return not child.exists() or "Z" in (child / "stat").read_text().split()[2]

    assert await in_thread(gone)


async def test_a_new_rate_holds_from_the_next_sentence_on(synthesizer: Pyttsx3Synthesizer) -> None:
    before = (await synthesizer.render(SENTENCE)).seconds
    synthesizer.tune(350, "")
    assert (await synthesizer.render(SENTENCE)).seconds < 0.7 * before


async def test_a_new_volume_holds_from_the_next_sentence_on(synthesizer: Pyttsx3Synthesizer) -> None:
    before = abs(samples(await synthesizer.render(SENTENCE))).max()
    synthesizer.tune(175, "", 0.2)
    assert abs(samples(await synthesizer.render(SENTENCE))).max() < 0.5 * before


async def test_a_text_is_spoken_by_a_voice_of_its_language(synthesizer: Pyttsx3Synthesizer) -> None:
    text = "Guten Morgen zusammen."
    english, german, again = [await synthesizer.render(text, language) for language in ("en", "de", "en")]
    own = Pyttsx3Synthesizer(voice="German")
    try:
        assert german.seconds == pytest.approx((await own.render(text)).seconds, abs=0.02)
        assert abs((await own.render(text, "en")).seconds - german.seconds) > 0.05
    finally:
        own.close()
    assert again.seconds == pytest.approx(english.seconds, abs=0.02)
    assert abs(german.seconds - english.seconds) > 0.05


async def test_a_child_that_hangs_is_replaced(synthesizer: Pyttsx3Synthesizer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warm, "PATIENCE", 1.0)
    (before,) = children()
    os.kill(before, signal.SIGSTOP)
    assert (await synthesizer.render(SENTENCE)).seconds > 2
    assert children() and children() != {before}


async def test_a_child_that_always_hangs_ends_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warm, "PATIENCE", 0.5)
    hanging = tmp_path / "child.py"
    hanging.write_text("import sys\nsys.stdin.read()\n")
    monkeypatch.setattr(pyttsx3, "CHILD", hanging)
    synthesizer = Pyttsx3Synthesizer()
    with pytest.raises(SynthesizerError, match="did not answer") as hung:
        await synthesizer.render(SENTENCE)
    assert hung.value.fix
    synthesizer.close()


VOICES = (
    Voice("gmw/en", "English (Great Britain)", ("en-gb",)),
    Voice("gmw/en-us", "English (America)", ("en-us",)),
    Voice("gmw/de", "German", ("de",)),
    Voice("sit/cmn", "Chinese (Mandarin)", ("cmn",)),
    Voice("roa/pt", "Portuguese (Portugal)", ("pt",)),
    Voice("roa/pt-br", "Portuguese (Brazil)", ("pt-br",)),
    Voice("mystery", "Mystery"),
)


@pytest.mark.parametrize(
    ("wanted", "language", "chosen"),
    [
        ("", "", ""),
        ("", "en", "gmw/en-us"),
        ("", "en-GB", "gmw/en"),
        ("gmw/en", "en", "gmw/en"),
        ("german", "de", "gmw/de"),
        ("german", "en", "gmw/en-us"),
        ("german", "fi", "gmw/de"),
        ("mystery", "en", "mystery"),
        ("", "zh", "sit/cmn"),
        ("", "pt", "roa/pt-br"),
        ("", "pt_PT", "roa/pt-br"),
        ("", "fi", ""),
    ],
)
def test_the_voice_for_a_language(wanted: str, language: str, chosen: str) -> None:
    assert pick(VOICES, wanted, language) == chosen
