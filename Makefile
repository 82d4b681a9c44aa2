# Each target does all of its own set-up; a second run reuses the environment.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.set-up-$(shell cat pyproject.toml constraints.txt scripts/set_up.sh 2>/dev/null | cksum | cut -d' ' -f1)

.PHONY: demo test test-all lint set-up clean

# Waiting threads that spin cost several times the work where the machine is busy.
demo: $(STAMP)
	OMP_WAIT_POLICY=passive $(BIN)/python examples/demo.py

test: $(STAMP)
	$(BIN)/python -m pytest
	$(BIN)/python -m pytest -m "browser and not slow" --timeout 240

test-all: $(STAMP)
	$(BIN)/python -m pytest -m "not browser"
	$(BIN)/python -m pytest -m browser --timeout 600

lint: $(STAMP)
	$(BIN)/ruff format --check src tests examples benchmarks scripts
	$(BIN)/ruff check src tests examples benchmarks scripts
	$(BIN)/mypy

set-up: $(STAMP)

$(STAMP): pyproject.toml constraints.txt scripts/set_up.sh
	PYTHON="$(PYTHON)" sh scripts/set_up.sh "$(VENV)" "$(firstword $(MAKECMDGOALS) set-up)"
	rm -f $(VENV)/.set-up-*
	touch $@

clean:
	rm -rf demo .pytest_cache .mypy_cache .ruff_cache
