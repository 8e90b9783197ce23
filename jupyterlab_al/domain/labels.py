"""Labels as people write them and as they are stored: class indices, so that a rename is free."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from jupyterlab_al.domain.errors import InvalidLabelError, InvalidSettingError, MalformedError
from jupyterlab_al.domain.models import Label

#: A class index, or a sorted list of them.
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
    """Return a stored label by the names that the classes have now, several in their order.

    >>> to_label([1, 2], classes=["bad", "good", "bad"])
    ['bad', 'good']
    """
    if isinstance(stored, int):
        return classes[stored]
    return [classes[index] for index in _as_ones(stored, classes)]


def renamed(label: Label, now: Mapping[str, str]) -> Label:
    """Return a label with some names as they are now: it may have been on its way meanwhile."""
    if isinstance(label, str):
        return now.get(label, label)
    return [now.get(name, name) for name in label]


def as_one(stored: StoredLabel, *, classes: Sequence[str]) -> StoredLabel:
    """Return a stored label with classes that were merged told apart no more.

    >>> as_one(2, classes=["bad", "good", "bad"])
    0
    """
    if isinstance(stored, int):
        return classes.index(classes[stored])
    return _as_ones(stored, classes)


def _as_ones(stored: Iterable[int], classes: Sequence[str]) -> list[int]:
    return sorted({classes.index(classes[index]) for index in stored})


def indices(stored: StoredLabel) -> list[int]:
    """Return the classes of a stored label."""
    return [stored] if isinstance(stored, int) else stored


def consensus(stored: Iterable[StoredLabel]) -> StoredLabel:
    """Return the label that differs least from those that annotators gave; the earliest of ties.

    One class a sample: the one that most gave. Several: of the sets that were given, the one from
    which the fewest classes must be taken or added to get at each of the others.

    >>> consensus([1, 0, 1])
    1
    >>> consensus([[0, 1], [0], [0, 2]])
    [0]
    >>> consensus([[0], [1, 2]])
    [0]
    """
    given = list(stored)
    votes = Counter(frozenset(indices(label)) for label in given)

    def distance(label: StoredLabel) -> int:
        own = frozenset(indices(label))
        return sum(n * len(vote ^ own) for vote, n in votes.items())

    # min takes the earliest among equals.
    return min(given, key=distance)


def changed_classes(
    old: Sequence[str], new: Sequence[str], *, merged: Collection[int] = ()
) -> list[str]:
    """Return the classes after a change that adds or renames, old indices kept.

    A class missing from `new` is renamed to the new name that stands at its position; all other
    new names are added at the end, so that the keys of the old ones stay. Classes at the
    indices `merged` are not seen any more.

    Raises
    ------
    InvalidSettingError
        A class would be removed, or a name comes twice.
    """
    check_distinct(new)
    shown = list(dict.fromkeys(name for i, name in enumerate(old) if i not in merged))
    result = list(shown)
    for position, name in enumerate(shown):
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
    now = dict(zip(shown, result, strict=False))
    return [now[name] for name in old] + result[len(shown) :]


def renamed_classes(old: Sequence[str], renames: Mapping[str, str]) -> list[str]:
    """Return the classes with some renamed; those that were merged stay together.

    Raises
    ------
    InvalidSettingError
        There is no such class, or the new name is another's.
    """
    _require_known(old, renames)
    check_distinct([renames.get(name, name) for name in dict.fromkeys(old)])
    return [renames.get(name, name) for name in old]


def merged_classes(old: Sequence[str], merges: Mapping[str, str]) -> list[str]:
    """Return the classes with some merged into others, whose names they take.

    Raises
    ------
    InvalidSettingError
        There is no such class, or one would be merged into itself.
    """
    _require_known(old, [*merges, *merges.values()])
    result = list(old)
    for source, into in merges.items():
        if source == into or source not in result or into not in result:
            raise InvalidSettingError(f"The class {source!r} can't be merged into {into!r}.")
        result = [into if name == source else name for name in result]
    return result


def _require_known(classes: Sequence[str], names: Iterable[str]) -> None:
    for name in names:
        if name not in classes:
            raise InvalidSettingError(f"There is no class {name!r}; its name may have changed.")


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
        known = ", ".join([each for each in classes if each][:20]) or "none yet"
        raise InvalidLabelError(
            f"{name!r} is not a class of this project (its classes: {known}). "
            "Add it to the project's classes first."
        ) from None
