# One configuration for everything, so that nothing is built twice.
FLAGS = -c release -Xswiftc -enable-testing
SOURCES = Package.swift Sources Tests Benchmarks
SWIFT = scripts/swift

.DEFAULT_GOAL = help
.PHONY: help run paper test test-vectors test-parallel test-slurm build setup bench docs docs-check format lint clean

help: ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' Makefile | expand -t 16

run: build ## set up, build, and run the tour (examples/tour.rnr)
	@.build/release/rnr examples/tour.rnr

paper: build ## run the paper's experiments, and write their tables and figures to docs/RESULTS.md
	@scripts/paper

test: setup ## set up, build, and run all tests and examples
	@scripts/test

test-vectors: setup ## run pages and examples by the other vector paths of this processor
	@scripts/test-vectors

test-parallel: build ## train a small zoo by GNU parallel (examples/cluster)
	@scripts/test-cluster parallel

test-slurm: build ## the same by a Slurm of one node, started here by root
	@scripts/test-cluster slurm

build: setup ## set up and build the program: .build/release/rnr
	@$(SWIFT) build $(FLAGS)

setup: ## install what is missing beside Swift, from Debian
	@scripts/setup

bench: build ## build and measure (Benchmarks/README.md)
	@$(SWIFT) build $(FLAGS) --product measure
	@Benchmarks/run
	@Benchmarks/performance

docs: build ## write docs/REFERENCE.md from the declarations in stdlib/
	@scripts/docs

docs-check: build ## fail if docs/REFERENCE.md is out of date
	@scripts/docs --check

format: ## format all sources
	@$(SWIFT) format -i -r -p $(SOURCES)

lint: ## check the style of all sources
	@$(SWIFT) format lint --strict -r -p $(SOURCES)

clean: ## remove what was built
	@rm -rf .build
