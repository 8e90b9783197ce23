from __future__ import annotations

import json
import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyterlab_al.datasets import import_table, tables
from jupyterlab_al.datasets.reading import (
    BATCH_ROWS,
    MAX_CELL_BYTES,
    TableSource,
    TypesWidenedError,
)
from jupyterlab_al.datasets.tables import even_batches, first_rows, open_table
from jupyterlab_al.domain.errors import ActiveLearningError, InvalidDatasetError


def read(path: Path, **options: Any) -> pa.Table:
    """Return all rows, read again as often as types widen."""
    return whole(open_table(path, **options))


def whole(source: TableSource) -> pa.Table:
    """Return all rows of a source."""
    while True:
        try:
            batches = list(even_batches(source))
        except TypesWidenedError:
            continue
        return pa.Table.from_batches(batches, schema=source.schema())


def written(path: Path, content: str | bytes) -> Path:
    """Write a file and return its path."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def refused(path: Path) -> str:
    """Return the message with which a file is refused."""
    with pytest.raises(InvalidDatasetError) as caught:
        read(path)
    return caught.value.message


FRAME = {
    "n": [1, 2, None],
    "x": [0.5, None, 2.5],
    "text": ["a, b", 'say "hi"', "two\nlines"],
    "yes": [True, False, None],
}


class TestEveryFormat:
    """What holds whatever the file's format."""

    @pytest.fixture(params=["csv", "tsv", "jsonl", "parquet", "arrow", "feather", "stream.arrow"])
    def file(self, request: pytest.FixtureRequest, tmp_path: Path) -> Path:
        """Write the same three rows in each format."""
        table, path = pa.table(FRAME), tmp_path / f"data.{request.param}"
        if request.param == "parquet":
            pq.write_table(table, path)
        elif request.param == "jsonl":
            path.write_text("\n".join(json.dumps(row) for row in table.to_pylist()))
        elif request.param in ("csv", "tsv"):
            separator = "," if request.param == "csv" else "\t"
            table.to_pandas().to_csv(path, index=False, sep=separator)
        else:
            make = pa.ipc.new_stream if "stream" in request.param else pa.ipc.new_file
            with make(path, table.schema) as writer:
                writer.write_table(table)
        return path

    def test_the_rows_are_what_was_written(self, file: Path) -> None:
        """Numbers, texts with commas, quotes and newlines, and missing values survive."""
        assert read(file).to_pydict() == FRAME

    def test_the_first_rows_are_few(self, file: Path) -> None:
        """A look at the data takes no more rows than asked for."""
        assert first_rows(open_table(file, peek=True), 2).num_rows == 2

    def test_an_empty_file_says_so(self, file: Path) -> None:
        """A file without a byte is refused as empty."""
        file.write_bytes(b"")

        assert "is empty" in refused(file)

    def test_a_file_of_rubbish_names_the_file(self, file: Path) -> None:
        """Bytes that are no such format end in a message with the file's name."""
        file.write_bytes(b"\x00\xff\x13rubbish" * 100)

        assert file.name in refused(file)


def test_rows_come_in_even_batches(tmp_path: Path) -> None:
    """Batches are even whatever the file's own, so that a row is found by division."""
    n = 2 * BATCH_ROWS + 5
    pq.write_table(pa.table({"i": range(n)}), tmp_path / "a.parquet", row_group_size=3000)

    batches = list(even_batches(open_table(tmp_path / "a.parquet")))

    assert [b.num_rows for b in batches] == [BATCH_ROWS, BATCH_ROWS, 5]
    assert pa.Table.from_batches(batches)["i"].to_pylist() == list(range(n))


@pytest.mark.parametrize("name", ["data.xlsx", "data.xml", "data"])
def test_an_unknown_ending_lists_the_known_ones(tmp_path: Path, name: str) -> None:
    """A file of another kind is refused with the endings that can be read."""
    assert ".csv, .tsv, .jsonl, .json, .parquet" in refused(written(tmp_path / name, "x"))


def test_a_folder_is_no_table(tmp_path: Path) -> None:
    """A folder given as a table is refused."""
    assert "is a folder" in refused(tmp_path)


