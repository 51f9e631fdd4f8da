# The two commands of the README: `make chat` and `make test`.

PYTHON ?= python3
BIN := .venv/bin

# Every file that is installed has a hash in a lock file, or pip refuses it; the locks name all that is needed.
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps

.PHONY: chat test install check eval floors bench fuzz lock audit sbom wheels

chat: install
	$(BIN)/onrecord chat

# What drives a browser runs by itself: on a machine that is busy with other tests it would wait in vain.
test: .venv/dev
	$(BIN)/pytest --numprocesses 2 --dist loadfile --ignore tests/web
	$(BIN)/pytest tests/web

install: .venv/run

check: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(MAKE) test

eval: install
	$(BIN)/onrecord build seeds
	$(BIN)/onrecord eval --card tests/questions/dev.jsonl tests/questions/test.jsonl
	$(BIN)/python -m benchmarks.floors
	$(BIN)/python -m benchmarks.compare
	$(BIN)/python -m benchmarks.attribution
	$(BIN)/python -m benchmarks.drafts

# Lifts the floors of tests/questions/floors.json to what is reached now; lowers none.
floors: install
	$(BIN)/python -m benchmarks.floors --raise

bench: .venv/dev
	$(BIN)/python -m benchmarks.start
	$(BIN)/python -m benchmarks.page
	$(BIN)/python -m benchmarks.peers
	$(BIN)/python -m benchmarks.peers.profile
	$(BIN)/python -m benchmarks.topics
	$(BIN)/python -m benchmarks.scale --passages 10000 100000
	$(BIN)/python -m benchmarks.vectors
	$(BIN)/python -m benchmarks.stores

# Ten minutes of made-up input against everything that reads.
fuzz: .venv/dev
	$(BIN)/python -m tests.fuzz --seconds 600

# What is known to be broken of what is locked. Asks the package index, so it needs the network; fails where the
# index cannot tell. What can be held against the lock without a network, tests/test_trust.py does.
audit: .venv/dev
	for lock in requirements.lock requirements-dev.lock; do \
	    $(BIN)/pip-audit --strict --require-hashes --disable-pip --progress-spinner off -r $$lock || exit 1; done

# What ships, as CycloneDX: packages and model weights with their sums.
sbom: .venv/dev
	$(BIN)/python -m tools.sbom

# The wheels that the Dockerfile installs, on a machine like the one that it will run on. torch is the build for
# processors, from those who make it; where another index has it, name that: make wheels TORCH_INDEX=…
TORCH_INDEX ?= https://download.pytorch.org/whl/cpu
FETCH := $(PYTHON) -m pip download --quiet --no-deps --only-binary=:all: -d wheels
wheels:
	rm -rf wheels && mkdir wheels
	$(FETCH) --index-url $(TORCH_INDEX) torch==2.13.0
	sed '/^torch==/,/[^\\]$$/d' requirements.lock > wheels/rest.lock
	$(FETCH) --require-hashes -r wheels/rest.lock
	$(PYTHON) -m pip download --quiet --only-binary=:all: -d wheels 'hatchling>=1.27,<2'

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; set PYTHON=…")'
	$(PYTHON) -m venv .venv

# On Linux PyPI's torch brings gigabytes for graphics cards, which the program never uses: the build for processors
# is taken where pip finds one (or finds it installed). PyPI's cannot be imported without what it brings.
CUDA = any(need.startswith("nvidia") for need in m.requires("torch"))
.venv/run: .venv/bin/python requirements.lock requirements-cpu.lock requirements-cuda.lock pyproject.toml
	$(PIP) --require-hashes -r requirements-cpu.lock 2>/dev/null || echo "torch is taken from PyPI (see README.md)"
	$(PIP) --require-hashes -r requirements.lock
	if $(BIN)/python -c 'import importlib.metadata as m, sys; sys.exit(not $(CUDA))'; then \
	    $(PIP) --require-hashes -r requirements-cuda.lock; fi
	$(PIP) -e .
	touch $@

.venv/dev: .venv/run requirements-dev.lock
	$(PIP) --require-hashes -r requirements-dev.lock
	touch $@

# Writes the lock files from what pyproject.toml's ranges give today, on Linux: what pip would install of it, and
# of PyPI's torch (of which only the list of its needs is read).
RESOLVE := -m pip install --quiet --dry-run --ignore-installed --report
lock:
	rm -rf .venv-lock && $(PYTHON) -m venv .venv-lock
	.venv-lock/bin/python -m pip install --quiet packaging
	.venv-lock/bin/python $(RESOLVE) .venv-lock/ours.json '.[dev]'
	.venv-lock/bin/python $(RESOLVE) .venv-lock/cuda.json --use-feature=fast-deps 'torch===2.13.0'
	.venv-lock/bin/python -m tools.lock .venv-lock/ours.json .venv-lock/cuda.json
	rm -rf .venv-lock
