"""What a person chose and what the data suggests, settled into one display and one feature set."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from jupyterlab_al.datasets.description import (
    DatasetSpec,
    DisplaySpec,
    FeaturesKind,
    FeaturesSpec,
)
from jupyterlab_al.datasets.profile import ColumnProfile
from jupyterlab_al.datasets.proposal import Proposal, display_kind, propose, text_columns
from jupyterlab_al.domain.errors import InvalidDatasetError, InvalidSettingError


@dataclass(frozen=True, kw_only=True, slots=True)
class Choices:
    """What a person chose for a table; `auto` and None leave it to the data."""

    dataset: DatasetSpec
    display: DisplaySpec = field(default_factory=DisplaySpec)
    features: FeaturesSpec = field(default_factory=FeaturesSpec)
    label_column: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Settled:
    """Display and features without `auto`, and what a person should know about them."""

    display: DisplaySpec
    features: FeaturesSpec
    problems: tuple[str, ...] = ()


def settle(profiles: Sequence[ColumnProfile], choices: Choices) -> Settled:
    """Return what is shown and learned from; refuse what the table can't give."""
    _check_names(profiles, choices)
    proposal = propose(
        profiles, key_column=choices.dataset.key_column, label_column=choices.label_column
    )
    display = _display(profiles, choices, proposal)
    features = _features(profiles, choices, proposal, display)
    named = {*choices.display.all_columns, *choices.features.all_columns}
    problems = [
        f'The column "{name}" looks like the answer, so it is neither shown nor learned from; '
        "name it under display or features if it is not."
        for name in proposal.hidden
        if name not in named
    ]
    return Settled(display=display, features=features, problems=tuple(problems))


def settled_display(profiles: Sequence[ColumnProfile], choices: Choices) -> DisplaySpec:
    """Return what is shown, whatever can be learned; refuse what the table can't give."""
    _check_names(profiles, choices)
    proposal = propose(
        profiles, key_column=choices.dataset.key_column, label_column=choices.label_column
    )
    return _display(profiles, choices, proposal)


def _check_names(profiles: Sequence[ColumnProfile], choices: Choices) -> None:
    places: list[tuple[str, Iterable[str | None]]] = [
        ("dataset.key_column", [choices.dataset.key_column]),
        ("label_column", [choices.label_column]),
        ("display", choices.display.all_columns),
        ("features", choices.features.all_columns),
    ]
    known = [p.name for p in profiles]
    for place, names in places:
        for name in names:
            if name is not None and name not in known:
                raise missing_column(place, name, known)
    if choices.label_column in choices.features.all_columns:
        raise InvalidSettingError(
            f'The column "{choices.label_column}" is the answer, so nothing can be learned from '
            "it; take it out of features.columns."
        )


def missing_column(place: str, name: str, known: Sequence[str]) -> InvalidDatasetError:
    """Return the error for a column that is not there, with the likeliest ones that are."""
    near = get_close_matches(name, known, n=3, cutoff=0.5) or list(known[:5])
    more = ", …" if len(known) > len(near) else ""
    return InvalidDatasetError(
        f'There is no column "{name}" (asked for by {place}); there is {", ".join(near)}{more}.',
        columns=list(known),
    )


def _display(
    profiles: Sequence[ColumnProfile], choices: Choices, proposal: Proposal
) -> DisplaySpec:
    asked = choices.display
    if asked.kind == "auto":
        return _auto_display(profiles, choices, proposal)
    if asked.kind == "row":
        return replace(asked, columns=asked.all_columns or _row_columns(profiles, proposal))
    if asked.column is not None:
        return replace(asked, columns=None)
    if asked.kind == proposal.display.kind:
        return proposal.display
    if asked.kind in ("text", "markdown"):
        column = _text_column(profiles, choices, proposal)
        return DisplaySpec(kind=asked.kind, column=column)
    raise InvalidSettingError(f"A display of kind {asked.kind} needs a column; name one.")


def _auto_display(
    profiles: Sequence[ColumnProfile], choices: Choices, proposal: Proposal
) -> DisplaySpec:
    asked, learned = choices.display, choices.features
    if asked.columns:
        return DisplaySpec(kind="row", columns=asked.all_columns)
    if asked.column is not None:
        return _shown_alone(profiles, asked.column)
    if learned.kind == "text" and len(learned.all_columns) == 1:
        return _shown_alone(profiles, learned.all_columns[0])
    return proposal.display


