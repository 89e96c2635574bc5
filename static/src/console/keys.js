// Working by keys: `data-key` says which key stands for a link, a button or a field; in a list of `data-keys-rows` J and
// K move from row to row, and keys mean the row one stands on. While somebody types, keys are letters.
const TYPED_IN = "input:not([type=radio], [type=checkbox]), select, textarea, [contenteditable]";

export function tellKeys() {
  if (!matchMedia("(hover: hover)").matches) return;
  for (const told of document.querySelectorAll("[data-keys-told]")) told.hidden = false;
}

export function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest(TYPED_IN)) return;
  if (event.key === "/" && find(event)) return;
  const rows = document.querySelector("[data-keys-rows]");
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const step = { j: 1, k: -1 }[key];
  if (rows && step) return move(rows, step);
  // A link or button that has the focus keeps the enter key for itself.
  if (key === "Enter" && event.target.closest("a, button, summary, label, input")) return;
  const found = (rows?.querySelector("tr.is-here") ?? (rows ? null : document))?.querySelector(named(key));
  if (!found) return;
  event.preventDefault();
  act(found);
}

// On every page the slash goes to the field that finds things; where the menu is folded, there is a page of its own.
function find(event) {
  const field = document.querySelector("[data-find]");
  if (!field?.checkVisibility({ visibilityProperty: true })) return false;
  event.preventDefault();
  field.focus();
  return true;
}

function named(key) {
  const written = CSS.escape(key);
  return `[data-key="${written}"], [data-key-too="${written}"]`;
}

function act(found) {
  if (found.matches("[type=checkbox]")) {
    found.click();
  } else if (found.matches("input")) {
    found.focus();
    found.checked = true;
  } else {
    found.click();
    if (found.matches("summary")) found.parentElement.querySelector("select, textarea")?.focus();
  }
}

function move(rows, step) {
  const all = [...rows.querySelectorAll("tr:not(.more-row)")];
  const here = all.findIndex((row) => row.classList.contains("is-here"));
  const next = here < 0 ? 0 : Math.min(Math.max(here + step, 0), all.length - 1);
  all[here]?.classList.remove("is-here");
  all[next]?.classList.add("is-here");
  all[next]?.scrollIntoView({ block: "nearest" });
}
