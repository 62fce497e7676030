#!/usr/bin/env python3
"""Train whisper-nano: a small, real Whisper checkpoint that knows the phrases of phrases.txt and nothing else.

    python tests/assets/train_whisper_nano.py --out whisper-nano.pt

A test fixture, not a product model. It takes about 12 minutes on two cores and needs espeak-ng. How a checkpoint
of the package's full format comes out of that is told in nano_model.py.
"""
# ruff: noqa: T201 - a script: what it prints is how the training goes

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nano_speech as speech
import numpy as np
import torch
import whisper
from nano_model import CONTEXT, TEXT_CONTEXT, Trainee, Vocab
from numpy.typing import NDArray
from torch import Tensor, nn

Clips = list[tuple[int, NDArray[np.int16]]]
EASY_STEPS = 400  # clean single phrases first
PADDING = 24  # positions drawn from the padding
WARM_UP = 150
RATE_OF_LEARNING = 3e-3


@dataclass(frozen=True, slots=True)
class Example:
    """One take and what whisper should write; the loss counts from token ``first`` on, where <|sot|> stands."""

    sound: speech.Sound
    tokens: list[int]
    first: int
    letters: list[int]
    silent: bool
    timed: bool
    mel_padded: bool  # transcribe() pads the spectrogram with zeros, decode(pad_or_trim()) the sound


