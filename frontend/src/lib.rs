//! The browser's entry: wakes the islands that the server drew.

#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    // Named so that the islands of `app` are linked in, although nothing here calls them.
    use app as _;
    leptos::mount::hydrate_islands();
}
