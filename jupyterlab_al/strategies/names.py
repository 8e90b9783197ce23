"""The names of all query strategies, known without importing any of them."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points

#: Third parties register a strategy class under this entry point group.
GROUP = "jupyterlab_al.strategies"

#: What a project gets when it names no strategy.
DEFAULT = "default"

_PACKAGE = "jupyterlab_al.strategies"

#: The strategies that come with the package: name to ``module:class``.
BUILT_IN = {
    DEFAULT: f"{_PACKAGE}.diversity:UncertaintyHerding",
    "margin": f"{_PACKAGE}.uncertainty:MarginSampling",
    "entropy": f"{_PACKAGE}.uncertainty:EntropySampling",
    "least_confidence": f"{_PACKAGE}.uncertainty:LeastConfidence",
    "random": f"{_PACKAGE}.random_sampling:RandomSampling",
    "power_margin": f"{_PACKAGE}.power:PowerMargin",
    "committee": f"{_PACKAGE}.committee:Committee",
    "herding": f"{_PACKAGE}.diversity:Herding",
    "uncertainty_herding": f"{_PACKAGE}.diversity:UncertaintyHerding",
    "badge": f"{_PACKAGE}.diversity:Badge",
    "falcun": f"{_PACKAGE}.diversity:Falcun",
    "density": f"{_PACKAGE}.diversity:Density",
    "typical": f"{_PACKAGE}.typical:Typical",
    "scikit_activeml": f"{_PACKAGE}.scikit_activeml:ScikitActiveml",
    "typical_first": f"{_PACKAGE}.typical:TypicalFirst",
}


def found() -> dict[str, EntryPoint]:
    """Return where each strategy is defined, by name; the built-in ones can't be replaced."""
    others = {point.name: point for point in entry_points(group=GROUP)}
    own = {name: EntryPoint(name, value, GROUP) for name, value in BUILT_IN.items()}
    return own | {name: others[name] for name in sorted(others) if name not in own}


def names() -> tuple[str, ...]:
    """Return the names of all strategies, the default first, without loading any.

    Examples
    --------
    >>> names()[:2]
    ('default', 'margin')
    """
    return tuple(found())
