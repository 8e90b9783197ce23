#!/usr/bin/env bash
# Build the wheel from clean, check what it carries, and run it in an environment without Node.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A development bundle would be taken for an up-to-date one: build from a clean copy.
git ls-files -z | xargs -0 cp --parents -t "$work" 2>/dev/null
cp -r node_modules "$work/node_modules" 2>/dev/null || true
(
  cd "$work"
  git init -q . # the build tools read .gitignore
  jlpm install --immutable >"$work/jlpm.log" 2>&1 || { cat "$work/jlpm.log"; exit 1; }
  python -m build --wheel --no-isolation --outdir "$work/dist" . >"$work/build.log" 2>&1 ||
    { tail -50 "$work/build.log"; exit 1; }
)
wheel=$(ls "$work"/dist/*.whl)
python - "$wheel" <<'PY'
import sys, zipfile, os
names = zipfile.ZipFile(sys.argv[1]).namelist()
assert any(n.endswith("labextensions/jupyterlab_al/package.json") for n in names), "no labextension"
assert any("remoteEntry" in n for n in names), "no bundle"
assert any("jupyter_server_config.d/jupyterlab_al.json" in n for n in names), "not enabled"
assert not any(n.endswith(".map") for n in names), "source maps in the wheel"
size = os.path.getsize(sys.argv[1])
assert size < 1_500_000, f"the wheel has {size:,} bytes"
print(f"wheel: {size:,} bytes, {len(names)} files")
PY
"${PYTHON:-python3}" -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet "$wheel"
# No Node on the way, and none is needed.
cd "$work"
env -i PATH="$work/venv/bin:/bin" HOME="$work" "$work/venv/bin/jupyter-al" doctor
env -i PATH="$work/venv/bin:/bin" HOME="$work" "$work/venv/bin/jupyter" labextension list 2>&1 | grep "jupyterlab_al.*enabled.*OK"
env -i PATH="$work/venv/bin:/bin" HOME="$work" "$work/venv/bin/jupyter" server extension list 2>&1 | grep "jupyterlab_al.*OK"
echo "wheel: installs and runs without Node"
