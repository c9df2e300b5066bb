SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
UV ?= uv
COMPILE := $(UV) pip compile --quiet --universal --generate-hashes --no-header \
    --no-emit-index-url --python-version 3.11

.DEFAULT_GOAL := help
.PHONY: help setup demo test stories check docs train lock clean all

help:  ## Print what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

.venv/.core: requirements/core.lock requirements/build.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/core.lock
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/build.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

.venv/.test: requirements/test.lock .venv/.core
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/test.lock
	touch $@

.venv/.check: requirements/check.lock .venv/.core
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/check.lock
	touch $@

setup: .venv/.core  ## Make .venv from the lock file (core only)

demo: .venv/.core  ## Simulate a week of traffic, scan it, say where the report is
	$(BIN)/iolaus demo

test: .venv/.test  ## Run the tests (unit, contracts, house, quick stories)
	$(BIN)/python -m pytest -n auto

stories: .venv/.test  ## Run the end-to-end stories alone
	$(BIN)/python -m pytest -n auto tests/stories

check: .venv/.check  ## Format, lint, docstrings, types, floors
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/interrogate --quiet src tests
	$(BIN)/lint-imports
	$(BIN)/mypy

docs: .venv/.core  ## Write the generated pages of docs/reference
	$(BIN)/python docs/generate.py

train: .venv/.test  ## Train the content classifier on PROMPTS=DIR, into iolaus-weights
	$(BIN)/iolaus train --prompts $(PROMPTS)

lock:  ## Pin again, with uv, what pyproject.toml has changed
	$(COMPILE) pyproject.toml -o requirements/core.lock
	$(COMPILE) pyproject.toml --group test -c requirements/core.lock -o requirements/test.lock
	$(COMPILE) pyproject.toml --group check -c requirements/core.lock -c requirements/test.lock \
	    -o requirements/check.lock
	$(COMPILE) --group build -c requirements/core.lock -c requirements/test.lock \
	    -c requirements/check.lock -o requirements/build.lock

all: test check demo  ## What CI runs

clean:  ## Remove what was made
	rm -rf .venv iolaus-out demo-out iolaus-weights
