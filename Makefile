# Needs nothing but Python 3.11 or newer and make. The raw commands are in README.md.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check

.PHONY: run test install install-tests check bench fuzz kills catalogue lock clean

run: install  ## Install everything and run the product.
	@$(BIN)/groundswell run

test: install-tests  ## Install everything, then check format, types, imports and behaviour.
	@$(MAKE) --no-print-directory check

check:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4

install: .venv/installed  ## Make the virtual environment and install what the product needs.

install-tests: .venv/installed-tests

bench: install-tests  ## Measure speed and memory on this machine; a few minutes.
	$(BIN)/python -m tests.bench

fuzz: install-tests  ## Ten thousand wild payloads at the door; some minutes.
	WILD_PAYLOADS=10000 $(BIN)/python -m pytest tests/journeys/test_wild_payloads.py

kills: install-tests  ## Kill the real process before and after every step of posting a digest; about ten minutes.
	KILL_EVERYWHERE=1 $(BIN)/python -m pytest tests/journeys/test_killed.py

catalogue: install-tests  ## Bring the catalogue of sentences and its translations up to date.
	$(BIN)/python -m tests.catalogue

lock:  ## Pin every dependency again; needs uv.
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate pyproject.toml -o requirements.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --extra dev pyproject.toml -o tests/requirements.lock

clean:  ## Remove the virtual environment and caches; notes are kept elsewhere and stay.
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build *.egg-info

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed. Try: make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv

.venv/installed: requirements.lock pyproject.toml | .venv/bin/python
	@echo "Installing what Groundswell needs (a minute or two, once)"
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --editable .
	@touch $@

.venv/installed-tests: tests/requirements.lock .venv/installed
	@echo "Installing what the tests need"
	@$(PIP) install --require-hashes -r tests/requirements.lock
	@touch $@
