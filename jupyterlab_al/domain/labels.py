"""Labels as people write them and as they are stored: class indices, so that a rename is free."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from jupyterlab_al.domain.errors import InvalidLabelError, InvalidSettingError, MalformedError
from jupyterlab_al.domain.models import Label

StoredLabel = int | list[int]


def to_stored(label: Label, *, classes: Sequence[str], multi_label: bool) -> StoredLabel:
    """Return the class index of a label, or the sorted indices in a multi-label project.

    Raises
    ------
    MalformedError
        A list where one class is wanted, or the other way round.
    InvalidLabelError
        A class that the project does not have.
    """
    if multi_label:
        if isinstance(label, str):
            raise MalformedError("This project takes several classes a sample: send a list.")
        return sorted({_index(name, classes) for name in label})
    if not isinstance(label, str):
        raise MalformedError("This project takes one class a sample: send a string.")
    return _index(label, classes)


def to_label(stored: StoredLabel, *, classes: Sequence[str]) -> Label:
    """Return a stored label by the names that the classes have now."""
    if isinstance(stored, int):
        return classes[stored]
    return [classes[index] for index in stored]


def indices(stored: StoredLabel) -> list[int]:
    """Return the classes of a stored label."""
    return [stored] if isinstance(stored, int) else stored


def consensus(stored: Iterable[StoredLabel]) -> StoredLabel:
    """Return the label that most annotators gave; the earliest of those that tie.

    >>> consensus([1, 0, 1])
    1
    >>> consensus([[0], [1, 2]])
    [0]
    """
    votes = [tuple(label) if isinstance(label, list) else label for label in stored]
    # most_common keeps the order of arrival among equals.
    [(winner, _n)] = Counter(votes).most_common(1)
    return list(winner) if isinstance(winner, tuple) else winner


def changed_classes(old: Sequence[str], new: Sequence[str]) -> list[str]:
    """Return the classes after a change that adds or renames, old indices kept.

    A class missing from `new` is renamed to the new name that stands at its position; all other
    new names are added at the end, so that the keys of the old ones stay.

    Raises
    ------
    InvalidSettingError
        A class would be removed, or a name comes twice.
    """
    check_distinct(new)
    result = list(old)
    for position, name in enumerate(old):
        if name in new:
            continue
        if position < len(new) and new[position] not in old:
            result[position] = new[position]
        else:
            raise InvalidSettingError(
                f"Classes can be added or renamed, not removed: {name!r} is missing.",
                word="class_removed",
            )
    result.extend(name for name in new if name not in result)
    return result


def check_distinct(classes: Sequence[str]) -> None:
    """Refuse class names that come twice or are blank."""
    for name, n in Counter(classes).items():
        if n > 1:
            raise InvalidSettingError(f"The class {name!r} is named twice.")
        if not name.strip():
            raise InvalidSettingError("A class needs a name that can be seen.")


def _index(name: str, classes: Sequence[str]) -> int:
    try:
        return classes.index(name)
    except ValueError:
        known = ", ".join(classes[:20]) or "none yet"
        raise InvalidLabelError(
            f"{name!r} is not a class of this project (its classes: {known}). "
            "Add it to the project's classes first."
        ) from None
