"""Text recognition: the printed lines of a page's image, by the engine that is installed.

Coordinates are pixels from the image's top left corner. RapidOCR (PP-OCRv6, its models are in its package, nothing is downloaded) is
tried first, then the program tesseract with chi_sim: on degraded pages (`python -m benchmarks.formats engines`) RapidOCR reads four to twenty
times fewer characters wrong.
"""

from __future__ import annotations

import functools
import io
import re
import shutil
import subprocess
import threading
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lxml import etree

if TYPE_CHECKING:
    from PIL.Image import Image

_LANGUAGE = "chi_sim"
_DETECT = 1600  # pixels of the longer side at which lines are looked for: enough for 小五 on A4, a quarter of the time of all of them
_THREADS = 2  # more share the work badly, and batches run on processes
_SURE = 0.5  # what is read with less certainty is dirt or a stamp's edge
_SECONDS = 120  # for one page by tesseract
_NUMBERS = re.compile(r"-?\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Recognised:
    """A line: edges of each character, height and slope of the line through their middles, confidence 0 to 1."""

    text: str
    left: array[float]
    right: array[float]
    middle: float  # at the left end
    slope: float
    height: float
    confidence: float


Engine = Callable[["Image"], list[Recognised]]


class NoEngineError(Exception):
    """No engine is installed; the message says what to install."""


@functools.cache
def load_engine(name: str | None = None) -> Engine:
    """The engine `name` (rapidocr, tesseract), by default the best one installed. Raises NoEngineError."""
    for known, load in ENGINES.items():
        if name in (known, None) and (engine := load()) is not None:
            return engine
    raise NoEngineError("text recognition is not installed: pip install 'gongbao[ocr]'")


def _load_rapidocr() -> Engine | None:
    models = _models()
    if models is None:
        return None
    from rapidocr import RapidOCR

    parameters = {
        **{f"{part}.model_path": path for part, path in models.items()},
        "Det.limit_type": "max",
        "Det.limit_side_len": _DETECT,
        "EngineConfig.onnxruntime.intra_op_num_threads": _THREADS,
        "Global.use_cls": False,  # whether a line stands on its head
        "Global.max_side_len": 10_000,
        "Global.text_score": _SURE,
        "Global.return_word_box": True,
        "Global.return_single_char_box": True,
        "Global.log_level": "error",
    }
    engine: Any = RapidOCR(params=parameters)
    lock = threading.Lock()  # the detector keeps its image's size in itself

    def recognise(image: Image) -> list[Recognised]:
        import numpy

        with lock:
            found = engine(numpy.asarray(image.convert("RGB"))[:, :, ::-1])
        if found.txts is None:
            return []
        rows = zip(found.txts, found.boxes.tolist(), found.word_results, found.scores, strict=True)
        return [_rapid(text, quad, words, float(score)) for text, quad, words, score in rows]

    return recognise


def _models() -> dict[str, str] | None:
    """The models that the package holds; it would fetch those it lacks."""
    if find_spec("onnxruntime") is None or (package := find_spec("rapidocr")) is None or package.origin is None:
        return None
    folder = Path(package.origin).parent / "models"
    found = {part: next(folder.glob(f"*_{part.lower()}_*.onnx"), None) for part in ("Det", "Rec")}
    return {part: str(path) for part, path in found.items() if path} if all(found.values()) else None


def _rapid(text: str, quad: list[list[float]], words: Any, score: float) -> Recognised:
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = quad
    x0, x1 = (ax + dx) / 2, (bx + cx) / 2
    if [word[0] for word in words] == list(text):
        left = array("f", [min(point[0] for point in word[2]) for word in words])
        right = array("f", [max(point[0] for point in word[2]) for word in words])
    else:
        left, right = spread(text, x0, x1)
    slope = ((by + cy) - (ay + dy)) / 2 / max(x1 - x0, 1.0)
    return Recognised(text, left, right, (ay + dy) / 2, slope, (dy - ay + cy - by) / 2, score)


def spread(text: str, x0: float, x1: float) -> tuple[array[float], array[float]]:
    """Edges of characters that share an extent, half as much for a Latin one."""
    weights = [1.0 if char > "\u1100" else 0.5 for char in text]
    share = (x1 - x0) / sum(weights)
    ends = array("f", [x0 + share * sum(weights[: at + 1]) for at in range(len(weights))])
    return array("f", [x0, *ends[:-1]]), ends


def _load_tesseract() -> Engine | None:
    program = shutil.which("tesseract")
    if program is None:
        return None
    known = subprocess.run([program, "--list-langs"], capture_output=True, text=True, timeout=_SECONDS).stdout.split()
    if _LANGUAGE not in known:
        return None
    command = [program, "stdin", "stdout", "-l", _LANGUAGE, "--dpi", "200", "-c", "hocr_char_boxes=1", "hocr"]

    def recognise(image: Image) -> list[Recognised]:
        file = io.BytesIO()
        image.save(file, "PNG", compress_level=1)
        result = subprocess.run(command, input=file.getvalue(), capture_output=True, timeout=_SECONDS, check=True)
        return list(_hocr(result.stdout))

    return recognise


def _hocr(page: bytes) -> Iterator[Recognised]:
    """The lines of tesseract's HTML; blanks between words only, so that gaps in the print stay."""
    root = etree.fromstring(page, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True))
    for line in root.iter("{*}span"):
        words = [word for word in line.iter("{*}span") if word.get("class") == "ocrx_word"]
        chars = [char for word in words for char in word.iter("{*}span") if char.get("class") == "ocrx_cinfo" and char.text]
        if not chars or line.get("class") not in ("ocr_line", "ocr_header", "ocr_textfloat", "ocr_caption"):
            continue
        sure = sum(_title(char, "x_conf")[0] for char in chars) / len(chars) / 100
        boxes = [_title(char, "x_bboxes") for char in chars for _ in char.text or ""]
        x0, top, _, bottom = _title(line, "bbox")
        slope = _title(line, "baseline")[0]
        left, right = array("f", [box[0] for box in boxes]), array("f", [box[2] for box in boxes])
        middle = (top + bottom) / 2 - slope * (right[-1] - x0) / 2
        if sure >= _SURE:
            height = max(bottom - top - abs(slope) * (right[-1] - x0), 1.0)
            yield Recognised("".join(char.text or "" for char in chars), left, right, middle, slope, height, min(sure, 1.0))


def _title(element: Any, name: str) -> list[float]:
    """The numbers that hOCR keeps under a name in an element's title."""
    part = next((part for part in element.get("title", "").split(";") if part.split()[:1] == [name]), "")
    return [float(number) for number in _NUMBERS.findall(part.replace(name, "", 1))] or [0.0] * 4


ENGINES: dict[str, Callable[[], Engine | None]] = {"rapidocr": _load_rapidocr, "tesseract": _load_tesseract}
