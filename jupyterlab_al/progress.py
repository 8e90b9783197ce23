"""Progress bars, in notebooks and in terminals."""

from __future__ import annotations

import warnings
from typing import Any


def progress_bar(**options: Any) -> Any:
    """Return a bar of tqdm; a notebook without ipywidgets gets one of text, and no warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from tqdm.auto import tqdm
    return tqdm(**options)
