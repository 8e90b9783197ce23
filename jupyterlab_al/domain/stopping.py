"""Stopping rules: each looks at the rounds so far and votes in a plain sentence.

They advise and never end a project.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, log10
from typing import Any, Literal

import numpy as np

#: Rounds that a rule looks back on.
WINDOW = 3
#: Predictions are settled when rounds agree at least so far beyond chance (kappa).
SETTLED_KAPPA = 0.99
#: Predictions no longer change when less than this share of them does, from round to round.
SETTLED_SHARE = 0.01
#: The model is sure enough when its mean uncertainty about what is left is below this.
SURE = 0.1
#: Accuracy is known well enough within this many points on either side.
NARROW = 0.03
#: Labels that the learning curve is followed ahead.
AHEAD = 50
#: A learning curve with fewer points can't be followed.
FEWEST_POINTS = 5
#: No change a label on the stop set of 2,000 is counted as half of one in ten labels.
LEAST_CHANGE = 0.5 / 2000 / 10
#: The rules that together are the advice; the others inform.
DECISIVE = ("settled_predictions", "classification_change", "expected_improvement")

FEW_CHECKS = "Whether accuracy still rises is known after more random checks."

Says = Literal["continue", "stop", "unknown"]
Rounds = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Vote:
    """One rule's opinion and its reason."""

    rule: str
    says: Says
    because: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Effort:
    """What was spent, what is left, and what it is worth."""

    #: Samples with a label, and in all.
    n_labeled: int
    n_samples: int
    #: How many labels a wrong answer about one sample costs.
    error_cost: float = 1.0
    #: Labels that somebody is willing to give in all.
    budget: int | None = None
    #: Whether accuracy is the share of samples with all their classes right.
    multi_label: bool = False

    @property
    def accuracy(self) -> str:
        """Return what accuracy is called, as a sentence begins with it."""
        return "The share with all classes right" if self.multi_label else "Accuracy"


def vote(rounds: Rounds, effort: Effort) -> list[Vote]:
    """Return every rule's vote, the decisive ones first.

    Parameters
    ----------
    rounds : sequence of mappings
        Results of the finished rounds, oldest first, each with its `n_labels`.
    effort : Effort
    """
    votes = [
        _stabilizing(rounds),
        _changes(rounds),
        _improvement(rounds, effort),
        _flat(rounds, effort),
        _uncertainty(rounds),
        _interval(rounds, effort),
        _exhausted(effort),
    ]
    return votes if effort.budget is None else [*votes, _budget(effort, effort.budget)]


def advises_stop(votes: Sequence[Vote]) -> bool:
    """Return whether to stop: nothing is left to spend, or the decisive rules all say so.

    Which rules are decisive comes from replays (`python -m benchmarks stopping`). A curve that is
    known well enough to be seen rising is a veto.
    """
    by_rule = {each.rule: each.says for each in votes}
    if "stop" in (by_rule.get("pool_labeled"), by_rule.get("budget")):
        return True
    if by_rule.get("flat_curve") == "continue":
        return False
    return all(by_rule.get(rule) == "stop" for rule in DECISIVE)


def _stabilizing(rounds: Rounds) -> Vote:
    """Vote by the agreement of successive rounds on the stop set.

    Bloodgood, M., & Vijay-Shanker, K. (2009). A method for stopping active learning based on
    stabilizing predictions and the need for user-adjustable stopping. CoNLL 2009, 39-47.
    """
    rule = "settled_predictions"
    kappas = [r["agreement"] for r in rounds if r.get("agreement") is not None][-WINDOW:]
    if len(kappas) < WINDOW:
        return _too_early(rule, "Whether the model gives the same answers again", WINDOW + 1)
    mean = sum(kappas) / WINDOW
    if mean >= SETTLED_KAPPA:
        return Vote(
            rule=rule, says="stop", because="The model gives the same answers, round after round."
        )
    return Vote(
        rule=rule,
        says="continue",
        because="The model has not made up its mind: from one round to the next it gives the same "
        f"answers to {max(0, floor(100 * mean))} %, those not counted that agree by chance. "
        f"From {100 * SETTLED_KAPPA:.0f} % on it is settled.",
    )


