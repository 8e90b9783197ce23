"""Write `src/api/types.ts` from the pydantic models in `jupyterlab_al/handlers/schemas`.

`--check` writes nothing and fails when the file differs from what would be written.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from pydantic.json_schema import models_json_schema

from jupyterlab_al.handlers import schemas

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "src" / "api" / "types.ts"
COMPILER = ROOT / "scripts" / "json_schema_to_ts.mjs"


def wire_models() -> list[type[schemas.Wire]]:
    """Return every body that the package defines."""
    found = [getattr(schemas, name) for name in schemas.__all__]
    return [
        model
        for model in found
        if isinstance(model, type)
        and issubclass(model, schemas.Wire)
        and model not in (schemas.Wire, schemas.Reply)
    ]


def without_titles(node: Any, *, names_of_fields: bool = False) -> Any:
    """Drop the titles that pydantic gives to fields, so that no type is named after one."""
    if isinstance(node, list):
        return [without_titles(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: without_titles(value, names_of_fields=key in {"properties", "$defs"})
        for key, value in node.items()
        if names_of_fields or key != "title" or not isinstance(value, str)
    }


def document() -> dict[str, Any]:
    """Return one JSON schema with a definition for each body.

    Replies are described as they are written (each field is there), requests as they are read
    (fields with a default may be left out).
    """
    pairs = [
        (model, "serialization" if issubclass(model, schemas.Reply) else "validation")
        for model in wire_models()
    ]
    _, schema = models_json_schema(pairs, by_alias=True)  # type: ignore[arg-type]
    text = json.dumps(without_titles(schema["$defs"]))
    for model in wire_models():
        text = text.replace(f'"#/$defs/{model.__name__}"', f'"#/$defs/I{model.__name__}"')
    definitions = {f"I{name}": body for name, body in json.loads(text).items()}
    return {"$defs": definitions}


def generate() -> str:
    """Return the text of `types.ts`."""
    done = subprocess.run(
        ["node", str(COMPILER)],  # noqa: S607
        input=json.dumps(document()),
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    if done.returncode != 0:
        raise SystemExit(done.stderr)
    return done.stdout


def main() -> int:
    """Write the file, or compare with it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail when the file is out of date")
    arguments = parser.parse_args()
    text = generate()
    if not arguments.check:
        TARGET.write_text(text, encoding="utf-8")
        return 0
    if TARGET.read_text(encoding="utf-8") == text:
        return 0
    print("src/api/types.ts differs from jupyterlab_al/handlers/schemas: run `jlpm types`")
    return 1


if __name__ == "__main__":
    sys.exit(main())
