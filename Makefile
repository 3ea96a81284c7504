# Aftercare: `make` alone lists what it can do. The two that matter: `make run` and `make test`.

HOST ?= 127.0.0.1
PORT ?= 8050
PYTHON ?= $(shell command -v python3.11 || command -v python3)

BIN := .venv/bin
REPORT := var/torture.jsonl
unexport PYTHONDONTWRITEBYTECODE  # a second start need not compile everything again
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
# with the extras: older pips pin coverage[toml] only if the lock names it so
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-strip-extras --no-emit-index-url --no-header
APT := DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends
ROOT_ON_DEBIAN := test "$$(id -u)" = 0 && grep -qs '^ID=debian' /etc/os-release

.PHONY: help run test torture lint lock charts venv-package browser browser-packages

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 8

run: .venv/packed ## serve the dashboard; a new database gets demo data (HOST=127.0.0.1 PORT=8050)
	@exec $(BIN)/python -m dashboard run --host "$(HOST)" --port "$(PORT)"

test: lint browser .venv/packed ## style, types, directions of imports, and every test
	$(BIN)/python -m pytest -n logical --dist loadfile --no-loadscope-reorder

torture: browser .venv/packed ## faults and abuse at length, for hours; writes docs/trust.md (ONLY=kills for some)
	@mkdir -p var
	@test -n "$(ONLY)" || rm -f $(REPORT)
	TORTURE=long TORTURE_REPORT=$(REPORT) $(BIN)/python -m pytest tests/torture -k "$(ONLY)"; \
	failed=$$?; $(BIN)/python -m tests.torture.table $(REPORT) docs/trust.md && exit $$failed

lint: .venv/develop ## style, types and directions of imports alone
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

lock: .venv/develop ## write the lock files from pyproject.toml, keeping what still fits
	$(LOCK) pyproject.toml --output-file requirements.lock
	$(LOCK) pyproject.toml --group dev --output-file requirements-dev.lock
	$(LOCK) bench/superset.in --output-file bench/superset.lock

.venv/runtime: requirements.lock dashboard/npm/package-lock.json | .venv/bin/pip
	$(INSTALL) -r requirements.lock
	@$(MAKE) --no-print-directory charts
	@touch $@

.venv/develop: requirements-dev.lock dashboard/npm/package-lock.json | .venv/bin/pip
	$(INSTALL) -r requirements-dev.lock
	@$(MAKE) --no-print-directory charts
	@touch .venv/runtime $@

# what is enough of two scripts; where npm is not, pages load the whole of them
charts:
	@mkdir -p .venv/npm && cp dashboard/npm/package*.json .venv/npm/
	@command -v npm >/dev/null && npm ci --prefix .venv/npm --ignore-scripts --no-audit --no-fund \
	--loglevel error >/dev/null || echo "Without npm the charts' script is 4.8 MB instead of 1.5 MB."

# where it fails, the server packs by itself, less well
.venv/packed: .venv/runtime dashboard/icons.py $(wildcard assets/*)
	@$(BIN)/python -m dashboard pack || { rm -rf $@; echo "Browsers load 0.2 MB more than they need." >&2; }

.venv/bin/pip:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo \
	"Aftercare needs Python 3.11 or newer: install it, or name it with make PYTHON=..." >&2; exit 1; }
	@"$(PYTHON)" -m venv .venv >/dev/null 2>&1 || $(MAKE) --no-print-directory venv-package

# Debian's Python lacks a part that a venv needs
venv-package:
	@rm -rf .venv
	@$(ROOT_ON_DEBIAN) || { echo "Python cannot make a virtual environment: install what is missing" \
	"(Debian and Ubuntu: sudo apt install python3-venv) and try again." >&2; exit 1; }
	apt-get update -qq
	$(APT) python3-venv
	"$(PYTHON)" -m venv .venv

browser: .venv/develop
	@if $(ROOT_ON_DEBIAN); then \
	{ command -v chromium-headless-shell || command -v chromium; } >/dev/null && fc-list :lang=zh 2>/dev/null | grep -q . && \
	command -v redis-server >/dev/null || \
	$(MAKE) --no-print-directory browser-packages; \
	else command -v chromium >/dev/null || $(BIN)/playwright install chromium; fi

browser-packages:
	apt-get update -qq
	$(APT) chromium-headless-shell fonts-noto-cjk redis-server
