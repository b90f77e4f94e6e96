//! Under `make dev` alone: a page hears of a saved file, and shows it.

use leptos::{nonce::use_nonce, prelude::*};

/// A changed style sheet is put in place of the old one; anything else reloads the page. Where the watcher was away in
/// between, something may have been missed.
const LISTEN: &str = r#"
function listen(wasAway) {
  const socket = new WebSocket(address);
  socket.onopen = () => wasAway && location.reload();
  socket.onmessage = ({ data }) => {
    const { all, css } = JSON.parse(data);
    if (all) return location.reload();
    if (css === null) return;
    for (const link of document.querySelectorAll("link[rel=stylesheet]")) {
      const fresh = link.cloneNode();
      fresh.href = link.href.split("?")[0] + "?saved=" + Date.now();
      fresh.onload = () => link.remove();
      link.after(fresh);
    }
  };
  socket.onclose = () => setTimeout(listen, 1000, true);
}
listen(false);
"#;

/// The script that listens at this socket.
#[component]
pub fn ReloadOnSave(socket: String) -> impl IntoView {
    let script = format!("const address = \"{socket}/live_reload\";{LISTEN}");
    view! { <script type="module" nonce=use_nonce() inner_html=script></script> }
}
