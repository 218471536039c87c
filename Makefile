# The commands of Temper. `make quickstart` and `make test` need nothing but a Swift toolchain.
# The app and its tests are built with the same flags, so that nothing is built twice.
BUILD = swift build -c release -Xswiftc -enable-testing
TEMPER = .build/release/temper

.PHONY: quickstart test test-long test-interop lint bench setup app build format

## Install, build, and run the whole loop on the embedded default.
quickstart: app
	$(TEMPER) run recipes/quickstart.yaml

## Install, build, and run the default, golden and data tiers.
test: build
	Scripts/test

## Simulate 10,000 evaluations of every world of tasks and seeds (a minute and a half).
test-long: build
	Scripts/test-long

## Compare with PyTorch, transformers and tokenizers (downloads the pinned peers once).
test-interop: build
	Scripts/test-interop

## Formatting, and the rules a formatter does not know (Scripts/lint).
lint:
	Scripts/lint

## Side-by-side speed figures; prints ratios with machine, commit and command (about an hour on an idle machine).
bench: app
	Scripts/bench

## System libraries and toolchain check.
setup:
	Scripts/setup

## The command line alone.
app: setup
	$(BUILD) --product temper

## The command line and the tests.
build: setup
	$(BUILD) --build-tests

format:
	swift format -i -r Sources Tests Package.swift
