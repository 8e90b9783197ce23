"""Changes of a project's classes; indices stay, so that labels are left as they were given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from jupyterlab_al.domain import labels
from jupyterlab_al.domain.errors import InvalidSettingError
from jupyterlab_al.domain.models import Project


@dataclass(frozen=True, kw_only=True, slots=True)
class ClassChanges:
    """What a person wants of the classes, done in this order."""

    #: New names by present ones.
    renames: Mapping[str, str] = field(default_factory=dict)
    #: The whole new list, with additions or changed names.
    wanted: Sequence[str] | None = None
    #: Earlier names of classes that are to be themselves again.
    splits: Sequence[str] = ()
    #: Which class is to count as which other.
    merges: Mapping[str, str] = field(default_factory=dict)

    @property
    def regroup(self) -> bool:
        """Whether labels change their class."""
        return bool(self.splits or self.merges)

    def of(self, project: Project) -> tuple[list[str], dict[str, int]]:
        """Return the classes by index, and what is merged, by earlier name.

        Raises
        ------
        InvalidSettingError
            There is no such class, a name is taken, or a class would be removed.
        """
        classes, merged = labels.renamed_classes(project.classes, self.renames), project.merged
        if self.wanted is not None:
            gone = set(merged.values())
            classes = labels.changed_classes(classes, self.wanted, merged=gone)
        for name in self.splits:
            if name not in merged:
                raise InvalidSettingError(f"No class {name!r} was merged into another.")
            if name in classes:
                raise InvalidSettingError(
                    f"There is another class {name!r} by now; rename it first."
                )
            classes[merged.pop(name)] = name
        merged |= {name: classes.index(name) for name in self.merges if name in classes}
        return labels.merged_classes(classes, self.merges), merged


NO_CHANGES = ClassChanges()
