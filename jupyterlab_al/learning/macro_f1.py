"""How well the classes are known on average, where a sample can have several."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from jupyterlab_al.domain.interval import Interval, wilson_of_estimate


def macro_f1(
    predicted: Sequence[set[str]], truth: Sequence[set[str]], *, classes: Sequence[str]
) -> Interval | None:
    """Return the mean F1 of the classes; None where no check is of any, or is given any.

    A check tells of several classes at once, and its errors come together. The variance is
    therefore that of the jackknife [1]_, which leaves out one check at a time with all its classes.
    Intervals that took the classes as independent held the true value in 58 to 95 of 100
    simulations, these ones in 92 to 96 (2 to 10 classes; 50 and 200 checks).

    Parameters
    ----------
    predicted, truth : sequence of set of str
        Labels of each random check.
    classes : sequence of str
        Of the project; those that neither occur in a check nor are given to one are left out.

    Returns
    -------
    Interval or None
        95 %; its `n` counts all checks.

    References
    ----------
    .. [1] Efron, B., & Stein, C. (1981). The jackknife estimate of variance. The Annals of
       Statistics, 9(3), 586-596.

    Examples
    --------
    >>> found = macro_f1([{"rock"}, {"rock"}], [{"rock"}, {"pop"}], classes=["rock", "pop", "folk"])
    >>> round(found.value, 3), found.n
    (0.333, 2)
    """
    known = set(classes)
    pairs = [(p & known, t & known) for p, t in zip(predicted, truth, strict=True)]
    counts = _Counts(pairs)
    if not counts.f1:
        return None
    n = len(pairs)
    value = counts.mean()
    without = [counts.mean_without(p, t) for p, t in pairs]
    center = sum(without) / n
    variance = (n - 1) / n * sum((each - center) ** 2 for each in without)
    telling = sum(bool(p or t) for p, t in pairs)
    return replace(wilson_of_estimate(value, variance, telling), n=n)


class _Counts:
    """How often each class was right and wrong, and what that makes of its F1."""

    def __init__(self, pairs: Sequence[tuple[set[str], set[str]]]) -> None:
        self._right = Counter(name for p, t in pairs for name in p & t)
        self._wrong = Counter(name for p, t in pairs for name in p ^ t)
        #: Of the classes that checks met.
        self.f1 = {
            name: _f1(self._right[name], self._wrong[name])
            for name in sorted({*self._right, *self._wrong})
        }
        self._total = sum(self.f1.values())

    def mean(self) -> float:
        return self._total / len(self.f1)

    def mean_without(self, predicted: set[str], truth: set[str]) -> float:
        """Return the mean as if one check had not been made."""
        total, n = self._total, len(self.f1)
        for name in sorted(predicted | truth):
            is_right = name in predicted and name in truth
            right, wrong = self._right[name] - is_right, self._wrong[name] - (not is_right)
            total -= self.f1[name]
            if right + wrong:
                total += _f1(right, wrong)
            else:
                n -= 1
        return total / n if n else self.mean()


def _f1(right: int, wrong: int) -> float:
    return 2 * right / (2 * right + wrong)
