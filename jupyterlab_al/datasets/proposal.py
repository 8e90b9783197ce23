"""What to propose for a table: what is shown, learned from, known by, and labeled already."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from jupyterlab_al.datasets.description import DisplayKind, DisplaySpec, FeaturesSpec
from jupyterlab_al.datasets.profile import ColumnProfile

#: More distinct values are no classes that a person picks from.
MAX_CLASSES = 50

#: Names of columns that hold the answer, likeliest first.
LABEL_NAMES = (
    "label", "labels", "class", "classes", "target", "sentiment", "category", "categories",
    "annotation", "answer", "intent", "topic", "topics", "tag", "tags",
    "genre", "genres", "outcome", "species", "ground_truth", "y",
)  # fmt: skip
_LABEL_PART = re.compile(r"(^|_)(label|class|target|sentiment|category)(_|$)")
_KEY_NAME = re.compile(r"(^|_)(id|key|uuid|guid|index|idx)$|^unnamed(_0)?$|^index_level_0$")
_TEXT_NAMES = re.compile(
    r"(^|_)(text|texts|review|comment|body|message|content|tweet|sentence|question|abstract|"
    r"description|title|headline|document|post|summary|utterance|prompt)(_|$)"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Proposal:
    """The part that each column plays; every field may be overruled by a person."""

    display: DisplaySpec
    features: FeaturesSpec
    key_column: str | None
    label_column: str | None
    #: Classes found in the label column.
    classes: tuple[str, ...]
    #: Whether a cell of the label column holds several of them.
    multi_label: bool
    #: Columns that look like the answer: neither shown nor learned from.
    hidden: tuple[str, ...]


def propose(
    profiles: Sequence[ColumnProfile], *, key_column: str | None, label_column: str | None
) -> Proposal:
    """Return sensible defaults, given what the person has already chosen."""
    labels = _label_columns(profiles) or _lists_of_names(profiles)
    label = label_column or (labels[0].name if labels else None)
    key = key_column or _key_column(profiles)
    hidden = {p.name for p in labels} | {n for n in (label_column, key_column) if n}
    free = [p for p in profiles if p.name not in hidden and p.present]
    return Proposal(
        display=_display(free),
        features=_features(free),
        key_column=key,
        label_column=label,
        classes=next((p.tags or p.values for p in profiles if p.name == label), ()),
        multi_label=any(p.tags for p in profiles if p.name == label),
        hidden=tuple(p.name for p in labels if p.name not in (label_column, key_column)),
    )


def _label_columns(profiles: Sequence[ColumnProfile]) -> list[ColumnProfile]:
    """Return the columns that look like the answer, best first; words before numbers."""
    found = [p for p in profiles if _label_rank(p.name) is not None and _has_classes(p)]
    return sorted(found, key=lambda p: (p.type == "number", _label_rank(p.name)))


def _lists_of_names(profiles: Sequence[ColumnProfile]) -> list[ColumnProfile]:
    """Return a column that lists a few names again and again beside what is shown alone.

    Beside numbers and categories it may as well be one more thing to see.
    """
    found = [p for p in profiles if p.type == "other" and _has_classes(p) and _are_names(p.tags)]
    rest = [p for p in profiles if p not in found and p.present]
    return found[:1] if rest and _display(rest).kind != "row" else []


def _are_names(tags: Sequence[str]) -> bool:
    """Return whether tags are words: lists of numbers say something else."""
    return any(re.search(r"[^\W\d_]", tag) for tag in tags)


def _label_rank(name: str) -> int | None:
    plain = _plain(name)
    if plain in LABEL_NAMES:
        return LABEL_NAMES.index(plain)
    return len(LABEL_NAMES) if _LABEL_PART.search(plain) else None


def _has_classes(column: ColumnProfile) -> bool:
    if column.tags:
        return len(column.tags) <= MAX_CLASSES
    if column.type not in ("category", "boolean", "number") or not column.whole:
        return False
    most = MAX_CLASSES if column.present <= 20 else min(MAX_CLASSES, column.present // 2)
    return 1 <= column.distinct <= most and all(0 < len(v) <= 200 for v in column.values)


def _key_column(profiles: Sequence[ColumnProfile]) -> str | None:
    for column in profiles:
        is_short = column.type == "category" or (column.type == "number" and column.whole)
        if is_short and column.unique and _KEY_NAME.search(_plain(column.name)):
            return column.name
    return None


def _is_key_like(column: ColumnProfile) -> bool:
    """Return whether the values only tell samples apart, so that nothing is learned from them."""
    if _KEY_NAME.search(_plain(column.name)):
        return column.distinct > column.present / 2
    return column.type == "category" and column.unique and column.rows > 20


def text_columns(profiles: Sequence[ColumnProfile]) -> list[ColumnProfile]:
    """Return the columns that are read, the one that says most first."""
    texts = [p for p in profiles if p.type == "text" or _is_named_text(p)]
    return sorted(texts, key=lambda p: (p.type != "text", -p.mean_length))


def _is_named_text(column: ColumnProfile) -> bool:
    if column.type != "category" or not _TEXT_NAMES.search(_plain(column.name)):
        return False
    return column.distinct > column.present / 2


def display_kind(column: ColumnProfile) -> DisplayKind:
    """Return how a column is best shown that is shown alone."""
    if column.images:
        return "image"
    if column.bundles or column.html:
        return "mime"
    return "series" if column.series else "text"


def _display(free: Sequence[ColumnProfile]) -> DisplaySpec:
    texts = text_columns(free)
    # Of several texts the one that says most, so these come first.
    shown_alone = texts + [p for p in free if p not in texts]
    kinds: tuple[DisplayKind, ...] = ("image", "text", "mime", "series")
    for kind in kinds:
        for column in shown_alone:
            if display_kind(column) == kind and (kind != "text" or column in texts):
                return DisplaySpec(kind=kind, column=column.name)
    shown = [p.name for p in free if not _KEY_NAME.search(_plain(p.name)) or not p.unique]
    return DisplaySpec(kind="row", columns=tuple(shown or [p.name for p in free]))


def _features(free: Sequence[ColumnProfile]) -> FeaturesSpec:
    texts = text_columns(free)
    if texts:
        return FeaturesSpec(kind="text", column=texts[0].name)
    useful = [p for p in free if p.type != "other" and not _is_key_like(p)]
    if useful:
        return FeaturesSpec(kind="columns", columns=tuple(p.name for p in useful))
    # Names or codes alone still have letters to learn from.
    words = [p for p in free if p.type == "category"]
    if words:
        return FeaturesSpec(kind="text", column=words[0].name)
    return FeaturesSpec(kind="auto")


def _plain(name: str) -> str:
    """Return a column's name in lower case with words split by underscores."""
    split = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name.strip())
    return re.sub(r"[^a-z0-9]+", "_", split.lower()).strip("_")
