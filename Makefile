# `make` says what there is. A fresh machine needs Python 3.11 or newer and make, nothing else.

PORT ?= 8000
DEMO_DIR ?= .demo
PYTHON ?= python3
export PORT DEMO_DIR
# What Python compiled is kept, whatever the shell says: the tests start it a hundred times.
export PYTHONDONTWRITEBYTECODE :=

PY := .venv/bin/python
# Types and lints read the settings, and need no database behind them.
NO_DATABASE := DATABASE_URL=postgresql://nobody@localhost/none DJANGO_SETTINGS_MODULE=portal.settings.test

.DEFAULT_GOAL := help
.PHONY: help demo test proofs bench lint translations requirements venv dev-venv browser pdf-libraries

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' Makefile

demo: venv ## a running town with invented shops: PORT=8000 DEMO_DIR=.demo
	@exec $(PY) -m portal.demo_runner

test: dev-venv browser pdf-libraries ## everything that must hold: lint, types, floors, migrations, tests, journeys in a browser
	@# Migrating the tests' database takes one core a minute: lint has the other.
	@$(PY) -m tests.template & template=$$!; \
		$(MAKE) --no-print-directory lint; lint=$$?; \
		wait $$template && exit $$lint
	@echo "Tests, on a real PostgreSQL and in a real browser."
	@$(PY) -m pytest -n auto --dist worksteal

proofs: dev-venv ## the longest proofs to their whole depth: each point at which a process may die, 300 streets; an hour
	@PROOFS=all $(PY) -m pytest -n auto --dist worksteal tests/shop/proofs tests/shop/storms

bench: dev-venv ## the benchmarks, as a table and as bench/results.json; on a machine that does nothing else
	@$(PY) -m bench

lint: dev-venv ## the part of `make test` that takes seconds
	@echo "Lint, format, types, floors, migrations, templates."
	@$(PY) -m ruff check --quiet .
	@$(PY) -m ruff format --quiet --check .
	@$(NO_DATABASE) $(PY) -m mypy --no-error-summary
	@$(PY) -c 'from importlinter.cli import lint_imports_command as lint; lint()' > .venv/lint-imports.log \
		|| { cat .venv/lint-imports.log; exit 1; }
	@$(PY) -m djhtml --check templates 2>.venv/djhtml.log \
		|| { cat .venv/djhtml.log; exit 1; }
	@DJANGO_SETTINGS_MODULE=portal.settings.test $(PY) manage.py makemigrations --check --dry-run --verbosity 1

translations: dev-venv ## the catalogues brought to the sentences of the source, and what they lack
	@$(PY) -m tests.catalogues

requirements: dev-venv ## requirements*.txt anew, with hashes, from pyproject.toml
	@UV_CUSTOM_COMPILE_COMMAND="make requirements" $(UV_COMPILE) pyproject.toml -o requirements.txt
	@UV_CUSTOM_COMPILE_COMMAND="make requirements" $(UV_COMPILE) --extra dev -c requirements.txt pyproject.toml \
		-o requirements-dev.txt

UV_COMPILE = $(PY) -m uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	--no-emit-index-url --no-emit-find-links

# ----------------------------------------------------------------------------------------------- what the above stand on

# Installs a requirements file unless that very file was the last one installed.
define install
	@cmp -s $(1) .venv/$(1) || { \
		echo "Python packages are installed from $(1) (once; a minute or two)."; \
		rm -f .venv/requirements*.txt; \
		$(PY) -m pip install -qq --disable-pip-version-check --no-input --require-hashes -r $(1) \
			|| { echo "The packages could not be installed; the lines above say which. Is the network there?" >&2; exit 1; }; \
		cp $(1) .venv/$(1); }
endef

venv: .venv-there
	@# requirements-dev.txt holds everything of requirements.txt, in the same versions.
	@cmp -s requirements-dev.txt .venv/requirements-dev.txt || $(MAKE) --no-print-directory .venv-production

.PHONY: .venv-there .venv-production
.venv-production:
	$(call install,requirements.txt)

dev-venv: .venv-there
	$(call install,requirements-dev.txt)

.venv-there:
	@$(PY) -m pip --version >/dev/null 2>&1 || { \
		for python in "$(PYTHON)" python3.11 python3.12 python3.13 python3.14; do \
			"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && found="$$python" && break; \
		done; \
		[ -n "$${found:-}" ] || { \
			echo "Achetons needs Python 3.11 or newer, and $(PYTHON) is not. Install it, or name it: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)" >&2; \
			exit 1; }; \
		"$$found" -c 'import ensurepip, venv' >/dev/null 2>&1 || { \
			echo "$$found has no venv module. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }; \
		echo "A virtual environment is made in .venv with $$($$found --version)."; \
		rm -rf .venv && "$$found" -m venv .venv; }

browser: dev-venv
	@$(PY) -m tests.browser

pdf-libraries: dev-venv
	@$(PY) -m tests.pdf_libraries
