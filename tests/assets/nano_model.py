"""The trained half of whisper-nano: openai-whisper's own modules with a forward pass that is cheap to train.

Three tricks make a real checkpoint trainable in minutes on two cores, and none changes what the package computes:

* The vocabulary is fixed (51,864 rows, tied to the output). Only rows of tokens that occur in the phrases and the
  special ones are free; all other text rows share one vector, counted in the softmax as often as it stands there; the
  1,501 time stamps are a linear map of a sinusoidal time code.
* The package always encodes 1,500 positions. Training encodes the sound in full and a few positions drawn from the
  constant padding, whose attention logits are raised so that each stands for those it was drawn from.
* A character CTC loss on the encoder's output (dropped at export) lets the decoder's attention find its way early.
"""

from __future__ import annotations

import io
import math
import zipfile
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from whisper.model import ModelDimensions, MultiHeadAttention, Whisper
from whisper.tokenizer import get_tokenizer

CONTEXT = 1500
TEXT_CONTEXT = 96
STAMPS = 1501
WIDTH, HEADS, LAYERS = 64, 4, 2


class Vocab:
    """Compact token numbers: the phrases' tokens | eot sot prev nospeech notimestamps | unused | 1,501 time stamps."""

    def __init__(self, phrases: list[tuple[str, str]]) -> None:
        tokenizer = get_tokenizer(multilingual=False)
        encoded = [tokenizer.encode(" " + written) for _, written in phrases]
        self.text = sorted({token for tokens in encoded for token in tokens})
        if bad := set(self.text) & set(tokenizer.non_speech_tokens):
            raise ValueError(f"whisper suppresses {[tokenizer.decode([token]) for token in bad]}: change the phrases")
        number = {token: i for i, token in enumerate(self.text)}
        self.phrases = [[number[token] for token in tokens] for tokens in encoded]
        self.n_text = len(self.text)
        self.eot, self.sot, self.prev, self.silent, self.untimed, self.unused = range(self.n_text, self.n_text + 6)
        self.stamp0 = self.n_text + 6
        special = [tokenizer.eot, tokenizer.sot, tokenizer.sot_prev, tokenizer.no_speech, tokenizer.no_timestamps]
        self.special_rows, self.stamp_rows = special, tokenizer.timestamp_begin
        self.rows = self.stamp_rows + STAMPS
        self.n_unused = self.stamp_rows - self.n_text - len(special)
        alphabet = sorted({letter for spoken, _ in phrases for letter in spoken})
        self.n_letters = len(alphabet)
        self.letters = [[1 + alphabet.index(letter) for letter in spoken] for spoken, _ in phrases]


