# From a bare clone, with Python 3.11 or newer and make. Another Python: make bench PYTHON=python3.15

PYTHON ?= python3
# Each Python that is asked for has an environment of its own.
VENV := .venv$(if $(filter-out file,$(origin PYTHON)),-$(notdir $(PYTHON)))
BIN := $(VENV)/bin
SEED := $(or $(SEED),$(shell od -An -N4 -tu4 /dev/urandom | tr -d ' '))

.PHONY: help test typing primer soak mutate demo docs bench clean

help:
	@echo "make test    check style and types, run the tests on every supported Python, try the wheel"
	@echo "make typing  compare what six type checkers say with what our cases expect"
	@echo "make primer  try the mypy plugin on public projects, which it downloads once; takes minutes"
	@echo "make soak    run the tests with random cases at length; SEED=... repeats a run"
	@echo "make mutate  make small mistakes in the package, and list those that no test finds; takes hours"
	@echo "make demo    run the pizzeria and the Django project, and find the mistakes in wrong copies"
	@echo "make docs    build the documentation and the API reference as HTML"
	@echo "make bench   measure how fast signals are, and what the mypy plugin costs; takes minutes"
	@echo "make clean   remove .venv and what the commands made"

test: $(VENV)/test-tools
	@$(BIN)/python noxfile.py

typing: $(VENV)/test-tools
	@$(BIN)/nox --session typing -- $(TYPING_OPTIONS)

primer: $(VENV)/test-tools
	@$(BIN)/nox --session primer -- --jobs 2 $(PRIMER_OPTIONS)

soak: $(VENV)/test-tools
	@echo "The seed is $(SEED); to repeat this run: make soak SEED=$(SEED)"
	@$(BIN)/python -m pytest -p no:xdist --capture=no --verbose --hypothesis-profile=soak \
		--hypothesis-seed=$(SEED) $(SOAK_OPTIONS) tests/properties

mutate: $(VENV)/mutation-tools
	@$(BIN)/python -m mutation $(MUTATION_OPTIONS)

demo: $(VENV)/demo-tools
	@$(BIN)/python examples/demo.py

docs: $(VENV)/docs-tools
	@$(BIN)/python -m sphinx --conf-dir docs --fresh-env --fail-on-warning --quiet . site
	@echo "The documentation is in $(CURDIR)/site/index.html"

bench: $(VENV)/bench-tools
	@$(BIN)/python -m benchmarks.speed --svg benchmarks/speed.svg $(SPEED_OPTIONS)
	@echo
	@$(BIN)/python benchmarks/plugin_cost.py $(PLUGIN_COST_OPTIONS)

clean:
	rm -rf .venv .venv-* .nox .primer .mypy_cache .pytest_cache .ruff_cache site \
		examples/.mypy_cache examples/djangoproject/.mypy_cache examples/djangoproject/db.sqlite3

$(VENV)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "typed-signals needs Python 3.11 or newer, and $(PYTHON) is not:" \
			"say which to use, as in make test PYTHON=python3.13" >&2; exit 1; }
	@echo "Making $(VENV) with $$($(PYTHON) --version) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	@touch $@

$(VENV)/test-tools: $(VENV)/pip pyproject.toml
	@echo "Installing typed-signals, nox and the other tools of the group 'dev' in $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --no-compile --editable . --group dev
	@touch $@

$(VENV)/mutation-tools: $(VENV)/pip pyproject.toml
	@echo "Installing typed-signals, cosmic-ray and what the tests need in $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --no-compile --editable . --group mutation
	@touch $@

$(VENV)/demo-tools: $(VENV)/pip pyproject.toml
	@echo "Installing typed-signals, mypy, Django and django-stubs in $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --no-compile --editable . --group demo
	@touch $@

$(VENV)/docs-tools: $(VENV)/pip pyproject.toml
	@echo "Installing typed-signals, Django and Sphinx in $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --no-compile --editable . --group docs
	@touch $@

$(VENV)/bench-tools: $(VENV)/pip pyproject.toml
	@echo "Installing typed-signals and what the benchmarks need in $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --no-compile --editable . --group bench
	@touch $@
