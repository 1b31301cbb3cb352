# Nightdesk's everyday commands. `make run` and `make test` need nothing set up before.
PYTHON ?= python3
PORT ?= 8000
DATA ?= ./data
VENV := .venv
BIN := $(VENV)/bin

# A file at a time, in the order of tests/conftest.py. By itself xdist begins with the files that hold
# most tests, and those that take longest hold few.
DEAR_FIRST := --dist loadfile --no-loadscope-reorder

.PHONY: help run test quick lint types faults seed locks extras bench-tools clean system

help:
	@echo "make run        open the demo newsroom on http://127.0.0.1:$(PORT) (PORT=, DATA= override)"
	@echo "make test       everything that must hold, browser and PostgreSQL included"
	@echo "make quick      the tests that need neither a browser nor PostgreSQL"
	@echo "make lint       formatting, imports, types"
	@echo "make faults     the fault tests at the size of their promises; takes about half an hour"
	@echo "make bench-tools  install what nightdesk bench compares with: nginx, wrk, varnish"
	@echo "make extras     what is left out of make run for its size: Kokoro's voice, the recogniser"
	@echo "make locks      resolve what is installed anew, after a change of pyproject.toml"
	@echo "make seed       rebuild the ready-made databases after a change of models or demo"

run: $(VENV)/.run
	@$(BIN)/nightdesk run --demo --host 127.0.0.1 --port $(PORT) --data $(DATA)

test: $(VENV)/.dev system
	@$(MAKE) --no-print-directory lint
	$(BIN)/python -m pytest -n 2 $(DEAR_FIRST) -m "not slow"
	tests/with-postgresql $(BIN)/python -m pytest -n 2 $(DEAR_FIRST) -m "database and not slow"

quick: $(VENV)/.dev
	$(BIN)/python -m pytest -n 2 $(DEAR_FIRST) -m "not slow and not browser"

lint: $(VENV)/.dev
	@$(BIN)/ruff check src tests
	@$(BIN)/ruff format --check -q src tests
	@$(BIN)/lint-imports > $(VENV)/imports.log || { cat $(VENV)/imports.log; exit 1; }
	@$(BIN)/mypy

faults: $(VENV)/.dev system
	NIGHTDESK_FAULTS=full $(BIN)/python -m pytest -n 0 -m "fault or slow" -rP --durations=0

seed: $(VENV)/.dev
	$(BIN)/python -m nightdesk demo seed

# The virtual environment, made anew when what it is made from changes.
$(VENV)/bin/uv:
	@tests/virtual-environment $(PYTHON) $(VENV)

$(VENV)/.run: $(VENV)/bin/uv requirements/run.txt pyproject.toml
	@$(BIN)/uv pip install --quiet --require-hashes --compile-bytecode -p $(VENV) -r requirements/run.txt
	@$(BIN)/uv pip install --quiet --no-deps -p $(VENV) -e .
	@touch $@

$(VENV)/.dev: $(VENV)/bin/uv requirements/dev.txt pyproject.toml
	@$(BIN)/uv pip install --quiet --require-hashes --compile-bytecode -p $(VENV) -r requirements/dev.txt
	@$(BIN)/uv pip install --quiet --no-deps -p $(VENV) -e .
	@touch $@ $(VENV)/.run

# 700 MB: a voice of ten times the time, and a listener for whoever looks after voices.
extras: $(VENV)/.run
	@$(BIN)/uv pip install --quiet --require-hashes -p $(VENV) -r requirements/all.txt

LOCK = $(BIN)/uv pip compile --quiet --generate-hashes --no-header --no-emit-index-url \
	--python-version 3.11 --extra audio --extra import --extra postgresql pyproject.toml

locks: $(VENV)/bin/uv
	@$(LOCK) -o requirements/run.txt
	@$(LOCK) --group dev -o requirements/dev.txt
	@$(LOCK) --extra audio-kokoro --extra listen -c requirements/run.txt -o requirements/all.txt

system:
	@tests/system-packages

bench-tools: $(VENV)/.run
	@tests/bench-tools

clean:
	rm -rf $(VENV) .pytest_cache .ruff_cache .mypy_cache .hypothesis
