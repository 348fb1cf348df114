# From a bare clone, with Python 3.11 or newer and make. Another Python: make bench PYTHON=python3.15

PYTHON ?= python3
# Each requested Python has its own environment.
VENV := .venv$(if $(filter-out file,$(origin PYTHON)),-$(notdir $(PYTHON)))
BIN := $(VENV)/bin
SEED := $(or $(SEED),$(shell od -An -N4 -tu4 /dev/urandom | tr -d ' '))

NOX := .nox
# The sessions that run at the same time: one for each processor, and one that mostly waits.
PARALLEL := $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
# The pinned versions of installed packages and build tools, except for the newest ones.
export UV_CONSTRAINT := $(CURDIR)/lock.txt
export UV_BUILD_CONSTRAINT := $(UV_CONSTRAINT)
# These include the other groups.
GROUPS := asyncapi bench build dev mutation primer typing

.PHONY: help test newest lock typing primer infer record django soak mutate demo docs dist bench \
	clean

help:
	@echo "make test    check style and types, run the tests on all supported Pythons, test the wheel"
	@echo "make newest  the same with the newest releases, instead of those in lock.txt"
	@echo "make lock    write the newest releases to lock.txt, which all other commands install"
	@echo "make typing  compare the errors of six type checkers with the expected ones in our cases"
	@echo "make primer  test the mypy plugin on public projects, downloaded once; takes minutes"
	@echo "make infer   compare what infer finds and writes in public projects with figures; takes long"
	@echo "make record  record what each version of Django sends in its own tests; needs downloads"
	@echo "make django  run a part of Django's own tests with our signals; needs downloads"
	@echo "make soak    run tests for long: random cases, killed workers; SEED=... repeats a run"
	@echo "make mutate  show changes of the last commit that no test finds; ONLY=FILE; takes hours"
	@echo "make demo    run the examples, show the errors for mistakes, and look into an old project"
	@echo "make docs    build the documentation and the API reference as HTML"
	@echo "make dist    build and check the release, in dist/"
	@echo "make bench   measure the speed of signals and the cost of the mypy plugin; takes minutes"
	@echo "make clean   remove .venv and generated files"

test: $(VENV)/dev-tools
	@$(BIN)/nox --envdir $(NOX) --parallel $(PARALLEL)
	@$(BIN)/nox --envdir $(NOX) --session coverage

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
	@$(if $(PRIMER_OPTIONS),,$(BIN)/nox --session checking)
	@$(BIN)/nox --session declarations -- $(DECLARATIONS_OPTIONS)

infer: $(VENV)/dev-tools
	@$(BIN)/nox --session infer -- --jobs 2 $(INFER_OPTIONS)
	@$(BIN)/nox --session declare -- $(DECLARE_OPTIONS)

record: $(VENV)/dev-tools
	@$(BIN)/nox --session record

django: $(VENV)/dev-tools
	@$(BIN)/nox --session djangos_tests

soak: $(VENV)/dev-tools
	@echo "The seed is $(SEED); to repeat this run: make soak SEED=$(SEED)"
	@$(BIN)/python -m pytest -p no:xdist --capture=no --verbose --hypothesis-profile=soak \
		--hypothesis-seed=$(SEED) $(SOAK_OPTIONS) tests/properties
	@SOAK_KILLS=400 $(BIN)/python -m pytest -p no:xdist --verbose --log-cli-level=INFO \
		tests/background/engines/test_celery_faults.py -k killed

# ONLY=src/typed_signals/_base.py tests one file. It belongs to one of the parts.
PART := $(or $(if $(filter src/typed_signals/django/%,$(ONLY)),django),$(if \
	$(filter src/typed_signals/mypy/%,$(ONLY)),plugin),core)
SESSION := session$(if $(ONLY),-$(subst /,-,$(ONLY)))

mutate: $(if $(ONLY),mutate-$(PART),mutate-core mutate-plugin mutate-django)

# The last commit, in a clone, because files are changed in place. Until there is another commit, the
# next run continues this one; a file that was changed when it was interrupted is restored first.
mutate-%: $(VENV)/mutation-tools
	$(if $(and $(ONLY),$(filter-out $(PART),$*)),$(error $(ONLY) is tested by make mutate-$(PART)))
	@test "$$(git --git-dir .mutation/$*/.git rev-parse HEAD 2>&1)" = "$$(git rev-parse HEAD)" || { \
		rm -rf .mutation/$* && git clone --quiet . .mutation/$*; }
	@$(BIN)/uv pip install --quiet --python $(BIN)/python \
		--reinstall-package typed-signals-mutation .mutation/$*/mutation
	@cd .mutation/$* && git checkout --quiet . && \
		export PATH="$(CURDIR)/$(BIN):$$PATH" PYTHONPATH=src:stubs && { test -f $(SESSION).ready || { \
		sed '$(if $(ONLY),s|^module-path.*|module-path = "$(ONLY)"|)' mutation/$*.toml >$(SESSION).toml && \
		cosmic-ray init --force $(SESSION).toml $(SESSION).sqlite && \
		cr-filter-operators $(SESSION).sqlite mutation/operators.toml && touch $(SESSION).ready; }; } && \
		cosmic-ray baseline $(SESSION).toml && cosmic-ray exec $(SESSION).toml $(SESSION).sqlite && \
		cr-report --surviving-only --show-diff $(SESSION).sqlite && \
		python mutation/scores.py $(SESSION).sqlite

demo: $(VENV)/demo-tools
	@$(BIN)/python examples/demo.py

docs: $(VENV)/docs-tools
	@$(BIN)/python -m sphinx --fresh-env --fail-on-warning --quiet docs site
	@echo "The documentation is in $(CURDIR)/site/index.html"

dist: $(VENV)/dev-tools
	rm -rf dist
	@$(BIN)/nox --session wheel -- dist

bench: $(VENV)/bench-tools
	@$(BIN)/python -m benchmarks.speed --svg benchmarks/speed.svg $(SPEED_OPTIONS)
	@echo
	@$(BIN)/python benchmarks/plugin_cost.py $(PLUGIN_COST_OPTIONS)

clean:
	rm -rf .venv .venv-* .nox .nox-newest .mutation .primer .mypy_cache .pytest_cache .ruff_cache site \
		.coverage .coverage.* .hypothesis dist *.egg-info */*.egg-info \
		examples/.mypy_cache examples/djangoproject/.mypy_cache examples/djangoproject/db.sqlite3

$(VENV)/uv: lock.txt
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
