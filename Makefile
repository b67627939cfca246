# `make` lists the targets. PYTHON=python3.12 chooses the Python of .venv, ARGS="..." goes to the command.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup run test lint format bench quality prism lock clean

# Always .venv's own commands: another virtualenv may be active.
PY := .venv/bin/python
unexport VIRTUAL_ENV PYTHONPATH PYTHONHOME

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

setup: ## make .venv: Python packages as locked, and this project (PYTHON=... chooses the Python)
	@PYTHON="$(PYTHON)" bash scripts/setup.sh

run: setup ## collect a day of sample news, served on this machine, and show what is in the tables
	@$(PY) -m pipelines.demo $(ARGS)

test: setup ## run the tests (ARGS="-k name"); those on Prism only where Prism or Go is there
	@bash scripts/prism.sh || echo "test: without Prism; its tests are skipped" >&2
	@$(PY) -m pytest $(ARGS)

lint: setup ## check style, formatting, types, and that imports only go downward
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy --strict
	@.venv/bin/lint-imports

format: setup ## put the code into the form that lint asks for
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .

bench: setup ## measure speed (ARGS="parse --quick" for one, in short)
	@$(PY) -m benchmarks $(ARGS)

quality: setup ## measure quality over annotated texts (FILES="a.jsonl b.jsonl"; without: the stories of the tests)
	@$(PY) -m benchmarks $(if $(FILES),quality $(FILES),stories) $(ARGS)

prism: ## build Prism, Beam's local streaming runner, into .cache/prism (needs Go)
	@bash scripts/prism.sh

lock: ## resolve requirements*.in anew into requirements.lock (needs uv; ARGS="--upgrade" for newer versions)
	@bash scripts/lock.sh $(ARGS)

clean: ## remove .venv, caches and build results
	rm -rf .venv .cache build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -type d -name __pycache__ -prune -exec rm -rf {} +
