// The list of people where scripts run: it follows what is typed and chosen, keeps the address in step, and is gone through by
// keys; a change of many people goes on by itself. Loaded by enhance.js where one of these is.
import { forget, mark, wake } from "./chosen.js";

const doc = document, at = (id) => doc.getElementById(id);
const form = doc.querySelector("[data-people-form]");
// The list is asked for when someone stops typing for so long.
const PAUSE = 180;
let pause, question;

// The address of the list as the form asks for it; what is empty asks for nothing.
const address = () => {
  const asked = [...new FormData(form)].filter(([, value]) => value.trim());
  return form.action + (asked.length ? `?${new URLSearchParams(asked)}` : "");
};

const show = (page) => {
  for (const id of ["people-found", "people-filter-count", "in-and-out"]) at(id)?.replaceWith(page.getElementById(id));
  const count = page.getElementById("page-count");
  if (at("page-count")) at("page-count").textContent = count?.textContent ?? "";
  else if (count) at("page-title").after(count);
  const words = doc.querySelector("#people-found nav p").textContent;
  at("people-said").textContent = words || "No users found";
  mark();
};

const follow = async () => {
  clearTimeout(pause);
  question?.abort();
  question = new AbortController();
  const to = address();
  try {
    const reply = await fetch(to, { signal: question.signal });
    // Signed out, or something that has a page of its own.
    if (reply.redirected || !reply.ok) return location.assign(to);
    show(new DOMParser().parseFromString(await reply.text(), "text/html"));
    history.replaceState(null, "", to);
  } catch (error) {
    if (error.name !== "AbortError") location.assign(to);
  }
};

form?.addEventListener("input", (e) => {
  if (e.target.type !== "search") return;
  clearTimeout(pause);
  pause = setTimeout(follow, PAUSE);
});
form?.addEventListener("change", (e) => e.target.type === "search" || follow());
form?.addEventListener("submit", (e) => {
  e.preventDefault();
  at("people-filters").togglePopover?.(false);
  follow();
});
wake();
doc.querySelector("[data-people-go-on]")?.requestSubmit();
if (doc.querySelector("[data-people-over]")) forget();

// Rows by j and k, ticked by x, the search by a slash. Enter opens, since what has the focus is a link.
const step = (by) => {
  const links = [...doc.querySelectorAll('#people-found tbody [data-cell="lead"] a')];
  const here = links.findIndex((link) => link.closest("tr").contains(doc.activeElement));
  links[here < 0 ? 0 : Math.min(Math.max(here + by, 0), links.length - 1)]?.focus();
};
addEventListener("keydown", (e) => {
  if (!form) return;
  const busy = e.ctrlKey || e.metaKey || e.altKey || e.target.closest("input, select, textarea");
  if (busy || doc.querySelector("dialog[open], [popover]:popover-open")) return;
  if (e.key === "j") step(1);
  else if (e.key === "k") step(-1);
  else if (e.key === "x") doc.activeElement.closest("tr")?.querySelector('[name="people[]"]')?.click();
  else if (e.key === "/") form.elements.search.focus();
  else return;
  e.preventDefault();
});