def _changes(rounds: Rounds) -> Vote:
    """Vote by the share of predictions that change from round to round.

    Zhu, J., Wang, H., & Hovy, E. (2008). Multi-criteria-based strategy to stop active learning for
    data annotation. COLING 2008, 1129-1136 (classification change).
    """
    rule = "classification_change"
    changed = [r["changed_share"] for r in rounds if r.get("changed_share") is not None][-WINDOW:]
    if len(changed) < WINDOW:
        return _too_early(rule, "How many answers still change", WINDOW + 1)
    worst = max(changed)
    if worst == 0:
        because = f"None of the model's answers changed in the last {WINDOW} rounds."
    elif worst < SETTLED_SHARE:
        because = (
            "The model's answers hardly change any more: fewer than 1 in "
            f"{round(1 / SETTLED_SHARE)} did in each of the last {WINDOW} rounds."
        )
    else:
        because = (
            f"The model's answers still change: up to {ceil(100 * worst)} % of them did from one "
            f"of the last {WINDOW} rounds to the next."
        )
    return Vote(rule=rule, says="stop" if worst < SETTLED_SHARE else "continue", because=because)


def _uncertainty(rounds: Rounds) -> Vote:
    """Vote by how unsure the model is of what is left (Zhu et al., 2008)."""
    rule = "overall_uncertainty"
    known = [r["uncertainty"] for r in rounds if r.get("uncertainty") is not None]
    if not known:
        return _too_early(rule, "How sure the model is about what is left", 1)
    says: Says = "stop" if known[-1] < SURE else "continue"
    verb = "is sure about most" if says == "stop" else "is still unsure about much"
    amount = f"below {SURE:g}" if says == "stop" else f"about {known[-1]:.1f}"
    return Vote(
        rule=rule,
        says=says,
        because=f"The model {verb} of what is left: its doubt is {amount} on average, where 0 is "
        "sure and 1 is a guess.",
    )


def _flat(rounds: Rounds, effort: Effort) -> Vote:
    """Vote by what the last rounds added to the accuracy on random checks."""
    rule = "flat_curve"
    points = [r["accuracy"] for r in rounds if r.get("accuracy")]
    if len(points) <= WINDOW:
        return Vote(rule=rule, says="unknown", because=FEW_CHECKS)
    last, earlier = points[-1], points[-1 - WINDOW]
    if _half_width(last) > NARROW:
        return Vote(
            rule=rule,
            says="unknown",
            because=FEW_CHECKS,
        )
    gain, width = last["value"] - earlier["value"], _half_width(last)
    return Vote(
        rule=rule,
        says="stop" if gain <= width else "continue",
        because=f"{effort.accuracy} {_moved(gain, width)}",
    )


def _moved(gain: float, width: float) -> str:
    """Return what became of a figure that is known to within `width`, as the end of a sentence."""
    whole = round(100 * abs(gain))
    amount = _points(whole) if whole else "less than 1 percentage point"
    moved = f"{'rose' if gain > 0 else 'fell'} by {amount} in the last {WINDOW} rounds"
    known = f"it is known to within {_points(_known_to(width))}."
    if abs(gain) > width:
        return f"{moved}, more than chance explains."
    return (
        f"{moved}, which can be chance: {known}"
        if whole
        else (f"hardly changed in the last {WINDOW} rounds; {known}")
    )


def _interval(rounds: Rounds, effort: Effort) -> Vote:
    """Vote by how well the accuracy is known."""
    rule = "known_accuracy"
    points = [r["accuracy"] for r in rounds if r.get("accuracy")]
    if not points:
        return Vote(
            rule=rule,
            says="unknown",
            because="How good the model is shows with the first random checks.",
        )
    width = _half_width(points[-1])
    says: Says = "stop" if width <= NARROW else "continue"
    return Vote(
        rule=rule,
        says=says,
        because=f"{effort.accuracy} is known to within {_points(_known_to(width))}; "
        + (
            "that is close enough."
            if says == "stop"
            else f"more random checks bring it to the {100 * NARROW:.0f} that are close enough."
        ),
    )


