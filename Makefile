# Two commands do everything: `make demo` shows the product, `make test` proves it.
# Both set up what they need: a virtual environment in .venv, node_modules, and, for the tests,
# Debian's Chromium and PostgreSQL.

PYTHON ?= python3
VENV := $(CURDIR)/.venv
PYTHON310 ?= python3.10
BIN := $(VENV)/bin
export PATH := $(BIN):$(PATH)
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD := 1

.PHONY: help demo test setup lint docs pytest jest galata wheel screenshots bench bench-data clean

help:
	@echo "make demo         JupyterLab with the digits project open, ready to label"
	@echo "make test         everything: linters, site, pytest, Jest, Galata in Chromium, PostgreSQL, wheel"
	@echo "make lint | docs | pytest | jest | galata | wheel    one part of it"
	@echo "make screenshots  take the README's pictures again"
	@echo "make bench        measure speed and label efficiency"

# In a folder of its own, so that trying it leaves nothing behind; containers run as root.
demo: .make/install
	JUPYTERLAB_AL_DATA_DIR=$(CURDIR)/.demo jupyter al demo $(DEMO_OPTIONS) \
	  $(shell [ "$$(id -u)" -ne 0 ] || echo --allow-root)

test: setup lint docs pytest jest galata wheel

setup: .make/system .make/develop

# --- set-up ---------------------------------------------------------------------------

.make/system: scripts/system-packages.sh
	bash scripts/system-packages.sh
	@mkdir -p .make && touch $@

$(BIN)/jlpm:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --upgrade pip
	$(BIN)/pip install --quiet "jupyterlab>=4.6,<5"

.make/node: package.json ui-tests/package.json examples/star-rating/package.json yarn.lock | $(BIN)/jlpm
	jlpm install --immutable
	@mkdir -p .make && touch $@

# For people who try it: built once, without the test tools.
.make/install: pyproject.toml package.json .make/node $(shell find src style schema notebook -type f 2>/dev/null)
	jlpm build:prod
	$(BIN)/pip install --quiet -e .
	jupyter-builder develop . --overwrite
	@mkdir -p .make && touch $@

.make/develop: pyproject.toml package.json .make/node
	jlpm build
	$(BIN)/pip install --quiet -e ".[test,lint,docs]"
	jupyter-builder develop . --overwrite
	@mkdir -p .make && touch $@

# --- checks ---------------------------------------------------------------------------

lint: .make/develop
	ruff check .
	ruff format --check .
	mypy
	lint-imports
	codespell
	jlpm lint:check
	jlpm types:check

# The site, from docs/ and from the code; a warning is an error.
docs: .make/develop
	python -m sphinx -E -W --keep-going -q -b html docs docs/_build/html

pytest: .make/develop
	python -m pytest -n auto --dist loadfile --cov --cov-report=term:skip-covered

jest: .make/develop
	jlpm test

galata: .make/develop
	jlpm build
	jlpm workspace jupyterlab_al_star_rating run build
	jlpm workspace jupyterlab_al-ui-tests run test

wheel: .make/develop
	bash scripts/check-wheel.sh

screenshots: .make/develop
	jlpm build
	jlpm workspace jupyterlab_al-ui-tests run screenshots

bench: .make/develop bench-data
	python -m benchmarks

# Data sets and other libraries to measure against, beside the environment and not in it.
bench-data: .bench/.installed .bench/peers/.installed .bench/superintendent/.installed

.bench/.installed: benchmarks/requirements.txt | $(BIN)/jlpm
	$(BIN)/pip install --quiet --no-deps --upgrade --target .bench -r $<
	@touch $@

# What can't be installed here is left out; the benchmarks say so in their tables.
.bench/peers/.installed: benchmarks/requirements-peers.txt | .bench/.installed
	-$(BIN)/python -m venv .bench/peers && .bench/peers/bin/pip install --quiet -r $< && touch $@

# Where pyenv has Python 3.10, its command runs only when the version is named.
.bench/superintendent/.installed: benchmarks/requirements-superintendent.txt | .bench/.installed
	-PYENV_VERSION="$$(pyenv latest 3.10 2>/dev/null)" $(PYTHON310) -m venv .bench/superintendent && .bench/superintendent/bin/pip install --quiet -r $< && touch $@

clean:
	rm -rf .make .venv node_modules ui-tests/node_modules lib dist docs/_build jupyterlab_al/labextension jupyterlab_al/client/static
