"""The estimator's side of the loop: fit, evaluate, score, rank, keep.

Nothing is imported here: a server reads `learning.spec` without paying for scikit-learn.
"""

from __future__ import annotations
