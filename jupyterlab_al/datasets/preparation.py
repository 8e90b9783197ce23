"""What preparing a dataset is asked for and what it gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from jupyterlab_al.datasets.description import DatasetSpec, DisplaySpec, FeaturesSpec
from jupyterlab_al.datasets.labels import ImportedLabels
from jupyterlab_al.datasets.settle import Choices

#: Called with the phase (`read` or `featurize`) and its progress from 0 to 1.
Report = Callable[[str, float], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class PrepareTask:
    """One dataset to import into one project folder."""

    #: The project folder; what an earlier import left there is replaced.
    folder: Path
    #: The first sample: more than 0 where samples are added to those that are there.
    start: int = 0
    #: Folder that paths are relative to; for an upload, the folder of the uploads.
    root: Path
    #: Folder that paths of features are relative to; by default `root`.
    home: Path | None = None
    #: Folder that uploaded features are in.
    uploads: Path | None = None
    dataset: DatasetSpec
    #: What the project was made of, where samples are added to it.
    first: DatasetSpec | None = None
    #: Folder that its path is relative to; by default `root`.
    first_root: Path | None = None
    display: DisplaySpec = field(default_factory=DisplaySpec)
    features: FeaturesSpec = field(default_factory=FeaturesSpec)
    label_column: str | None = None
    multi_label: bool = False
    #: Modules that a model of features may be imported from.
    allowed_models: tuple[str, ...] = ()

    @property
    def used_uploads(self) -> set[str]:
        """The uploads that the import copies."""
        return {name for name in (self.dataset.upload, self.features.upload) if name}

    def precomputed(self, features: FeaturesSpec) -> tuple[Path, str]:
        """Return folder and name of the file that holds precomputed features."""
        if features.upload:
            return self.uploads or self.root, features.upload
        return self.home or self.root, features.path or ""

    @property
    def choices(self) -> Choices:
        """What a person chose about columns."""
        return Choices(
            dataset=self.dataset,
            display=self.display,
            features=self.features,
            label_column=self.label_column,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Prepared:
    """A dataset that is ready for labeling."""

    n_samples: int
    n_features: int
    #: Without `auto`.
    display: DisplaySpec
    #: Without `auto`.
    features: FeaturesSpec
    #: Classes found in the label column, or known of the demo.
    classes: tuple[str, ...] = ()
    #: Labels from the label column; empty without one.
    imported: ImportedLabels = field(default_factory=ImportedLabels)
    #: Sentences about the data that a person should know.
    problems: tuple[str, ...] = ()
