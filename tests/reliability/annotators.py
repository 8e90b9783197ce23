"""Several people who label at once while something is killed, and the account of their labels."""

from __future__ import annotations

import threading
import time
from collections import Counter
from typing import Any, Self

from tests.reliability.served import Annotator, Served
from tests.waiting import until


class Annotators:
    """People who label at once, each in a thread of their own, until the block ends.

    While the server is `away` they send the same answer again, as a browser does.
    """

    def __init__(self, served: Served, project: str, n: int, *, away: type[Exception]) -> None:
        self._served = served
        self._project = project
        self._people = [Annotator(served, project) for _ in range(n)]
        self._threads = [
            threading.Thread(target=self._label, args=(each,)) for each in self._people
        ]
        self._away = away
        self._stop = threading.Event()
        #: What they met while the server was away.
        self.met: list[Exception] = []
        self._errors: list[BaseException] = []

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def wait_for_labels(self, n: int) -> None:
        """Wait until so many labels are acknowledged."""
        until(lambda: sum(len(each.acknowledged) for each in self._people) >= n)

    def check_account(self) -> None:
        """See that every acknowledged label is stored once, and no sample was labeled twice."""
        stored = self._stored()
        by_key = {item["key"]: item["sample_id"] for item in stored}
        acknowledged = {
            key: sample_id for each in self._people for key, sample_id in each.acknowledged.items()
        }
        assert self._errors == []
        # Every acknowledged label is there, once, and as it was sent.
        assert acknowledged == {key: by_key.get(key) for key in acknowledged}
        assert len(by_key) == len(stored)
        # What nobody was told of is at most the last answer of each annotator.
        assert len(stored) - len(acknowledged) <= len(self._people)
        # No sample was handed to two people.
        assert [sample_id for sample_id, n in Counter(by_key.values()).items() if n > 1] == []

    def _label(self, annotator: Annotator) -> None:
        while not self._stop.is_set():
            try:
                annotator.label()
            except self._away as error:
                self.met.append(error)
                time.sleep(0.05)
            except BaseException as error:
                self._errors.append(error)
                raise

    def _stored(self) -> list[dict[str, Any]]:
        """Return every annotation, page by page."""
        stored: list[dict[str, Any]] = []
        after: str | None = "0"
        while after is not None:
            path = f"projects/{self._project}/annotations?limit=1000&after={after}"
            page = self._served.request("GET", path)
            stored += page["annotations"]
            after = page["next"]
        return stored