class TestCsv:
    """Files of separated values."""

    def test_a_column_with_two_names_alike_is_refused(self, tmp_path: Path) -> None:
        """Duplicate columns are named."""
        assert 'more than one column named "a"' in refused(
            written(tmp_path / "a.csv", "a,b,a\n1,2,3\n")
        )

    @pytest.mark.parametrize(
        ("content", "says"),
        [
            ("a,b\n1,2\n3,4,5\n6,7\n", "Row 3 of a.csv (the header is row 1) has 3 values"),
            ("a,b\n1,2\n3\n", "Row 3 of a.csv (the header is row 1) has 1 values"),
        ],
    )
    def test_a_ragged_row_is_named(self, tmp_path: Path, content: str, says: str) -> None:
        """A row with more or fewer values than the header is refused with its number."""
        assert says in refused(written(tmp_path / "a.csv", content))

    @pytest.mark.parametrize("places", [[0], [299_999], [0, 1, 2, 150_000, 150_001, 299_999]])
    def test_a_few_ragged_rows_cost_nobody_the_others(
        self, tmp_path: Path, places: list[int]
    ) -> None:
        """Each keeps its place without values, in any block of the file, and is named."""
        lines = [f"{n},some text" for n in range(300_000)]
        for place in places:
            lines[place] = "1,2,3" if place % 2 else "alone"
        source = open_table(written(tmp_path / "a.csv", "\n".join(["a,b", *lines]) + "\n"))

        table = whole(source)

        assert table.num_rows == 300_000
        numbers = table["a"].to_pylist()
        assert [n for n, value in enumerate(numbers) if value is None] == places
        assert all(value in (n, None) for n, value in enumerate(numbers))
        assert f"Row {places[0] + 2} of a.csv" in source.said()[0]

    def test_blank_lines_are_no_rows(self, tmp_path: Path) -> None:
        """Empty lines before a broken row don't move it, nor rows of several lines."""
        content = 'a,b\n1,x\n\n\n2,"x\ny"\nbroken\n3,x\n4,x\n5,x\n'

        table = read(written(tmp_path / "a.csv", content))

        assert table["a"].to_pylist() == [1, 2, None, 3, 4, 5]
        assert table["b"].to_pylist()[1:3] == ["x\ny", None]

    @pytest.mark.parametrize("closed", ["", 'again "x\n'])
    def test_a_quote_that_swallows_rows_is_refused(self, tmp_path: Path, closed: str) -> None:
        """Rows inside a quote that is never closed are not lost without a word."""
        content = "a,b\n" + "1,x\n" * 50 + '"never closed,x\n' + "2,y\n" * 50 + closed

        assert "Row 52 " in refused(written(tmp_path / "a.csv", content))

    def test_a_file_that_is_broken_all_over_is_refused(self, tmp_path: Path) -> None:
        """More than one broken row in five is no accident; the first is named."""
        content = "a,b\n" + ("1,x\n" * 3 + "1,a text, with commas\n") * 20_000

        assert "Row 5 " in refused(written(tmp_path / "a.csv", content))

    def test_a_header_alone_is_no_row(self, tmp_path: Path) -> None:
        """A file with a header and nothing else has columns and no rows."""
        table = read(written(tmp_path / "a.csv", "a,b\n"))

        assert (table.num_rows, table.column_names) == (0, ["a", "b"])

    def test_blank_lines_alone_are_refused(self, tmp_path: Path) -> None:
        """A file of blank lines has no header."""
        assert "no header line" in refused(written(tmp_path / "a.csv", "\n\n\n"))

    @pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
    def test_the_separator_is_found(self, tmp_path: Path, separator: str) -> None:
        """Commas, semicolons, tabs and bars separate values; quoted ones don't count."""
        content = separator.join(["a", '"b,;x"', "c"]) + "\n" + separator.join("123") + "\n"

        assert read(written(tmp_path / "a.csv", content)).to_pydict() == {
            "a": [1],
            "b,;x": [2],
            "c": [3],
        }

    @pytest.mark.parametrize(
        ("first", "last", "expected"),
        [("1", "x", "1"), ("1", "0.5", 1.0), ("", "7", None), ("true", "maybe", "true")],
    )
    def test_types_follow_the_whole_column(
        self, tmp_path: Path, first: str, last: str, expected: object
    ) -> None:
        """A value that does not fit, two million bytes down, makes the column wider."""
        rows = f"{first},{'x' * 40}\n" * 50_000
        table = read(written(tmp_path / "a.csv", f"a,b\n{rows}{last},y\n"))

        assert table.num_rows == 50_001
        assert table["a"][0].as_py() == expected
        assert str(table["a"][-1].as_py()) == str({"7": 7}.get(last, last))

    def test_chosen_columns_stay_text(self, tmp_path: Path) -> None:
        """Keys and labels keep their leading zeros."""
        path = written(tmp_path / "a.csv", "id,n\n007,01\n")

        assert read(path, text_columns=frozenset(["id", "no such"])).to_pydict() == {
            "id": ["007"],
            "n": [1],
        }

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
    def test_other_encodings_of_unicode_are_read(self, tmp_path: Path, encoding: str) -> None:
        """Files with a byte order mark, or zeros in every second byte, are what they say."""
        content = ("text,n\n" + "größe 日本,1\n" * 20).encode(encoding)

        assert read(written(tmp_path / "a.csv", content))["text"][19].as_py() == "größe 日本"

    def test_other_bytes_are_read_as_western_and_said_to_be(self, tmp_path: Path) -> None:
        """A file that is not UTF-8 is read as Windows-1252, and the first such line is named."""
        path = written(tmp_path / "a.csv", "text\nok\ncafé “x”\n".encode("cp1252"))

        source = open_table(path)

        assert first_rows(source, 9)["text"].to_pylist() == ["ok", "café “x”"]
        assert "Line 3 of a.csv is not UTF-8" in source.problems[0]

    def test_a_mark_that_lies_is_refused(self, tmp_path: Path) -> None:
        """A file that starts as UTF-8 with a mark and isn't names the line."""
        content = b"\xef\xbb\xbftext\nok\n\xff\xfe\n"

        assert "Line 3 of a.csv is not UTF-8" in refused(written(tmp_path / "a.csv", content))

    def test_a_field_of_a_billion_characters_is_refused(self, tmp_path: Path) -> None:
        """A field without end is refused after one block, not read into memory."""
        path = tmp_path / "a.csv"
        with path.open("wb") as file:
            file.write(b"a,b\n1,2\n3,")
            file.truncate(10)
            file.seek(10)
            for _ in range(40):
                file.write(b"x" * 1_000_000)

        message = refused(path)

        assert "longer than 16,777,216 bytes" in message

    def test_a_cell_too_long_to_show_is_named(self, tmp_path: Path) -> None:
        """A cell above the limit names its row and column."""
        content = "a,text\n1,x\n2," + "x" * (MAX_CELL_BYTES + 1) + "\n"

        assert 'Row 2 of a.csv has 10,000,001 bytes in column "text"' in refused(
            written(tmp_path / "a.csv", content)
        )

    def test_a_column_without_a_name_gets_one(self, tmp_path: Path) -> None:
        """The nameless index column that pandas writes is named as pandas names it."""
        table = read(written(tmp_path / "a.csv", ",a\n0,x\n"))

        assert table.column_names == ["Unnamed: 0", "a"]

    def test_a_column_without_values_is_empty_text(self, tmp_path: Path) -> None:
        """A column in which nothing stands is kept and can be shown."""
        assert read(written(tmp_path / "a.csv", "a,b\n1,\n2,\n"))["b"].to_pylist() == [None, None]

    @given(
        texts=st.lists(
            st.text(st.characters(codec="utf-8", exclude_characters="\0\r\n")), min_size=1
        )
    )
    def test_texts_survive_as_they_are(
        self, tmp_path_factory: pytest.TempPathFactory, texts: list[str]
    ) -> None:
        """Whatever is between quotes comes back, row by row."""
        quoted = ['"' + text.replace('"', '""') + '"' for text in texts]
        rows = "".join(f"{n},{text}\n" for n, text in enumerate(quoted))
        path = written(tmp_path_factory.mktemp("csv") / "a.csv", "n,text\n" + rows)

        table = read(path, text_columns=frozenset(["text"]))

        assert table["text"].to_pylist() == texts


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.jsonl"])
def test_a_zero_byte_anywhere_is_refused_with_its_line(tmp_path: Path, name: str) -> None:
    """No database stores it, so it is refused before anything is made, however late it comes."""
    content = '{"text": "hello there"}\n' * 100_000 + '{"text": "a\0b"}\n'

    said = refused(written(tmp_path / name, content))

    assert f"Line 100001 of {name} holds a zero byte" in said


