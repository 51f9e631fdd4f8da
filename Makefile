# The two commands of the README: `make chat` and `make test`.

PYTHON ?= python3
BIN := .venv/bin

.PHONY: chat test install check eval floors bench lock

chat: install
	$(BIN)/onrecord chat

test: .venv/dev
	$(BIN)/pytest

install: .venv/run

check: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest

eval: install
	$(BIN)/onrecord build seeds
	$(BIN)/onrecord eval tests/questions/dev.jsonl tests/questions/test.jsonl
	$(BIN)/python -m benchmarks.floors
	$(BIN)/python -m benchmarks.attribution
	$(BIN)/python -m benchmarks.drafts

# Lifts the floors of tests/questions/floors.json to what is reached now; lowers none.
floors: install
	$(BIN)/python -m benchmarks.floors --raise

bench: .venv/dev
	$(BIN)/python -m benchmarks.start

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; set PYTHON=…")'
	$(PYTHON) -m venv .venv

.venv/run: .venv/bin/python requirements.lock pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	touch $@

.venv/dev: .venv/run requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.lock
	touch $@

# Writes the two lock files from what pyproject.toml's ranges give today.
lock:
	rm -rf .venv-lock && $(PYTHON) -m venv .venv-lock
	.venv-lock/bin/python -m pip install --quiet torch==2.13.0
	.venv-lock/bin/python -m pip install --quiet -e .
	.venv-lock/bin/python -m pip freeze --exclude-editable | sed 's/+cpu$$//' > requirements.lock
	.venv-lock/bin/python -m pip install --quiet -e '.[dev]'
	.venv-lock/bin/python -m pip freeze --exclude-editable | sed 's/+cpu$$//' > requirements-dev.lock
	rm -rf .venv-lock
