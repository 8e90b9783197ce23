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


#: Built-in strategies that not every project, or not every installation, can use.
_CHOOSY = {"scikit_activeml"}


def is_choosy(name: str) -> bool:
    """Return whether a strategy has to be asked if a project can use it, which imports it."""
    return name in _CHOOSY or name not in BUILT_IN


def find(name: str) -> EntryPoint | None:
    """Return where a strategy is defined; None if there is none. Built-in ones come first."""
    if name in BUILT_IN:
        # Looking through all that is installed takes longer than many a fit.
        return EntryPoint(name, BUILT_IN[name], GROUP)
    return next(iter(entry_points(group=GROUP, name=name)), None)


def names() -> tuple[str, ...]:
    """Return the names of all strategies, the default first, without loading any.

    Examples
    --------
    >>> names()[:2]
    ('default', 'margin')
    """
    others = {point.name for point in entry_points(group=GROUP)} - set(BUILT_IN)
    return (*BUILT_IN, *sorted(others))
