"""Sound files become text."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from sounds import RATE, samples, save, tone

from oi_voice.errors import TranscriberError
from oi_voice.ports import Pcm
from oi_voice.voice.pcm import resample
from oi_voice.voice.stt.gated import Gated
from oi_voice.voice.stt.hosted import Hosted
from oi_voice.voice.stt.whisper import WhisperEngine
from oi_voice.voice.transcribe import line, read, transcribe

NANO = Path(__file__).parent.parent / "assets" / "whisper-nano.pt"
KEYS = ["file", "text", "speech", "language", "confidence", "engine", "timings_ms"]
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file .*tiktoken:ResourceWarning")


async def test_files_are_transcribed_and_silence_is_not_obeyed(tmp_path: Path, say: Callable[[str], Pcm]) -> None:
    said = say("take a screenshot")
    files = [
        save(Pcm(bytes(RATE * 4), RATE), tmp_path / "silence.wav"),
        save(said, tmp_path / "16k.wav"),
        save(Pcm(resample(said.data, RATE, 44_100), 44_100), tmp_path / "44k.wav"),
        tmp_path / "stereo.flac",
        tmp_path / "some.ogg",
    ]
    soundfile.write(files[3], np.stack([samples(said)] * 2, axis=1), RATE)
    soundfile.write(files[4], samples(said), RATE)
    gated = Gated(Hosted(lambda: WhisperEngine(str(NANO))))
    entries = [entry async for entry in transcribe(files, gated)]
    gated.close()
    assert [entry["text"] for entry in entries] == ["", *["Take a screenshot."] * 4]
    assert [entry["speech"] for entry in entries] == [False, *[True] * 4]
    assert all(list(entry) == KEYS for entry in entries)
    assert json.loads(json.dumps(entries)) == entries
    assert line(entries[0]).endswith("silence.wav: (no speech)")
    assert line(entries[1]).endswith("16k.wav: Take a screenshot.")


def test_other_rates_and_widths_are_read(tmp_path: Path) -> None:
    wave = samples(tone(1, 440, 48_000))
    for subtype in ("PCM_U8", "PCM_24", "FLOAT"):
        soundfile.write(tmp_path / "tone.wav", wave, 48_000, subtype=subtype)
        sound = read(tmp_path / "tone.wav")
        assert sound.rate == RATE
        assert sound.seconds == pytest.approx(1, abs=0.001)
        spectrum = np.abs(np.fft.rfft(samples(sound)))
        assert np.argmax(spectrum) == pytest.approx(440, abs=2)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("missing.wav", None, "no such file"),
        ("text.wav", b"hello", "no sound file"),
        ("empty.flac", b"", "no sound file"),
        ("half.wav", b"RIFF\x24\0\0\0WAVEfmt ", "no sound file"),
    ],
)
def test_what_can_not_be_read_is_told(tmp_path: Path, name: str, data: bytes | None, words: str) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(TranscriberError, match=words) as told:
        read(tmp_path / name)
    assert name in told.value.message
    assert "WAV" in told.value.fix
