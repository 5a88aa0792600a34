# make serve, make test: see README.md. Every target installs what it needs into .venv first.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help serve demo test lint fuzz bench screenshots translations messages lock clean

export PIP_DISABLE_PIP_VERSION_CHECK := 1

# The first Python that is new enough; python3 itself where it is.
PYTHON ?= $(shell for candidate in python3 python3.13 python3.12 python3.11 python3.14; do \
	"$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& command -v "$$candidate" && break; done)
INSTALL := .venv/bin/python -m pip install --quiet --no-deps
CATALOGUES := $(wildcard translations/*/LC_MESSAGES/*.po)

help: ## what can be made
	@sed -nE 's/^([a-z]+):.*## (.*)/make \1|\2/p' Makefile | column -t -s'|'

serve: .venv/serve.stamp .venv/translations.stamp ## the service on http://127.0.0.1:8000, data under instance/
	@exec .venv/bin/zugang serve

demo: export ZUGANG_DATA := $(or $(ZUGANG_DATA),instance/demo)
demo: export ZUGANG_SECOND_FACTOR := $(or $(ZUGANG_SECOND_FACTOR),deferred)
demo: .venv/serve.stamp .venv/translations.stamp ## as serve, with demo staff and 63 made-up cases
	@if [[ -e $$ZUGANG_DATA/demo-accounts.json ]]; then cat "$$ZUGANG_DATA/demo-accounts.json"; \
		else .venv/bin/zugang demo; fi
	@exec .venv/bin/zugang serve

test: .venv/test.stamp .venv/judge.stamp ## every check, with real browsers and a real PostgreSQL
	@bash .ci/packages
	@$(MAKE) --no-print-directory .venv/node.stamp
	@bash .ci/check

lint: .venv/test.stamp ## the checks without the tests
	@bash .ci/check lint

fuzz: export ZUGANG_TEST_WORKBOOKS := 10000
fuzz: export ZUGANG_TEST_POSTS := 100000
fuzz: export ZUGANG_TEST_EXPRESSIONS := 25000
fuzz: .venv/test.stamp .venv/translations.stamp ## the tests with random input, by the ten thousand
	@bash .ci/packages default-jdk-headless
	@.venv/bin/pytest -n 2 tests/xlsform/test_fuzz_workbooks.py tests/web/test_any_post.py \
		tests/xlsform/test_differential.py

bench: .venv/test.stamp .venv/translations.stamp ## speed and weight beside the bare floor
	@.venv/bin/python -m bench

screenshots: .venv/test.stamp .venv/translations.stamp ## the pictures of the README
	@bash .ci/packages chromium chromium-driver
	@.venv/bin/python -m bench.screenshots docs

translations: .venv/translations.stamp ## compile the catalogues

messages: .venv/test.stamp ## bring the catalogues up to the texts in code and templates
	@bash .ci/messages

lock: .venv/lock/bin/uv ## solve the dependencies anew and write the locks
	@printf 'numpy>=2.1,<2.3\n' > .venv/lock/override.txt # pycanon pins one that Python 3.13 lacks
	@$(LOCK) $(UNNEEDED) --extra build --extra dev pyproject.toml -o requirements-dev.lock
	@$(LOCK) --extra build -c requirements-dev.lock pyproject.toml -o requirements.lock
	@$(LOCK) --override .venv/lock/override.txt - -o requirements-judge.lock <<<'pycanon'

# What axe-playwright-python drives browsers with: we use its axe.min.js alone, in our own Chromium.
UNNEEDED := $(addprefix --no-emit-package ,playwright pyee greenlet)
LOCK = .venv/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header $(LOCK_OPTIONS)

clean: ## forget what was installed and compiled; data stays
	@rm -rf .venv .venv-judge tests/field/node_modules

.venv/bin/python:
	@[[ -n "$(PYTHON)" ]] || { echo "zugang needs Python 3.11 or newer: apt-get install python3"; exit 1; }
	@PYTHON="$(PYTHON)" bash .ci/packages python3-venv
	@"$(PYTHON)" -c 'import ensurepip' 2>/dev/null || { echo "Python has no venv: apt-get install python3-venv"; exit 1; }
	@"$(PYTHON)" -m venv .venv

.venv/serve.stamp: requirements.lock pyproject.toml | .venv/bin/python
	@echo "Installing into .venv …"
	@$(INSTALL) --require-hashes -r requirements.lock
	@$(INSTALL) --no-build-isolation -e .
	@touch $@

.venv/test.stamp: requirements-dev.lock pyproject.toml | .venv/bin/python
	@echo "Installing into .venv, with the tools for the tests …"
	@$(INSTALL) --require-hashes -r requirements-dev.lock
	@$(INSTALL) --no-build-isolation -e .
	@touch .venv/serve.stamp $@

# pycanon, the judge of anonymity, pins old packages and so lives on its own.
.venv/judge.stamp: requirements-judge.lock | .venv/bin/python
	@"$(PYTHON)" -m venv .venv-judge
	@.venv-judge/bin/python -m pip install --quiet --no-deps --require-hashes -r requirements-judge.lock
	@touch $@

# The clients that fill in our questionnaires in the tests. Without npm they are left out.
.venv/node.stamp: tests/field/package-lock.json | .venv/bin/python
	@command -v npm >/dev/null || exit 0; \
		npm ci --prefix tests/field --ignore-scripts --no-audit --no-fund --silent && touch $@

.venv/translations.stamp: $(CATALOGUES) | .venv/serve.stamp
	@bash .ci/translations
	@touch $@

.venv/lock/bin/uv: | .venv/bin/python
	@"$(PYTHON)" -m venv .venv/lock
	@.venv/lock/bin/python -m pip install --quiet uv
