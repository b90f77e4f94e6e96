# The commands of Countersign. Each is a script in scripts/; `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help run dev test build check bench screenshots clean

help: ## List these commands
	@printf '\nCountersign\n\n'
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-20s %s\n", $$1, $$2 }'
	@printf '\nThe first `make run` on a bare machine sets everything up itself (10 to 20 minutes on two cores).\n\n'

run: ## Set up, build and serve the demo at http://127.0.0.1:3000
	@scripts/run.sh

dev: ## The same, rebuilding and reloading on every saved file
	@scripts/develop.sh

test: ## Run every test: unit, property, HTTP on both engines, browser journeys
	@scripts/test.sh

build: ## Build target/release/countersign, one self-contained file
	@scripts/release.sh

check: ## Formatting, lints, licences and dependencies, file hygiene
	@scripts/check.sh

bench: ## Measure speed and size, and write docs/benchmarks.md
	@scripts/bench.sh

screenshots: ## Take pictures of the demo's pages into target/screenshots
	@scripts/screenshots.sh

clean: ## Remove what was built here (the shared tools and data/ stay)
	@scripts/clean.sh
