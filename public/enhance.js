// Makes pages pleasanter where scripts run; each page works without it. Wired by data attributes alone.
const doc = document, root = doc.documentElement, on = addEventListener;
const all = (selector, act) => doc.querySelectorAll(selector).forEach(act);

// The cookie lets the server draw the theme without a flash; localStorage outlives it.
const show = (theme) => {
  theme === "system" ? delete root.dataset.theme : (root.dataset.theme = theme);
  all("[data-theme-choice]", (b) => (b.ariaPressed = b.dataset.themeChoice === theme));
};
const keep = (theme) => {
  doc.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=lax`;
  try { localStorage.theme = theme; } catch {}
  show(theme);
};
let kept;
try { kept = localStorage.theme; } catch {}
// The account's theme comes first, and stays in this browser for the pages before signing in.
const own = root.dataset.ownTheme;
own || (!root.dataset.theme && kept) ? keep(own || kept) : show(root.dataset.theme || "system");
// Times are told in this zone to whoever has not chosen another.
doc.cookie = `time_zone=${Intl.DateTimeFormat().resolvedOptions().timeZone}; path=/; max-age=31536000; samesite=lax`;

const press = {
  themeChoice(b, theme) {
    keep(theme);
    const { themeAction } = b.closest("[data-theme-action]")?.dataset ?? {};
    themeAction && fetch(themeAction, { method: "POST", body: new URLSearchParams({ theme }), redirect: "manual" });
  },
  dismiss: (b) => b.closest("[data-toast]").remove(),
  reveal(b, id) {
    const field = doc.getElementById(id), hidden = field.type === "password";
    field.type = hidden ? "text" : "password";
    b.ariaPressed = hidden;
  },
  copy: async (b, text) => {
    await navigator.clipboard.writeText(text);
    b.dataset.copied = "";
    setTimeout(() => delete b.dataset.copied, 1600);
  },
  print: () => print(),
  fill: (b, values) => new URLSearchParams(values).forEach((v, name) => all(`[name="${name}"]`, (f) => (f.value = v))),
};
on("click", ({ target }) => {
  const b = target.closest("button");
  for (const key in b?.dataset) press[key]?.(b, b.dataset[key]);
  // Browsers without command buttons.
  if (b && !("command" in b) && b.hasAttribute("commandfor"))
    doc.getElementById(b.getAttribute("commandfor"))[b.getAttribute("command") === "close" ? "close" : "showModal"]();
});

// One press, one request: the button rests until the page comes back.
const wake = (f, b) => {
  delete f.dataset.sending;
  if (b) b.disabled = b.ariaBusy = null;
};
on("submit", (e) => {
  const f = e.target, b = e.submitter;
  if (f.dataset.sending) return e.preventDefault();
  if (e.defaultPrevented || f.method !== "post") return;
  f.dataset.sending = 1;
  if (b) b.ariaBusy = "true";
  setTimeout(() => b && (b.disabled = true));
  setTimeout(wake, 9000, f, b);
  on("pageshow", () => wake(f, b), { once: true });
});
on("change", ({ target }) => "autosubmit" in target.dataset && target.form.requestSubmit());

// Codes are copied with blanks between their digits.
on("paste", (e) => {
  const digits = e.clipboardData.getData("text").replace(/\D/g, "");
  if (e.target.autocomplete !== "one-time-code" || !digits) return;
  e.preventDefault();
  e.target.value = digits.slice(0, 6);
});

// Calls with the seconds that are left, until none are.
const countDown = (seconds, tell) => {
  const end = performance.now() + seconds * 1000;
  const tick = () => {
    const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
    tell(left);
    left && setTimeout(tick, 1000);
  };
  tick();
};
all("[data-runs-out]", (bar) => countDown(bar.value, (left) => (bar.value = left) || location.reload()));
all("[data-rests]", (words) => {
  const plain = words.textContent, b = words.closest("button");
  countDown(words.dataset.rests, (left) => {
    b.disabled = left > 0;
    words.textContent = left ? `${plain} (${left} s)` : plain;
  });
});

if (doc.querySelector("[data-passkey]")) import("./passkeys.js");
if (doc.querySelector("[data-people-form], [data-people-go-on], [data-people-over]")) import("./people.js");

doc.querySelector("[data-error-summary]")?.focus();
