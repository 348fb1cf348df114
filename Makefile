# From a bare clone, with Python 3.11 or newer and make. Another Python: make bench PYTHON=python3.15

PYTHON ?= python3
# Each requested Python has its own environment.
VENV := .venv$(if $(filter-out file,$(origin PYTHON)),-$(notdir $(PYTHON)))
BIN := $(VENV)/bin
SEED := $(or $(SEED),$(shell od -An -N4 -tu4 /dev/urandom | tr -d ' '))

NOX := .nox
# The pinned versions of installed packages and build tools, except for the newest ones.
export UV_CONSTRAINT := $(CURDIR)/lock.txt
export UV_BUILD_CONSTRAINT := $(UV_CONSTRAINT)
# These include the other groups.
GROUPS := bench build dev mutation primer typing

.PHONY: help test newest lock typing primer record soak mutate demo docs bench clean

help:
	@echo "make test    check style and types, run the tests on all supported Pythons, test the wheel"
	@echo "make newest  the same with the newest releases, instead of those in lock.txt"
	@echo "make lock    write the newest releases to lock.txt, which all other commands install"
	@echo "make typing  compare the errors of six type checkers with the expected ones in our cases"
	@echo "make primer  test the mypy plugin on public projects, downloaded once; takes minutes"
	@echo "make record  record what each version of Django sends in its own tests; needs downloads"
	@echo "make soak    run the tests with random cases for long; SEED=... repeats a run"
	@echo "make mutate  run mutation testing, and show the mutants that no test finds; takes hours"
	@echo "make demo    run the pizzeria and the Django project, and show the errors for mistakes"
	@echo "make docs    build the documentation and the API reference as HTML"
	@echo "make bench   measure the speed of signals and the cost of the mypy plugin; takes minutes"
	@echo "make clean   remove .venv and generated files"

test: $(VENV)/dev-tools
	@$(BIN)/nox --envdir $(NOX) --parallel 2 --report $(VENV)/report.json
	@$(BIN)/python noxfile.py $(VENV)/report.json

newest:
	rm -rf .venv-newest .nox-newest
	@$(MAKE) test VENV=.venv-newest NOX=.nox-newest UV_CONSTRAINT= UV_BUILD_CONSTRAINT=

lock: UV_CONSTRAINT :=
lock: $(VENV)/uv
	@$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --no-annotate \
		--custom-compile-command "make lock" --output-file lock.txt \
		pyproject.toml --all-extras $(GROUPS:%=--group %)

typing: $(VENV)/dev-tools
	@$(BIN)/nox --session typing -- $(TYPING_OPTIONS)

primer: $(VENV)/dev-tools
	@$(BIN)/nox --session primer -- --jobs 2 $(PRIMER_OPTIONS)

record: $(VENV)/dev-tools
	@$(BIN)/nox --session record

soak: $(VENV)/dev-tools
	@echo "The seed is $(SEED); to repeat this run: make soak SEED=$(SEED)"
	@$(BIN)/python -m pytest -p no:xdist --capture=no --verbose --hypothesis-profile=soak \
		--hypothesis-seed=$(SEED) $(SOAK_OPTIONS) tests/properties

mutate: mutate-core mutate-plugin mutate-django

# In a clone, because files are changed in place; ONLY=src/typed_signals/_place.py for one file.
mutate-%: $(VENV)/mutation-tools
	@$(BIN)/uv pip install --quiet --python $(BIN)/python ./mutation
	@rm -rf .mutation/$* && git clone --quiet . .mutation/$*
	@cd .mutation/$* && export PATH="$(CURDIR)/$(BIN):$$PATH" PYTHONPATH=src:stubs && \
		sed '$(if $(ONLY),s|^module-path.*|module-path = "$(ONLY)"|)' mutation/$*.toml >session.toml && \
		cosmic-ray init session.toml session.sqlite && \
		cr-filter-operators session.sqlite mutation/operators.toml && \
		cosmic-ray baseline session.toml && cosmic-ray exec session.toml session.sqlite && \
		cr-report --surviving-only --show-diff session.sqlite && \
		python mutation/scores.py session.sqlite

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
	rm -rf .venv .venv-* .nox .nox-newest .mutation .primer .mypy_cache .pytest_cache .ruff_cache site \
		examples/.mypy_cache examples/djangoproject/.mypy_cache examples/djangoproject/db.sqlite3

$(VENV)/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "typed-signals needs Python 3.11 or newer, and $(PYTHON) is not:" \
			"say which to use, as in make test PYTHON=python3.13" >&2; exit 1; }
	@echo "Creating $(VENV) with $$($(PYTHON) --version) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint lock.txt uv
	@touch $@

# Not deleted as an intermediate file of a pattern rule.
.PRECIOUS: $(VENV)/%-tools
$(VENV)/%-tools: $(VENV)/uv pyproject.toml lock.txt
	@echo "Installing typed-signals and the tools of the group '$*' in $(VENV) ..."
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --editable . --group $*
	@touch $@
