# make run: the daemon on inbox/ with samples · make test: the tests · make lint · make bench
# make test-full: the tests with what they need from Debian · make endurance: long runs, figures in docs/endurance.md
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin

.PHONY: run test test-full test-oldest test-oldest-detect lint format bench endurance clean

run: $(VENV)/.run
	@$(BIN)/watcher run --samples --config config/watcher.yaml

test: $(VENV)/.test
	@$(BIN)/python -m pytest

test-full: $(VENV)/.test
	apt-get update && apt-get install --yes systemd
	@$(BIN)/python -m pytest

# What depends most on watchdog, with the oldest release that is allowed.
test-oldest:
	$(PYTHON) -m venv $(VENV)-oldest
	$(VENV)-oldest/bin/pip install --quiet --disable-pip-version-check --editable '.[test]' 'watchdog==6.0.0'
	$(VENV)-oldest/bin/python -m pytest tests/test_detect.py tests/test_daemon.py tests/test_faults.py tests/test_coverage.py \
		tests/test_vital.py tests/test_scan.py

# The shortest of it, in seconds: only the tests of detection, with that watchdog laid over the usual ones.
test-oldest-detect: $(VENV)/.test
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --upgrade \
		--target $(VENV)/watchdog-6.0.0 'watchdog==6.0.0'
	@PYTHONPATH=$(VENV)/watchdog-6.0.0 $(BIN)/python -m pytest -q tests/test_detect.py \
		tests/test_vital.py::test_watch_answers_while_its_thread_is_at_work

lint: $(VENV)/.test
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy --strict watcher

format: $(VENV)/.test
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: $(VENV)/.run
	@$(BIN)/python benchmarks/quick.py
	@$(BIN)/python benchmarks/formats.py
	@$(BIN)/python benchmarks/extraction.py
	@$(BIN)/python benchmarks/linking.py
	@$(BIN)/python benchmarks/rules.py

endurance: $(VENV)/.test
	@$(BIN)/python -m tests.crash --kills 200 --files 2000
	@$(BIN)/python benchmarks/restart.py --files 100000
	@$(BIN)/python benchmarks/scan.py --files 1000000
	@$(BIN)/python benchmarks/soak.py --files 200000 --minutes 10

clean:
	rm -rf $(VENV) watcher-demo

# Installed in place, so that an edit counts at once; again when the dependencies change.
$(VENV)/.run: pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing into $(VENV) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.test: pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing into $(VENV), with what the tests need …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $(VENV)/.run $@
