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
	touch $@
