"""Data sets: rows, splits, round trips through files, the command."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.datasets import (
    FORMATS,
    SPLITS,
    read_bulletins,
    read_dataset,
    read_datasets,
    split_of,
    to_dataset,
    to_datasets,
    to_row,
    write_datasets,
)
from corpus.errors import ConfigError, ReadError
from corpus.gold import read_gold
from corpus.tags import TAGS, Span, apart, spans_to_tags, tags_to_spans
from gongbao import extract, main

GOLD = Path(__file__).parents[1] / "corpus" / "gold" / "dev.jsonl"
TEXT = "2023年，临河县新建社工站12个。\n临河县民政局 # 说：\\n不是换行\u3000。"


@pytest.fixture(scope="module")
def rows():
    return [to_row(bulletin) for bulletin in read_gold(GOLD)]


def test_row_of_a_record():
    row = to_row(extract(TEXT)[0])
    assert row["tokens"] == list(row["text"])
    assert len(row["tags"]) == len(row["text"])
    assert {(s["kind"], s["text"]) for s in row["spans"]} >= {("time", "2023年"), ("quantity", "12个"), ("organization", "临河县民政局")}
    assert set(row["tags"]) <= set(TAGS)


def test_row_of_gold(rows):
    assert all(row["text"][s["start"] : s["end"]] == s["text"] for row in rows for s in row["spans"])
    counts = Counter(s["kind"] for row in rows for s in row["spans"])
    assert counts["quantity"] > counts["time"] > counts["policy"] > 0


@pytest.mark.parametrize("format", FORMATS)
def test_files_keep_rows(rows, format, tmp_path):
    odd = {"id": "odd", "text": TEXT, "tokens": list(TEXT), "tags": ["O"] * len(TEXT), "spans": []}
    paths = write_datasets(to_datasets([*rows, odd]), tmp_path, format)
    assert [path.name for path in paths] == [f"{split}.{format}" for split in SPLITS]
    again = read_datasets(tmp_path)
    back = {row["id"]: row for split in SPLITS for row in again[split]}
    assert len(back) == len(rows) + 1
    for row in [*rows, odd]:
        keys = ("text", "tokens", "tags") if format == "conll" else ("id", "text", "tokens", "tags", "spans")
        assert [back[row["id"]][key] for key in keys] == [row[key] for key in keys]


@pytest.mark.parametrize("format", ["jsonl", "parquet"])
def test_hugging_face_reads_the_files(rows, format, tmp_path):
    from datasets import disable_progress_bars, load_dataset

    disable_progress_bars()
    path = write_datasets({"train": to_dataset(rows[:3])}, tmp_path / "data", format)[0]
    loader = "json" if format == "jsonl" else "parquet"
    loaded = load_dataset(loader, data_files={"train": str(path)}, cache_dir=str(tmp_path / "cache"))["train"]
    assert (loaded[2]["tags"], loaded[2]["text"]) == (rows[2]["tags"], rows[2]["text"])


@pytest.mark.parametrize("format", ["jsonl", "parquet"])
def test_hugging_face_reads_a_folder_of_the_command(format, tmp_path):
    from datasets import disable_progress_bars, load_dataset

    disable_progress_bars()
    one = tmp_path / "one.jsonl"
    one.write_text(GOLD.read_text(encoding="utf-8").split("\n")[0] + "\n", encoding="utf-8")
    assert main(["dataset", str(one), "-o", str(tmp_path / "data"), "--format", format]) == 0
    loaded = load_dataset("json" if format == "jsonl" else "parquet", data_dir=str(tmp_path / "data"), cache_dir=str(tmp_path / "cache"))
    assert {split: len(part) for split, part in loaded.items()} == {split_of(loaded["train"]["id"][0]): 1}


@pytest.mark.parametrize("format", FORMATS)
def test_an_empty_split_stays_empty(rows, format, tmp_path):
    write_datasets(to_datasets(rows), tmp_path, format)
    write_datasets(to_datasets(rows[:1], (1, 0, 0)), tmp_path, format)
    assert {split: len(part) for split, part in read_datasets(tmp_path).items()} == {"train": 1, "validation": 0, "test": 0}


def test_one_format_a_folder(rows, tmp_path):
    splits = to_datasets(rows[:2], (1, 0, 0))
    write_datasets(splits, tmp_path, "parquet")
    with pytest.raises(ConfigError, match=r"train\.parquet"):
        write_datasets(splits, tmp_path, "conll")
    (tmp_path / "test.jsonl").write_text("", encoding="utf-8")
    with pytest.raises(ReadError, match="several formats"):
        read_datasets(tmp_path)


def test_splits_depend_on_the_id_alone():
    ids = [f"b{i}" for i in range(3000)]
    counts = Counter(split_of(name) for name in ids)
    assert counts["train"] == pytest.approx(2400, abs=90)
    assert counts["validation"] == pytest.approx(300, abs=60)
    assert {split_of(name, (0, 0, 1)) for name in ids} == {"test"}
    # a larger training share takes in bulletins, it gives none away
    assert {name for name in ids if split_of(name, (0.6, 0.2, 0.2)) == "train"} <= {name for name in ids if split_of(name) == "train"}


spans = st.lists(
    st.builds(lambda a, n, kind: Span(a, min(a + n, 40), kind), st.integers(0, 39), st.integers(1, 9), st.sampled_from(["time", "place"]))
)


@settings(deadline=None)
@given(spans)
def test_tags_and_spans(found):
    tags = spans_to_tags(40, found)
    assert tags_to_spans(tags) == apart(found)
    assert spans_to_tags(40, tags_to_spans(tags)) == tags


def test_a_loose_inside_tag_opens_a_span():
    tags = ["I-time", "I-time", "I-place", "O", "B-place", "B-place"]
    assert tags_to_spans(tags) == [Span(0, 2, "time"), Span(2, 3, "place"), Span(4, 5, "place"), Span(5, 6, "place")]


def test_what_is_no_data_set_is_an_error(tmp_path):
    with pytest.raises(ReadError, match="no train"):
        read_datasets(tmp_path)
    for name, content in {"train.jsonl": "{}\n", "train.conll": "好人\tO\n", "train.parquet": "PAR", "train.csv": "a"}.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
        with pytest.raises(ReadError, match=name):
            read_dataset(tmp_path / name)
    (tmp_path / "b.jsonl").write_text('\n{"schema_version": "1.0.0"}\n', encoding="utf-8")
    with pytest.raises(ReadError, match=r"b\.jsonl:2"):
        read_bulletins(tmp_path / "b.jsonl")


@pytest.mark.parametrize("format", FORMATS)
def test_command_takes_gold_and_records(format, tmp_path, capsys):
    records = tmp_path / "bulletins.jsonl"
    bulletin = extract(TEXT)[0]
    records.write_text(bulletin.model_dump_json() + "\n", encoding="utf-8")
    command = ["dataset", str(GOLD), str(records), "-o", str(tmp_path / "out"), "--splits", "0.5,0.25,0.25", "--format", format]
    assert main(command) == 0
    back = {row["id"]: row for split in read_datasets(tmp_path / "out").values() for row in split}
    wanted = {row["id"]: row for row in map(to_row, [bulletin, *read_gold(GOLD)])}
    assert back.keys() == wanted.keys()
    keys = ("text", "tags") if format == "conll" else ("text", "tags", "spans", "tokens")
    assert all(back[name][key] == wanted[name][key] for name in wanted for key in keys)
    assert f"{len(wanted)} bulletins" in capsys.readouterr().err


@pytest.mark.parametrize("splits", ["1", "0.5,0.5", "a,b,c", "-1,1,1", "0,0,0", "nan,1,1"])
def test_command_refuses_wrong_splits(splits, tmp_path, capsys):
    assert main(["dataset", str(GOLD), "-o", str(tmp_path), f"--splits={splits}"]) != 0
    assert "--splits" in capsys.readouterr().err
