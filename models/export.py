"""A trained classifier as ONNX with int8 weights."""

from __future__ import annotations

import tempfile
import warnings
from importlib import import_module
from pathlib import Path
from typing import Any

from models.classifier import WEIGHTS

_OPSET = 17


def export(model: Any, out: Path) -> None:
    """Write a token classifier of transformers to a folder; inputs input_ids and attention_mask (batch, token), output the tags' scores."""
    from onnxruntime.quantization import QuantType, quant_pre_process, quantize_dynamic

    torch: Any = import_module("torch")

    class Scores(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            return self.model(input_ids=input_ids, attention_mask=attention_mask).logits

    ids = torch.ones((1, 8), dtype=torch.long)
    axes = {0: "batch", 1: "token"}
    model.set_attn_implementation("eager")
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the tracer, about shapes that do not vary
        whole, prepared = Path(folder) / "whole.onnx", Path(folder) / "prepared.onnx"
        torch.onnx.export(
            Scores(),
            (ids, torch.ones_like(ids)),
            str(whole),
            input_names=["input_ids", "attention_mask"],
            output_names=["scores"],
            dynamic_axes={"input_ids": axes, "attention_mask": axes, "scores": axes},
            opset_version=_OPSET,
            dynamo=False,
        )
        quant_pre_process(whole, prepared, skip_symbolic_shape=True)
        quantize_dynamic(prepared, out / WEIGHTS, weight_type=QuantType.QInt8, per_channel=True)
