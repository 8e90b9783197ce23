"""What is to be said of learning curves: a table, paired comparisons, a picture."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyterlab_al.domain.errors import InvalidSettingError

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


def summary(curves: pd.DataFrame, *, against: str | None = None) -> pd.DataFrame:
    """Return what each strategy was worth, and how it compares with one of them, seed by seed.

    Parameters
    ----------
    curves : DataFrame
        What `simulate` returned.
    against : str, optional
        The strategy to compare with; by default the last one.

    Returns
    -------
    DataFrame
        One row a strategy: `accuracy` at the end of the budget and `area` (mean over the curve),
        each with its standard error `…_se` over the seeds, and the paired differences to
        `against`: `difference` (accuracy), `area_difference`, with theirs.
    """
    import pandas as pd

    by = [name for name in ("estimator", "strategy") if name in curves.columns]
    strategies = list(dict.fromkeys(curves["strategy"]))
    other = strategies[-1] if against is None else against
    if other not in strategies:
        raise InvalidSettingError(
            f"There is no curve of {other!r} to compare with; there are {', '.join(strategies)}."
        )
    last = curves["n_labels"].max()
    values = pd.DataFrame(
        {
            "accuracy": curves[curves["n_labels"] == last]
            .groupby([*by, "seed"])["accuracy"]
            .mean(),
            "area": curves.groupby([*by, "seed"])["accuracy"].mean(),
        }
    )
    base = values.xs(other, level="strategy")
    rows = {}
    for key, own in values.groupby(level=by, sort=False):
        paired = own.droplevel("strategy") - base
        differences = paired.dropna().rename(
            columns={"accuracy": "difference", "area": "area_difference"}
        )
        both = {**own, **differences}
        rows[key if len(by) > 1 else key[0]] = {
            **{name: column.mean() for name, column in both.items()},
            **{f"{name}_se": column.sem() for name, column in both.items()},
        }
    table = pd.DataFrame.from_dict(rows, orient="index")
    order = strategies if len(by) == 1 else list(table.index)
    names = ("accuracy", "area", "difference", "area_difference")
    return table.loc[order, [part for name in names for part in (name, f"{name}_se")]]


def plot(curves: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw mean accuracy by labels, with a band of one standard error; return the axes.

    Parameters
    ----------
    curves : DataFrame
        What `simulate` returned.
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default in a new figure.

    Raises
    ------
    InvalidSettingError
        If matplotlib is not installed.
    """
    if ax is None:
        ax = _matplotlib("pyplot").subplots(layout="constrained")[1]
    by = [name for name in ("estimator", "strategy") if name in curves.columns]
    for key, of in curves.groupby(by, sort=False):
        grouped = of.groupby("n_labels")["accuracy"]
        mean, band = grouped.mean(), grouped.sem().fillna(0.0)
        name = " · ".join(map(str, key))
        ax.plot(mean.index, mean, label=name)
        ax.fill_between(mean.index, mean - band, mean + band, alpha=0.2, linewidth=0)
    ax.set_xlabel("labels")
    ax.set_ylabel("accuracy on the test split")
    ax.legend()
    return ax


def draw(curves: pd.DataFrame, path: Path) -> None:
    """Write the drawing of `plot` to a file; its ending tells the format."""
    # Not of pyplot, which would look for a screen.
    figure = _matplotlib("figure").Figure(figsize=(6.4, 4), layout="constrained")
    plot(curves, figure.subplots())
    figure.savefig(path)


def _matplotlib(part: str) -> Any:
    try:
        return import_module(f"matplotlib.{part}")
    except ImportError as error:
        raise InvalidSettingError(
            "Drawing needs matplotlib: pip install 'jupyterlab_al[plot]'."
        ) from error
