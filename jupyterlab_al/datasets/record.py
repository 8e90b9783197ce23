"""`dataset.json` and the other files of a project folder: written once, then only read."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from jupyterlab_al.datasets.description import DisplaySpec, FeaturesSpec, Layout
from jupyterlab_al.domain.errors import InvalidDatasetError

RECORD = "dataset.json"
#: Arrow IPC file, uncompressed, `batch_rows` rows in every batch but the last.
TABLE = "samples.arrow"
#: The array as it came: rows (2-D) or images (3-D, 4-D).
ARRAY = "samples.npy"
FEATURES = "features"
#: Samples that were added later, each in a folder that is named by its first sample.
PARTS = "parts"
DENSE = "dense.npy"
CSR_PARTS = ("data.npy", "indices.npy", "indptr.npy")
#: How texts became numbers, as JSON; beside the features of texts.
VECTORIZER = "vectorizer.json"
#: How columns became numbers, as skops; beside the features of columns.
ENCODER = "encoder.skops"

#: Grows when a project folder written earlier can't be read any more.
VERSION = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class ImageShape:
    """How one image lies in the array, and which values are black and white."""

    height: int
    width: int
    channels: int
    channels_first: bool
    low: float
    high: float


@dataclass(frozen=True, kw_only=True, slots=True)
class DatasetRecord:
    """What must be known to read the samples and features of a project."""

    n_samples: int
    store: Literal["table", "array"]
    display: DisplaySpec
    features: FeaturesSpec
    layout: Layout
    n_features: int
    key_column: str | None = None
    #: Column of the bytes that a sample is, where they are not in the one that is shown.
    content_column: str | None = None
    #: Pictures with a side of at least this many pixels have a larger original in their folder.
    original_from: int | None = None
    #: Folder of the files, relative to the root, where it is not the one that the project is of.
    files_from: str | None = None
    batch_rows: int = 1
    #: Name and type of each column, in the order of the file.
    columns: tuple[tuple[str, str], ...] = ()
    image: ImageShape | None = None

    def write(self, folder: Path) -> None:
        """Write `dataset.json` in one step, after everything that it speaks of."""
        body = asdict(self) | {
            "version": VERSION,
            "display": self.display.to_json(),
            "features": self.features.to_json(),
        }
        draft = folder / f"{RECORD}.draft"
        draft.write_text(json.dumps(body, indent=1), encoding="utf-8")
        draft.replace(folder / RECORD)

    @classmethod
    def read(cls, folder: Path) -> DatasetRecord:
        """Return the record of `folder`; say so when the import has not finished."""
        try:
            body: dict[str, Any] = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise InvalidDatasetError(
                "The data of this project has not been imported yet; wait for the import to end."
            ) from None
        if body.pop("version") != VERSION:
            raise InvalidDatasetError(
                "The data of this project was imported by another version; import it again."
            )
        image = body.pop("image")
        return cls(
            **body
            | {
                "display": DisplaySpec.from_json(body["display"]),
                "features": FeaturesSpec.from_json(body["features"]),
                "columns": tuple((name, kind) for name, kind in body["columns"]),
                "image": None if image is None else ImageShape(**image),
            }
        )


def parts(folder: Path, n_samples: int | None = None) -> list[tuple[int, Path]]:
    """Return first sample and folder of the import and of what was added to it later.

    Parameters
    ----------
    folder : Path
        The project folder.
    n_samples : int, optional
        How many samples the project has. A part beyond them is one whose addition never became
        true, and is left out. By default all parts that are complete.

    Raises
    ------
    InvalidDatasetError
        If there are fewer samples than that.
    """
    found, n = [(0, folder)], DatasetRecord.read(folder).n_samples
    while n_samples is None or n < n_samples:
        part = part_folder(folder, n)
        if not (part / RECORD).exists():
            if n_samples is None:
                break
            raise InvalidDatasetError(
                f"Samples from {n} on are missing in the project's folder; restore them from a "
                "backup."
            )
        found.append((n, part))
        n += DatasetRecord.read(part).n_samples
    return found


def part_folder(folder: Path, start: int) -> Path:
    """Return where samples from `start` on are kept that were added later."""
    return folder / PARTS / str(start)


def vectorizer_path(folder: Path) -> Path:
    """Return where a project of texts keeps how they became numbers."""
    return folder / FEATURES / VECTORIZER
