"""What a person says about their data: the dataset, how to show it, what to learn from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, Self, get_args

from jupyterlab_al.domain.errors import InvalidDatasetError, InvalidSettingError, MalformedError

DatasetKind = Literal["table", "array", "images", "texts", "audio", "upload", "demo", "auto"]
DisplayKind = Literal["text", "markdown", "image", "audio", "row", "series", "mime", "auto"]
FeaturesKind = Literal[
    "text", "columns", "pixels", "audio", "array", "precomputed", "embedding", "auto"
]

#: How a pool's features are kept: all values, or compressed sparse rows (CSR).
Layout = Literal["dense", "csr"]
#: Endings of files that hold sparse features: of `scipy.sparse.save_npz`, and rows of Arrow.
SPARSE_ENDINGS = (".npz", ".arrow")

#: What `dataset.path` can be when the kind is `demo`; the first is the default.
DEMOS = ("digits",)


@dataclass(frozen=True, kw_only=True, slots=True)
class DatasetSpec:
    """Where the samples come from."""

    #: `auto` is a file or folder that has yet to be looked at; it is never stored.
    kind: DatasetKind
    #: Relative to the server's root folder; for `demo` the name of the demo.
    path: str | None = None
    #: Column whose values a person knows the samples by; None means the position.
    key_column: str | None = None
    #: What the keys were before they became text; for programs that give them back.
    key_type: str | None = None
    #: Id of an upload, for `upload`.
    upload: str | None = None
    #: Name of one of the arrays in a `.npz`; None where it holds one only.
    array: str | None = None

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Self:
        """Return the spec that a request body describes; `upload_id` is read as `upload`."""
        given = _renamed(body, "upload_id", "upload")
        spec = cls(**_checked(cls, "dataset", given, get_args(DatasetKind)))
        spec._check()
        return spec

    def to_json(self) -> dict[str, Any]:
        """Return the body that `from_json` reads, without what was not given."""
        return _renamed(_given(asdict(self)), "upload", "upload_id")

    def _check(self) -> None:
        if self.kind not in ("upload", "demo") and not self.path:
            raise InvalidDatasetError(
                f"A dataset of kind {self.kind} needs a path; give `path` relative to the root."
            )
        if self.array is not None and self.kind not in ("array", "auto"):
            raise InvalidDatasetError(
                "dataset.array names one of the arrays in a .npz file; a dataset of kind "
                f"{self.kind} has none."
            )
        if self.kind == "upload" and not self.upload:
            raise InvalidDatasetError(
                "A dataset of kind upload needs the `upload_id` that the upload returned."
            )
        if self.kind == "demo" and self.demo not in DEMOS:
            raise InvalidDatasetError(f"There is no demo named {self.demo}; use {DEMOS[0]}.")

    @property
    def demo(self) -> str:
        """Name of the demo; `digits` unless another was asked for."""
        return self.path or DEMOS[0]


@dataclass(frozen=True, kw_only=True, slots=True)
class DisplaySpec:
    """How a sample is shown to the annotator."""

    kind: DisplayKind = "auto"
    #: The one column shown, for all kinds but `row`.
    column: str | None = None
    #: The columns of a `row`, in order; None means all that don't give the answer away.
    columns: tuple[str, ...] | None = None

    @classmethod
    def from_json(cls, body: Mapping[str, Any] | None) -> Self:
        """Return the spec that a request body describes; None means `auto`."""
        return cls(**_checked(cls, "display", body or {"kind": "auto"}, get_args(DisplayKind)))

    def to_json(self) -> dict[str, Any]:
        """Return the body that `from_json` reads, without what was not given."""
        return _given(asdict(self))

    @property
    def all_columns(self) -> tuple[str, ...]:
        """Every column named, in order."""
        return _named(self.column, self.columns)


@dataclass(frozen=True, kw_only=True, slots=True)
class FeaturesSpec:
    """What the estimator learns from."""

    kind: FeaturesKind = "auto"
    #: The column of a `text`.
    column: str | None = None
    #: The columns of `columns`; several columns of a `text` are joined.
    columns: tuple[str, ...] | None = None
    #: Path of a `.npy` file, or a sparse `.npz`, relative to the root folder, for `precomputed`.
    path: str | None = None
    #: Id of an uploaded `.npy` array, or of sparse rows as Arrow, for `precomputed`.
    upload: str | None = None
    #: Import path of a model, for `embedding`.
    model: str | None = None

    @classmethod
    def from_json(cls, body: Mapping[str, Any] | None) -> Self:
        """Return the spec that a request body describes; None means `auto`."""
        given = _renamed(body or {"kind": "auto"}, "upload_id", "upload")
        spec = cls(**_checked(cls, "features", given, get_args(FeaturesKind)))
        if spec.kind == "precomputed" and not (spec.path or spec.upload):
            raise InvalidSettingError(
                "Precomputed features need a path; give `path` of a .npy file (or of a sparse "
                ".npz) relative to the root, or the `upload_id` of an uploaded one."
            )
        return spec

    def to_json(self) -> dict[str, Any]:
        """Return the body that `from_json` reads, without what was not given."""
        return _renamed(_given(asdict(self)), "upload", "upload_id")

    @property
    def all_columns(self) -> tuple[str, ...]:
        """Every column named, in order."""
        return _named(self.column, self.columns)

    @property
    def layout(self) -> Layout:
        """How such features are kept."""
        given = (self.upload or self.path or "").lower()
        is_sparse = self.kind == "precomputed" and given.endswith(SPARSE_ENDINGS)
        return "csr" if self.kind == "text" or is_sparse else "dense"


def _checked(
    cls: type[Any], part: str, body: Mapping[str, Any], kinds: tuple[str, ...]
) -> dict[str, Any]:
    """Return keyword arguments for `cls`; say which field of `part` is wrong."""
    known = {field.name for field in fields(cls)}
    unknown = sorted(set(body) - known)
    if unknown:
        raise MalformedError(
            f"{part} has no field {unknown[0]}; it has {', '.join(sorted(known))}."
        )
    if body.get("kind") not in kinds:
        raise InvalidSettingError(
            f"{part}.kind can't be {body.get('kind')!r}; use one of {', '.join(kinds)}."
        )
    return {name: _value(f"{part}.{name}", name, value) for name, value in body.items()}


def _value(place: str, name: str, value: object) -> object:
    if value is None:
        return None
    if name == "columns":
        if not isinstance(value, list | tuple) or not all(isinstance(v, str) for v in value):
            raise MalformedError(f"{place} must be a list of column names.")
        return tuple(value)
    if not isinstance(value, str):
        raise MalformedError(f"{place} must be a string.")
    return value


def _renamed(values: Mapping[str, Any], name: str, to: str) -> dict[str, Any]:
    return {to if key == name else key: value for key, value in values.items()}


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in values.items()
        if value is not None
    }


def _named(column: str | None, columns: tuple[str, ...] | None) -> tuple[str, ...]:
    first = () if column is None else (column,)
    return first + tuple(name for name in columns or () if name != column)
