"""A checkpoint of openai-whisper as a model for faster-whisper, without the network."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oi_voice.errors import TranscriberError
from oi_voice.voice.stt.whisper import BROKEN, unreadable

if TYPE_CHECKING:
    from numpy.typing import NDArray

# A block's parts, ours and theirs. Queries, keys and values are one matrix there, or keys and values are.
_NORMS = {"attn_ln": "self_attention", "cross_attn_ln": "attention", "mlp_ln": "ffn"}


def convert(checkpoint: Path, folder: Path, quantization: str = "int8") -> None:
    """Write ``folder``, whole or not at all. Takes seconds, needs openai-whisper and the extra ``fast``; blocking.

    Raises TranscriberError.
    """
    try:
        import ctranslate2
        import whisper
    except (ImportError, OSError) as missing:
        raise TranscriberError(
            "Converting needs openai-whisper and faster-whisper.", fix='Install them: pip install "oi_voice[fast]"'
        ) from missing
    try:
        model = whisper.load_model(str(checkpoint), device="cpu")
    except BROKEN as broken:
        raise unreadable(checkpoint) from broken
    tokenizer = _tokenizer(model)
    dims = model.dims
    spec = ctranslate2.specs.WhisperSpec(dims.n_audio_layer, dims.n_audio_head, dims.n_text_layer, dims.n_text_head)
    weights = {name: tensor.detach().float().numpy() for name, tensor in model.state_dict().items()}
    _encoder(spec.encoder, weights)
    _decoder(spec.decoder, weights)
    _configure(spec.config, model)
    spec.register_vocabulary(_vocabulary(tokenizer, dims.n_vocab))
    spec.validate()
    spec.optimize(quantization=quantization)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".converting-") as scratch:
        made = Path(scratch) / folder.name
        made.mkdir()
        spec.save(str(made))
        tokenizer.save(str(made / "tokenizer.json"))
        (made / "preprocessor_config.json").write_text(json.dumps({"feature_size": dims.n_mels}), encoding="utf-8")
        if folder.exists():
            shutil.rmtree(folder)
        made.rename(folder)


Weights = Mapping[str, "NDArray[Any]"]


def _encoder(spec: Any, weights: Weights) -> None:
    for name in ("conv1", "conv2"):
        part = getattr(spec, name)
        part.weight, part.bias = weights[f"encoder.{name}.weight"], weights[f"encoder.{name}.bias"]
    spec.position_encodings.encodings = weights["encoder.positional_embedding"]
    _norm(spec.layer_norm, weights, "encoder.ln_post")
    for number, layer in enumerate(spec.layer):
        _block(layer, weights, f"encoder.blocks.{number}")


def _decoder(spec: Any, weights: Weights) -> None:
    spec.embeddings.weight = spec.projection.weight = weights["decoder.token_embedding.weight"]
    spec.position_encodings.encodings = weights["decoder.positional_embedding"]
    _norm(spec.layer_norm, weights, "decoder.ln")
    for number, layer in enumerate(spec.layer):
        _block(layer, weights, f"decoder.blocks.{number}")


def _block(layer: Any, weights: Weights, name: str) -> None:
    for norm, part in _NORMS.items():
        if f"{name}.{norm}.weight" in weights:
            _norm(getattr(layer, part).layer_norm, weights, f"{name}.{norm}")
    joined, out = layer.self_attention.linear
    _join(joined, weights, f"{name}.attn", ("query", "key", "value"))
    _linear(out, weights, f"{name}.attn.out")
    if f"{name}.cross_attn.query.weight" in weights:
        query, joined, out = layer.attention.linear
        _linear(query, weights, f"{name}.cross_attn.query")
        _join(joined, weights, f"{name}.cross_attn", ("key", "value"))
        _linear(out, weights, f"{name}.cross_attn.out")
    _linear(layer.ffn.linear_0, weights, f"{name}.mlp.0")
    _linear(layer.ffn.linear_1, weights, f"{name}.mlp.2")


def _norm(spec: Any, weights: Weights, name: str) -> None:
    spec.gamma, spec.beta = weights[f"{name}.weight"], weights[f"{name}.bias"]


def _linear(spec: Any, weights: Weights, name: str) -> None:
    spec.weight, spec.bias = weights[f"{name}.weight"], weights[f"{name}.bias"]


def _join(spec: Any, weights: Weights, name: str, parts: tuple[str, ...]) -> None:
    import numpy as np

    matrices = [weights[f"{name}.{part}.weight"] for part in parts]
    nothing = np.zeros(len(matrices[0]), matrices[0].dtype)  # keys have no bias
    spec.weight = np.concatenate(matrices)
    spec.bias = np.concatenate([weights.get(f"{name}.{part}.bias", nothing) for part in parts])


def _configure(config: Any, model: Any) -> None:
    """What decoding must not say, and where words are timed: all of which the checkpoint's package knows."""
    from whisper.tokenizer import get_tokenizer

    plain = get_tokenizer(model.is_multilingual, num_languages=model.num_languages)
    special = (plain.transcribe, plain.translate, plain.sot, plain.sot_prev, plain.sot_lm, plain.no_speech)
    config.suppress_ids = sorted({*plain.non_speech_tokens, *special})
    config.suppress_ids_begin = [*plain.encode(" "), plain.eot]
    config.lang_ids = list(plain.all_language_tokens) if model.is_multilingual else []
    config.alignment_heads = [tuple(pair) for pair in model.alignment_heads.indices().T.tolist()]


def _tokenizer(model: Any) -> Any:
    """The checkpoint's tokenizer as one of the ``tokenizers`` library."""
    import tokenizers
    from tokenizers import decoders, models, pre_tokenizers
    from whisper.tokenizer import get_encoding

    encoding = get_encoding("multilingual" if model.is_multilingual else "gpt2", num_languages=model.num_languages)
    ranks: dict[bytes, int] = encoding._mergeable_ranks  # no public way to the table
    letters = _letters()
    vocabulary = {"".join(letters[byte] for byte in token): rank for token, rank in ranks.items()}
    merges = [("".join(letters[b] for b in left), "".join(letters[b] for b in right)) for left, right in _merges(ranks)]
    result = tokenizers.Tokenizer(models.BPE(vocab=vocabulary, merges=merges))
    result.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    result.decoder = decoders.ByteLevel()
    special = sorted(encoding._special_tokens.items(), key=lambda item: item[1])
    result.add_special_tokens([name for name, _ in special])
    return result


def _merges(ranks: Mapping[bytes, int]) -> Iterator[tuple[bytes, bytes]]:
    """The two parts that each token was once made of: what is left of its bytes when all earlier merges are done."""
    for token, rank in sorted(ranks.items(), key=lambda item: item[1]):
        parts = [bytes([byte]) for byte in token]
        while len(parts) > 2:
            best = min(range(len(parts) - 1), key=lambda at: ranks.get(parts[at] + parts[at + 1], rank))
            parts[best : best + 2] = [parts[best] + parts[best + 1]]
        if len(parts) == 2:
            yield parts[0], parts[1]


def _letters() -> dict[int, str]:
    """GPT-2's printable letter for each byte: itself where it is printable, else the next unused one from 256 on."""
    printable = {*range(33, 127), *range(161, 173), *range(174, 256)}
    others = (byte for byte in range(256) if byte not in printable)
    return {byte: chr(byte) for byte in printable} | {byte: chr(256 + at) for at, byte in enumerate(others)}


def _vocabulary(tokenizer: Any, size: int) -> list[str]:
    return [tokenizer.id_to_token(number) or f"<|unused{number}|>" for number in range(size)]
