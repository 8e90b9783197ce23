"""The vectorizer of a project's texts, made again from its description."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def vectorizer(described: Mapping[str, Any]) -> Any:
    """Return the TF-IDF vectorizer that a project's texts went through, ready to transform others.

    Parameters
    ----------
    described : dict
        `options`, `terms` and `idf`, as `GET projects/{name}/vectorizer` gives them.
    """
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer

    options = dict(described["options"])
    options["ngram_range"] = tuple(options["ngram_range"])
    made = TfidfVectorizer(**options, vocabulary=described["terms"], dtype=np.float32)
    made.idf_ = np.array(described["idf"], dtype=np.float32)
    return made
