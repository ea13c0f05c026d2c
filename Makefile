# Every command of this repository. `make` alone lists them.

# The first Python from 3.11 on; any other may be named: make run PYTHON=/opt/python/bin/python3
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python3.14; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && exit; done; echo python3)
VENV   := $(CURDIR)/.venv/bin
NODE   := PATH="$(VENV):$$PATH"
NPM    := $(NODE) $(VENV)/npm --silent
JOBS   ?= 2

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup run demo doctor test test-backend test-thorough coverage test-web e2e sure format lint types contracts \
	openapi contract-fresh contract-lint contract-check contract-keep examples privacy-page web-check axe web-audit screens \
	icons build check-infra fuzz promises kill-worker scim-check bench-guard bench-import bench-matching \
	lock clean ready

help: ## list the commands
	@echo "Vuoro: make run starts it. All commands:"
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## /{printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

## Use

run: ## start Vuoro with a demo company (PORT=8000, FRESH=1 starts over)
	@$(PYTHON) infra/setup.py run
	@exec $(VENV)/vuoro demo $(if $(PORT),--port $(PORT)) $(if $(FRESH),--fresh)

demo: run ## the same as run

doctor: ## say what is fine on this machine and what is not
	@$(PYTHON) infra/setup.py run
	@$(VENV)/vuoro doctor

## Develop

setup: ## install everything that developing needs
	@$(PYTHON) infra/setup.py run dev browser

ready:
	@$(PYTHON) infra/setup.py dev

test: ## install what is needed and run every test
	@$(PYTHON) infra/setup.py run dev browser
	@$(VENV)/python infra/sure.py test-web test-backend e2e

sure: ## format, lint, types, contracts, freshness, every test: what CI runs
	@$(PYTHON) infra/setup.py run dev browser
	@$(VENV)/python infra/sure.py "types | lint contracts contract-fresh contract-lint web-check check-infra test-web" test-backend e2e

test-backend: ready ## API and pure tests on a real PostgreSQL
	cd backend && $(VENV)/python -m pytest -n $(JOBS) --dist worksteal $(ARGS)

test-thorough: ready ## the same with every example: five times as many random markets, charts, files, programmes
	cd backend && VUORO_THOROUGH=1 $(VENV)/python -m pytest -n $(JOBS) --dist worksteal $(ARGS)

coverage: ready ## every branch of the access and pure modules is tested
	cd backend && $(VENV)/python -m pytest -q -n $(JOBS) --cov=vuoro --cov-report=
	cd backend && $(VENV)/coverage report --rcfile=tests/whole.coveragerc --fail-under=100
	cd backend && $(VENV)/coverage report --fail-under=85

test-web: ready ## unit tests of the web app
	cd frontend && $(NPM) test

e2e: ## tests in a real browser against the whole product (ARGS go to Playwright)
	@$(PYTHON) infra/setup.py run browser
	@$(VENV)/python infra/e2e.py $(ARGS)

axe: ## accessibility of every page in every language, theme and width (make sure takes one language a page)
	@$(PYTHON) infra/setup.py run browser
	@VUORO_AXE=all $(VENV)/python infra/e2e.py axe.spec.ts

web-audit: ## Lighthouse, times on a slow phone and sizes against their targets, on a quiet machine (ARGS: runs)
	@$(PYTHON) infra/setup.py run browser audit
	@$(VENV)/python infra/web_audit.py $(ARGS)

screens: ## take the pictures in docs/screens of every page (VUORO_SCREENS="mentor admin" for some)
	@$(PYTHON) infra/setup.py run browser
	@$(VENV)/python infra/e2e.py --config=pictures/playwright.config.ts

icons: ready ## draw the app's icons from icon.svg
	cd frontend && $(NPM) run icons

format: ready ## put all code into its usual form
	cd backend && $(VENV)/ruff format . ../infra && $(VENV)/ruff check --fix-only --quiet . ../infra
	cd frontend && $(NPM) run check -- --write

lint: ready ## style and likely mistakes
	cd backend && $(VENV)/ruff format --check . ../infra && $(VENV)/ruff check . ../infra
	cd frontend && $(NPM) run check

types: ready ## mypy and TypeScript, both strict
	cd backend && $(VENV)/mypy
	cd frontend && $(NPM) run types

contracts: ready ## which package may import which
	cd backend && $(VENV)/lint-imports

contract-lint: ready ## Redocly's strictest rules over openapi.json
	cd openapi && $(NPM) run lint

contract-check: ## lint by OWASP, clients generated, compiled and run, the SDK and the example against a server (heavy)
	@$(PYTHON) infra/setup.py run dev contract
	@$(VENV)/python infra/contract/check.py $(ARGS)

