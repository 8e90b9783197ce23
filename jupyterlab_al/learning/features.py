"""What a round needs of the features of a pool, wherever they are kept."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import numpy.typing as npt


class Features(Protocol):
    """float32 features of all samples of a pool; rows are samples in order."""

    @property
    def shape(self) -> tuple[int, int]:
        """Number of samples and number of features."""
        ...

    @property
    def is_sparse(self) -> bool:
        """Whether rows come as CSR matrices instead of arrays."""
        ...

    def take(self, ids: npt.NDArray[np.int64], /) -> Any:
        """Return the rows of `ids`, in that order."""
        ...

    def chunk(self, start: int, stop: int, /) -> Any:
        """Return rows `start` to `stop`, without a copy where that is possible."""
        ...
