# Everything runs from one virtual environment, installed from the lock file.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
CODE := bot adapters migrations tests benchmarks tools
BENCHMARKS := peaks importing answers delivery killing slack_ack discord_help flood pictures walking.against_data walking.promises walking.folding routing planning page soak
# Seconds for each test of a parser: make fuzz FUZZ_SECONDS=600
FUZZ_SECONDS ?= 60
# The tests that need no PostgreSQL, no child process and no simulation.
FAST := tests/domain tests/app tests/sources tests/search tests/timing $(wildcard tests/adapters/test_*.py) tests/test_project.py tests/test_settings.py

PIP := $(BIN)/python -m pip install --disable-pip-version-check
LOCKED := $(shell grep -c '==' requirements-dev.lock)
# One line that shows the package pip is working on. Without a terminal, as in CI, pip is quiet.
PROGRESS := awk '/^(Collecting|Processing)/ { sub(".*/", "", $$2); printf "\r\033[K    %d of $(LOCKED): %s", ++n, $$2; fflush() } \
	/^Installing/ { printf "\r\033[K    unpacking ..."; fflush() } /^Successfully/ { printf "\r\033[K" }'

# Compiled code is stored, also where the environment forbids it: the tests start hundreds of processes.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help install demo check test lint types fast-tests every-test coverage audit fuzz simulate format bench pictures page-audit reference lock image-check
.DEFAULT_GOAL := help

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 14

.venv/.installed: SHELL := bash
.venv/.installed: requirements-dev.lock pyproject.toml
	@test -n "$(PYTHON)" && "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Hallway needs Python 3.11 or newer: install it, or name one: make PYTHON=/path/to/python" >&2; exit 1; }
	@echo "1/3 Creating .venv with $$("$(PYTHON)" --version)"
	@"$(PYTHON)" -m venv .venv
	@echo "2/3 Installing $(LOCKED) locked packages: about a minute the first time"
	@if [ -t 1 ]; then set -o pipefail; $(PIP) --require-hashes -r requirements-dev.lock | $(PROGRESS); \
		else $(PIP) --quiet --require-hashes -r requirements-dev.lock; fi
	@echo "3/3 Installing hallway into .venv/bin"
	@$(PIP) --quiet --no-deps --no-build-isolation -e .
	@touch $@

install: .venv/.installed ## create .venv, with hallway at .venv/bin/hallway

demo: install ## a day at a sample conference, in about a minute
	@$(BIN)/hallway demo

check: install lint ## format, lint, types, layers and the fast tests, about a minute
	@$(MAKE) --no-print-directory -j 2 types fast-tests

test: install ## every check that CI runs
	@$(MAKE) --no-print-directory -j 4 lint types audit every-test

lint: install
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff check $(CODE)
	$(BIN)/lint-imports

# mypy uses one core, and tests wait now and then: side by side they need less time than one after another.
types: install
	$(BIN)/mypy

# The tests of the sandbox start a child process for each file.
fast-tests: install
	$(BIN)/python -m pytest -n 2 -q -m "not slow" -k "not postgresql" $(FAST) --ignore=tests/sources/test_sandbox.py

# Twice as many processes as cores of a small machine, because many tests wait for other processes.
every-test: install
	HALLWAY_SIMULATION_DAYS=64 $(BIN)/python -m pytest -n 4 -q

coverage: install ## every test, with the lines that none reaches; fails below 97 %
	$(BIN)/python -m pytest -n 4 -q --cov --cov-report=term --ignore=tests/simulation

audit: install ## look for known vulnerabilities of the locked versions
	$(BIN)/python -m tools.audit

fuzz: install ## test each parser for a minute with damaged files, and with whole files that have hostile values
	HALLWAY_FUZZ_SECONDS=$(FUZZ_SECONDS) $(BIN)/python -m pytest -n 2 -q tests/sources/test_fuzz*.py

simulate: install ## simulate 5,000 conference days with faults, and kill processes that write to 300 people
	HALLWAY_SIMULATION_DAYS=5000 $(BIN)/python -m pytest -n 2 -q tests/simulation tests/domain/planning/test_real_days.py
	HALLWAY_NIGHTLY=1 $(BIN)/python -m pytest -q tests/e2e/test_killed.py

format: install ## format the code, and fix what ruff can fix
	$(BIN)/ruff format $(CODE)
	$(BIN)/ruff check --fix $(CODE)

bench: install ## every figure, ours beside the rival's
	@for name in $(BENCHMARKS); do $(BIN)/python -m benchmarks.$$name || exit 1; done

pictures: install ## docs/images drawn anew from a day at the sample conference (needs Node 20 and Chromium)
	cd tools/pictures && npm ci --silent --ignore-scripts
	PYTHONPATH=. $(BIN)/python tools/pictures/messages.py | node tools/pictures/draw.mjs docs/images

page-audit: install ## axe-core, Lighthouse and ical.js over every page (needs Node 20 and Chromium)
	cd tools/page && npm ci --silent --ignore-scripts
	$(BIN)/python -m pytest -q -rs tests/adapters/site
	PYTHONPATH=. $(BIN)/python tools/page/lighthouse.py

reference: install ## update the generated parts of the documents
	HALLWAY_UPDATE_GOLDEN=1 $(BIN)/python -m pytest -n 2 -q tests/test_documents.py -k generated

lock: install ## pin the dependencies; UPGRADE=--upgrade takes the newest versions
	$(BIN)/pip-compile $(UPGRADE) --quiet --generate-hashes --no-strip-extras --allow-unsafe --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-annotate --no-header --extra mcp -o requirements.lock pyproject.toml
	$(BIN)/pip-compile $(UPGRADE) --quiet --generate-hashes --no-strip-extras --allow-unsafe --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-annotate --no-header --extra dev -c requirements.lock -o requirements-dev.lock pyproject.toml

image-check: install ## replay the Dockerfile in a clean folder, without Docker
	HALLWAY_WHOLE_IMAGE=1 $(BIN)/python -m pytest tests/e2e/test_dockerfile.py -q
