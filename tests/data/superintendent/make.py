"""Makes the data beside it, with the queue of superintendent 0.6.0 itself.

It needs Python 3.10 and superintendent==0.6.0 sqlmodel==0.0.8 "SQLAlchemy<2" "numpy<2" "pandas<2"
"scikit-learn==1.1.*" "ipywidgets<8". Give it the address of a database and what to put there:
`python make.py sqlite:///texts.sqlite texts`. `texts.sql` is what it put into
PostgreSQL, by `pg_dump --inserts --no-owner`, without the settings of the session.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pandas as pd

TEXTS = [
    "The zipper broke after two days.",
    "I would buy from them again.",
    "Größe in Ordnung, „warm“ \N{SNOWMAN}",
    '=HYPERLINK("http://nowhere")',
    "Arrived late and broken.",
    "Lovely colors, warm and soft.",
]
ROWS = pd.DataFrame({"weight": [1.5, 2.0, 0.5], "color": ["red", "blue", "red"]})
ARRAYS = np.arange(4 * 8 * 8, dtype=float).reshape(4, 8, 8)


def the_queue(url: str, **settings: Any) -> Any:
    """Return superintendent's own queue."""
    # Inside, so that tests can look at this module without it.
    from superintendent.db_queue import DatabaseQueue

    return DatabaseQueue(url, **settings)


def label(url: str, answers: dict[int, object], worker: str) -> None:
    """Answer the next samples as a person does; None is an answer that is taken back."""
    queue = the_queue(url, worker_id=worker)
    for number, answer in answers.items():
        popped, _data = queue.pop()
        assert popped == number
        queue.submit(popped, answer or "wrong")
        if answer is None:
            queue.undo()


def main(url: str, what: str) -> None:
    """Fill the queue and label some of it."""
    queue = the_queue(url)
    if what == "texts":
        # The last sample is labeled from the start; nobody is named as its annotator.
        queue.enqueue(TEXTS, labels=[None] * 5 + ["positive"])
        queue.reorder({n: n for n in range(1, 7)})
        label(url, {1: "negative", 2: "positive"}, "ann")
        label(url, {3: "positive"}, "bob")
        label(url, {4: None}, "bob")
    elif what == "rows":
        queue.enqueue(ROWS)
        queue.reorder({n: n for n in range(1, 4)})
        label(url, {1: ["warm", "red"], 2: ["cold"]}, "ann")
    else:
        queue.enqueue(ARRAYS)
        queue.reorder({n: n for n in range(1, 5)})
        label(url, {1: "low"}, "ann")


if __name__ == "__main__":
    main(*sys.argv[1:])
