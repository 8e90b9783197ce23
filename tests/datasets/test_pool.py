from __future__ import annotations

import base64
import io
import json
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from jupyterlab_al.datasets.bundles import IMAGE_INFO, ROW, encoded_image
from jupyterlab_al.datasets.description import DisplaySpec
from jupyterlab_al.datasets.pool import SamplePool
from jupyterlab_al.datasets.record import RECORD, ImageShape
from jupyterlab_al.domain.errors import InvalidDatasetError, InvalidSampleError

MakePool = Callable[..., SamplePool]
HTML = ("text/html", "text/plain")
TEXT = DisplaySpec(kind="text", column="text")


def decoded(content: bytes) -> Any:
    """Return the pixels of an encoded image."""
    return np.asarray(Image.open(io.BytesIO(content)))


def test_each_sample_is_found_by_its_position(table_pool: MakePool) -> None:
    """Sample i is row i, across the batches of the file."""
    texts = [f"text {i}" for i in range(11)]
    pool = table_pool({"text": texts}, TEXT)

    assert pool.n_samples == 11
    assert [{"text/plain": text} for text in texts] == [pool.display(i) for i in range(11)]


@pytest.mark.parametrize("i", [-1, 3, 2**40])
def test_a_position_outside_the_pool_is_refused(table_pool: MakePool, i: int) -> None:
    """Negative positions and positions past the end name the range."""
    pool = table_pool({"text": ["a", "b", "c"]}, TEXT)

    with pytest.raises(InvalidSampleError, match="0 to 2"):
        pool.display(i)


def test_text_is_passed_on_as_it_is(table_pool: MakePool) -> None:
    """HTML in a text stays text: the type says so and nothing is removed."""
    script = "<script>alert(1)</script> <svg onload=alert(1)>"
    pool = table_pool({"text": [script]}, TEXT)

    assert {"text/plain": script} == pool.display(0)
    assert (script.encode(), "text/plain; charset=utf-8") == pool.content(0)


def test_an_empty_text_is_an_empty_text(table_pool: MakePool) -> None:
    """A missing text is shown as nothing, not as None."""
    pool = table_pool({"text": [None, ""]}, TEXT)

    assert [pool.display(0), pool.display(1)] == [{"text/plain": ""}] * 2


def test_a_row_is_names_and_json_values_in_order(table_pool: MakePool) -> None:
    """Numbers stay numbers, dates are ISO 8601, and what JSON can't hold is null or text."""
    columns = {
        "n": [1.5],
        "nan": [float("nan")],
        "inf": [float("inf")],
        "big": [2**60],
        "day": [date(2024, 2, 29)],
        "at": [datetime(2024, 2, 29, 12, tzinfo=UTC)],
        "price": [Decimal("1.25")],
        "tags": [["a", "b"]],
        "blob": [b"\x00\x01"],
        "yes": [True],
        "text": ["<b>"],
        "none": [None],
    }
    pool = table_pool(columns, DisplaySpec(kind="row", columns=tuple(columns)))

    bundle = pool.display(0)

    assert [
        ["n", 1.5],
        ["nan", None],
        ["inf", None],
        ["big", str(2**60)],
        ["day", "2024-02-29"],
        ["at", "2024-02-29T12:00:00+00:00"],
        ["price", 1.25],
        ["tags", ["a", "b"]],
        ["blob", "2 bytes"],
        ["yes", True],
        ["text", "<b>"],
        ["none", None],
    ] == bundle[ROW]
    assert bundle["text/plain"].startswith("n: 1.5\nnan: \n")
    assert json.loads(json.dumps(bundle, allow_nan=False)) == bundle


def test_a_row_shows_the_chosen_columns(table_pool: MakePool) -> None:
    """A row display keeps the order that was asked for and hides the rest."""
    pool = table_pool(
        {"a": [1], "label": ["x"], "b": [2]}, DisplaySpec(kind="row", columns=("b", "a"))
    )

    assert pool.display(0)[ROW] == [["b", 2], ["a", 1]]
    assert pool.content(0) == (b'{"b": 2, "a": 1}', "application/json")


