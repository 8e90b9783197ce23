"""An array imported: rows or images, and their features."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jupyterlab_al.datasets.array_features import (
    link_array_features,
    reduction,
    write_array_features,
    write_pixel_features,
)
from jupyterlab_al.datasets.arrays import as_rows, image_shape, keep_array
from jupyterlab_al.datasets.description import (
    DisplayKind,
    DisplaySpec,
    FeaturesKind,
    FeaturesSpec,
)
from jupyterlab_al.datasets.precomputed import write_precomputed_features
from jupyterlab_al.datasets.preparation import Prepared, PrepareTask, Report
from jupyterlab_al.datasets.record import ARRAY, FEATURES, DatasetRecord, ImageShape
from jupyterlab_al.datasets.series import MANY_VALUES
from jupyterlab_al.domain.errors import InvalidSettingError


def prepare_array(
    task: PrepareTask,
    given: NDArray[Any],
    name: str,
    report: Report,
    *,
    classes: tuple[str, ...] = (),
    upload: Path | None = None,
) -> Prepared:
    """Import an array; 2-D is rows, 3-D and 4-D are images. `upload` is as for `keep_array`."""
    _refuse_columns(task)
    array = as_rows(given)
    display, features = settle_array(task.display, task.features, array.shape)
    read = partial(report, "read")
    low, high = keep_array(given, task.folder / ARRAY, name, read, upload=upload)
    shape = image_shape(array, low, high)
    n_features = _write_features(task, array, name, features, shape, report)
    DatasetRecord(
        n_samples=len(array),
        store="array",
        display=display,
        features=features,
        layout=features.layout,
        n_features=n_features,
        image=shape,
    ).write(task.folder)
    return Prepared(
        n_samples=len(array),
        n_features=n_features,
        display=display,
        features=features,
        classes=classes,
        problems=_problems(features, shape),
    )


def _refuse_columns(task: PrepareTask) -> None:
    named = (
        task.dataset.key_column,
        task.label_column,
        *task.display.all_columns,
        *task.features.all_columns,
    )
    for name in named:
        if name is not None:
            raise InvalidSettingError(
                f'An array has no columns, so "{name}" can\'t be used; leave it out, or save the '
                "data as a table."
            )


def settle_array(
    display: DisplaySpec, features: FeaturesSpec, shape: tuple[int, ...]
) -> tuple[DisplaySpec, FeaturesSpec]:
    """Return display and features without `auto`; refuse what an array can't give."""
    displays = _displays(shape)
    shown = displays[0] if display.kind == "auto" else display.kind
    if shown not in displays:
        raise InvalidSettingError(
            f"A display of kind {shown} can't be made from this array; use {' or '.join(displays)}."
        )
    possible: tuple[FeaturesKind, ...] = ("array", "precomputed")
    if shown == "image":
        possible = ("pixels", *possible)
    kind = possible[0] if features.kind == "auto" else features.kind
    if kind not in possible:
        raise InvalidSettingError(
            f"Features of kind {kind} can't be made from this array; use {' or '.join(possible)}."
        )
    learned = features if kind == "precomputed" else FeaturesSpec(kind=kind)
    return DisplaySpec(kind=shown), learned


def _displays(shape: tuple[int, ...]) -> tuple[DisplayKind, ...]:
    """Return how samples of this shape can be shown; `auto` is the first."""
    if len(shape) > 2:
        return ("image",)
    if len(shape) < 2 or shape[1] < 2:
        return ("row",)
    return ("series", "row") if shape[1] >= MANY_VALUES else ("row", "series")


def _write_features(
    task: PrepareTask,
    array: NDArray[Any],
    name: str,
    features: FeaturesSpec,
    shape: ImageShape | None,
    report: Report,
) -> int:
    folder, progress = task.folder / FEATURES, partial(report, "featurize")
    progress(0.0)
    if features.kind == "precomputed":
        root, path = task.precomputed(features)
        return write_precomputed_features(root, path, len(array), folder, progress)
    if features.kind == "pixels" and shape is not None:
        return write_pixel_features(array, shape, folder, progress)
    if link_array_features(array, task.folder):
        progress(1.0)
        return int(np.prod(array.shape[1:]))
    return write_array_features(array, folder, name, progress)


def _problems(features: FeaturesSpec, shape: ImageShape | None) -> tuple[str, ...]:
    if features.kind != "pixels" or shape is None or reduction(shape) == 1:
        return ()
    small = tuple(-(-side // reduction(shape)) for side in (shape.height, shape.width))
    return (
        f"The images have {shape.height} × {shape.width} pixels; the model learns from them "
        f"reduced to {small[0]} × {small[1]}. Precomputed features may teach it more.",
    )
