# Everything runs from one virtual environment, made from the lock.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
CODE := bot adapters migrations tests benchmarks
BENCHMARKS := peaks importing answers delivery killing slack_ack discord_help
# No PostgreSQL, no process of its own, no simulation.
FAST := tests/domain tests/app tests/sources tests/search tests/timing $(wildcard tests/adapters/test_*.py) tests/test_project.py tests/test_settings.py

.PHONY: help install demo check test fuzz simulate format bench pictures lock image-check
.DEFAULT_GOAL := help

help: ## what can be made
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 14

.venv/.installed: requirements-dev.lock pyproject.toml
	@test -n "$(PYTHON)" && "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Hallway needs Python 3.11 or newer: install it, or say make PYTHON=/path/to/python" >&2; exit 1; }
	@echo "Making .venv with everything in it (a minute the first time) ..."
	@"$(PYTHON)" -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

install: .venv/.installed ## only the .venv, with hallway at .venv/bin/hallway

demo: install ## a day at a sample conference, in about a minute
	@$(BIN)/hallway demo

check: install ## format, lint, types, layers and the fast tests, in about a minute
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff check $(CODE)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n 2 -q -m "not slow" -k "not postgresql" $(FAST)

test: install ## every check that CI runs
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff check $(CODE)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest tests/migrations -q
	$(BIN)/python -m pytest -n 3 -q --cov --cov-report=term --ignore=tests/simulation
	HALLWAY_SIMULATION_DAYS=64 $(BIN)/python -m pytest -n 2 -q tests/simulation

fuzz: install ## a minute of spoilt files for each parser
	HALLWAY_FUZZ_SECONDS=60 $(BIN)/python -m pytest -n 2 -q tests/sources/test_fuzz.py

simulate: install ## 5,000 conference days with everything that can go wrong
	HALLWAY_SIMULATION_DAYS=5000 $(BIN)/python -m pytest -n 2 -q tests/simulation

format: install ## put every file in order
	$(BIN)/ruff format $(CODE)
	$(BIN)/ruff check --fix $(CODE)

bench: install ## every figure, ours beside the rival's
	@for name in $(BENCHMARKS); do $(BIN)/python -m benchmarks.$$name || exit 1; done

pictures: install ## docs/images drawn anew from a day at the sample conference (needs Node 20 and Chromium)
	cd tools/pictures && npm ci --silent --ignore-scripts
	PYTHONPATH=. $(BIN)/python tools/pictures/messages.py | node tools/pictures/draw.mjs docs/images

lock: install ## pin the newest versions that fit
	$(BIN)/pip-compile --quiet --generate-hashes --no-strip-extras --allow-unsafe --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-annotate --no-header -o requirements.lock pyproject.toml
	$(BIN)/pip-compile --quiet --generate-hashes --no-strip-extras --allow-unsafe --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-annotate --no-header --extra dev -c requirements.lock -o requirements-dev.lock pyproject.toml

image-check: install ## replay the steps of the Dockerfile in a clean folder
	$(BIN)/python -m pytest tests/e2e/test_dockerfile.py -q
