"""Stopping rules: each looks at the rounds so far and votes in a plain sentence.

They advise and never end a project. Sources: classification change, Zhu, Wang and Hovy 2008;
the interval rule is the confidence interval of the random checks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

#: Rounds that a rule looks back on.
WINDOW = 3
#: Predictions are settled when less than this share of them changes from round to round.
SETTLED_SHARE = 0.01
#: Accuracy is known well enough within this many points on either side.
NARROW = 0.03

Says = Literal["continue", "stop", "unknown"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Vote:
    """One rule's opinion and its reason."""

    rule: str
    says: Says
    because: str


def vote(rounds: Sequence[Mapping[str, Any]], *, n_labeled: int, n: int) -> list[Vote]:
    """Return every rule's vote on the results of the finished rounds, oldest first."""
    return [_settled(rounds), _plateau(rounds), _exhausted(n_labeled, n)]


def advises_stop(votes: Sequence[Vote]) -> bool:
    """Return whether to stop: the pool is labeled, or all rules that know say so."""
    by_rule = {each.rule: each.says for each in votes}
    if by_rule.get("pool_labeled") == "stop":
        return True
    return by_rule.get("settled_predictions") == by_rule.get("flat_curve") == "stop"


def _settled(rounds: Sequence[Mapping[str, Any]]) -> Vote:
    rule = "settled_predictions"
    changed = [r["changed_share"] for r in rounds if r.get("changed_share") is not None][-WINDOW:]
    if len(changed) < WINDOW:
        return Vote(
            rule=rule, says="unknown", because=f"This rule needs {WINDOW + 1} finished rounds."
        )
    worst = max(changed)
    says: Says = "stop" if worst < SETTLED_SHARE else "continue"
    verb = "hardly change any more" if says == "stop" else "still change"
    return Vote(
        rule=rule,
        says=says,
        because=f"The model's answers {verb}: up to {100 * worst:.1f} % of them a round.",
    )


def _plateau(rounds: Sequence[Mapping[str, Any]]) -> Vote:
    rule = "flat_curve"
    points = [r["accuracy"] for r in rounds if r.get("accuracy")]
    if len(points) <= WINDOW:
        return Vote(rule=rule, says="unknown", because="There are too few random checks so far.")
    last, earlier = points[-1], points[-1 - WINDOW]
    width = (last["high"] - last["low"]) / 2
    gain = last["value"] - earlier["value"]
    if width > NARROW:
        return Vote(
            rule=rule,
            says="continue",
            because=f"Accuracy is known only within {100 * width:.0f} points on either side.",
        )
    says: Says = "stop" if gain <= width else "continue"
    return Vote(
        rule=rule,
        says=says,
        because=f"The last {WINDOW} rounds changed accuracy by {100 * gain:+.1f} points, "
        f"known within {100 * width:.1f}.",
    )


def _exhausted(n_labeled: int, n: int) -> Vote:
    done = n > 0 and n_labeled >= n
    return Vote(
        rule="pool_labeled",
        says="stop" if done else "continue",
        because="Every sample is labeled." if done else f"{n - n_labeled:,} samples are unlabeled.",
    )
