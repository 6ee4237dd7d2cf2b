# `make run` and `make test` do all the set-up: a virtual environment in .venv, once.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run headless test lint bench bench-long equal-hours train train-shipped evaluate ablation samples docs snapshots screenshots clean python

BIN := .venv/bin
APP := .venv/app.stamp
ALL := .venv/test.stamp
WANTED := pyproject.toml constraints.txt
DATA ?= ../shared/data
PRETRAINED ?= ../shared/pretrained/mobilenet_v2_imagenet.safetensors
OUT ?= runs
MODEL ?= polyp
DOMAIN ?= polyp
MINUTES ?= 20

# The first Python on the path that is new enough; `make PYTHON=/path/to/python3 …` decides otherwise.
PYTHON ?= $(shell for candidate in python3 python3.13 python3.12 python3.11; do \
	$$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$candidate && break; \
	done)

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*##  *\(.*\)$$/make \1	\2/p' $(MAKEFILE_LIST) | expand -t 20

run: $(APP)  ## start the program; without a display: draft the sample pictures into drafts/
	@if [ "$$(uname -s)" = Linux ] && [ -z "$$DISPLAY$$WAYLAND_DISPLAY" ]; then \
		$(MAKE) --no-print-directory headless; \
	elif $(BIN)/lsegdiff doctor > .venv/doctor.txt; then \
		$(BIN)/python main.py; \
	else \
		cat .venv/doctor.txt; exit 1; \
	fi

headless: $(APP)
	@echo "There is no display here, so the sample pictures are drafted without a window."
	@$(BIN)/lsegdiff segment resources/samples/polyp_* --model polyp --out drafts/polyp
	@$(BIN)/lsegdiff segment resources/samples/skin_* --model skin --out drafts/skin
	@echo "Written:"
	@ls -1 drafts/polyp/* drafts/skin/* | sed 's/^/  /'
	@echo "For the window, type 'make run' in a desktop session, or over 'ssh -X', or under a virtual"
	@echo "screen: xvfb-run -a make run."

test: $(ALL)  ## style, types, import contracts and all tests
	@$(BIN)/python -m pytest $(ARGS)

lint: $(ALL)  ## only style, types and import contracts
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

bench: $(APP)  ## measure drafting, folders, agreement, delays, starting, painting and lists, into docs/performance.md
	@$(BIN)/lsegdiff bench draft batch agreement film tick startup paint commands folder --json bench.json
	@$(BIN)/python benchmarks/page.py bench.json

bench-long: $(APP)  ## measure what takes long: latent against pixels, 1,000 pictures' memory, 10,000 broken files, 200 kills
	@$(BIN)/lsegdiff bench latent_vs_pixel memory fuzz kill --json bench-long.json
	@$(BIN)/python benchmarks/page.py bench-long.json

equal-hours: $(APP)  ## train latent and pixel diffusion for MINUTES of a core each on DATA/polyp, into docs/performance.md
	@$(BIN)/python benchmarks/equal_hours.py fair --data $(DATA)/polyp --minutes $(MINUTES) --out $(OUT)/equal --json $(OUT)/fair.json & \
	$(BIN)/python benchmarks/equal_hours.py latent --data $(DATA)/polyp --minutes $(MINUTES) --out $(OUT)/equal --json $(OUT)/latent.json; \
	wait; $(BIN)/python benchmarks/page.py $(OUT)/fair.json $(OUT)/latent.json

train: $(APP)  ## train DOMAIN on DATA=folder of images/ and masks/, or COCO file, into OUT; goes on where it stopped
	@$(BIN)/lsegdiff train --config models/hospital_$(DOMAIN).json --out "$(OUT)/$(DOMAIN)_own" --resume --data "$(DATA)"

train-shipped: $(APP)  ## train both models anew on DATA=folder of polyp/* and skin/* into OUT; goes on where it stopped
	@$(BIN)/lsegdiff train --config models/polyp.json --pretrained $(PRETRAINED) --out $(OUT)/polyp --resume \
		--data $(DATA)/polyp/*/
	@$(BIN)/lsegdiff train --config models/skin.json --pretrained $(PRETRAINED) --out $(OUT)/skin --resume \
		--data $(DATA)/skin/*/

evaluate: $(APP)  ## compare MODEL with the masks of DATA=folder of images/ and masks/, or of its LIST=file, into OUT
	@$(BIN)/lsegdiff evaluate --model $(MODEL) --images $(DATA)/images --masks $(DATA)/masks \
		$(if $(LIST),--names $(LIST)) --twin --json $(OUT)/evaluation.json --plot $(OUT)/reliability.png

ablation: $(APP)  ## NAME=steps|samples|morphology|oracle|shuffle|twin of MODEL on DATA and LIST, into OUT
	@$(BIN)/python -m benchmarks.ablation $(NAME) --model $(MODEL) --data $(DATA) \
		$(if $(LIST),--list $(LIST)) --json $(OUT)/ablation-$(NAME).json

samples: $(APP)  ## draw the icons and the sample pictures anew
	@$(BIN)/python -m resources.draw_icons
	@$(BIN)/python -m resources.draw_samples

docs: $(APP)  ## write docs/keys.md and docs/settings.md from what the program declares
	@$(BIN)/python -m docs.make_pages

snapshots: $(ALL)  ## take the pictures anew that the tests compare the canvas with; look at what has changed
	@PYTHONPATH=tests $(BIN)/python -m made.canvas_scenes

screenshots: $(APP)  ## write docs/screenshots/ from the drawn samples and the shipped weights
	@$(BIN)/python -m docs.make_screenshots

clean:  ## forget the virtual environment and all caches
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

$(APP): $(WANTED) | python
	@$(PYTHON) -m venv .venv
	$(BIN)/pip install --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(ALL): $(WANTED) $(APP)
	$(BIN)/pip install --disable-pip-version-check -c constraints.txt -e ".[test]"
	@touch $@

python:
	@if [ -z "$(PYTHON)" ]; then \
		echo "LSegDiff needs Python 3.11 or newer, and no python3 on the path is. On Debian 12 or Ubuntu 24.04:"; \
		echo "  sudo apt install python3 python3-venv"; \
		echo "With a Python elsewhere: make PYTHON=/path/to/python3 $(MAKECMDGOALS)"; exit 1; fi
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { \
		echo "$(PYTHON) cannot make a virtual environment: its module ensurepip is missing. On Debian or Ubuntu:"; \
		echo "  sudo apt install python3-venv"; exit 1; }
