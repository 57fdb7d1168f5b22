# Kaibo. `make run` starts everything; `make help` lists the rest.
# Needs python3 >= 3.11 with venv, make and git; everything else comes from the lock files.

SHELL := /bin/sh
PYTHON ?= python3
PY := .venv/bin/python
CODE := schemas infra content commerce streaming workers tests benchmarks
ONLY ?=

.DEFAULT_GOAL := help
.PHONY: help run test check fmt bench faults soak reset lock clean runtime dev lint types imports lists pages

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

run: runtime ## install what is missing, start everything, print the addresses
	@exec $(PY) -m workers up

test: dev ## every test but the soak; the last line says how many passed and failed
	@$(PY) -m workers.up.frontend build
	@exec $(PY) -m pytest -p tests.tally -n 2 --dist loadfile --no-loadscope-reorder tests $(if $(ONLY),-k "$(ONLY)")

check: dev ## format, lint, types, import rules, lists in the docs, front-end types
	@$(MAKE) --no-print-directory -j2 --output-sync=target types pages lint imports lists

lint:
	$(PY) -m ruff format --check $(CODE)
	$(PY) -m ruff check $(CODE)

types:
	$(PY) -m mypy

imports:
	.venv/bin/lint-imports

lists:
	$(PY) -m pytest -q tests/docs

pages:
	$(PY) -m workers.up.frontend typecheck

fmt: dev ## format, and fix what the linter can fix
	$(PY) -m ruff format $(CODE)
	$(PY) -m ruff check --fix $(CODE)

bench: dev ## all benchmarks, or those named: make bench ONLY="start clip-ready"
	@exec $(PY) -m benchmarks $(ONLY)

faults: dev ## kill -9 and other ill treatment of the real processes
	@exec $(PY) -m pytest -p tests.tally tests/faults

soak: dev ## the whole demo for SOAK_MINUTES (default 30): memory, disk and picture stay steady
	@exec $(PY) -m pytest -p tests.tally -s tests/workers/up/soak.py

reset: runtime ## clear the data folder, after asking
	@exec $(PY) -m workers reset

lock: dev ## resolve requirements*.in into requirements*.lock (pinned, with hashes)
	@for name in requirements requirements-dev; do \
	  $(PY) -m piptools compile --quiet --allow-unsafe --generate-hashes --strip-extras --no-emit-index-url \
	    --no-emit-find-links --no-emit-trusted-host --output-file=$$name.lock $$name.in || exit 1; done

clean: ## remove what was built or installed (not the data folder)
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache frontend/node_modules frontend/mp-tests/node_modules \
	  frontend/apps/*/dist frontend/.built

runtime:
	@PYTHON="$(PYTHON)" sh .ci/environment requirements.lock

dev:
	@PYTHON="$(PYTHON)" sh .ci/environment requirements-dev.lock
	@sh .ci/browser
