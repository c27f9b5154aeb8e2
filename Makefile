# One door: `make help` lists everything. Each target does its own set-up on a fresh machine.
PYTHON ?= python3
BIN := .venv/bin
PY := $(BIN)/python
KAFKA := deploy/kafka/target/.resolved
NGINX := .venv/nginx/usr/sbin/nginx
CHROMIUM := .venv/.chromium
ASYNCAPI := .venv/asyncapi/.installed
OIDC := .venv/oidc/.installed
INSTALLED := .venv/.installed
NODE_MODULES := web/node_modules/.installed
PAGE := web/dist/.built
PAGE_SOURCES := $(shell find web/src web/public web/scripts -type f 2>/dev/null) web/index.html web/vite.config.ts web/tsconfig.json
JOBS ?= 4
# By files, in the order of tests/helpers/sampling.py: slow ones first.
DISTRIBUTED = -n $(JOBS) --dist loadfile --no-loadscope-reorder
SAMPLE ?= $(shell git rev-parse --short=12 'HEAD^{tree}' 2>/dev/null || echo 0)
LOCKS := requirements requirements-local requirements-dev

# Tests start a hundred processes of ours: each would compile all that it imports.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup up down demo test nightly test-page test-fast golden faults mutants check fmt docs screenshots client lock bench clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(INSTALLED) $(KAFKA) $(PAGE) ## Prepare everything (virtual environment, Kafka jars, the page); start nothing

$(INSTALLED): requirements-dev.txt pyproject.toml
	@$(PYTHON) -m crosslook.local.prerequisites
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

# The old jars go first: two versions of one would stand on the class path together.
$(KAFKA): deploy/kafka/pom.xml
	@$(PYTHON) -m crosslook.local.prerequisites
	@rm -rf deploy/kafka/target/libs
	mvn --quiet --batch-mode --file deploy/kafka/pom.xml package
	@touch $@

# Node builds the page; what runs needs none.
$(NODE_MODULES): web/package.json web/package-lock.json web/.npmrc | $(INSTALLED)
	@node --eval 'process.exit(process.versions.node.split(".")[0] < 20 ? 1 : 0)' 2>/dev/null && command -v npm >/dev/null \
	  || { echo "The page needs Node 20 or later to be built, with npm: apt-get install nodejs npm" >&2; exit 1; }
	cd web && npm ci --silent --no-audit --no-fund
	@touch $@

$(PAGE): $(NODE_MODULES) $(PAGE_SOURCES)
	cd web && npm run --silent build
	@touch $@

# Tests run the gateway on it: the machine's own, or Debian's, unpacked and not installed.
$(NGINX): | $(INSTALLED)
	@mkdir -p $(@D)
	@found=$$(PATH=$$PATH:/usr/sbin command -v nginx) && ln -s "$$found" $@ || { cd .venv/nginx \
	  && { apt-get download nginx || { apt-get update && apt-get download nginx; }; } \
	  && dpkg-deb --extract nginx_*.deb .; } || { echo "Tests need nginx: apt-get install nginx-light" >&2; exit 1; }

# Tests drive the page in a browser: the machine's own, or Debian's. A font, or text is boxes.
$(CHROMIUM): | $(INSTALLED)
	@command -v chromium >/dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null; } \
	  || { echo "Tests of the page need Chromium: apt-get install chromium fonts-dejavu-core" >&2; exit 1; }
	@touch $@

# The reference parser of AsyncAPI and a certified OpenID provider, by locked hashes; npm keeps what it has downloaded.
$(ASYNCAPI) $(OIDC): .venv/%/.installed: tests/%/package.json tests/%/package-lock.json tests/%/.npmrc | $(INSTALLED)
	@node --eval 'process.exit(process.versions.node.split(".")[0] < 20 ? 1 : 0)' 2>/dev/null && command -v npm >/dev/null \
	  || { echo "Tests need Node 20 or later, with npm: apt-get install nodejs npm" >&2; exit 1; }
	@rm -rf $(@D) && mkdir -p $(@D) && cp $^ $(@D)
	cd $(@D) && npm ci --silent --no-audit --no-fund
	@touch $@

up: setup ## Start the embedded stack in the foreground (Ctrl-C stops it)
	$(BIN)/crosslook up

down: setup ## Stop the embedded stack
	$(BIN)/crosslook down

demo: setup ## Run the main job end to end on the embedded stack (DEMO=--exit stops afterwards; DEMO="--port-base 9100" takes other ports)
	$(BIN)/crosslook demo $(DEMO)

test: setup $(NGINX) $(ASYNCAPI) $(CHROMIUM) $(OIDC) ## Pass the tests, a seeded sample of the slow suites (SAMPLE=seed; JOBS=1 for one after the other)
	@echo "sample: $(SAMPLE) (make nightly runs everything)"
	cd web && npm run --silent test
	$(PY) -m pytest $(DISTRIBUTED) --maxfail 5 --sample $(SAMPLE)

nightly: setup $(NGINX) $(ASYNCAPI) $(CHROMIUM) $(OIDC) ## Pass all tests, with the nightly number of random cases and kills
	cd web && npm run --silent test
	CROSSLOOK_TEST_NIGHTLY=1 $(PY) -m pytest $(DISTRIBUTED)

test-page: setup ## Only the page's own tests of its parts, without a browser
	cd web && npm run --silent test

test-fast: setup ## Only the tests that need no Kafka and no engine
	$(PY) -m pytest tests/unit tests/contracts tests/architecture

golden: setup ## Write the golden files of SQL anew; read the difference before you commit it
	GOLDEN=write $(PY) -m pytest tests/unit/query_service/test_golden.py tests/unit/snapshot_service/test_golden.py \
	  tests/integration/test_refresh_sql.py

faults: setup ## Kill, freeze and cut off the services, the nightly amount; each check prints its seed
	CROSSLOOK_TEST_NIGHTLY=1 $(PY) -m pytest tests/faults

mutants: setup ## Whether unit tests and golden files notice one-line changes of domain code (tests/mutants/table.yaml)
	$(PY) -m tests.mutants

check: setup ## Everything static: style, types, borders, generated files
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(PY) -m docs.generate --check
	cd web && npm run --silent lint && npm run --silent client -- --check

fmt: setup ## Format and mend what can be mended mechanically
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(INSTALLED) $(NODE_MODULES) ## Regenerate docs/reference, and the page's client from it
	$(PY) -m docs.generate
	$(MAKE) client

screenshots: setup $(CHROMIUM) ## Take the README's pictures of the page, on the demonstration's data
	$(PY) -m tests.page.screenshots

client: $(NODE_MODULES) ## Regenerate the page's client from the OpenAPI documents
	cd web && npm run --silent client

lock: setup ## Compile requirements*.txt from requirements*.in, with hashes and without index addresses
	$(BIN)/pip install --quiet --disable-pip-version-check uv
	set -e; for name in $(LOCKS); do $(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --no-header --python-version 3.11 $$name.in --output-file $$name.txt; done

bench: setup ## Print the figures we claim, each as a ratio within one run
	$(PY) -m bench.pipeline

clean: ## Remove what setup made; data folders stay
	rm -rf .venv deploy/kafka/target web/node_modules web/dist
