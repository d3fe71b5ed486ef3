# What people and CI call. Everything happens in a virtual environment of its own; nothing else is touched.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
NEWSLETTER = $(BIN)/newsletter
SAMPLE = running-after-hip-resurfacing

.PHONY: help dev demo test coverage test-deps lint format bench docs snapshots pictures client-data clean

help:  ## show these lines
	@grep -hE '^[a-z-]+:.*##' Makefile | sed 's/:.*## /\t/'

dev: $(VENV)/.installed  ## make the environment

$(VENV)/.installed: setup.cfg pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name one: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@echo "Making the environment in $(VENV); this takes a minute or two ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --upgrade "pip>=24" "setuptools>=77" wheel
	@PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --editable '.[test]'
	@touch $@

# the demo is about this workspace and its outbox, whatever the shell points at
OURS_ONLY = env $$(env | sed -n 's/^\(NEWSLETTER_[A-Z_]*\)=.*/-u \1/p') NEWSLETTER_ESP_NAME=outbox
DEMO = $(OURS_ONLY) $(NEWSLETTER) -C .

demo: dev  ## check, render and send the sample issue to the sample readers, into the outbox
	@$(DEMO) check $(SAMPLE)
	@$(DEMO) render $(SAMPLE) --out rendered
	@$(DEMO) lists add friends --title "Friends of the clinic" > /dev/null
	@$(DEMO) subscribers import issues/sample-readers.csv --list friends --consent "Sample readers of the demo" > /dev/null
	@$(DEMO) send $(SAMPLE) --to friends --yes
	@echo
	@echo "Look at rendered/$(SAMPLE).html in a browser, and at a mail of the outbox in a mail program."
	@echo "Run make demo again: nobody gets it twice. Then: $(NEWSLETTER) --help"

test: dev  ## run the tests; what is not installed is skipped by name. NEWSLETTER_TEST_ALL=1 make test: all, as CI does
	$(BIN)/python -m pytest -n 2 --dist worksteal

coverage: dev  ## run the tests and show which lines they never reach
	$(BIN)/coverage run -m pytest -q --ignore=tests/acceptance --ignore=tests/test_packaging.py
	$(BIN)/coverage report

test-deps:  ## install what some tests need (Debian packages, and tests/judges/node_modules)
	apt-get update -qq
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql chromium fonts-dejavu-core fonts-noto-color-emoji spamassassin postfix dovecot-imapd \
		$$(command -v npm > /dev/null || echo npm) $$(command -v java > /dev/null || echo default-jre-headless)
	npm install --no-save --no-package-lock --ignore-scripts --no-audit --no-fund --loglevel=error --prefix tests/judges

lint: dev  ## types, style, layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: dev  ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: dev  ## paired measurements, as ratios
	for file in benchmarks/bench_*.py; do $(BIN)/python $$file; done

docs: dev  ## write docs/commands.md, docs/checks and the answers that other pages quote anew
	$(BIN)/python docs/make_commands.py
	$(BIN)/python docs/make_checks.py
	$(BIN)/python docs/play_pages.py

snapshots: dev  ## write tests/snapshots anew; git diff then shows what changed in the mails
	NEWSLETTER_TEST_RENEW=1 $(BIN)/python -m pytest -q tests/snapshots

pictures: dev  ## take the pictures of the docs anew (needs Chromium)
	$(BIN)/python docs/make_pictures.py

client-data: dev  ## fetch the newest table of what mail programs can show (needs the web)
	$(BIN)/python docs/renew_client_data.py

clean:  ## remove the environment and what was built; the database, the outbox and the secret stay
	rm -rf $(VENV) build dist *.egg-info rendered .coverage .mypy_cache .ruff_cache .pytest_cache .hypothesis
