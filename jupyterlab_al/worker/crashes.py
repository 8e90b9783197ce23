"""When to start a worker again that ended by itself, and when to leave it."""

from __future__ import annotations

from collections import deque

#: Longest pause before a start, in seconds.
LONGEST_PAUSE = 60.0
#: So many crashes within so many seconds are enough.
ENOUGH = 5
WINDOW = 600.0


class Crashes:
    """The crashes of the last ten minutes; `first_pause` is that after the first, in seconds."""

    def __init__(self, *, first_pause: float = 1.0) -> None:
        self._first_pause = first_pause
        self._times: deque[float] = deque(maxlen=ENOUGH)

    def add(self, now: float) -> None:
        """Note a crash."""
        self._times.append(now)

    def are_enough(self, now: float) -> bool:
        """Return whether starting again would only repeat it."""
        return len(self._times) == ENOUGH and now - self._times[0] < WINDOW

    def next_start(self, now: float) -> float:
        """Return when to start again: each pause is twice the one before, up to a minute."""
        recent = [time for time in self._times if now - time < WINDOW]
        if not recent:
            return now
        return recent[-1] + min(LONGEST_PAUSE, self._first_pause * 2.0 ** (len(recent) - 1))
