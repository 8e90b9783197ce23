"""TF-IDF features of texts, fitted once and written chunk by chunk."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from jupyterlab_al.datasets.bundles import as_text
from jupyterlab_al.datasets.features_writer import CsrWriter
from jupyterlab_al.datasets.reading import BATCH_ROWS
from jupyterlab_al.datasets.record import VECTORIZER
from jupyterlab_al.datasets.stored_table import StoredTable
from jupyterlab_al.datasets.values import python_values
from jupyterlab_al.domain.errors import InvalidDatasetError

if TYPE_CHECKING:
    import pyarrow as pa
    from sklearn.feature_extraction.text import TfidfVectorizer

#: Texts that the vocabulary and the document frequencies come from, spread over the pool.
FIT_TEXTS = 200_000
MAX_TERMS = 50_000
#: Pairs of words help with few texts; with many they cost more than they bring.
PAIRS_UP_TO = 50_000
#: Characters of a text that are learned from.
READ_CHARACTERS = 20_000

_NO_SPACES = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")


def write_text_features(
    table: StoredTable,
    columns: Sequence[str],
    folder: Path,
    report: Callable[[float], None],
    *,
    batch_rows: int = BATCH_ROWS,
) -> tuple[int, int]:
    """Write TF-IDF features as CSR parts (float32) into `folder`.

    Returns
    -------
    n_features, n_empty
        Number of terms, and of samples whose text is empty (their rows are zeros).

    Raises
    ------
    InvalidDatasetError
        If no sample has any text.
    """
    step = table.step_for(FIT_TEXTS, batch_rows)
    vectorizer = _fitted([text for texts in _texts(table, columns, step) for text in texts])
    _write_vectorizer(vectorizer, folder / VECTORIZER)
    report(0.3)
    n_empty = 0
    with CsrWriter(folder) as rows:
        for n, texts in enumerate(_texts(table, columns, 1), start=1):
            n_empty += sum(not text.strip() for text in texts)
            X = vectorizer.transform(texts)
            X.sort_indices()
            rows.append(X)
            report(0.3 + 0.7 * n / table.n_batches)
    return len(vectorizer.vocabulary_), n_empty


def _write_vectorizer(vectorizer: TfidfVectorizer, path: Path) -> None:
    """Write down how texts become numbers, so that others can do it to other texts.

    As plain JSON: terms by their column, their weights, and what scikit-learn's class is made with.
    """
    options = ("analyzer", "ngram_range", "sublinear_tf", "min_df", "max_features")
    described = {
        "class": "sklearn.feature_extraction.text.TfidfVectorizer",
        "options": {name: getattr(vectorizer, name) for name in options},
        "terms": vectorizer.get_feature_names_out().tolist(),
        "idf": vectorizer.idf_.tolist(),
    }
    path.write_text(json.dumps(described), encoding="utf-8")


def read_vectorizer(path: Path) -> TfidfVectorizer:
    """Return the vectorizer that was written to `path`, ready to transform further texts."""
    from jupyterlab_al.client.vectorizers import vectorizer

    made: TfidfVectorizer = vectorizer(json.loads(path.read_text(encoding="utf-8")))
    return made


def texts_of(batch: pa.RecordBatch) -> list[str]:
    """Return the text of each row: that of its columns, joined."""
    return [" ".join(parts) for parts in zip(*map(_column, batch.columns), strict=True)]


def _texts(table: StoredTable, columns: Sequence[str], step: int) -> Iterator[list[str]]:
    for batch in table.batches(columns, step=step):
        yield texts_of(batch)


def _column(values: pa.Array) -> list[str]:
    import pyarrow.compute as pc
    import pyarrow.types as kinds

    if kinds.is_string(values.type) or kinds.is_large_string(values.type):
        short = pc.utf8_slice_codeunits(values, 0, READ_CHARACTERS)
        return [text or "" for text in short.to_pylist()]
    return [as_text(value)[:READ_CHARACTERS] for value in python_values(values)]


def _fitted(texts: list[str]) -> TfidfVectorizer:
    filled = [text for text in texts if text.strip()]
    if not filled:
        raise InvalidDatasetError(
            "All texts are empty, so there is nothing to learn from; choose another column."
        )
    n = len(filled)
    words: dict[str, Any] = {
        "min_df": 1 if n < 200 else 2 if n < 20_000 else 5,
        "ngram_range": (1, 2) if n <= PAIRS_UP_TO else (1, 1),
    }
    if not _has_no_spaces(filled):
        try:
            return _vectorizer(**words).fit(filled)
        except ValueError:
            # No word is left: signs, numbers of one digit, words that never come twice.
            pass
    try:
        return _vectorizer(analyzer="char", ngram_range=(1, 2), min_df=min(2, n)).fit(filled)
    except ValueError:
        return _vectorizer(analyzer="char", ngram_range=(1, 2)).fit(filled)


def _vectorizer(**options: Any) -> TfidfVectorizer:
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(sublinear_tf=True, dtype=np.float32, max_features=MAX_TERMS, **options)


def _has_no_spaces(texts: list[str]) -> bool:
    """Return whether most texts are in a script that does not part words with spaces."""
    some = texts[:: max(1, len(texts) // 500)]
    return sum(len(_NO_SPACES.findall(text)) > len(text) / 3 for text in some) > len(some) / 2
