# `make` alone lists what there is.  Everything runs in .venv, which is made on first use.

VENV ?= .venv
PYTHON ?=
BIN := $(VENV)/bin
READY := $(VENV)/.ready

# Without byte code every kernel compiles all it imports again: seconds a chapter.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help book test lint evidence bench simulate reference reproducible lock pdf serve clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): requirements.lock pyproject.toml workflow/make-environment
	@sh workflow/make-environment $(VENV) $(PYTHON)
	@touch $@

book: $(READY) ## execute what changed, build the site, say where it is
	@$(BIN)/python workflow/build.py

pdf: book ## draw the whole book as one PDF, by the system's Chromium
	@$(BIN)/python -m netcore.publishing pdf build/book.pdf

test: $(READY) ## run the tests, doctests included
	@$(BIN)/python -m pytest -n auto

lint: $(READY) ## check style, types and docstrings
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/python workflow/check_docstrings.py

evidence: $(READY) ## prove every conflict again, search its repairs, store both
	@$(BIN)/python -m netcore.evidence

bench: $(READY) ## time builds, checks, moments, ranks, survival and the ledger; draw growth
	@$(BIN)/python benchmarks/book.py
	@$(BIN)/python benchmarks/checks.py
	@$(BIN)/python benchmarks/moments.py
	@$(BIN)/python benchmarks/ranks.py
	@$(BIN)/python benchmarks/survival.py
	@$(BIN)/python benchmarks/growth.py
	@$(BIN)/python benchmarks/ledger.py

reference: ## make the reference values of the tests again, with R
	@sh workflow/install-r
	@cd tests/reference && for script in *.R; do \
	    LC_ALL=C.UTF-8 Rscript --vanilla $$script $${script%.R}.csv || exit 1; done

simulate: $(READY) ## publish made-up patients truly, and count the alarms (hours)
	@$(BIN)/python -m simulation --date $(shell date +%F) --report reports/simulation.json \
	    --page methods/simulation.md

reproducible: $(READY) ## build two clones in different folders and compare every byte
	@$(BIN)/python workflow/compare_builds.py

lock: $(READY) ## fit the lock to pyproject.toml, for every supported Python
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-header --extra book --extra dev pyproject.toml \
	    --output-file requirements.lock

serve: ## show the built site on this machine (search needs a server)
	@$(BIN)/python -m http.server --bind 127.0.0.1 --directory _build/html 8000

clean: ## remove what was built, not the environment
	@rm -rf build _build .snakemake
