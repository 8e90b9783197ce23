"""A look at an array, and at the demo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jupyterlab_al.datasets import bundles
from jupyterlab_al.datasets.array_samples import array_row_bundle
from jupyterlab_al.datasets.arrays import (
    array_shapes,
    as_rows,
    check_finite,
    image_shape,
    peek_array,
)
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
from jupyterlab_al.datasets.npz_files import is_archive
from jupyterlab_al.datasets.prepare_array import settle_array
from jupyterlab_al.datasets.series import series_bundle
from jupyterlab_al.domain.errors import InvalidDatasetError

#: Images that black and white are guessed from.
PEEK_ROWS = 50


def inspect_array(path: Path, dataset: DatasetSpec) -> Inspection:
    """Return what the beginning of the array at `path` says."""
    arrays = array_shapes(path) if is_archive(path) else {}
    problems = []
    if len(arrays) > 1 and dataset.array is None:
        dataset = replace(dataset, array=likeliest(arrays))
        problems.append(
            Problem(
                field="dataset",
                message=f"{path.name} holds {len(arrays)} arrays; {dataset.array} is proposed.",
            )
        )
    peek = peek_array(path, PEEK_ROWS, dataset.array)
    problems += _problems(peek.first, path.name)
    body = _body(project_name(path), project_title(path), dataset, peek.shape)
    found = _inspection(peek.shape[0], peek.first, body, problems)
    return replace(found, arrays=list(arrays) if len(arrays) > 1 else [])


def likeliest(arrays: Mapping[str, tuple[int, ...] | None]) -> str:
    """Return the array that holds the samples: the first of rows or images, else the first."""
    usable = {name: shape for name, shape in arrays.items() if shape is not None}
    several = (name for name, shape in usable.items() if len(shape) > 1)
    return next(several, next(iter(usable), next(iter(arrays))))


def inspect_demo(dataset: DatasetSpec) -> Inspection:
    """Return the demo as if it were a file."""
    images = digits()
    body = _body("digits", "Handwritten digits", dataset, images.shape)
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


def _body(name: str, title: str, dataset: DatasetSpec, shape: tuple[int, ...]) -> dict[str, Any]:
    display, features = settle_array(DisplaySpec(), FeaturesSpec(), shape)
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
            display=_row_bundle(row)
            if shape is None
            else bundles.image_bundle(
                bundles.png(bundles.to_pixels(row, shape)),
                "image/png",
                (shape.width, shape.height),
            ),
        )
        for i, row in enumerate(finite[:PREVIEW_ROWS])
    ]


def _row_bundle(row: NDArray[Any]) -> bundles.Bundle:
    """Return a row as a line and as values, so that the dialog can show either."""
    return (series_bundle(row) if len(row) > 1 else {}) | array_row_bundle(row)


def _problems(first: NDArray[Any], name: str) -> list[Problem]:
    try:
        check_finite(first, name, 0)
    except InvalidDatasetError as error:
        return [Problem(field="dataset", message=error.message)]
    return []
