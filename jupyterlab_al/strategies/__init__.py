"""Query strategies: which candidates teach the estimator most.

Importing this package is cheap; scikit-learn is imported when a strategy is made
(`jupyterlab_al.strategies.registry`).
"""

from __future__ import annotations

from jupyterlab_al.strategies.names import names

__all__ = ["names"]
