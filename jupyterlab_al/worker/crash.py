"""The end of a process in words that a person can act on."""

from __future__ import annotations

import signal

from jupyterlab_al.worker.child import Limits

_FAULT = (
    "This is a fault in compiled code, most likely of the estimator or of a library that does not "
    "fit the others. Choose another estimator, or install matching versions."
)
#: What multiprocessing gives where the fork server could not tell it.
LOST = 255

#: Phases that read a person's files.
READING = ("read", "featurize")
_CHANGED = (
    "crashed its process (bus error), most likely because a file became shorter while it was read. "
    "Write such a file under another name first, and do it again."
)

_WORDS: dict[int, str] = {
    signal.SIGSEGV: f"crashed its process (segmentation fault). {_FAULT}",
    signal.SIGBUS: f"crashed its process (bus error). {_FAULT}",
    signal.SIGABRT: f"aborted its process. {_FAULT}",
    signal.SIGFPE: f"crashed its process (arithmetic fault). {_FAULT}",
    signal.SIGILL: f"crashed its process (a machine instruction is unknown here). {_FAULT}",
    signal.SIGKILL: (
        "was killed, most likely because the machine ran out of memory. Choose a smaller "
        "estimator or fewer features, or a machine with more memory."
    ),
    signal.SIGXCPU: "was ended because it used more processor time than the system allows.",
}
_CRASHES_OF_SMALL_MEMORY = (signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT)


def words(exit_code: int, phase: str, limits: Limits) -> str:
    """Say why a child ended without an answer.

    Parameters
    ----------
    exit_code : int
        Negative: the signal that ended it.
    phase : str
        What it did last.
    limits : Limits
        What it could use; a tight limit is named as a possible cause.
    """
    subject = f"The phase {phase!r}"
    if exit_code == LOST:
        return (
            f"{subject} was lost, because the process that it came from was ended from outside. "
            "Ask for it again."
        )
    if exit_code >= 0:
        return (
            f"{subject} ended its process with exit code {exit_code} and without a result. "
            "Choose another estimator; the log has more."
        )
    number = -exit_code
    said = _CHANGED if number == signal.SIGBUS and phase in READING else _WORDS.get(number)
    if said is None:
        return f"{subject} was ended from outside by the signal {_name(number)}. Ask for it again."
    if limits.memory and number in _CRASHES_OF_SMALL_MEMORY:
        return (
            f"{subject} {said} It may also be that memory_limit "
            f"({limits.memory / 2**20:,.0f} MiB) is too low for it."
        )
    return f"{subject} {said}"


def too_long(seconds: float, phase: str) -> str:
    """Say that the time limit ended a child."""
    return (
        f"It took longer than {seconds:g} seconds and was stopped in the phase {phase!r}. "
        "Choose a faster estimator, or raise time_limit."
    )


def _name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)
