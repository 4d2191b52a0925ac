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
from models.characters import WINDOW, Characters, windows
from models.export import export

if TYPE_CHECKING:
    from datasets import Dataset

_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
_RARE = 2
"""Characters seen fewer times than this are trained as the unknown character, which a new text will have, too."""
_HEAD = 32
"""Width of an attention head."""
_IGNORED = -100  # no loss at this token, by PyTorch's convention


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train. Without `base`, a small encoder from scratch: `layers` of `width` (a multiple of 32); `rate` None: as fits either.

    `threads` of PyTorch: one is as fast as two for small models, gives the same sums on any machine, and is far faster on a busy one."""

    base: str | None = None
    layers: int = 4
    width: int = 256
    epochs: int = 20
    rate: float | None = None
    batch: int = 8
    threads: int = 1
    seed: int = 20220308

    def __post_init__(self) -> None:
        for name in ("layers", "width", "epochs", "batch", "threads"):
            if getattr(self, name) < 1:
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
    tokenizer, model = _from_base(recipe.base) if recipe.base else _from_scratch(rows, recipe)
    model.config.window = WINDOW
    data = _features(rows, Characters(tokenizer.backend_tokenizer), WINDOW)
    with tempfile.TemporaryDirectory() as folder:
        arguments = transformers.TrainingArguments(
            folder,
            num_train_epochs=recipe.epochs,
            learning_rate=recipe.rate or (1e-4 if recipe.base else 1e-3),
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


def _from_scratch(rows: Collection[Row], recipe: Recipe) -> tuple[Any, Any]:
    _, transformers = _libraries()
    pad, unknown, first, last = _SPECIAL
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_object=_characters(row["text"] for row in rows), pad_token=pad, unk_token=unknown, cls_token=first, sep_token=last
    )
    config = transformers.BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=recipe.width,
        num_hidden_layers=recipe.layers,
        num_attention_heads=recipe.width // _HEAD,
        intermediate_size=recipe.width * 4,
        max_position_embeddings=WINDOW + 2,
        **_labels(),
    )
    return tokenizer, transformers.BertForTokenClassification(config)


def _characters(texts: Iterable[str]) -> Any:
    """A tokenizer whose tokens are the characters of the texts; full and half width are one, as are all digits."""
    from tokenizers import Regex, Tokenizer, models, normalizers, processors

    width = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex("[0-9]"), "0")])
    counts = Counter(width.normalize_str(char) for text in texts for char in text)
    vocabulary = [*_SPECIAL, *sorted(char for char, count in counts.items() if count >= _RARE)]
    tokenizer = Tokenizer(models.WordLevel({char: i for i, char in enumerate(vocabulary)}, unk_token="[UNK]"))
    tokenizer.normalizer = width
    tokenizer.post_processor = processors.TemplateProcessing("[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    return tokenizer


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
