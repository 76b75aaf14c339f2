# Two commands: `make demo` and `make test`. Everything else is for those who work on the code.
#
#   LISTEN=127.0.0.1:4700   where the demo listens
#   DATA=./reflow-data/demo the demo's folder; it is kept between runs
#   FRESH=0                 keep the demo's database instead of starting afresh
#   INSTALL=0               do not install missing system packages, skip what needs them

SHELL := /bin/bash
TARGET := $(if $(CARGO_TARGET_DIR),$(CARGO_TARGET_DIR),$(CURDIR)/target)
LISTEN ?= 127.0.0.1:4700
DATA ?= $(TARGET)/demo-data
FRESH ?= 1
export REFLOW_PLUGINS := $(TARGET)/plugins
# What a build keeps for the next small change takes gigabytes here and is never read by a first build.
export CARGO_INCREMENTAL ?= 0
export REFLOW_GUEST_TARGET := $(TARGET)/guests
PLUGINS := $(patsubst %/plugin.toml,%,$(wildcard plugins/*/plugin.toml))
HOSTILE := $(patsubst %/plugin.toml,%,$(wildcard tests/*/plugin.toml))

BENCH ?=
.PHONY: demo test build plugins hostile loans bench bench-peers soak schemathesis lint target clean dist old-database

demo: build plugins
	@if [ "$(FRESH)" = 1 ]; then rm -rf "$(DATA)"; fi
	@echo "== the demo, in $(DATA)"
	@exec "$(TARGET)/debug/reflow" --data "$(DATA)" demo --listen "$(LISTEN)"

test:
	@tests/run

# The WebAssembly target of the toolchain, added when it is missing.
target:
	@rustup target list --installed 2>/dev/null | grep -qx wasm32-unknown-unknown \
	  || { echo "== adding the WebAssembly target"; rustup target add wasm32-unknown-unknown \
	  || { echo "the WebAssembly target is missing and could not be added: run 'rustup target add wasm32-unknown-unknown'"; exit 1; }; }

build: target
	@echo "== building the node (about ten minutes the first time, on two cores)"; start=$$SECONDS; \
	  cargo build --workspace --locked || { echo "the node did not build: the compiler's messages stand above"; exit 1; }; \
	  echo "== built in $$((SECONDS - start)) s"

plugins: build
	@echo "== building the plugins"; start=$$SECONDS; \
	  "$(TARGET)/debug/reflow" --plugins "$(REFLOW_PLUGINS)" plugin build $(PLUGINS) \
	  || { echo "a plugin did not build: the messages stand above"; exit 1; }; \
	  echo "== built in $$((SECONDS - start)) s"

# What only the tests need: plugins that do everything wrong.
hostile: plugins
	@"$(TARGET)/debug/reflow" --plugins "$(REFLOW_PLUGINS)" plugin build $(HOSTILE) \
	  || { echo "the tests' plugin did not build: the messages stand above"; exit 1; }

# Measured against a raw insert and a bare call in the same run; a table, and JSON in $(TARGET)/bench.json.
bench: plugins
	cargo build --release --workspace --locked
	cargo bench --workspace --bench path --locked -- $(BENCH) --out "$(TARGET)/bench.json"
	cargo bench --workspace --bench plugins --locked
	cargo bench --workspace --bench doors --locked -- $(BENCH)
	cargo bench --workspace --bench crowd --locked -- $(BENCH)
	cargo bench --workspace --bench pages --locked -- $(BENCH)
	cargo bench --workspace --bench rules --locked
	cargo bench --workspace --bench plans --locked
	cargo bench --workspace --bench flow --locked -- $(BENCH)

# The same rule through Extism with JSON: apart, since nothing else needs what it brings.
bench-peers: plugins
	cd tests/peers && CARGO_TARGET_DIR="$(TARGET)/peers" cargo build --release --locked -p guest --target wasm32-unknown-unknown
	cd tests/peers && CARGO_TARGET_DIR="$(TARGET)/peers" cargo run --release --locked -p peers -- \
	  "$(REFLOW_PLUGINS)/standing.wasm" "$(TARGET)/peers/wasm32-unknown-unknown/release/guest.wasm"

# The long runs: 1,000 kills on each engine, three nodes side by side. A line of summary each.
SOAK_ROUNDS ?= 1000
SOAK_MINUTES ?= 10
soak: plugins
	@cargo build --workspace --locked --bins
	"$(TARGET)/debug/soak" kills --rounds $(SOAK_ROUNDS)
	"$(TARGET)/debug/soak" nodes --minutes $(SOAK_MINUTES)

# Ten minutes of made-up requests against the OpenAPI document; any 5xx fails.
schemathesis: plugins
	@tests/schemathesis

# The whole loan over REST alone, then over GraphQL alone: each step as it happens, and one journal.
loans: plugins
	@cargo test -q -p tests --locked --test it -- same_loan --nocapture --test-threads 1

lint:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings

# What is handed out: an archive that unpacks anywhere, a .deb, and what the Containerfile adds. The binary is
# linked with nothing that the machine would have to have.
MUSL := $(shell uname -m)-unknown-linux-musl
dist: plugins
	@command -v musl-gcc >/dev/null || { echo "the C compiler for static binaries is missing: apt-get install musl-tools"; exit 1; }
	@rustup target list --installed 2>/dev/null | grep -qx $(MUSL) || rustup target add $(MUSL)
	CARGO_PROFILE_RELEASE_STRIP=debuginfo cargo build --release --locked --target $(MUSL) -p reflow
	@host/reflow/dist/pack "$(TARGET)/$(MUSL)/release/reflow" "$(REFLOW_PLUGINS)" "$(TARGET)/dist"

# The database of the walk as it is now, kept under a new number for later programs to open.
old-database: plugins
	@test -n "$(RELEASE)" || { echo "say under which number: make old-database RELEASE=03"; exit 1; }
	REFLOW_KEEP_OLD_DATABASE=$(RELEASE) cargo test -p tests --locked --test it walk_on

clean:
	cargo clean
