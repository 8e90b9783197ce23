"""What the setting `executor` can be."""

from __future__ import annotations

import pytest
from traitlets import TraitError

from jupyterlab_al.installation import Installation


@pytest.mark.parametrize(
    "name", ["local", "processes", "processes:4", "tls://scheduler:8786", "tcp://127.0.0.1:8786"]
)
def test_it_is_taken(name: str) -> None:
    """In this process, in several, or on a Dask cluster."""
    assert Installation(executor=name).executor == name


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("cluster", "use local, processes"),
        ("processes:0", "use local, processes"),
        ("http://scheduler", "use local, processes"),
        ("tcp://scheduler:8786", "without encryption"),
    ],
)
def test_it_is_refused(name: str, words: str) -> None:
    """A network is crossed with encryption only, and nonsense is named."""
    with pytest.raises(TraitError, match=words):
        Installation(executor=name)
