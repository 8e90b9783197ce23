"""A look at an array, and at the demo."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jupyterlab_al.datasets import bundles
from jupyterlab_al.datasets.array_samples import array_row_bundle
from jupyterlab_al.datasets.arrays import as_rows, check_finite, image_shape, peek_array
from jupyterlab_al.datasets.demo import DIGIT_CLASSES, digits
from jupyterlab_al.datasets.description import DatasetSpec, DisplaySpec, FeaturesSpec
from jupyterlab_al.datasets.inspect import (
    PREVIEW_ROWS,
    Inspection,
    Preview,
    Problem,
    project_name,
    project_title,
)
from jupyterlab_al.datasets.prepare_array import settle_array
from jupyterlab_al.domain.errors import InvalidDatasetError

#: Images that black and white are guessed from.
PEEK_ROWS = 50


def inspect_array(path: Path, dataset: DatasetSpec) -> Inspection:
    """Return what the beginning of the array at `path` says."""
    peek = peek_array(path, PEEK_ROWS)
    problems = _problems(peek.first, path.name)
    body = _body(project_name(path), project_title(path), dataset, images=len(peek.shape) > 2)
    return _inspection(peek.shape[0], peek.first, body, problems)


def inspect_demo(dataset: DatasetSpec) -> Inspection:
    """Return the demo as if it were a file."""
    images = digits()
    body = _body("digits", "Handwritten digits", dataset, images=True)
    return _inspection(len(images), images, body | {"classes": list(DIGIT_CLASSES)}, [])


def _inspection(
    n_rows: int, first: NDArray[Any], body: dict[str, Any], problems: list[Problem]
) -> Inspection:
    return Inspection(
        n_rows=n_rows,
        n_rows_exact=True,
        columns=[],
        preview=_preview(first),
        proposal=body,
        problems=problems,
    )


def _body(name: str, title: str, dataset: DatasetSpec, *, images: bool) -> dict[str, Any]:
    display, features = settle_array(DisplaySpec(), FeaturesSpec(), images=images)
    return {
        "name": name,
        "title": title,
        "dataset": dataset.to_json(),
        "display": display.to_json(),
        "features": features.to_json(),
        "classes": [],
        "multi_label": False,
        "label_column": None,
    }


def _preview(first: NDArray[Any]) -> list[Preview]:
    if not len(first):
        return []
    rows = as_rows(first)
    finite = np.nan_to_num(rows, posinf=0, neginf=0) if rows.dtype.kind == "f" else rows
    shape = image_shape(finite, float(finite.min()), float(finite.max()))
    return [
        Preview(
            sample_key=str(i),
            display=array_row_bundle(row)
            if shape is None
            else bundles.image_bundle(
                bundles.png(bundles.to_pixels(row, shape)),
                "image/png",
                (shape.width, shape.height),
            ),
        )
        for i, row in enumerate(finite[:PREVIEW_ROWS])
    ]


def _problems(first: NDArray[Any], name: str) -> list[Problem]:
    try:
        check_finite(first, name, 0)
    except InvalidDatasetError as error:
        return [Problem(field="dataset", message=error.message)]
    return []