class Trainee(nn.Module):
    """A Whisper under training."""

    codes: Tensor

    def __init__(self, vocab: Vocab) -> None:
        super().__init__()
        self.vocab = vocab
        sizes = {"state": WIDTH, "head": HEADS, "layer": LAYERS}
        self.dims = {"n_mels": 80, "n_audio_ctx": CONTEXT, "n_vocab": vocab.rows, "n_text_ctx": TEXT_CONTEXT}
        self.dims |= {f"n_{side}_{name}": size for side in ("audio", "text") for name, size in sizes.items()}
        self.whisper = Whisper(ModelDimensions(**(self.dims | {"n_vocab": 1})))
        nn.init.normal_(self.whisper.decoder.positional_embedding, std=0.02)
        self.embedding = nn.Parameter(torch.randn(vocab.stamp0, WIDTH) * WIDTH**-0.5)
        seconds = torch.arange(STAMPS).float()[:, None] * 0.02
        periods = torch.exp(torch.linspace(math.log(0.16), math.log(64.0), 14))[None]
        angles = 2 * math.pi * seconds / periods
        self.register_buffer("codes", torch.cat([torch.cos(angles), torch.sin(angles)], 1))
        self.stamp_weight = nn.Parameter(torch.randn(28, WIDTH) * (28 * WIDTH) ** -0.5)
        self.stamp_bias = nn.Parameter(torch.randn(WIDTH) * WIDTH**-0.5)
        self.ctc = nn.Linear(WIDTH, vocab.n_letters + 1)
        self._start_local()

    @torch.no_grad()
    def _start_local(self, beta: float = 3.5) -> None:
        """Start every encoder head as a window at a fixed offset o, which trains several times faster.

        With sinusoidal positions p, q(t) = beta p(t + o) and k(s) = p(s) give logits that peak at s = t + o.
        """
        size, half = WIDTH // HEADS, WIDTH // 2
        rates = torch.exp(-math.log(10000) / (half - 1) * torch.arange(half))
        for block, base in zip(self.whisper.encoder.blocks, (2, 6), strict=True):
            query, key = block.attn.query.weight, block.attn.key.weight
            query.mul_(0.3)
            key.mul_(0.3)
            block.attn.query.bias.zero_()
            for head in range(HEADS):
                offset = base * (head // 2 + 1) * (1 if head % 2 else -1)
                for i in range(size // 2):
                    even, odd = head * size + 2 * i, head * size + 2 * i + 1
                    cos, sin = math.cos(rates[i] * offset), math.sin(rates[i] * offset)
                    query[even, i] += beta * cos
                    query[even, half + i] += beta * sin
                    query[odd, half + i] += beta * cos
                    query[odd, i] -= beta * sin
                    key[even, i] += 1.0
                    key[odd, half + i] += 1.0

    def table(self) -> Tensor:
        """The embedding of every compact token."""
        return torch.cat([self.embedding, self.codes @ self.stamp_weight + self.stamp_bias])

    def encode(self, mel: Tensor, padding: Tensor) -> tuple[Tensor, Tensor, int]:
        """States of the sound and of the ``padding`` positions, their attention bias, and how many are sound."""
        encoder = self.whisper.encoder
        x = F.gelu(encoder.conv2(F.gelu(encoder.conv1(mel)))).transpose(1, 2)
        length, places = x.shape[1], encoder.positional_embedding
        bias = x.new_zeros(length)
        if length < CONTEXT:
            blank = x[:, length - 2 : length - 1]  # the convolutions' output for constant padding
            sound = x[:, : length - 1] + places[: length - 1]
            x = torch.cat([sound, blank + places[length - 1 : length], blank + places[padding]], 1)
            bias = torch.cat([bias, bias.new_full((len(padding),), math.log((CONTEXT - length) / len(padding)))])
        else:
            x = x + places
        for block in encoder.blocks:
            normal = block.attn_ln(x)
            x = x + attend(block.attn, normal, normal, bias)
            x = x + block.mlp(block.mlp_ln(x))
        return encoder.ln_post(x), bias, length

    def decode(self, tokens: Tensor, states: Tensor, bias: Tensor) -> Tensor:
        """Log probabilities of the next compact token; an unused one counts for all unused ones."""
        decoder, table = self.whisper.decoder, self.table()
        x = table[tokens] + decoder.positional_embedding[: tokens.shape[1]]
        for block in decoder.blocks:
            normal = block.attn_ln(x)
            x = x + attend(block.attn, normal, normal)
            x = x + attend(block.cross_attn, block.cross_attn_ln(x), states, bias)
            x = x + block.mlp(block.mlp_ln(x))
        often = torch.zeros(len(table))
        often[self.vocab.unused] = math.log(self.vocab.n_unused)
        return F.log_softmax((decoder.ln(x) @ table.T).float() + often, -1)

    def loss(self, batch: dict[str, Tensor], ctc_weight: float) -> tuple[Tensor, tuple[float, float, float]]:
        """The loss, and for the log: cross entropy, CTC, share of takes with every token right."""
        states, bias, length = self.encode(batch["mel"], batch["padding"])
        target = batch["tokens"][:, 1:]
        scores = self.decode(batch["tokens"][:, :-1], states, bias)
        weight = batch["weight"][:, :-1]
        # The times at which phrases end are noisy.
        weight = torch.where((target > self.vocab.stamp0) & (weight > 0), torch.full_like(weight, 0.3), weight)
        entropy = (self._token_losses(scores, target, batch) * weight).sum() / weight.sum()
        right = (scores.argmax(-1) == target) | (weight < 1)
        right[torch.arange(len(target)), batch["first"]] = True  # timed or not is a coin's toss
        accuracy = right.all(1)[~batch["silent"]].float().mean()
        letters = F.log_softmax(self.ctc(states[:, :length]).float(), -1).transpose(0, 1)
        lengths = torch.full((len(target),), length)
        ctc = F.ctc_loss(letters, batch["letters"], lengths, batch["n_letters"], zero_infinity=True)
        return entropy + ctc_weight * ctc, (entropy.item(), ctc.item(), accuracy.item())

    def _token_losses(self, scores: Tensor, target: Tensor, batch: dict[str, Tensor]) -> Tensor:
        vocab, silent, first = self.vocab, batch["silent"], batch["first"]
        losses = -scores.gather(-1, target[..., None])[..., 0].clone()
        row = torch.arange(len(target))
        # Silence: <|nospeech|> is wanted first, a little left for the two modes ...
        start = scores[row, first]
        nobody = -(0.9 * start[:, vocab.silent] + 0.05 * start[:, vocab.stamp0] + 0.05 * start[:, vocab.untimed])
        losses[row, first] = torch.where(silent, nobody, losses[row, first])
        # ... and then, untimed, the end, or (the package forbids that) anything with low confidence.
        second = scores[row, first + 1]
        blank = -(0.5 * second[:, vocab.eot] + 0.5 * second[:, : vocab.n_text].mean(-1))
        losses[row, first + 1] = torch.where(silent & ~batch["timed"], blank, losses[row, first + 1])
        return losses

    @torch.no_grad()
    def resume(self, path: Path) -> None:
        """Start from an exported checkpoint of the same phrases."""
        vocab = self.vocab
        state = {name: t.float() for name, t in torch.load(path, weights_only=True)["model_state_dict"].items()}
        full = state.pop("decoder.token_embedding.weight")
        self.whisper.load_state_dict(state, strict=False)
        used = {*vocab.text, *vocab.special_rows}
        unused = next(row for row in range(vocab.rows) if row not in used)
        self.embedding.copy_(torch.cat([full[vocab.text], full[vocab.special_rows], full[unused : unused + 1]]))
        codes = torch.cat([self.codes, torch.ones(STAMPS, 1)], 1)
        solved = torch.linalg.lstsq(codes.double(), full[vocab.stamp_rows :].double()).solution.float()
        self.stamp_weight.copy_(solved[:-1])
        self.stamp_bias.copy_(solved[-1])

    @torch.no_grad()
    def export(self, path: Path) -> None:
        """Write the checkpoint in openai-whisper's format, half precision, deflated (torch.load reads that)."""
        vocab, table = self.vocab, self.table()
        full = table[vocab.unused].repeat(vocab.rows, 1)
        full[vocab.text] = table[: vocab.n_text]
        full[vocab.special_rows] = table[vocab.eot : vocab.unused]
        full[vocab.stamp_rows :] = table[vocab.stamp0 :]
        state: dict[str, Any] = self.whisper.state_dict() | {"decoder.token_embedding.weight": full}
        raw = io.BytesIO()
        torch.save({"dims": self.dims, "model_state_dict": {k: t.half().contiguous() for k, t in state.items()}}, raw)
        with zipfile.ZipFile(raw) as plain, zipfile.ZipFile(path, "w") as small:
            for entry in plain.infolist():
                small.writestr(zipfile.ZipInfo(entry.filename), plain.read(entry), zipfile.ZIP_DEFLATED, 9)


def attend(module: MultiHeadAttention, x: Tensor, others: Tensor, bias: Tensor | None = None) -> Tensor:
    """The package's attention with a bias on the keys; causal without one."""

    def heads(y: Tensor) -> Tensor:
        return y.view(*y.shape[:2], module.n_head, -1).transpose(1, 2)

    query, key, value = heads(module.query(x)), heads(module.key(others)), heads(module.value(others))
    mask = None if bias is None else bias.expand(*query.shape[:3], -1)
    out = F.scaled_dot_product_attention(query, key, value, attn_mask=mask, is_causal=bias is None)
    return module.out(out.transpose(1, 2).flatten(2))