def _shown_alone(profiles: Sequence[ColumnProfile], name: str) -> DisplaySpec:
    column = next(p for p in profiles if p.name == name)
    return DisplaySpec(kind=display_kind(column), column=name)


def _row_columns(profiles: Sequence[ColumnProfile], proposal: Proposal) -> tuple[str, ...]:
    if proposal.display.kind == "row":
        return proposal.display.columns or ()
    left_out = {*proposal.hidden, proposal.key_column, proposal.label_column}
    return tuple(p.name for p in profiles if p.name not in left_out and p.present)


def _text_column(profiles: Sequence[ColumnProfile], choices: Choices, proposal: Proposal) -> str:
    left_out = {*proposal.hidden, choices.dataset.key_column, choices.label_column}
    free = [p for p in profiles if p.name not in left_out and p.present]
    words = text_columns(free) or [p for p in free if p.type == "category"]
    if not words:
        raise InvalidSettingError("No column holds text; name a column, or choose another kind.")
    return words[0].name


def _features(
    profiles: Sequence[ColumnProfile],
    choices: Choices,
    proposal: Proposal,
    display: DisplaySpec,
) -> FeaturesSpec:
    asked = choices.features
    require_features_of_table(asked)
    kind = _auto_kind(profiles, choices, proposal, display) if asked.kind == "auto" else asked.kind
    if kind in ("text", "embedding"):
        shown = display.column if display.kind in ("text", "markdown") else None
        names = asked.all_columns or (shown or _text_column(profiles, choices, proposal),)
        return replace(_text_features(names), kind=kind, model=asked.model)
    if kind == "columns":
        names = asked.all_columns or _useful(proposal, profiles)
        _check_learnable(profiles, names)
        return FeaturesSpec(kind="columns", columns=tuple(names))
    return asked


def require_features_of_table(features: FeaturesSpec) -> None:
    """Refuse a kind of features that no table gives."""
    if features.kind not in ("auto", "text", "columns", "embedding", "precomputed"):
        raise InvalidSettingError(
            f"Features of kind {features.kind} can't be made from a table; use text, columns, "
            "embedding or precomputed."
        )


def _auto_kind(
    profiles: Sequence[ColumnProfile],
    choices: Choices,
    proposal: Proposal,
    display: DisplaySpec,
) -> FeaturesKind:
    asked = choices.features
    if asked.all_columns:
        kinds = {p.type for p in profiles if p.name in asked.all_columns}
        return "text" if kinds == {"text"} or asked.column else "columns"
    if display.kind in ("text", "markdown"):
        return "text"
    if proposal.features.kind != "auto":
        return proposal.features.kind
    series = [p.name for p in profiles if p.series]
    how = f'; for the numbers in "{series[0]}": numpy.stack(frame["{series[0]}"])' if series else ""
    raise InvalidSettingError(
        "No column has anything to learn from; give precomputed features (a .npy file with one "
        f"row a sample{how})."
    )


def _text_features(names: Sequence[str]) -> FeaturesSpec:
    if len(names) == 1:
        return FeaturesSpec(kind="text", column=names[0])
    return FeaturesSpec(kind="text", columns=tuple(names))


def _useful(proposal: Proposal, profiles: Sequence[ColumnProfile]) -> tuple[str, ...]:
    if proposal.features.kind == "columns":
        return proposal.features.columns or ()
    left_out = {*proposal.hidden, proposal.key_column, proposal.label_column}
    found = [
        p.name
        for p in profiles
        if p.name not in left_out and p.present and p.type not in ("text", "other")
    ]
    if not found:
        raise InvalidSettingError(
            "No column holds numbers, dates or categories to learn from; use features of kind text."
        )
    return tuple(found)


def _check_learnable(profiles: Sequence[ColumnProfile], names: Sequence[str]) -> None:
    for column in profiles:
        if column.name in names and column.type == "other":
            raise InvalidSettingError(
                f'The column "{column.name}" holds neither numbers, dates nor categories; take it '
                "out of features.columns."
            )
