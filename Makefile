# The project's jobs. Needs make and Python 3.11 or later; uv is used where it is on PATH.
VENV ?= .venv
PY := $(VENV)/bin/python
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
INSTALL = $(if $(shell command -v uv 2>/dev/null),uv pip install --quiet --python $(PY),$(PY) -m pip install --quiet \
	--disable-pip-version-check --no-compile) -c constraints.txt
.PHONY: help demo test lint check fuzz guard-report bench constraints clean
help: ## list the jobs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile
demo: $(VENV)/runtime.stamp ## run dbmcp on a sample database, as an MCP client sees it
	$(PY) -m dbmcp demo
test: $(VENV)/dev.stamp ## run the tests; ARGS='-k guard' runs some
	$(PY) -m pytest $(ARGS)
lint: $(VENV)/dev.stamp ## check format, style, types and imports
	$(PY) -m ruff format --check . && $(PY) -m ruff check . && $(PY) -m mypy
	$(VENV)/bin/lint-imports --no-logo
check: lint ## lint, then the tests with coverage
	$(PY) -m pytest --cov
fuzz: $(VENV)/dev.stamp ## give the guard a million inputs; ARGS='--count 10000 --seed 7' for others
	$(PY) -m tests.fuzz $(ARGS)
guard-report: $(VENV)/dev.stamp ## score guard and locks on real engines, into docs/security.md
	$(PY) -m scripts.guard_report $(ARGS)
bench: $(VENV)/dev.stamp ## measure what the documentation claims about speed
	$(PY) -m benchmarks
constraints: ## write constraints.txt: the newest versions the bounds allow, from a fresh environment
	tmp=$$(mktemp -d) && trap 'rm -rf "$$tmp"' EXIT && "$(PYTHON)" -m venv "$$tmp" && cd "$$tmp" && \
	bin/python -m pip install --quiet -e '$(CURDIR)[dev]' && { echo '# Exact versions that the tests ran with.'; \
	bin/python -m pip freeze --exclude-editable | grep -E '^[^ ]+==[^ ]+$$'; } > '$(CURDIR)/constraints.txt'
clean: ## remove what make made
	rm -rf $(VENV) .coverage .*_cache dist htmlcov
$(PY):
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo \
		"dbmcp needs Python 3.11 or later, '$(PYTHON)' is not. Name one: make PYTHON=python3.12" >&2; exit 1; }
	"$(PYTHON)" -m venv $(VENV) || { rm -rf $(VENV); exit 1; }
$(VENV)/runtime.stamp: pyproject.toml constraints.txt dbmcp/__init__.py | $(PY)
	$(INSTALL) -e . && touch $@
$(VENV)/dev.stamp: pyproject.toml constraints.txt dbmcp/__init__.py | $(PY)
	$(INSTALL) -e '.[dev]' && touch $@ $(VENV)/runtime.stamp