def test_a_look_at_large_rows_is_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small Parquet file of huge rows does not fill the memory of the server that looks at it."""
    text = "a long text " * 1_000
    rows = pa.DictionaryArray.from_arrays(pa.array(np.zeros(20_000, np.int8)), [text])
    pq.write_table(pa.table({"text": rows}), tmp_path / "a.parquet")
    monkeypatch.setattr(tables, "PEEK_BYTES", 5_000_000)

    taken = first_rows(open_table(tmp_path / "a.parquet", peek=True), 10_000)

    assert 100 < taken.num_rows < 2_000


def test_an_import_leaves_room_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Labels are written to the same disk, so an import that would fill it stops before."""
    source = open_table(written(tmp_path / "a.csv", "text\nhello\n"))
    free = shutil.disk_usage(tmp_path).free
    monkeypatch.setattr(import_table, "RESERVED_BYTES", 2 * free)

    with pytest.raises(ActiveLearningError, match="nearly full"):
        import_table.import_table(source, tmp_path, lambda _done: None)


class TestJsonLines:
    """One object a line."""

    def test_a_few_broken_lines_cost_nobody_the_others(self, tmp_path: Path) -> None:
        """Each keeps its place without values; a line that was cut off at the end is one."""
        lines = [json.dumps({"a": n}) for n in range(20_000)]
        for place, broken in ((0, "{"), (9_999, "[1]"), (19_999, '{"a": 19')):
            lines[place] = broken
        source = open_table(written(tmp_path / "a.jsonl", "\n\n".join(lines)))

        table = whole(source)

        numbers = table["a"].to_pylist()
        assert [n for n, value in enumerate(numbers) if value is None] == [0, 9_999, 19_999]
        assert all(value in (n, None) for n, value in enumerate(numbers))
        assert "3 lines of a.jsonl (1, 19,999, 39,999) can't be read" in source.said()[0]
        assert "Line 1 of a.jsonl is not JSON" in source.said()[0]

    def test_keys_that_are_values_are_refused(self, tmp_path: Path) -> None:
        """A small file in which each line has another key would become a table of gaps."""
        lines = "\n".join(json.dumps({f"word {n}": n}) for n in range(3_000))

        assert "more than 2,000 different keys" in refused(written(tmp_path / "a.jsonl", lines))

    def test_a_line_that_is_no_json_is_named(self, tmp_path: Path) -> None:
        """A broken line is refused with its number."""
        content = '{"a": 1}\n\n{"a": 2\n'

        assert "Line 3 of a.jsonl is not JSON" in refused(written(tmp_path / "a.jsonl", content))

    @pytest.mark.parametrize("line", ["[1, 2]", '"text"', "3"])
    def test_a_line_that_is_no_object_is_named(self, tmp_path: Path, line: str) -> None:
        """Lines that hold something else than an object are refused."""
        assert "Line 1 of a.jsonl is no object" in refused(
            written(tmp_path / "a.jsonl", line + "\n")
        )

    def test_nesting_without_end_is_refused(self, tmp_path: Path) -> None:
        """A line of a hundred thousand brackets ends in a message."""
        line = '{"a": ' + "[" * 100_000 + "\n"

        assert "Line 1 of a.jsonl is not JSON" in refused(written(tmp_path / "a.jsonl", line))

    def test_columns_and_types_that_come_late_are_kept(self, tmp_path: Path) -> None:
        """A new key, a wider number or a text far down fits, and earlier rows have no value."""
        rows = [{"a": 1, "b": 1}] * 20_000 + [{"a": 0.5, "b": "x", "c": True}]
        path = written(tmp_path / "a.jsonl", "\n".join(json.dumps(row) for row in rows))

        table = read(path)

        assert table.num_rows == 20_001
        assert table.slice(0, 1).to_pylist() == [{"a": 1.0, "b": "1", "c": None}]
        assert table.slice(20_000).to_pylist() == [{"a": 0.5, "b": "x", "c": True}]

    def test_what_is_nested_or_too_large_becomes_text(self, tmp_path: Path) -> None:
        """Lists and mappings become JSON, integers beyond 64 bits keep their digits."""
        row = '{"a": {"b": [1]}, "n": 123456789012345678901234567890, "s": "\\ud800x"}'

        table = read(written(tmp_path / "a.jsonl", row))

        assert table.to_pylist() == [
            {"a": '{"b": [1]}', "n": "123456789012345678901234567890", "s": "?x"}
        ]

    def test_a_line_without_end_is_refused(self, tmp_path: Path) -> None:
        """A line above the limit is refused without being parsed."""
        content = b'{"a": 1}\n{"a": "' + b"x" * 20_000_000 + b'"}\n'

        assert "Line 2 of a.jsonl is longer than" in refused(written(tmp_path / "a.jsonl", content))


