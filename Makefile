# The chores of expensed, each by one word; `make` lists them.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.NOTPARALLEL:
.DEFAULT_GOAL := help

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

# Where .venv was made and for which Python: what a folder that was moved, or a system that was upgraded, changes.
HERE := $(CURDIR) $(shell readlink -f $(BIN)/python)
ifneq ($(shell test -x $(BIN)/python && cat $(READY) 2>/dev/null),$(HERE))
.PHONY: $(READY)
endif

STOP = stop() { printf 'expensed: %s\n' "$$@" >&2; exit 1; }
PIP = $(BIN)/python -m pip --disable-pip-version-check -qq

.PHONY: help setup system run test lint format lock config clean

help: ## list these chores
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18

setup: system $(READY) ## bring what is missing: system packages, .venv, Python packages (quick if nothing is)

system: ## bring the system packages that are missing (apt)
	@$(STOP)
	! command -v $(PYTHON) >/dev/null || $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
	  stop "$$($(PYTHON) --version) is too old; expensed needs 3.11 or newer." "With another: make PYTHON=python3.12 setup"
	missing=()
	{ tesseract --list-langs 2>/dev/null | grep -x eng >/dev/null; } || missing+=(tesseract-ocr tesseract-ocr-eng)
	command -v redis-server >/dev/null || missing+=(redis-server)
	[[ -x $(BIN)/python || $(PYTHON) != python3 ]] || python3 -c 'import ensurepip, venv' 2>/dev/null ||
	  missing+=(python3 python3-venv)
	[ $${#missing[@]} -gt 0 ] || exit 0
	install="apt-get install --no-install-recommends $${missing[*]}"
	command -v apt-get >/dev/null || stop "These are missing: $${missing[*]} (names as in Debian)." \
	  "Install them with this system's package manager, then repeat."
	root=()
	if [ "$$(id -u)" != 0 ]; then
	  command -v sudo >/dev/null || stop "These are missing: $${missing[*]}." "As root: $$install"
	  root=(sudo)
	fi
	echo "expensed: installing $${missing[*]}"
	log=$$(mktemp)
	policy=/usr/sbin/policy-rc.d
	trap 'rm -f "$$log"' EXIT
	# expensed starts a redis-server of its own; the service that comes with the package stays off.
	if [[ " $${missing[*]} " == *" redis-server "* && ! -e $$policy ]]; then
	  trap 'rm -f "$$log"; "$${root[@]}" rm -f "$$policy"' EXIT
	  printf '#!/bin/sh\ncase $$1 in redis-server*) exit 101 ;; esac\n' | "$${root[@]}" tee $$policy >/dev/null
	  "$${root[@]}" chmod 755 $$policy
	fi
	"$${root[@]}" apt-get update -qq >"$$log" 2>&1 || true # one unreachable source need not matter
	"$${root[@]}" env DEBIAN_FRONTEND=noninteractive $$install --yes -qq >>"$$log" 2>&1 </dev/null ||
	  { grep -E '^(E|W|Err)' "$$log" >&2 || cat "$$log" >&2; stop "The packages could not be installed. By hand: $$install"; }
	[[ " $${missing[*]} " != *" redis-server "* ]] || "$${root[@]}" systemctl disable redis-server >/dev/null 2>&1 || true

$(READY): requirements-dev.lock pyproject.toml
	@$(STOP)
	command -v $(PYTHON) >/dev/null || stop "$(PYTHON) is not installed; expensed needs Python 3.11 or newer."
	echo "expensed: installing the Python packages into .venv"
	# A new lock is installed over the old one; anything else, an interrupted attempt too, begins from nothing.
	[[ -x $(BIN)/python && "$$(cat $(READY) 2>/dev/null)" == "$(HERE)" ]] ||
	  $(PYTHON) -m venv --clear .venv || stop "The virtual environment .venv could not be made."
	rm -f $(READY)
	log=$$(mktemp)
	trap 'rm -f "$$log"' EXIT
	{ $(PIP) install --require-hashes -r requirements-dev.lock &&
	  $(PIP) install --no-deps --no-build-isolation --editable .; } 2>"$$log" ||
	  { { grep -m 1 ^WARNING "$$log" || true; grep -v ^WARNING "$$log" || true; } >&2
	    stop "The Python packages could not be installed; the lines above say why. Then again: make setup"; }
	echo "$(CURDIR) $$(readlink -f $(BIN)/python)" >$(READY)

run: setup ## set everything up and start the daemon on ./inbox; ARGS=... are passed on
	@exec $(BIN)/expensed run $(ARGS)

test: setup lint ## set everything up, run all checks and all tests; ARGS=... go to pytest
	@$(BIN)/pytest --quiet -n 2 --dist worksteal $(ARGS)

lint: setup ## style, types and the borders between the rooms
	@$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --quiet --check . || { echo "expensed: 'make format' mends these." >&2; exit 1; }
	$(BIN)/mypy --no-error-summary
	$(BIN)/lint-imports --no-logo

format: setup ## rewrite the source in the project's style
	@$(BIN)/ruff check --quiet --fix-only .
	$(BIN)/ruff format .

lock: ## make the lock files anew from pyproject.toml; UPGRADE=1 takes newer versions
	@tmp=$$(mktemp -d)
	trap 'rm -rf "$$tmp"' EXIT
	$(PYTHON) -m venv "$$tmp"
	"$$tmp/bin/python" -m pip --disable-pip-version-check -qq install uv
	compile() {
	  "$$tmp/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-emit-find-links --no-annotate --no-header $(if $(UPGRADE),--upgrade) pyproject.toml "$$@"
	}
	compile --output-file requirements.lock
	compile --extra dev --constraint requirements.lock --output-file requirements-dev.lock

config: setup ## make config/expensed.toml anew from the schema
	@$(BIN)/python -m expensed.config.sample >config/expensed.toml

clean: ## remove .venv and all caches; documents, archive and state stay
	@rm -rf .venv dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
