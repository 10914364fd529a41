# Needs Python 3.11 or later and git, nothing else. `make` alone says what there is.

VENV ?= .venv
PORT ?= 8000
BIN := $(VENV)/bin

# The newest Python of the versions the project is tested with. A name on PATH may be a hollow
# shim, so each candidate is asked to run.
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for name in python3.13 python3.12 python3.11 python3; do \
	if $$name -c '$(NEW_ENOUGH)' >/dev/null 2>&1; then echo $$name; break; fi; done)

.DEFAULT_GOAL := help
.PHONY: help demo test test-fast test-services lint bench messages wheel requirements

help:
	@echo "make demo          the example site with its task worker, on port $(PORT) (PORT=...)"
	@echo "make test          all tests: first on SQLite, then on PostgreSQL and Redis"
	@echo "make lint          style, templates, types, import contracts, migrations"
	@echo "make bench         measurements, each against a floor in the same run"
	@echo "make messages      bring the catalogs of readers' texts up to date"
	@echo "make wheel         the package that a site installs, in dist/"
	@echo "make requirements  compile requirements/*.txt from pyproject.toml"

demo: $(VENV)/.site
	@echo "1/4 The environment is ready."
	@$(BIN)/python manage.py demo --port $(PORT)

test: test-fast test-services

test-fast: $(VENV)/.dev
	@echo "1/2 Tests on SQLite"
	@$(BIN)/python -m pytest -n auto -m "not services" $(PYTEST)

test-services: $(VENV)/.dev
	@echo "2/2 Tests on PostgreSQL and Redis"
	@$(BIN)/python -m pytest -p tests.with_services --migrations -n 3 --dist loadfile -m services $(PYTEST)

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djhtml --check --tabwidth 2 templates
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python manage.py check --settings newsroom.project.settings.test
	$(BIN)/python manage.py makemigrations --check --dry-run --settings newsroom.project.settings.test

bench: $(VENV)/.dev
	$(BIN)/python -m tests.benchmarks $(BENCH)

messages: $(VENV)/.dev
	@$(BIN)/python manage.py messages --settings newsroom.project.settings.test

wheel: $(VENV)/.dev
	$(BIN)/python -m build --wheel --no-isolation

COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command "make requirements" --constraint requirements/constraints.txt pyproject.toml

# Set UPGRADE=--upgrade to take newer releases than the pins.
requirements: $(VENV)/.dev
	$(COMPILE) --extra site $(UPGRADE) --output-file requirements/base.txt
	$(COMPILE) --extra site --extra production $(UPGRADE) --output-file requirements/production.txt
	$(COMPILE) --extra site --extra production --group dev $(UPGRADE) --output-file requirements/dev.txt

# An environment is made once and brought up to date when its pins change. The stamp is written
# last: an interrupted installation goes on at the next call.

$(BIN)/pip:
	@test -n "$(PYTHON)" || { echo "This needs Python 3.11 or later, and there is none on PATH. Install it, or name one: make demo PYTHON=/path/to/python3"; exit 1; }
	@echo "1/4 Making the environment in $(VENV) with $$($(PYTHON) --version) …"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.site: requirements/base.txt | $(BIN)/pip
	@echo "1/4 Installing what the site needs, about half a minute …"
	@$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check -r requirements/base.txt
	@touch $@

$(VENV)/.dev: requirements/dev.txt | $(BIN)/pip
	@echo "Installing what development needs, about a minute …"
	@$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check -r requirements/dev.txt
	@touch $@ $(VENV)/.site
