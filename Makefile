SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help setup demo test stories check docs train clean all

help:  ## Print what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

.venv/.core: requirements/core.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/core.lock
	$(BIN)/python -m pip install --quiet "hatchling>=1.27" editables
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

check: .venv/.check  ## Format, lint, types, floors
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports

docs: .venv/.core  ## Write the generated pages of docs/reference
	$(BIN)/python docs/generate.py

train: .venv/.test  ## Train the content classifier on PROMPTS=DIR and rewrite the weights
	$(BIN)/iolaus train --prompts $(PROMPTS)

all: check test stories  ## What CI runs

clean:  ## Remove what was made
	rm -rf .venv iolaus-out demo-out