def _improvement(rounds: Rounds, effort: Effort) -> Vote:
    """Vote by whether the next labels cost less than the errors that they may save."""
    rule = "expected_improvement"
    points = _changes_by_labels(rounds)
    if len(points) < FEWEST_POINTS:
        return _too_early(rule, "What more labels would correct", FEWEST_POINTS + 1)
    left = max(0, effort.n_samples - effort.n_labeled)
    changed = min(1.0, expected_changes(points, ahead=AHEAD)) * left
    worth = changed * effort.error_cost
    says: Says = "stop" if worth < AHEAD else "continue"
    verb = "less than they cost" if says == "stop" else "more than they cost"
    return Vote(
        rule=rule,
        says=says,
        because=f"{AHEAD} more labels would correct the model's answers about {_few(changed)} of "
        f"the {left:,} samples left. If a wrong answer costs as much as {effort.error_cost:g} "
        f"label{'' if effort.error_cost == 1 else 's'}, that saves {verb}.",
    )


def _changes_by_labels(rounds: Rounds) -> list[tuple[float, float]]:
    """Return labels, and the share of answers that changed for each new one."""
    points = []
    for before, after in pairwise(rounds):
        new = (after.get("n_labels") or 0) - (before.get("n_labels") or 0)
        if new > 0 and after.get("changed_share") is not None:
            points.append((float(after["n_labels"]), float(after["changed_share"]) / new))
    return points


def expected_changes(points: Sequence[tuple[float, float]], *, ahead: int) -> float:
    """Return the share of answers that the next labels would change, by a power law.

    Accuracy can rise by no more than the answers that change. Unlike accuracy, which is known from
    few checks only, changes are seen on the whole stop set: their curve can be followed.

    Parameters
    ----------
    points : sequence of (n_labels, changes a label)
        By rising number of labels, at least two.
    ahead : int
        How many more labels.

    References
    ----------
    Viering, T., & Loog, M. (2023). The shape of learning curves: a review. IEEE TPAMI 45(6).
    arXiv:2103.10948.

    Examples
    --------
    >>> curve = [(n, 0.5 / n) for n in range(20, 120, 10)]
    >>> round(expected_changes(curve, ahead=50), 3)
    0.187
    """
    n, changes = (np.array(part, dtype=np.float64) for part in zip(*points, strict=True))
    x, y = np.log(n), np.log(np.maximum(changes, LEAST_CHANGE))
    spread = float(((x - x.mean()) ** 2).sum())
    slope = float(((x - x.mean()) * y).sum()) / spread if spread else 0.0
    # Changes do not grow with labels; a curve that seems to is read as flat.
    slope = min(slope, 0.0)
    following = np.arange(n[-1] + 1, n[-1] + ahead + 1)
    return float(np.exp(y.mean() + slope * (np.log(following) - x.mean())).sum())


def _exhausted(effort: Effort) -> Vote:
    left = effort.n_samples - effort.n_labeled
    done = effort.n_samples > 0 and left <= 0
    return Vote(
        rule="pool_labeled",
        says="stop" if done else "continue",
        because="Every sample has a label." if done else f"{left:,} samples have no label yet.",
    )


def _budget(effort: Effort, budget: int) -> Vote:
    left = budget - effort.n_labeled
    return Vote(
        rule="budget",
        says="stop" if left <= 0 else "continue",
        because=f"All {budget:,} labels that were planned are given."
        if left <= 0
        else f"{left:,} of the {budget:,} labels that were planned are still to give.",
    )


def _few(count: float) -> str:
    """Return a number that is extrapolated in words, rounded up to the two digits that it is worth.

    Examples
    --------
    >>> [_few(number) for number in (0.2, 7.1, 1234.0)]
    ['hardly any', 'at most 8', 'at most 1,300']
    """
    if count < 1:
        return "hardly any"
    step = 10 ** max(0, floor(log10(count)) - 1)
    return f"at most {ceil(count / step) * step:,}"


def _known_to(width: float) -> int:
    """Return half the width of an interval in whole points, rounded up: never better than known."""
    # What is a hair above a whole number is that number, computed.
    return max(1, ceil(round(100 * width, 6)))


def _points(n: int) -> str:
    return f"{n} percentage point{'' if n == 1 else 's'}"


def _half_width(interval: Mapping[str, Any]) -> float:
    return float(interval["high"] - interval["low"]) / 2


def _too_early(rule: str, what: str, rounds: int) -> Vote:
    word = "the first round" if rounds == 1 else f"{rounds} rounds"
    return Vote(rule=rule, says="unknown", because=f"{what} is known after {word}.")
