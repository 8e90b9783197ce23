#!/usr/bin/env bash
# Build the wheel from clean, check what it carries, and run it in an environment without Node.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A development bundle would be taken for an up-to-date one, so it goes first.
jlpm clean:labextension
python -m build --wheel --no-isolation --outdir "$work/dist" . >"$work/build.log" 2>&1 ||
  { tail -50 "$work/build.log"; exit 1; }

wheel=$(ls "$work"/dist/*.whl)
python - "$wheel" <<'PY'
import os
import sys
import zipfile

names = zipfile.ZipFile(sys.argv[1]).namelist()
assert any(n.endswith("labextensions/jupyterlab_al/package.json") for n in names), "no labextension"
assert any("remoteEntry" in n for n in names), "no bundle"
assert "jupyterlab_al/client/static/labeling.js" in names, "no view for notebooks"
assert "jupyterlab_al/client/static/labeling.css" in names, "no styles for notebooks"
assert any("jupyter_server_config.d/jupyterlab_al.json" in n for n in names), "not enabled"
assert not any(n.endswith(".map") for n in names), "source maps in the wheel"
size = os.path.getsize(sys.argv[1])
assert size < 1_500_000, f"the wheel has {size:,} bytes"
print(f"wheel: {size:,} bytes, {len(names)} files")
PY

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet "$wheel"
# No Node on the way, and none is needed.
cd "$work"
without_node=(env -i "PATH=$work/venv/bin:/bin" "HOME=$work")
"${without_node[@]}" jupyter-al doctor
"${without_node[@]}" jupyter labextension list 2>&1 | grep "jupyterlab_al.*enabled.*OK"
"${without_node[@]}" jupyter server extension list 2>&1 | grep "jupyterlab_al.*OK"
echo "wheel: installs and runs without Node"