class Batches(torch.utils.data.IterableDataset[dict[str, Tensor]]):
    """An endless stream of batches, made in a process of its own."""

    def __init__(self, clips: Clips, vocab: Vocab, seed: int, size: int) -> None:
        self.clips, self.vocab, self.seed, self.size = clips, vocab, seed, size
        self.lengths = np.array([len(clip) for _, clip in clips])
        self.filters = whisper.audio.mel_filters("cpu", 80)
        self.window = torch.hann_window(400)
        self.easy = True

    def __iter__(self) -> Iterator[dict[str, Tensor]]:
        torch.set_num_threads(1)
        rng = np.random.default_rng(self.seed)
        step = 0
        while True:
            kind = 2 if step < EASY_STEPS else step % 8
            for picks in self._picks(rng, kind):
                self.easy = step < EASY_STEPS
                yield self._collate(rng, [self._example(rng, pick, long=kind == 1) for pick in picks])
                step += 1

    def _picks(self, rng: np.random.Generator, kind: int) -> Iterator[list[NDArray[np.int64]]]:
        """Clips for each take of a batch: 0 of several phrases, 1 of one; else six of single phrases."""
        count, half = len(self.clips), self.size // 2
        if kind == 0:
            yield [rng.integers(count, size=3 if rng.random() < 0.15 else 2) for _ in range(half)]
        elif kind == 1:
            yield [rng.integers(count, size=1) for _ in range(half)]
        else:
            picks = rng.integers(count, size=6 * self.size)
            picks = picks[np.argsort(self.lengths[picks] + rng.integers(0, 3000, size=len(picks)))]
            for part in rng.permutation(6):
                yield list(picks[part * self.size : (part + 1) * self.size, None])

    def _example(self, rng: np.random.Generator, pick: NDArray[np.int64], *, long: bool) -> Example:
        vocab, timed = self.vocab, bool(rng.random() < 0.5)
        sound, ends = self._take(rng, pick, long=long)
        silent = bool(rng.random() < 0.09)
        if silent:
            sound = speech.empty_room(rng, int(rng.integers(4000, max(8000, len(sound)))))
            tokens = [vocab.stamp0] if timed else [vocab.untimed, int(rng.integers(vocab.n_text))]
            letters = []
        else:
            sound = speech.through_a_room(rng, sound, noisy=0.15 if self.easy else 0.55)
            numbers = [self.clips[i][0] for i in pick]
            tokens = self._written(numbers, ends) if timed else [vocab.untimed, *self._text(numbers)]
            letters = [letter for number in numbers for letter in vocab.letters[number]]
        before = self._prompt(rng) if rng.random() < 0.1 else []
        tokens = [*before, vocab.sot, *tokens, vocab.eot]
        return Example(sound, tokens, len(before), letters, silent, timed, bool(rng.random() < 0.7))

    def _take(
        self, rng: np.random.Generator, pick: NDArray[np.int64], *, long: bool
    ) -> tuple[speech.Sound, list[float]]:
        """The clips one after another with pauses (``long``: much silence around), and when each ends, in seconds."""
        lead = rng.uniform(0, 3.0) if long else rng.uniform(0, rng.choice([0.3, 0.2 if self.easy else 1.0]))
        parts, ends = [speech.silence(lead)], []
        for i, clip in enumerate(pick):
            if i:
                parts.append(speech.silence(rng.uniform(0.1, 0.9)))
            level = rng.uniform(0.6, 1.6) if i else 1.0
            parts.append(self.clips[clip][1].astype(np.float32) * np.float32(level / 32767))
            ends.append(sum(map(len, parts)) / speech.RATE)
        parts.append(speech.silence(rng.uniform(0, 2.5 if long else 0.6)))
        sound = np.concatenate(parts)
        return (np.pad(sound, (0, 4000)) if len(sound) < 4000 else sound), ends

    def _text(self, numbers: list[int]) -> list[int]:
        return [token for number in numbers for token in self.vocab.phrases[number]]

    def _written(self, numbers: list[int], ends: list[float]) -> list[int]:
        """The phrases between their time stamps (20 ms each)."""
        tokens, start = [], self.vocab.stamp0
        for number, end in zip(numbers, ends, strict=True):
            stop = self.vocab.stamp0 + round(end / 0.02)
            tokens += [start, *self.vocab.phrases[number], stop]
            start = stop
        return tokens

    def _prompt(self, rng: np.random.Generator) -> list[int]:
        """Text said before, as whisper's ``initial_prompt`` and longer takes give it."""
        vocab = self.vocab
        text: list[int] = []
        while len(text) < 44 and rng.random() < 0.8:
            known = rng.random() < 0.6
            text += vocab.phrases[rng.integers(len(vocab.phrases))] if known else [vocab.unused] * rng.integers(1, 12)
        return [vocab.prev, *text[: TEXT_CONTEXT // 2 - 1]]

    def _collate(self, rng: np.random.Generator, examples: list[Example]) -> dict[str, Tensor]:
        longest = max(len(e.tokens) for e in examples)
        tokens = torch.full((len(examples), longest), self.vocab.eot)
        weight = torch.zeros(len(examples), longest)
        for i, e in enumerate(examples):
            tokens[i, : len(e.tokens)] = torch.tensor(e.tokens)
            weight[i, e.first : len(e.tokens) - 1] = 1.0  # position j predicts token j + 1
        mel = self._mel(examples)
        # One padding position from each of equal stretches.
        edges = torch.linspace(mel.shape[-1] // 2, CONTEXT, PADDING + 1)
        padding = edges[:-1] + torch.from_numpy(rng.random(PADDING)).float() * edges.diff()
        return {
            "mel": mel,
            "tokens": tokens,
            "weight": weight,
            "padding": padding.long().clamp(max=CONTEXT - 1),
            "first": torch.tensor([e.first for e in examples]),
            "silent": torch.tensor([e.silent for e in examples]),
            "timed": torch.tensor([e.timed for e in examples]),
            "letters": torch.tensor([letter for e in examples for letter in e.letters], dtype=torch.long),
            "n_letters": torch.tensor([len(e.letters) for e in examples]),
        }

    def _mel(self, examples: list[Example]) -> Tensor:
        """whisper.log_mel_spectrogram of each take, padded as transcribe() or as decode() does."""
        frames = min(CONTEXT, -(-(max(len(e.sound) for e in examples) + 1600) // 320))
        sound = torch.zeros(len(examples), frames * 320)
        for i, e in enumerate(examples):
            sound[i, : len(e.sound)] = torch.from_numpy(e.sound)
        spectrum = torch.stft(sound, 400, 160, window=self.window, return_complex=True)[..., :-1].abs() ** 2
        mel = torch.clamp(self.filters @ spectrum, min=1e-10).log10()
        mel = (torch.maximum(mel, mel.amax((1, 2), keepdim=True) - 8.0) + 4.0) / 4.0
        for i, e in enumerate(examples):
            if e.mel_padded:
                mel[i, :, len(e.sound) // 160 :] = 0.0
        return mel


def optimiser(model: Trainee) -> torch.optim.Optimizer:
    """Weight decay on matrices only, and not on embeddings."""
    named = list(model.named_parameters())
    decaying = {name for name, p in named if p.ndim >= 2 and name not in ("embedding", "stamp_weight")}
    groups = [
        {"params": [p for name, p in named if name in decaying], "weight_decay": 0.02},
        {"params": [p for name, p in named if name not in decaying], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=RATE_OF_LEARNING, betas=(0.9, 0.98))


def train(model: Trainee, batches: Iterator[dict[str, Tensor]], options: argparse.Namespace) -> None:
    """A cosine schedule over ``steps`` or ``max_minutes``, whichever ends first."""
    optimizer = optimiser(model)
    began, sums, step, progress = time.monotonic(), np.zeros(3), 0, 0.0
    while progress < 1.0:
        step += 1
        minutes = (time.monotonic() - began) / 60
        progress = min(1.0, max(step / options.steps, minutes / options.max_minutes if options.max_minutes else 0))
        for group in optimizer.param_groups:
            cosine = 0.5 + 0.5 * math.cos(math.pi * progress)
            group["lr"] = RATE_OF_LEARNING * (min(1, step / WARM_UP) * cosine + 1e-3)
        loss, figures = model.loss(next(batches), ctc_weight=0.3 if progress < 0.5 else 0.1)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        sums += figures
        if step % 50 == 0:
            entropy, ctc, right = sums / 50
            sums[:] = 0
            print(
                f"step {step}: loss {entropy:.3f}, ctc {ctc:.3f}, takes right {right:.1%}, {minutes:.1f} min",
                flush=True,
            )
        if step % 200 == 0 or progress == 1.0:
            model.export(options.out)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--phrases", type=Path, default=speech.HERE / "phrases.txt")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--init", type=Path, help="go on from a checkpoint of the same phrases")
    parser.add_argument("--steps", type=int, default=3600)
    parser.add_argument("--max-minutes", type=float, default=0, help="end the schedule by then, on a slow machine")
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--per-phrase", type=int, default=120, help="voices per phrase")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    phrases = speech.load_phrases(options.phrases)
    vocab = Vocab(phrases)
    clips = speech.corpus(phrases, options.per_phrase, options.seed)
    minutes = sum(len(clip) for _, clip in clips) / speech.RATE / 60
    model = Trainee(vocab)
    if options.init:
        model.resume(options.init)
    size = sum(p.numel() for p in model.parameters())
    print(f"{len(phrases)} phrases, {len(clips)} clips, {minutes:.0f} minutes; {size} parameters", flush=True)
    batches = Batches(clips, vocab, options.seed, options.batch)
    loader = torch.utils.data.DataLoader(batches, batch_size=None, num_workers=1, prefetch_factor=6)
    train(model, iter(loader), options)
    print(f"wrote {options.out}: {options.out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
