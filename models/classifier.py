"""The token classifier: BIO tags for characters from a model in ONNX, run without PyTorch.

A model is a folder: `config.json` (of transformers, with `id2label` and `window`), `tokenizer.json` and `model.onnx`, as
`gongbao train` writes it. It is named by its path or by its name on the Hugging Face hub (owner/name, perhaps @revision).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from corpus.errors import ConfigError
from corpus.tags import TAGS, Span, tags_to_spans
from models.characters import WINDOW, Characters, windows
from models.runtime import open_session

CONFIG, TOKENIZER, WEIGHTS = FILES = ("config.json", "tokenizer.json", "model.onnx")
SETTING = "--model"


class Classifier:
    """A loaded model. The same text gives the same spans, whatever else is asked: each window is a batch of its own, since
    quantized activations are scaled by batch."""

    def __init__(self, session: Any, characters: Characters, labels: Sequence[str], window: int) -> None:
        self._session, self._characters, self._labels, self._window = session, characters, labels, window

    def find(self, text: str) -> list[Span]:
        """Spans in text order, without overlaps; `score` is the probability of the tag at the span's least sure character."""
        return [span for start, end in windows(text, self._window) for span in self._in(text[start:end], start)]

    def _in(self, text: str, offset: int) -> Iterator[Span]:
        if not text.strip():
            return
        import numpy

        encoded = self._characters.encode(text)
        ids = numpy.array([encoded.ids], dtype=numpy.int64)
        scores = self._session.run(None, {"input_ids": ids, "attention_mask": numpy.ones_like(ids)})[0][0]
        chances = numpy.exp(scores - scores.max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
        best = chances.argmax(axis=1)
        tags = ["O" if at is None else self._labels[best[at]] for at in encoded.at]
        sure = [1.0 if at is None else float(chances[at, best[at]]) for at in encoded.at]
        for span in tags_to_spans(tags):
            yield replace(span, start=span.start + offset, end=span.end + offset, score=min(sure[span.start : span.end]))


@cache
def load(folder: Path) -> Classifier:
    """The model of a folder. Raises ConfigError when it is none or the package onnxruntime is missing."""
    try:
        config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
        labels = [config["id2label"][str(i)] for i in range(len(config["id2label"]))]
        characters, session = Characters.read(folder / TOKENIZER), open_session(folder / WEIGHTS)
    except ImportError as error:
        raise ConfigError(SETTING, "a model needs the extra: pip install 'gongbao[models]'") from error
    except Exception as error:  # tokenizers and onnxruntime raise bare Exception for a broken file
        raise ConfigError(SETTING, f"{folder} holds no token classifier: {error}") from error
    if unknown := set(labels) - set(TAGS):
        raise ConfigError(SETTING, f"{folder} has other labels than ours: {', '.join(sorted(unknown))}")
    return Classifier(session, characters, labels, config.get("window", WINDOW))


def locate(name: str) -> Path:
    """The folder of a model named by path, or by hub name and fetched into the hub's cache. Raises ConfigError."""
    folder = Path(name).expanduser()
    if folder.is_dir():
        return folder.resolve()
    if folder.is_absolute() or name.count("/") > 1 or name.startswith("."):
        raise ConfigError(SETTING, f"no folder {name}")
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    repository, _, revision = name.partition("@")
    try:
        return Path(snapshot_download(repository, revision=revision or None, allow_patterns=list(FILES)))
    except (HFValidationError, HfHubHTTPError, LocalEntryNotFoundError, OSError) as error:
        raise ConfigError(SETTING, f"{name} is neither a folder nor a model on the hub: {str(error).splitlines()[0]}") from error
