// Who is chosen in the list of people: it survives leafing, searching and filtering until something is done with them or the tab
// is closed. Without scripts the ticks of one page are sent.
const doc = document;
const TICK = '[name="people[]"]';
const area = () => doc.querySelector("[data-people-chosen]");
const key = () => `people-chosen ${area().dataset.peopleChosen}`;
const ticks = () => [...area().querySelectorAll(TICK)];

let chosen = new Set();
const keep = () => {
  try { sessionStorage.setItem(key(), JSON.stringify([...chosen])); } catch {}
};

const recall = () => {
  try { chosen = new Set(JSON.parse(sessionStorage.getItem(key()) ?? "[]")); } catch {}
};

/** Ticks who is chosen on the page that is shown, and says how many there are. */
export const mark = () => {
  if (!area()) return;
  // The choice is kept here: ticks that the browser brought back by itself might be of one that is over.
  area().autocomplete = "off";
  recall();
  ticks().forEach((tick) => (tick.checked = chosen.has(tick.value)));
  tell();
};

/** The same when this comes to a page: whoever was ticked before it came is chosen as well. */
export const wake = () => {
  if (!area()) return;
  recall();
  const whole = area().querySelector("[data-choose-page]")?.checked;
  ticks().forEach((tick) => (whole || tick.checked) && chosen.add(tick.value));
  keep();
  mark();
};

const tell = () => {
  const here = ticks(), all = area().querySelector("[data-choose-page]"), everyone = area().querySelector("[name=everyone]");
  const ticked = here.filter((tick) => tick.checked).length, elsewhere = chosen.size - ticked;
  if (all) {
    all.checked = here.length > 0 && ticked === here.length;
    all.indeterminate = ticked > 0 && !all.checked;
  }
  area().querySelector(".table-area").toggleAttribute("data-chosen", chosen.size > 0);
  const words = `${chosen.size.toLocaleString("en")} chosen${elsewhere ? `, ${elsewhere.toLocaleString("en")} of them on other pages` : ""}`;
  area().querySelector("[data-selection-words]").textContent = everyone?.checked ? `All ${everyone.closest("[data-everyone]").dataset.everyone} chosen` : words;
};

addEventListener("change", ({ target }) => {
  if (!target.closest?.("[data-people-chosen]")) return;
  const choose = (tick, on) => (on ? chosen.add(tick.value) : chosen.delete(tick.value));
  if (target.matches("[data-choose-page]"))
    ticks().forEach((tick) => {
      tick.checked = target.checked;
      choose(tick, target.checked);
    });
  else if (target.matches(TICK)) choose(target, target.checked);
  keep();
  tell();
});

addEventListener("click", ({ target }) => {
  if (!target.closest("[data-choose-none]")) return;
  chosen.clear();
  keep();
  ticks().forEach((tick) => (tick.checked = false));
  const everyone = area().querySelector("[name=everyone]");
  if (everyone) everyone.checked = false;
  tell();
});

// Those on other pages are sent along.
addEventListener("formdata", ({ target, formData }) => {
  if (!target.matches("[data-people-chosen]")) return;
  const here = new Set(ticks().map((tick) => tick.value));
  for (const id of chosen) here.has(id) || formData.append("people[]", id);
});

/** Forgets all of them, once something was done with them. */
export const forget = () => {
  for (const name of Object.keys(sessionStorage)) name.startsWith("people-chosen ") && sessionStorage.removeItem(name);
};
