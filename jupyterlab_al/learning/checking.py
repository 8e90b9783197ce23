"""Say whether an estimator, and a strategy, may be used.

``python -m jupyterlab_al.learning.checking`` answers for a server that imports no scikit-learn and
loads no file of others: it reads ``{"import", "params", "allowed"}`` or ``{"skops": path,
"allowed", "memory"}`` (and ``"strategy": {"name", "params"}`` with ``"multi_label"`` if that is to
be checked too) as JSON from stdin and prints ``{"ok": true}``, for a file with ``"description"``,
or ``{"error", "message"}``.
"""

from __future__ import annotations

import json
import resource
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from jupyterlab_al.domain.errors import ActiveLearningError, InvalidEstimatorError, MalformedError
from jupyterlab_al.domain.import_paths import ALLOWED
from jupyterlab_al.learning import uploaded
from jupyterlab_al.learning.spec import EstimatorSpec, check


def _answer(text: str) -> dict[str, Any]:
    """Return the reply to one request."""
    answer: dict[str, Any] = {"ok": True}
    try:
        request = json.loads(text)
        if not isinstance(request, dict):
            raise MalformedError("The request must be a JSON object.")
        allowed = tuple(request.get("allowed", ALLOWED))
        if "skops" in request:
            answer["description"] = _uploaded(request, allowed)
        else:
            described = {key: request[key] for key in ("import", "params") if key in request}
            check(EstimatorSpec.from_json(described), allowed)
        if "strategy" in request:
            from jupyterlab_al.strategies.registry import create

            given = request["strategy"]
            create(given["name"], given.get("params", {})).require_usable(
                multi_label=bool(request.get("multi_label"))
            )
    except json.JSONDecodeError as error:
        return {"error": MalformedError.word, "message": f"The request is not JSON: {error}"}
    except ActiveLearningError as error:
        return {"error": error.word, "message": error.message}
    except MemoryError:
        message = "The estimator needs too much memory to be read."
        return {"error": InvalidEstimatorError.word, "message": message}
    return answer


def _uploaded(request: dict[str, Any], allowed: tuple[str, ...]) -> str:
    """Return what an uploaded file holds, with no more memory than the request says."""
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    if request.get("memory"):
        resource.setrlimit(resource.RLIMIT_AS, (int(request["memory"]), hard))
    return uploaded.checked(Path(request["skops"]), allowed)


def main() -> None:
    """Answer one request from stdin on stdout."""
    # What an imported module prints must not end up in the reply.
    with redirect_stdout(sys.stderr):
        reply = _answer(sys.stdin.read())
    sys.stdout.write(json.dumps(reply) + "\n")


if __name__ == "__main__":
    main()
