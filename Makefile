# Strongroom. `make` alone lists what can be done; every target is at most three lines.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin

help:  ## List the targets
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## (.*)/\1\t\2/' | expand -t 16

install:  ## Make .venv and install the pinned requirements (skipped while they are unchanged)
	@PYTHON="$(PYTHON)" scripts/install requirements.txt

install-dev:  ## The same, with the tools for tests and checks
	@PYTHON="$(PYTHON)" scripts/install requirements-dev.txt

converter: install  ## Fetch llama.cpp's converter once, checked by its digest (TO=var/converter)
	@$(BIN)/python -m models_store.convert $(or $(TO),var/converter)

run: install  ## Start everything and print the address (STRONGROOM_PORT, default 8000)
	@$(BIN)/python manage.py up

stop:  ## Stop what `make run` started
	@$(BIN)/python manage.py down

reset:  ## Delete all data of this box after asking (FORCE=1 does not ask)
	@$(BIN)/python manage.py reset $(if $(FORCE),--force)

test: install-dev  ## Run the tests (PYTEST_ARGS for a choice of them)
	@$(BIN)/python -m pytest -n 2 --dist loadgroup $(PYTEST_ARGS)

lint: install-dev  ## Check style, formatting and types
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(MAKE) --no-print-directory types

types: install-dev  ## Check types only
	@$(BIN)/mypy

fix: install-dev  ## Repair style and formatting where that can be done safely
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

screenshots: install-dev  ## Make the pictures in docs/screenshots
	@$(BIN)/python scripts/screenshots.py

grounding: install-dev  ## Check that every value stands in its document: DIR=... (MODEL=..., ARGS=--documents 200)
	@$(BIN)/python -m bench.grounding "$(DIR)" $(if $(MODEL),--model "$(MODEL)") $(ARGS)

eval: install-dev  ## Measure the starter model and write docs/model.md: SETS=DIR of labelled sets, ARGS=--limit 40 ...
	@$(BIN)/python -m bench.accuracy $(if $(SETS),--sets "$(SETS)") $(ARGS)

escapes: install-dev  ## Try to get out of the process that opens documents, 45 ways, with and without its walls
	@$(BIN)/python -m bench.escapes $(ARGS)

switching: install-dev  ## Change the model under load: nothing lost, each result names its model (ARGS=--documents 50)
	@$(BIN)/python -m bench.switching $(ARGS)

families: install-dev converter  ## Walk every family of models from the medium to a grounded extraction (ARGS=--only "Gemma 3")
	@$(BIN)/python -m bench.families $(ARGS)

training-load: install-dev  ## Measure the web while a training runs, against idle (ARGS=--seconds 10)
	@$(BIN)/python -m bench.training_load $(ARGS)

retrain-in-browser: install-dev converter  ## Walk the guided run in a browser on a whole box, by the real programs
	@$(BIN)/python -m pytest -n 0 -q tests/e2e/retraining_by_the_real_programs.py

retrain-demo: install-dev converter  ## The whole loop of learning on a box of its own (LABELS=file.jsonl FILES=folder ARGS=--documents 80 ...)
	@$(BIN)/python -m bench.retraining $(if $(LABELS),--labels "$(LABELS)") $(if $(FILES),--files "$(FILES)") $(ARGS)

gate-refusals: install-dev converter  ## Try to get bad models through the gate, 40 minutes (ARGS=--seeds 2, --simulated ...)
	@$(BIN)/python -m bench.gate_refusals $(ARGS)

crash-points: install-dev  ## Kill the upload at every call and take the power away behind every one (ARGS=--every 6)
	@$(BIN)/python -W ignore -m bench.crash_points $(ARGS)

full-disk: install-dev  ## Fill each volume before, during and after an upload; needs root (ARGS=--every 9)
	@$(BIN)/python -W ignore -m bench.full_disk $(ARGS)

audit-attack: install-dev  ## Try 28 ways of tampering with the audit log, and every bit of one (ARGS=--bits 2000 ...)
	@$(BIN)/python -m bench.audit.attack $(ARGS)

audit-bench: install-dev  ## Measure what the audit log costs, on a slow disk (ARGS=--seconds 5 --verify 20000 --browse 50000)
	@$(BIN)/python -m bench.audit.throughput $(ARGS)

marker: install-dev  ## Search a box's disk for a word that its documents hold: encrypted, and not (ARGS=--short)
	@$(BIN)/python -m bench.marker $(ARGS)

malformed: install-dev  ## Bring in some 340 document types and models that are made to do harm (ARGS=--every 10)
	@$(BIN)/python -m bench.malformed $(ARGS)

idor: install-dev  ## Ask every address as everybody about one's own, a colleague's and a missing object
	@$(BIN)/python -m bench.idor

training-kills: install-dev  ## Kill a training 20 times with SIGKILL: the same adapter comes out (ARGS=--kills 3 ...)
	@$(BIN)/python -W ignore -m bench.training_kills $(ARGS)

hostile: install-dev  ## Read every file of DIR through a box of its own, without DIR some 1,000 hostile files (ARGS=--list ...)
	@$(BIN)/python -m bench.hostile $(if $(DIR),"$(DIR)") $(ARGS)

hostile-mutations: install-dev  ## Damage good files N times (default 10000, SEED=1) and read them: none gets past the reading process
	@$(BIN)/python -m bench.hostile.mutations $(if $(N),--number $(N)) $(if $(SEED),--seed $(SEED))

old-pypdf: install-dev  ## Read files that hurt a pypdf with known holes by that pypdf, inside the walls and outside
	@$(BIN)/python -m bench.hostile.old_pypdf $(or $(TO),var/old-pypdf)

audit-long: install-dev  ## Kill the sequencer 100 times; play 1,000 histories of legal holds and deletions
	@STRONGROOM_KILLS=100 STRONGROOM_SEQUENCES=1000 $(BIN)/python -m pytest -n 0 -q -s -m slow \
		tests/appliance/audit/log/test_killed.py tests/appliance/compliance/test_legal_hold.py

chaos: install-dev  ## Kill the box FAULTS times while DOCS documents come in (BROKER=pgmq|rabbitmq SEED=1 ARGS=--lease 10 ...)
	@$(BIN)/python -m bench.chaos --faults $(or $(FAULTS),200) --documents $(or $(DOCS),300) \
		--broker $(or $(BROKER),pgmq) --seed $(or $(SEED),1) $(ARGS)

chaos-poison: install-dev  ## 10 files that kill or stall their reader among 100: set aside, nobody else waits (ARGS=--poison 3 ...)
	@$(BIN)/python -m bench.chaos.poison $(ARGS)

ci:  ## Everything the build checks: lint, tests, a start in a clean clone
	@.ci/run

clean:  ## Remove .venv and caches; data and models stay
	@rm -rf .venv .pytest_cache .mypy_cache .ruff_cache
	@find . -name __pycache__ -type d -not -path './var/*' -prune -exec rm -rf {} +

.PHONY: hostile hostile-mutations old-pypdf marker escapes help install install-dev converter run stop reset test lint types fix screenshots grounding eval switching families training-load training-kills retrain-in-browser retrain-demo gate-refusals crash-points full-disk malformed idor audit-attack audit-bench audit-long chaos chaos-poison ci clean
