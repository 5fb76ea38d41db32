# Two commands do everything on a fresh machine: `make demo` and `make test`.

SWIFT ?= swift
PREFIX ?= /usr/local
CORPUS ?=
SWIFT_FILES := Package.swift Sources Tests Anonymizers Benchmarks FuzzTesting/Package.swift \
  FuzzTesting/Sources/FuzzTargets FuzzTesting/Sources/tapedeck-fuzz
BUILD := $(SWIFT) build -c release
BINARY := .build/release/tapedeck

.PHONY: all build demo target-db test test-corpus test-sdks bench bench-capture bench-replay bench-rooms bench-anonymize bench-guard fuzz screenshots soak load-test format lint install setup setup-tests clean

all: build

setup:
	@.ci/setup build

setup-tests:
	@.ci/setup build test

build: setup
	@$(BUILD) --product tapedeck

# The stand-in on a private PostgreSQL, until it is interrupted; OPTIONS are those of mesh-target up.
target-db:
	@.ci/setup build database
	@$(BUILD) --product mesh-target
	@.build/release/mesh-target up $(OPTIONS)

demo: build
	@$(BINARY) demo

# Built once, in release form, so that the demo and the tests share one build; the suite that runs the built
# program against real servers is kept apart, since it measures what it runs beside.
test: setup-tests
	@$(BUILD) --build-tests
	@TAPEDECK_BINARY=$(CURDIR)/$(BINARY) $(SWIFT) test -c release --skip-build --parallel --skip EndToEndTests
	@TAPEDECK_BINARY=$(CURDIR)/$(BINARY) $(SWIFT) test -c release --skip-build --filter EndToEndTests

# Whether the providers' own libraries, installed for the occasion, take what a replay signs.
test-sdks: build setup-tests
	@Tests/SDKs/run

test-corpus: setup-tests
	@test -n "$(CORPUS)" && test -d "$(CORPUS)/pcap" || { \
	  echo "make test-corpus: no corpus at '$(CORPUS)': name the folder, as in make test-corpus CORPUS=../shared/corpus" >&2; exit 2; }
	@$(BUILD) --build-tests
	@TAPEDECK_BINARY=$(CURDIR)/$(BINARY) TAPEDECK_CORPUS=$(abspath $(CORPUS)) \
	  $(SWIFT) test -c release --skip-build --filter Corpus

bench: build
	@Benchmarks/run

bench-capture: build
	@Benchmarks/capture

# Beside wrk, h2load, hey, ab and bare loops in C, over the same requests.
bench-replay: build
	@Benchmarks/replay/replay

bench-rooms:
	@Benchmarks/rooms

# What the anonymizer finds in labelled payloads, and how long it takes beside zlib; CORPUS=FOLDER has them.
bench-anonymize:
	@CORPUS=$(if $(CORPUS),$(abspath $(CORPUS))) Benchmarks/anonymize

# Whether an exchange has come to cost more instructions or allocations than before.
bench-guard: build
	@Benchmarks/guard

# The pictures in Documentation/images; look at them before they are committed.
screenshots: build
	@.ci/setup test
	@Documentation/images/make
	@Documentation/images/make-reports

# Every parser under libFuzzer for SECONDS_EACH seconds; CORPUS=FOLDER adds seeds.
fuzz: setup
	@CORPUS=$(if $(CORPUS),$(abspath $(CORPUS))) FuzzTesting/run all $(or $(SECONDS_EACH),60)

# An hour of mixed traffic, recorded in parts of a minute.
soak: build
	@Benchmarks/soak/soak

# The plan of Documentation/load-test-plan.md against the stand-in on a private PostgreSQL; about ten minutes.
load-test: build
	@.ci/setup build database
	@$(BUILD) --product mesh-target
	@Tests/LoadTest/run

format:
	@$(SWIFT) format format --in-place --recursive $(SWIFT_FILES)

lint:
	@$(SWIFT) format lint --strict --recursive $(SWIFT_FILES)

install: build
	install -D -m 0755 $(BINARY) $(DESTDIR)$(PREFIX)/bin/tapedeck

clean:
	rm -rf .build
