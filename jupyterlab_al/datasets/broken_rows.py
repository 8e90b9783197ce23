"""Rows of a file that could not be read: named, and few enough to go on without them."""

from __future__ import annotations

from collections import deque

from jupyterlab_al.domain.errors import InvalidDatasetError

#: A file of which more than one row in so many is broken is not what it seems to be.
ONE_IN = 5
#: Rows after which that can be judged before the end.
JUDGED_FROM = 1000
#: Rows that are named.
NAMED = 5


class BrokenRows:
    """Broken rows of one reading; each keeps its place as a sample without values."""

    def __init__(self, name: str, word: str) -> None:
        """Count the broken rows of the file `name`; `word` is what its rows are called."""
        self._name = name
        self._word = word
        self.clear()

    def clear(self) -> None:
        """Forget all, before the file is read again."""
        self.count = 0
        #: Places among the samples that have yet to be filled, ascending.
        self.places: deque[int] = deque()
        self._numbers: list[int] = []
        self._first: InvalidDatasetError | None = None

    def add(self, number: int, error: InvalidDatasetError, *, place: int | None = None) -> None:
        """Count a row, counted from 1 as a person does, and what is wrong with it."""
        self.count += 1
        if place is not None:
            self.places.append(place)
        if self._first is None:
            self._first = error
        if len(self._numbers) < NAMED:
            self._numbers.append(number)

    def check(self, n_rows: int, *, at_end: bool = False) -> None:
        """Refuse the file when too many of the rows read so far are broken.

        Raises
        ------
        InvalidDatasetError
            What is wrong with the first of them.
        """
        is_judged = at_end or n_rows >= JUDGED_FROM
        if self._first is not None and is_judged and self.count * ONE_IN > n_rows:
            raise self._first

    def error(self) -> InvalidDatasetError:
        """Return what to say where no row may be missing."""
        word = self._word if self.count == 1 else f"{self._word}s"
        why = self._first.message if self._first else ""
        return InvalidDatasetError(
            f"{self.count:,} {word} of {self._name} can't be read, so nothing was taken. {why}"
        )

    def sentences(self) -> list[str]:
        """Return what a person should know."""
        if self._first is None:
            return []
        numbers = ", ".join(f"{number:,}" for number in self._numbers)
        more = ", …" if self.count > len(self._numbers) else ""
        which = (
            f"1 {self._word} of {self._name} can't be read and is"
            if self.count == 1
            else f"{self.count:,} {self._word}s of {self._name} ({numbers}{more}) can't be read "
            "and are"
        )
        return [
            f"{which} kept without values: skip such samples when they come, or correct the file "
            f"and make the project again. {self._first.message}"
        ]
