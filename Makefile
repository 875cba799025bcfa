# Every command of the course. `make` alone lists them.
# Another Python: make PYTHON=python3.12 lab

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed-from-requirements
CLUSTER_STAMP := $(VENV)/.installed-from-requirements-cluster
LOWEST := .venv-lowest
LOWEST_STAMP := $(LOWEST)/.installed-from-requirements
# One thread each: tests run side by side, and the numbers are the same on every machine.
ONE_THREAD := OMP_NUM_THREADS=1 MPLBACKEND=agg
NBVAL := $(BIN)/python -m pytest --nbval --nbval-sanitize-with tests/nbval_sanitize.cfg -p no:cacheprovider -q

.PHONY: help lab instructor check test test-all test-lowest grade release bench clean

help:
	@echo "make lab         set up, bring new and corrected notebooks to work/, open JupyterLab there"
	@echo "make grade       set up, grade submitted/ (a sample class when it is empty)"
	@echo "make test        set up, run every test that CI runs"
	@echo "make check       lint and fast tests, in about two minutes"
	@echo "make test-all    the slow tests too"
	@echo "make test-lowest fast tests and grading with the lowest versions that requirements.txt allows"
	@echo "make release     generate notebooks/ from solutions/ and write the students' zip"
	@echo "make instructor  JupyterLab with nbgrader's formgrader at the course root"
	@echo "make bench       the benchmarks behind the documented figures"

# The stamp is written last: an interrupted set-up starts again, a finished one is not repeated.
$(STAMP): requirements.txt tools/setup_venv.py
	@command -v $(PYTHON) >/dev/null 2>&1 || { echo "set-up: there is no $(PYTHON) here: install Python 3.11, 3.12 or 3.13, or name yours as in 'make PYTHON=python3.12 lab'." >&2; exit 1; }
	@$(PYTHON) tools/setup_venv.py $(VENV)
	@touch $@

# To grade on many machines, docs/cluster.md, and for the tests of that.
$(CLUSTER_STAMP): requirements-cluster.txt $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-cluster.txt
	@touch $@

# Each lower bound of requirements.txt taken at its word, in an environment beside the other.
$(LOWEST_STAMP): requirements.txt
	$(PYTHON) -m venv --clear $(LOWEST)
	sed -E 's/>=([^,]+),.*/==\1/' requirements.txt > $(LOWEST)/requirements.txt
	$(LOWEST)/bin/python -m pip install --quiet --disable-pip-version-check -r $(LOWEST)/requirements.txt
	@touch $@

lab: $(STAMP)
	@$(BIN)/python -m course_utils.lab

instructor: $(STAMP)
	@$(BIN)/python -m jupyterlab --ServerApp.root_dir="$(CURDIR)"

check: $(STAMP) $(CLUSTER_STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache --no-logo
	$(BIN)/zizmor --offline --quiet .github/workflows templates/github
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml templates/github/*/.github/workflows/*.yml
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.gitlab-ci templates/gitlab/*/.gitlab-ci.yml
	$(ONE_THREAD) $(BIN)/python -m pytest -n 2 -q -m "not slow and not real_path"

test: check
	$(ONE_THREAD) $(NBVAL) -n 2 --dist loadfile solutions
	$(ONE_THREAD) $(BIN)/python -m pytest -n 2 --dist loadfile -q -m "real_path and not slow"
	$(BIN)/python -m autograder answers --mutants 3

test-all: test
	$(ONE_THREAD) $(BIN)/python -m pytest -n 2 -q -m slow

test-lowest: $(LOWEST_STAMP)
	$(ONE_THREAD) $(LOWEST)/bin/python -m pytest -n 2 -q -m "not slow and not real_path"
	$(ONE_THREAD) $(LOWEST)/bin/python -m pytest -n 2 --dist loadfile -q -m "real_path and not slow" tests/autograder

grade: $(STAMP)
	@$(BIN)/python -m autograder grade

release: $(STAMP)
	@$(BIN)/python -m autograder release

bench: $(STAMP)
	@$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) $(LOWEST) .pytest_cache .ruff_cache sample