@pytest.mark.parametrize(
    ("cell", "bundle"),
    [
        (
            '{"text/html": "<b>x</b>", "text/plain": "x"}',
            {"text/html": "<b>x</b>", "text/plain": "x"},
        ),
        (
            '{"text/html": ["<p>", "x</p>"], "application/geo+json": {"type": "Point"}}',
            {"text/html": "<p>x</p>", "application/geo+json": {"type": "Point"}},
        ),
        (
            '{"text/html": {"<b>": 1}, "image/png": 3}',
            {"text/html": '{"<b>": 1}', "image/png": "3"},
        ),
        (" <p onclick='x()'>x</p>", dict.fromkeys(HTML, " <p onclick='x()'>x</p>")),
        ("<!-- a -->x", dict.fromkeys(HTML, "<!-- a -->x")),
        ("<!DOCTYPE html>x", dict.fromkeys(HTML, "<!DOCTYPE html>x")),
        ("1 < 2 and <b>", {"text/plain": "1 < 2 and <b>"}),
        ("<3", {"text/plain": "<3"}),
        ('{"no mime": 1}', {"text/plain": '{"no mime": 1}'}),
        ("not json", {"text/plain": "not json"}),
        ("[1]", {"text/plain": "[1]"}),
        ("[" * 100_000, {"text/plain": "[" * 100_000}),
        (None, {"text/plain": ""}),
    ],
)
def test_a_mime_column_is_read_as_a_bundle(
    table_pool: MakePool, cell: str | None, bundle: dict[str, Any]
) -> None:
    """A cell that holds a bundle is that bundle; anything else is shown as text."""
    pool = table_pool({"out": [cell]}, DisplaySpec(kind="mime", column="out"))

    assert bundle == pool.display(0)


@pytest.mark.parametrize(
    ("cell", "bundle"),
    [
        # A type of our own could make the view read what is not there.
        ({ROW: [1, 2], "text/plain": "x"}, {"text/plain": "x"}),
        ({IMAGE_INFO: "x", "text/html": "<b>"}, {"text/html": "<b>"}),
        # A chart that names data elsewhere would be fetched by everybody who labels.
        (
            {
                "application/vnd.vegalite.v5+json": {"data": {"url": "http://evil"}},
                "text/plain": "a chart",
            },
            {"text/plain": "a chart"},
        ),
        (
            {"application/vnd.vega.v5+json": {"data": [{"url": "/logout"}]}},
            {"text/plain": "This chart takes data from elsewhere, so it is not drawn."},
        ),
        (
            {"application/vnd.vegalite.v5+json": {"data": {"values": [1]}}},
            {"application/vnd.vegalite.v5+json": {"data": {"values": [1]}}},
        ),
        ({"Text/HTML; x=<script>": "x", "text/x": "y"}, {"text/x": "y"}),
    ],
)
def test_a_bundle_of_unknown_origin_is_not_trusted(
    table_pool: MakePool, cell: dict[str, Any], bundle: dict[str, Any]
) -> None:
    """What would deceive the view or make it fetch something is left out."""
    pool = table_pool({"out": [json.dumps(cell)]}, DisplaySpec(kind="mime", column="out"))

    assert bundle == pool.display(0)


def test_json_of_any_depth_is_answered(table_pool: MakePool) -> None:
    """A bundle nested a thousand deep is shown as text instead of breaking the reply."""
    deep = '{"a/b": ' + "[" * 900 + "]" * 900 + "}"
    pool = table_pool({"out": [deep]}, DisplaySpec(kind="mime", column="out"))

    assert pool.display(0) == {"text/plain": deep}


def test_markdown_is_named_markdown(table_pool: MakePool) -> None:
    """A markdown display has the markdown type."""
    pool = table_pool({"text": ["# a"]}, DisplaySpec(kind="markdown", column="text"))

    assert pool.display(0) == {"text/markdown": "# a"}
    assert pool.content(0) == (b"# a", "text/markdown; charset=utf-8")


def test_keys_come_from_the_key_column(table_pool: MakePool) -> None:
    """A sample is known by its key; where that is missing, by its position."""
    pool = table_pool({"id": ["x", None, "z"], "text": ["", "", ""]}, TEXT, key_column="id")

    assert pool.keys([2, 0, 1]) == ["z", "x", "1"]
    assert pool.key(0) == "x"


def test_the_key_is_the_position_by_default(table_pool: MakePool) -> None:
    """Without a key column a sample is known by its position."""
    assert table_pool({"text": ["a", "b"]}, TEXT).key(1) == "1"


def test_an_image_column_is_shown_as_the_image_that_it_holds(table_pool: MakePool) -> None:
    """Encoded images are passed on with type and size; what is no image is said to be none."""
    buffer = io.BytesIO()
    Image.new("RGB", (5, 3)).save(buffer, "PNG")
    columns = {"image": [buffer.getvalue(), b"no image", None]}
    pool = table_pool(columns, DisplaySpec(kind="image", column="image"))

    assert pool.display(0)[IMAGE_INFO] == {"width": 5, "height": 3}
    assert (buffer.getvalue(), "image/png") == pool.content(0)
    assert "no image" in pool.display(1)["text/plain"]
    assert pool.content(2)[1] == "text/plain; charset=utf-8"


