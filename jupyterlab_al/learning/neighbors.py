"""Which samples lie near others: buckets of random projections, found once and kept on disk.

A few random lines cut the space into cells of about `BUCKET` samples; several such cuts make it
unlikely that neighbors are apart in all of them. Samples of one cell are compared exactly, and a
pool that fits into one cell altogether. Memory is that of a chunk, whatever the pool.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from jupyterlab_al.learning.features import Features

Integers = npt.NDArray[np.int64]

#: Samples of one cell, on average.
BUCKET = 4096
#: How often the space is cut.
TABLES = 4
#: Lines of one cut, at most: a cell's number is stored in 16 bits.
_MOST_LINES = 16
#: Samples that lines are laid through.
_PROBE = 4096
_ROWS = 1 << 15
_FOLDER = "neighbors"


@dataclass(frozen=True, kw_only=True, slots=True)
class Neighbors:
    """Finds the samples of a pool that lie near some of them.

    References
    ----------
    Charikar, M. (2002). Similarity estimation techniques from rounding algorithms. STOC 2002.
    """

    features: Features
    #: Standard deviation of each feature; texts are compared as they are.
    scale: npt.NDArray[np.float32]
    #: For each table the samples, cell by cell, memory-mapped, and where each cell begins.
    tables: tuple[tuple[npt.NDArray[np.int64], Integers], ...]
    #: For each table its lines and where they pass, shapes (n_features, n_lines) and (n_lines,).
    lines: tuple[tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]], ...]

    def of(self, sample_id: int, k: int) -> Integers:
        """Return the `k` nearest of those that share a cell with a sample, nearest first."""
        x = self.features.take(np.array([sample_id], dtype=np.int64))
        cells = [
            order[starts[cell] : starts[cell + 1]]
            for (order, starts), lines in zip(self.tables, self.lines, strict=True)
            for cell in _cells(x, lines).tolist()
        ]
        near: Integers = np.unique(np.concatenate(cells))
        near = near[near != sample_id]
        found: list[tuple[Any, Any]] = []
        for start in range(0, len(near), _ROWS):
            ids = near[start : start + _ROWS]
            found.append((ids, self._distances(x, ids)))
        if not found:
            return near
        distances = np.concatenate([each for _, each in found])
        nearest: Integers = near[np.lexsort((near, distances))[:k]]
        return nearest

    def _distances(self, x: Any, ids: Integers) -> npt.NDArray[np.float64]:
        X = self.features.take(ids)
        if self.features.is_sparse:
            # Rows of TF-IDF have length one: the larger the product, the nearer.
            return np.asarray(-(X @ x.T).todense(), dtype=np.float64).ravel()
        difference = (X - x) / self.scale
        squares: npt.NDArray[np.float64] = np.square(difference, dtype=np.float64).sum(axis=1)
        return squares

    @classmethod
    def opened(cls, project_folder: Path, features: Features, *, seed: int) -> Neighbors:
        """Return what is kept of a pool, or find it and keep it."""
        n = features.shape[0]
        name = f"{n}-{features.shape[1]}-{seed}"
        folder = project_folder / _FOLDER / name
        rng = np.random.default_rng(seed)
        probe = features.take(np.sort(rng.permutation(n)[:_PROBE]))
        n_lines = min(_MOST_LINES, max(0, int(np.log2(max(1, n / BUCKET)))))
        scale = _scale(probe)
        lines = tuple(_lines(probe, scale, n_lines, rng) for _ in range(TABLES if n_lines else 1))
        if not (folder / "complete").exists():
            folder.mkdir(parents=True, exist_ok=True)
            for number, cut in enumerate(lines):
                _write_table(folder, number, features, cut)
            (folder / "complete").touch()
        tables = tuple(
            (np.load(folder / f"{number}.npy", mmap_mode="r"), np.load(folder / f"{number}s.npy"))
            for number in range(len(lines))
        )
        return cls(features=features, scale=scale, tables=tables, lines=lines)


def _scale(probe: Any) -> npt.NDArray[np.float32]:
    if not isinstance(probe, np.ndarray):
        return np.ones(probe.shape[1], dtype=np.float32)
    spread: npt.NDArray[np.float32] = probe.std(axis=0, dtype=np.float64).astype(np.float32)
    return np.where(spread > 0, spread, np.float32(1))


def _lines(
    probe: Any, scale: npt.NDArray[np.float32], n_lines: int, rng: np.random.Generator
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Return random directions, and where to cut so that halves of the probe are on both sides."""
    directions = rng.standard_normal((probe.shape[1], n_lines), dtype=np.float32) / scale[:, None]
    medians: npt.NDArray[np.float32] = np.median(np.asarray(probe @ directions), axis=0).astype(
        np.float32
    )
    return directions, medians


def _cells(
    X: Any, lines: tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]
) -> npt.NDArray[np.uint16]:
    """Return the number of the cell that each row is in."""
    directions, medians = lines
    above = np.asarray(X @ directions) > medians
    bits = 1 << np.arange(directions.shape[1], dtype=np.int64)
    return (above @ bits).astype(np.uint16)


def _write_table(folder: Path, number: int, features: Features, lines: Any) -> None:
    """Sort the pool by cells, chunk by chunk: count first, then put each sample in its place."""
    n = features.shape[0]
    counts = np.zeros(1 << lines[0].shape[1], dtype=np.int64)
    path = folder / f"{number}c.npy"
    cells = np.lib.format.open_memmap(path, mode="w+", dtype=np.uint16, shape=(n,))
    for start in range(0, n, _ROWS):
        stop = min(start + _ROWS, n)
        cells[start:stop] = _cells(features.chunk(start, stop), lines)
        counts += np.bincount(cells[start:stop], minlength=len(counts))
    starts = np.concatenate([[0], np.cumsum(counts)])
    order = np.lib.format.open_memmap(
        folder / f"{number}.npy", mode="w+", dtype=np.int64, shape=(n,)
    )
    free = starts[:-1].copy()
    for start in range(0, n, _ROWS):
        part = cells[start : start + _ROWS]
        by_cell = np.argsort(part, kind="stable")
        sizes = np.bincount(part, minlength=len(counts))
        within = np.arange(len(part)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        order[np.repeat(free, sizes) + within] = start + by_cell
        free += sizes
    order.flush()
    np.save(folder / f"{number}s.npy", starts)
    path.unlink()
