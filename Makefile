# The commands of Temper. `make quickstart` and `make test` need nothing but a Swift toolchain.
BUILD = swift build -c release -Xswiftc -enable-testing --build-tests
TEMPER = .build/release/temper

.PHONY: quickstart test test-interop lint bench setup build format golden

## Install, build, and run the whole loop on the embedded default.
quickstart: build
	$(TEMPER) run recipes/quickstart.yaml

## Install, build, and run the default, golden and data tiers.
test: build
	Scripts/test

## Compare with PyTorch, transformers and tokenizers (downloads the pinned peers once).
test-interop: build
	Scripts/test-interop

## Formatting, module imports, and prose rules.
lint:
	Scripts/lint

## Side-by-side speed figures; prints ratios with machine, commit and command (about an hour on an idle machine).
bench: build
	Scripts/bench

## System libraries and toolchain check.
setup:
	Scripts/setup

build: setup
	$(BUILD)

format:
	swift format -i -r Sources Tests Package.swift
