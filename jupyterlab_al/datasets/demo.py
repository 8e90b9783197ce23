"""Data that ships with scikit-learn, to try the program with."""

from __future__ import annotations

import gzip
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jupyterlab_al.domain.errors import InvalidDatasetError

DIGIT_CLASSES = tuple("0123456789")


def digits() -> NDArray[Any]:
    """Return 1,797 handwritten digits, 8 × 8 pixels from 0 to 16, without their labels.

    The file is read without importing scikit-learn, which takes a second in a server.
    """
    package = find_spec("sklearn")
    if package is None or not package.submodule_search_locations:
        raise InvalidDatasetError(
            "The demo needs scikit-learn; install it (pip install scikit-learn)."
        )
    folder = Path(package.submodule_search_locations[0])
    with gzip.open(folder / "datasets" / "data" / "digits.csv.gz", "rt") as file:
        table = np.loadtxt(file, delimiter=",", dtype=np.uint8)
    return table[:, :-1].reshape(-1, 8, 8)
