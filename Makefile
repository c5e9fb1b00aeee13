# The chores of the house. People, hooks and CI call the same ones.

PYTHON ?= python3
BIN := .venv/bin
COMPILE := CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-emit-trusted-host --allow-unsafe --strip-extras

.DEFAULT_GOAL := help
.PHONY: help setup start test check check-fast harden format lint types contracts security quick bench lock clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s%s\n", $$1, $$2 }' Makefile

setup: ## Put Headway and the developer's tools into .venv
	@$(PYTHON) scripts/environment.py development

start: ## Show a living school at http://localhost:8000/ (another port: HEADWAY_PORT=8001 make start)
	@$(PYTHON) scripts/start.py

test: setup ## Every test, on SQLite and on PostgreSQL
	@$(PYTHON) scripts/test.py

check: format lint types contracts security test ## Everything that must hold before a change is handed in

check-fast: format lint types contracts quick ## The part of it that takes less than a minute and a half

harden: setup ## The long proofs: every mutant of the module that decides who sees what
	HEADWAY_HARDEN=1 $(BIN)/python -m pytest --quiet -n 2 tests/access/test_module.py

format: setup # Only looks; to put it right: .venv/bin/ruff format
	$(BIN)/ruff format --check

lint: setup
	$(BIN)/ruff check

types: setup # The types of Django's models are read from the settings, which want a data folder
	HEADWAY_DATA=.mypy_cache/data $(BIN)/mypy
	$(BIN)/mypy scripts

contracts: setup
	$(BIN)/lint-imports --no-cache

security: setup
	$(BIN)/bandit --quiet --recursive src --severity-level medium

quick: setup
	$(BIN)/python -m pytest --quiet -n 2 --dist loadfile -m "not journey and not postgresql and not walk"

bench: setup ## How fast it is here, as ratios
	$(BIN)/python scripts/bench.py

lock: setup ## Write requirements/*.txt anew after a change to pyproject.toml (newer releases: make lock UPGRADE=--upgrade)
	$(COMPILE) $(UPGRADE) --output-file requirements/runtime.txt pyproject.toml requirements/installing.in
	$(COMPILE) $(UPGRADE) --extra dev --constraint requirements/runtime.txt \
		--output-file requirements/development.txt pyproject.toml requirements/installing.in

clean: ## Take away everything that was made here: the environment, the demo, the caches
	rm -rf .venv .demo .start .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage build dist
	find src tests scripts -name __pycache__ -prune -exec rm -rf {} + ; rm -rf src/*.egg-info
