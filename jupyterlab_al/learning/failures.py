"""Whatever goes wrong in a round, in words a person can act on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from jupyterlab_al.domain.errors import ActiveLearningError, RoundFailedError

_LONGEST = 500


@contextmanager
def failing_as(doing: str, advice: str) -> Iterator[None]:
    """Turn any exception of the block into a RoundFailedError.

    Parameters
    ----------
    doing : str
        What was going on, as the start of a sentence: "Fitting LogisticRegression".
    advice : str
        A sentence that says what to try.
    """
    try:
        yield
    except RoundFailedError:
        raise
    except ActiveLearningError as error:
        raise RoundFailedError(error.message) from error
    except MemoryError as error:
        raise RoundFailedError(
            f"{doing} ran out of memory. Choose a smaller estimator, or raise memory_limit."
        ) from error
    except Exception as error:
        said = " ".join(str(error).split()) or "no message"
        if len(said) > _LONGEST:
            said = f"{said[:_LONGEST]}…"
        raise RoundFailedError(
            f"{doing} failed: {type(error).__name__}: {said.rstrip('.')}. {advice}"
        ) from error