class TestParquetAndArrow:
    """Binary tables."""

    @pytest.fixture
    def parquet(self, tmp_path: Path) -> Path:
        """Write a Parquet file of some size."""
        path = tmp_path / "a.parquet"
        pq.write_table(pa.table({"t": [f"text {n}" for n in range(50_000)]}), path)
        return path

    @pytest.mark.parametrize("share", [0.0001, 0.5, 0.999])
    def test_a_truncated_file_says_so(self, parquet: Path, share: float) -> None:
        """A Parquet file that was cut off is refused as damaged."""
        content = parquet.read_bytes()
        parquet.write_bytes(content[: int(len(content) * share)])

        assert "damaged, cut off" in refused(parquet)

    def test_damage_in_the_middle_says_so(self, parquet: Path) -> None:
        """A Parquet file with broken pages is refused as damaged."""
        content = bytearray(parquet.read_bytes())
        content[1000:3000] = bytes(2000)
        parquet.write_bytes(content)

        assert "damaged, cut off" in refused(parquet)

    @pytest.mark.parametrize("where", [0.2, 0.5, 0.9])
    def test_a_damaged_arrow_file_never_crashes(self, tmp_path: Path, where: float) -> None:
        """Offsets that point elsewhere are found before anything is read through them."""
        path, table = tmp_path / "a.arrow", pa.table({"t": ["abc"] * 1000})
        with pa.ipc.new_file(path, table.schema) as writer:
            writer.write_table(table)
        content = bytearray(path.read_bytes())
        at = int(4004 * where) // 4 * 4 + 300
        content[at : at + 400] = b"\xff\x7f\x00\x00" * 100
        path.write_bytes(content)

        assert "damaged, cut off" in refused(path)

    def test_duplicate_columns_are_refused(self, tmp_path: Path) -> None:
        """A Parquet file may have two columns of one name; we can't tell them apart."""
        table = pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"])
        pq.write_table(table, tmp_path / "a.parquet")

        assert 'more than one column named "a"' in refused(tmp_path / "a.parquet")

    def test_types_become_plain(self, tmp_path: Path) -> None:
        """Categories become values, nanoseconds microseconds, and zones UTC."""
        at = datetime(2024, 5, 1, 12, tzinfo=UTC)
        columns = {
            "c": pa.array(["x", "y", None]).dictionary_encode(),
            "ns": pa.array([1, 2, 3], pa.timestamp("ns")),
            "tz": pa.array([at] * 3, pa.timestamp("us", "Europe/Berlin")),
            "day": pa.array([date(2024, 5, 1)] * 3),
            "list": pa.array([["a"], [], None], pa.list_(pa.dictionary(pa.int8(), pa.string()))),
            "null": pa.nulls(3),
        }
        pq.write_table(pa.table(columns), tmp_path / "a.parquet")

        table = read(tmp_path / "a.parquet")

        assert [str(t) for t in table.schema.types] == [
            "string",
            "timestamp[us]",
            "timestamp[us, tz=UTC]",
            "date32[day]",
            "list<element: string>" if "element" in str(table.schema) else "list<item: string>",
            "string",
        ]
        assert table["c"].to_pylist() == ["x", "y", None]
        assert table["list"].to_pylist() == [["a"], [], None]
        assert table["tz"].to_pylist() == [at] * 3

    def test_text_that_is_not_utf8_is_refused(self, tmp_path: Path) -> None:
        """Bytes in a text column that are no UTF-8 are found on import, not while labeling."""
        bad = pa.StringArray.from_buffers(
            1, pa.array([0, 2], pa.int32()).buffers()[1], pa.py_buffer(b"\xff\xfe")
        )
        pq.write_table(pa.table({"t": bad}), tmp_path / "a.parquet")

        assert "a.parquet can't be read as Parquet" in refused(tmp_path / "a.parquet")