def test_an_image_header_that_claims_gigabytes_is_not_passed_on() -> None:
    """A tiny file whose header claims 100,000 × 100,000 pixels is no image for us."""
    buffer = io.BytesIO()
    Image.new("L", (1, 1)).save(buffer, "PNG")
    content = bytearray(buffer.getvalue())
    content[16:24] = (100_000).to_bytes(4, "big") * 2

    assert encoded_image(bytes(content)) is None


def test_gray_images_become_png(array_pool: MakePool) -> None:
    """The lowest value is black and the highest white, at the image's own size."""
    images = np.array([[[0, 8], [16, 4]]], dtype=np.float64)
    shape = ImageShape(height=2, width=2, channels=1, channels_first=False, low=0, high=16)
    pool = array_pool(images, shape)

    bundle = pool.display(0)

    assert bundle[IMAGE_INFO] == {"width": 2, "height": 2}
    assert decoded(base64.b64decode(bundle["image/png"])).tolist() == [[0, 128], [255, 64]]
    assert pool.content(0)[1] == "image/png"


@pytest.mark.parametrize("channels_first", [False, True])
def test_colors_are_kept(array_pool: MakePool, *, channels_first: bool) -> None:
    """Color images are right whether channels come first or last."""
    images = np.arange(18, dtype=np.uint8).reshape(1, 2, 3, 3)
    shape = ImageShape(
        height=2, width=3, channels=3, channels_first=channels_first, low=0, high=255
    )
    stored = np.moveaxis(images, -1, 1) if channels_first else images
    pool = array_pool(stored, shape)

    assert images[0].tolist() == decoded(pool.content(0)[0]).tolist()


def test_rows_of_an_array_are_shown_in_part(array_pool: MakePool) -> None:
    """A row of thousands of values shows the first ones, as short as they were written."""
    pool = array_pool(np.full((2, 3000), 0.1, dtype=np.float32))

    row = pool.display(1)[ROW]

    assert row[0] == ["0", 0.1]
    assert row[-1] == ["…", "2900 more values"]
    assert len(row) == 101


def test_a_pool_that_is_not_imported_yet_says_so(tmp_path: Path) -> None:
    """Opening a folder before the import ended tells to wait."""
    with pytest.raises(InvalidDatasetError, match="wait for the import"):
        SamplePool.open(tmp_path)


def test_a_pool_of_another_version_says_so(table_pool: MakePool, tmp_path: Path) -> None:
    """A folder written by another version is not misread."""
    table_pool({"text": ["a"]}, TEXT)
    body = json.loads((tmp_path / RECORD).read_text()) | {"version": 0}
    (tmp_path / RECORD).write_text(json.dumps(body))

    with pytest.raises(InvalidDatasetError, match="another version"):
        SamplePool.open(tmp_path)


def test_threads_share_a_pool(table_pool: MakePool) -> None:
    """Many threads that read at once all get the sample they asked for."""
    texts = [str(i) for i in range(500)]
    pool = table_pool({"text": texts}, TEXT)
    ids = np.random.default_rng(0).integers(0, 500, 4000).tolist()

    with ThreadPoolExecutor(8) as threads:
        shown = list(threads.map(lambda i: pool.display(i)["text/plain"], ids))

    assert [str(i) for i in ids] == shown


@pytest.mark.parametrize("module", ["pool", "paths", "description"])
def test_importing_for_the_server_is_light(module: str) -> None:
    """What the server imports at its start brings no heavy library with it."""
    program = (
        f"import sys, jupyterlab_al.datasets.{module};"
        "print([m for m in ('pandas', 'sklearn', 'scipy', 'pyarrow', 'PIL') if m in sys.modules])"
    )

    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert loaded.stdout.strip() == "[]"


def test_showing_samples_needs_arrow_alone(table_pool: MakePool, tmp_path: Path) -> None:
    """A claim in the server loads neither pandas nor anything that learns."""
    day = datetime(2024, 2, 29, 12, tzinfo=UTC)
    table_pool(
        {"n": [1, 2], "at": [day, None], "tags": [["a"], []]},
        DisplaySpec(kind="row", columns=("n", "at", "tags")),
    )
    program = (
        "import sys; from pathlib import Path; from jupyterlab_al.datasets.pool import SamplePool;"
        f"pool = SamplePool.open(Path({str(tmp_path)!r})); pool.display(0); pool.keys([0, 1]);"
        "print([m for m in ('pandas', 'sklearn', 'scipy') if m in sys.modules])"
    )

    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert loaded.stdout.strip() == "[]"