contract-keep: ready ## keep openapi.json as what the next changes must not break (docs/contract.md)
	$(VENV)/python infra/contract/keep.py

examples: ready ## record the contract's examples anew from what the tests send and get (ARGS: tests)
	cd backend && VUORO_EXAMPLES=1 $(VENV)/python -m pytest -q -n 0 $(or $(ARGS),tests)
	@$(MAKE) --no-print-directory openapi

privacy-page: ready ## write docs/privacy.md anew from the classes of data
	cd backend && PYTHONPATH=.:tests $(VENV)/python tests/support/privacy_page.py > ../docs/privacy.md

openapi: ready ## write openapi.json and the TypeScript types anew
	$(VENV)/vuoro openapi --out openapi/openapi.json
	cd openapi && $(NPM) run generate

contract-fresh: ready ## is the committed contract what the code says?
	@fresh=$$(mktemp) && trap 'rm -f "$$fresh"' EXIT && $(VENV)/vuoro openapi --out "$$fresh" && \
		if ! diff -u openapi/openapi.json "$$fresh" >"$$fresh.diff"; then head -40 "$$fresh.diff"; rm "$$fresh.diff"; \
		echo "openapi.json is stale: make openapi"; exit 1; fi; rm "$$fresh.diff"
	cd openapi && $(NPM) run check

web-check: ready ## translations complete, nothing unused, small enough
	cd frontend && $(NPM) run i18n:compile && $(NPM) run knip
	@$(PYTHON) infra/setup.py run
	cd frontend && $(NPM) run size

build: ## build the web app
	@$(PYTHON) infra/setup.py run

check-infra: ready ## docker-compose.yml, image and proxy fit the code
	$(VENV)/python infra/check.py

fuzz: ready ## 15,000 hostile requests against the whole server with two companies (ARGS: --cases --seed --only)
	$(VENV)/python infra/fuzz.py $(ARGS)

kill-worker: ready ## kill the worker ten times while 300 events go out: none may be missing, none forged (KILLS, EVENTS)
	cd backend && VUORO_KILLS=$(or $(KILLS),10) VUORO_EVENTS=$(or $(EVENTS),300) $(VENV)/python -m pytest -q -s -p no:xdist tests/webhooks/test_kills.py

promises: ready ## kill -9 twenty times, one key sixteen times at once, SIGTERM, a restored dump (ARGS: --rounds --only)
	$(VENV)/python infra/promises.py $(ARGS)

bench-guard: ready ## how long a move in a company of 50,000 takes, guard included (ARGS: --people --pairs --moves)
	$(VENV)/python infra/bench/guard.py $(ARGS)

scim-check: ready ## SCIM by public checkers, the corpus of quirks, 20,000 people by bulk (ARGS: --people --seconds)
	PYTHONPATH=backend $(VENV)/python infra/scim_check.py $(ARGS)

bench-import: ready ## 50,000 people from a file: seconds and memory against their targets (ARGS: --people --xlsx)
	$(VENV)/python infra/bench/imports.py $(ARGS)

bench-matching: ready ## our matcher beside scipy, OR-Tools and greedy, with proofs (LARGE=1, ARGS: --seed)
	OPENBLAS_NUM_THREADS=1 $(VENV)/python infra/bench/matching/run.py $(if $(LARGE),--large) $(ARGS)

lock: ready ## renew the lock files from the version ranges
	$(VENV)/python -m pip install --quiet uv
	cd backend && $(VENV)/uv pip compile --quiet --upgrade --universal --generate-hashes --python-version 3.11 \
		--no-header --no-annotate --no-emit-index-url pyproject.toml -o requirements.txt
	cd backend && $(VENV)/uv pip compile --quiet --upgrade --universal --generate-hashes --python-version 3.11 \
		--no-header --no-annotate --no-emit-index-url --constraint requirements.txt --group dev pyproject.toml -o requirements-dev.txt
	cd frontend && $(NPM) update --package-lock-only
	cd openapi && $(NPM) update --package-lock-only
	cd infra/audit && $(NPM) update --package-lock-only
	cd infra/peers && $(NPM) update --package-lock-only
	cd infra/contract && $(NPM) update --package-lock-only

clean: ## delete what was built and installed; your data in .vuoro stays
	rm -rf .venv frontend/node_modules frontend/dist openapi/node_modules infra/*/node_modules
	find backend infra -name __pycache__ -prune -exec rm -rf {} +
	rm -rf backend/.mypy_cache backend/.pytest_cache backend/.ruff_cache backend/.import_linter_cache backend/.coverage
