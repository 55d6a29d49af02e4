# Everything to do with the project, one word each; `make` lists the targets.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.NOTPARALLEL:
.DEFAULT_GOAL := help

PYTHON ?= python3
# Letters besides the Latin ones that can be read, as Debian calls their packages; none with `make LANGUAGES=`.
LANGUAGES ?= arab cyrl deva grek hang hans hant hebr jpan thai
BIN := .venv/bin
READY := .venv/.ready

# Where .venv was made and for which Python: this changes if the folder is moved or the system upgraded.
HERE := $(CURDIR) $(shell readlink -f $(BIN)/python)
ifneq ($(shell test -x $(BIN)/python && cat $(READY) 2>/dev/null),$(HERE))
.PHONY: $(READY)
endif

STOP = stop() { printf 'expensed: %s\n' "$$@" >&2; exit 1; }
PIP = $(BIN)/python -m pip --disable-pip-version-check -qq

.PHONY: help setup system run demo test learn prepare golden lint format lock config clean install uninstall

help: ## list these targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18

setup: system $(READY) ## install what is missing: system packages, .venv, Python packages (quick if nothing is)

system: ## install the system packages that are missing (apt)
	@$(STOP)
	! command -v $(PYTHON) >/dev/null || $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
	  stop "$$($(PYTHON) --version) is too old; expensed needs 3.11 or newer." "Use another: make PYTHON=python3.12 setup"
	missing=()
	{ tesseract --list-langs 2>/dev/null | grep -x eng >/dev/null; } || missing+=(tesseract-ocr tesseract-ocr-eng)
	# Without dpkg these are left out; `expensed doctor` names them.
	for package in $(addprefix tesseract-ocr-script-,$(LANGUAGES)); do
	  ! command -v dpkg-query >/dev/null ||
	    [ "$$(dpkg-query -W -f '$${db:Status-Status}' "$$package" 2>/dev/null)" = installed ] || missing+=("$$package")
	done
	command -v redis-server >/dev/null || missing+=(redis-server)
	[[ -x $(BIN)/python || $(PYTHON) != python3 ]] || python3 -c 'import ensurepip, venv' 2>/dev/null ||
	  missing+=(python3 python3-venv)
	if [ -n "$(TESTING)" ]; then
	  command -v chromium >/dev/null || missing+=(chromium)
	  [ -e /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf ] || missing+=(fonts-dejavu-core)
	  command -v chromedriver >/dev/null || missing+=(chromium-driver)
	  command -v curl >/dev/null || missing+=(curl)
	  command -v chattr >/dev/null || missing+=(e2fsprogs)
	  command -v hledger >/dev/null || missing+=(hledger)
	  command -v ledger >/dev/null || missing+=(ledger)
	  command -v openssl >/dev/null || missing+=(openssl)
	  PATH=$$PATH:/usr/sbin command -v nginx >/dev/null || missing+=(nginx)
	  command -v caddy >/dev/null || missing+=(caddy)
	fi
	[ $${#missing[@]} -gt 0 ] || exit 0
	install="apt-get install --no-install-recommends $${missing[*]}"
	command -v apt-get >/dev/null || stop "These are missing: $${missing[*]} (names as in Debian)." \
	  "Install them with this system's package manager, then repeat."
	root=()
	if [ "$$(id -u)" != 0 ]; then
	  command -v sudo >/dev/null || stop "These are missing: $${missing[*]}." "Run as root: $$install"
	  root=(sudo)
	fi
	echo "expensed: installing $${missing[*]}"
	log=$$(mktemp)
	policy=/usr/sbin/policy-rc.d
	trap 'rm -f "$$log"' EXIT
	# expensed and its tests start these themselves; the services that come with the packages stay off.
	services=()
	for each in redis-server nginx caddy; do [[ " $${missing[*]} " != *" $$each "* ]] || services+=("$$each"); done
	if [[ $${#services[@]} -gt 0 && ! -e $$policy ]]; then
	  trap 'rm -f "$$log"; "$${root[@]}" rm -f "$$policy"' EXIT
	  printf '#!/bin/sh\ncase $$1 in redis-server* | nginx* | caddy*) exit 101 ;; esac\n' |
	    "$${root[@]}" tee $$policy >/dev/null
	  "$${root[@]}" chmod 755 $$policy
	fi
	"$${root[@]}" apt-get update -qq >"$$log" 2>&1 || true # one unreachable source need not matter
	"$${root[@]}" env DEBIAN_FRONTEND=noninteractive $$install --yes -qq >>"$$log" 2>&1 </dev/null ||
	  { grep -E '^(E|W|Err)' "$$log" >&2 || cat "$$log" >&2; stop "The packages could not be installed. By hand: $$install"; }
	[ $${#services[@]} = 0 ] || "$${root[@]}" systemctl disable "$${services[@]}" >/dev/null 2>&1 || true

$(READY): requirements-dev.lock pyproject.toml
	@$(STOP)
	command -v $(PYTHON) >/dev/null || stop "$(PYTHON) is not installed; expensed needs Python 3.11 or newer."
	echo "expensed: installing the Python packages into .venv"
	# A new lock is installed over the old one; anything else, even an interrupted attempt, starts from scratch.
	[[ -x $(BIN)/python && "$$(cat $(READY) 2>/dev/null)" == "$(HERE)" ]] ||
	  $(PYTHON) -m venv --clear .venv || stop "The virtual environment .venv could not be made."
	rm -f $(READY)
	log=$$(mktemp)
	trap 'rm -f "$$log"' EXIT
	{ $(PIP) install --require-hashes -r requirements-dev.lock &&
	  $(PIP) install --no-deps --no-build-isolation --editable .; } 2>"$$log" ||
	  { { grep -m 1 ^WARNING "$$log" || true; grep -v ^WARNING "$$log" || true; } >&2
	    stop "The Python packages could not be installed; the lines above say why. Then repeat: make setup"; }
	echo "$(CURDIR) $$(readlink -f $(BIN)/python)" >$(READY)

run: setup ## set everything up and start the daemon on ./inbox; ARGS=... is passed on
	@exec $(BIN)/expensed run $(ARGS)

demo: setup ## set everything up, then show what expensed does with three drawn receipts; disturbs nothing
	@exec $(BIN)/expensed demo $(ARGS)

test: TESTING = yes # also installs what only the tests need: a browser, nginx, Caddy, curl, chattr, openssl, hledger, ledger
test: setup ## set everything up, then run all checks and tests; ARGS=... is passed to pytest
	@unset PYTHONDONTWRITEBYTECODE # otherwise each of hundreds of processes would compile the sources again
	said=$$(mktemp)
	trap 'rm -f "$$said"' EXIT
	( $(LINT)
	) >"$$said" 2>&1 & # alongside the tests; its findings are printed after theirs
	tested=0
	$(BIN)/pytest --quiet -n 4 --dist worksteal $(ARGS) || tested=$$?
	linted=0
	wait $$! || linted=$$?
	[ $$linted = 0 ] || { cat "$$said"; echo "expensed: 'make lint' fails; see above."; } >&2
	[ $$tested = 0 ] || exit $$tested
	exit $$linted

learn: setup ## learn again how amount and seller are chosen, from ../shared/data, and print how well; ARGS=... is passed on
	@$(PIP) install --require-hashes -r requirements-learn.lock
	OMP_NUM_THREADS=1 PYTHONPATH=. $(BIN)/python -m benchmarks.learn $(ARGS)

prepare: setup ## make again, after a change of a data file, the tables that a child process loads at its start
	@PYTHONPATH=. $(BIN)/python -m benchmarks.prepare

golden: setup ## accept what extraction now makes of the recorded documents (see git diff); RECORD=1 reads them again
	@PYTHONPATH=. $(BIN)/python -m tests.documents.golden $(if $(RECORD),--record)

define LINT
$(BIN)/ruff check --quiet .
$(BIN)/ruff format --quiet --check . || { echo "expensed: 'make format' fixes these." >&2; exit 1; }
$(BIN)/mypy --no-error-summary
$(BIN)/lint-imports --no-logo
endef

lint: setup ## check style, types and the borders between rooms
	@$(LINT)

format: setup ## rewrite the source in the project's style
	@$(BIN)/ruff check --quiet --fix-only .
	$(BIN)/ruff format .

lock: ## regenerate the lock files from pyproject.toml; UPGRADE=1 takes newer versions
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
	compile --extra learn --constraint requirements-dev.lock --output-file requirements-learn.lock

config: setup ## regenerate config/expensed.toml from the schema
	@$(BIN)/python -m expensed.config.sample_file >config/expensed.toml

# Where the service is installed. Units and the like go to /usr/local/lib, so that /etc holds only local changes.
TARGET = $(abspath $(DESTDIR))
OPT = $(TARGET)/opt
LINK = $(TARGET)/usr/local/bin/expensed
UNIT = $(TARGET)/usr/local/lib/systemd/system/expensed.service
SYSUSERS = $(TARGET)/usr/local/lib/sysusers.d/expensed.conf
TMPFILES = $(TARGET)/usr/local/lib/tmpfiles.d/expensed.conf
MAN = $(TARGET)/usr/local/share/man/man1/expensed.1
SETTINGS = $(TARGET)/etc/expensed/expensed.toml
ROOT = [[ -n "$(TARGET)" || "$$(id -u)" == 0 ]] || stop "This needs root: sudo make $@"

install: ## as root: install to /opt/expensed, /etc/expensed, /var/lib/expensed, and the unit; DESTDIR=... works
	@$(STOP)
	$(ROOT)
	$(MAKE) --no-print-directory setup
	umask 022
	python=$$(readlink -f "$$(command -v $(PYTHON))")
	[[ -n "$(TARGET)" || ! "$$python" =~ ^/(home|root|tmp)/ ]] ||
	  stop "A service cannot see $$python. To use another: make PYTHON=/usr/bin/python3 install"
	echo "expensed: installing into $(OPT)/expensed"
	# The new version is prepared beside the old one and replaces it at the end: a failure leaves the old one as it was.
	mkdir -p "$(OPT)"
	rm -rf "$(OPT)"/.expensed-?????? # an interrupted attempt
	export PYTHONDONTWRITEBYTECODE=1 # so that root leaves no files in this folder
	new=$$(mktemp -d "$(OPT)/.expensed-XXXXXX")
	trap 'rm -rf "$$new"' EXIT
	{ $(PYTHON) -m venv --without-pip "$$new/expensed" &&
	  $(BIN)/python -m hatchling build --target wheel --directory "$$new/wheel" &&
	  $(PIP) --python "$$new/expensed/bin/python" install --no-compile --require-hashes -r requirements.lock &&
	  $(PIP) --python "$$new/expensed/bin/python" install --no-compile --no-deps --no-index "$$new"/wheel/*.whl
	} >"$$new/log" 2>&1 || { cat "$$new/log" >&2; stop "expensed could not be installed; the lines above say why."; }
	install -m 644 systemd/README.md "$$new/expensed/README.md"
	rm -f "$$new"/expensed/lib/python*/site-packages/expensed-*.dist-info/direct_url.json
	grep -rlIF --null "$$new/" "$$new/expensed/bin" "$$new/expensed/pyvenv.cfg" | xargs -0r sed -i "s|$$new/|/opt/|g"
	# The service may not write here, so modules are compiled now; a few packages have some that are not valid Python.
	$(BIN)/python -m compileall -q -j 0 -s "$$new" -p /opt "$$new/expensed/lib" >/dev/null 2>&1 || true
	chmod -R u=rwX,go=rX "$$new/expensed"
	[[ ! -e "$(OPT)/expensed" ]] || mv "$(OPT)/expensed" "$$new/old"
	mv "$$new/expensed" "$(OPT)/expensed"
	install -d "$(dir $(LINK))" "$(dir $(SETTINGS))"
	ln -sfn /opt/expensed/bin/expensed "$(LINK)"
	if [ ! -e "$(SETTINGS)" ]; then
	  $(BIN)/python -m expensed.config.sample_file >"$$new/settings"
	  sed -Ei 's,^#path = "(state|inbox|archive)",path = "/var/lib/expensed/\1",' "$$new/settings"
	  install -m 640 "$$new/settings" "$(SETTINGS)"
	fi
	$(BIN)/python -m expensed.cli.man_page >"$$new/expensed.1"
	install -D -m 644 "$$new/expensed.1" "$(MAN)"
	install -D -m 644 systemd/expensed.service "$(UNIT)"
	install -D -m 644 systemd/expensed.sysusers "$(SYSUSERS)"
	install -D -m 644 systemd/expensed.tmpfiles "$(TMPFILES)"
	[ -z "$(TARGET)" ] || exit 0
	command -v systemd-sysusers >/dev/null || stop "There is no systemd here: only the program was installed."
	systemd-sysusers expensed.conf
	systemd-tmpfiles --create expensed.conf
	[ -d /run/systemd/system ] || exit 0
	systemctl daemon-reload
	systemctl try-restart expensed
	systemctl --quiet is-active expensed || echo "expensed: to start it now and at boot: systemctl enable --now expensed"

uninstall: ## as root: remove what install created; documents, settings and state stay
	@$(STOP)
	$(ROOT)
	if [[ -z "$(TARGET)" && -d /run/systemd/system && -e "$(UNIT)" ]]; then
	  systemctl --quiet disable --now expensed
	fi
	rm -rf "$(OPT)/expensed" "$(OPT)"/.expensed-??????
	rm -f "$(UNIT)" "$(SYSUSERS)" "$(TMPFILES)" "$(MAN)"
	[[ "$$(readlink "$(LINK)")" != /opt/expensed/bin/expensed ]] || rm -f "$(LINK)"
	[[ -n "$(TARGET)" || ! -d /run/systemd/system ]] || systemctl daemon-reload
	echo "expensed: removed. These stay: $(TARGET)/etc/expensed, $(TARGET)/var/lib/expensed, the user and group expensed."

clean: ## remove .venv and all caches; documents, archive and state stay
	@rm -rf .venv dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
