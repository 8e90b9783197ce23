"""Estimators that behave badly; the worker's tests put this folder on its import path."""

from __future__ import annotations

import ctypes
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.dummy import DummyClassifier


class Good(DummyClassifier):
    """Learns nothing and does no harm."""


class _Bad(ClassifierMixin, BaseEstimator):
    """Misbehaves when fitted."""

    def fit(self, X: Any, y: Any) -> Self:
        """Misbehave, then count the classes."""
        self.misbehave()
        self.classes_ = np.unique(y)
        return self

    def misbehave(self) -> None:
        """Do what the class is named after."""

    def predict_proba(self, X: Any) -> Any:
        """Return the same for each class."""
        return np.full((X.shape[0], len(self.classes_)), 1 / len(self.classes_))

    def predict(self, X: Any) -> Any:
        """Return the first class."""
        return np.full(X.shape[0], self.classes_[0])


class Raises(_Bad):
    """Raises an exception."""

    def misbehave(self) -> None:
        """Raise."""
        raise ValueError("the moon is in the wrong house")


class Exits(_Bad):
    """Ends the interpreter."""

    def misbehave(self) -> None:
        """Exit."""
        sys.exit("bye")


class Leaves(_Bad):
    """Ends the process without a word."""

    def misbehave(self) -> None:
        """Exit at once."""
        os._exit(7)


class Segfaults(_Bad):
    """Reads where nothing is."""

    def misbehave(self) -> None:
        """Crash."""
        ctypes.string_at(0)


class IsKilled(_Bad):
    """Dies as if the system had run out of memory."""

    def misbehave(self) -> None:
        """Kill this process."""
        os.kill(os.getpid(), signal.SIGKILL)


class EatsMemory(_Bad):
    """Asks for more memory than the limit of the tests."""

    def misbehave(self) -> None:
        """Take 64 GiB."""
        np.ones(2**33)


class GivesNan(_Bad):
    """Gives probabilities that are no numbers."""

    def predict_proba(self, X: Any) -> Any:
        """Return NaN."""
        return np.full((X.shape[0], len(self.classes_)), np.nan)


class GivesAnotherShape(_Bad):
    """Gives probabilities for a class too many."""

    def predict_proba(self, X: Any) -> Any:
        """Return a column too many."""
        return np.full((X.shape[0], len(self.classes_) + 1), 0.1)


class ForgetsAClass(_Bad):
    """Knows only the first of the classes that it was fitted on."""

    def fit(self, X: Any, y: Any) -> Self:
        """Forget the others."""
        self.classes_ = np.unique(y)[:1]
        return self


class Hangs(_Bad):
    """Never comes back; says so in a file, if one is named."""

    def __init__(self, path: str | None = None) -> None:
        self.path = path

    def misbehave(self) -> None:
        """Sleep."""
        if self.path is not None:
            Path(self.path).write_text(str(os.getpid()))
        time.sleep(1000)


class HangsOnce(Hangs):
    """Never comes back the first time it is fitted."""

    def misbehave(self) -> None:
        """Sleep unless the file is there."""
        assert self.path is not None
        if not Path(self.path).exists():
            super().misbehave()


class HoldsTheLock(Hangs):
    """Never comes back and never lets another thread run, like compiled code that hangs."""

    def misbehave(self) -> None:
        """Sleep in C with the interpreter's lock."""
        assert self.path is not None
        Path(self.path).write_text(str(os.getpid()))
        ctypes.PyDLL(None).sleep(1000)


class IgnoresTerm(Hangs):
    """Never comes back and ignores SIGTERM."""

    def misbehave(self) -> None:
        """Ignore and sleep."""
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        super().misbehave()


class StartsAProcess(_Bad):
    """Starts a process of its own that would outlive it."""

    def __init__(self, path: str) -> None:
        self.path = path

    def misbehave(self) -> None:
        """Start and hang."""
        started = subprocess.Popen([shutil.which("sleep") or "sleep", "1000"])
        Path(self.path).write_text(str(started.pid))
        time.sleep(1000)


class Chatters(_Bad):
    """Prints what a worker says to its supervisor, and reads what is meant for the worker."""

    def misbehave(self) -> None:
        """Print and read."""
        sys.stdout.write('{"state": "broken"}\n')
        sys.stdout.flush()
        sys.stdin.read()


class Spies(_Bad):
    """Writes down what its process is like."""

    def __init__(self, path: str) -> None:
        self.path = path

    def misbehave(self) -> None:
        """Look around."""
        found = {
            "pid": os.getpid(),
            "fork_server": os.getppid(),
            "niceness": os.nice(0),
            "oom_score": int(Path("/proc/self/oom_score_adj").read_text()),
            "address_space": resource.getrlimit(resource.RLIMIT_AS)[0],
            "core": resource.getrlimit(resource.RLIMIT_CORE)[0],
            "term": signal.getsignal(signal.SIGTERM) == signal.SIG_DFL,
            "argv": sys.argv,
            "environ": dict(os.environ),
            "threads": os.environ.get("OPENBLAS_NUM_THREADS"),
        }
        Path(self.path).write_text(json.dumps(found))


def word_counts(texts: list[str]) -> np.ndarray:
    """Return the length and the number of words of each text: a model that behaves well."""
    return np.array([[len(text), len(text.split())] for text in texts])


def hangs_on_texts(texts: list[str]) -> np.ndarray:
    """Never give features; say that it was asked in the file that the first text names."""
    Path(texts[0]).write_text(str(os.getpid()))
    time.sleep(600)
    return word_counts(texts)
