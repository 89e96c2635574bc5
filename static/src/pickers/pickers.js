// Fields for days and times in Chinese form. A page has plain `<input type="date">` and `type="time"`, which work without
// any script; here they become fields that read what people write and open a calendar of ours. What a form sends is
// what the plain field would have sent.
import { day } from "./calendar.js";
import { time } from "./clockface.js";
import { make } from "./dom.js";

const KINDS = { date: day, time };
const GAP = 6;
const fields = new WeakMap();
let panel;
let open = null;

/** Takes over every field for a day or a time below `root`. */
export function offerPickers(root) {
  for (const input of root.querySelectorAll("input[type=date], input[type=time]")) takeOver(input);
}

function takeOver(input) {
  const kind = KINDS[input.type];
  fields.set(input, { kind, least: input.min, most: input.max });
  const value = input.value;
  input.type = "text";
  Object.assign(input, { autocomplete: "off", value: value && kind.show(value) });
  input.dataset.picker = kind === day ? "day" : "time";
  for (const [name, told] of Object.entries({ role: "combobox", "aria-haspopup": "dialog", "aria-expanded": "false" })) input.setAttribute(name, told);
  input.placeholder ||= kind.name;
  // Where fingers choose, no keyboard of the phone covers the calendar.
  if (matchMedia("(pointer: coarse)").matches) input.inputMode = "none";
  input.addEventListener("click", () => show(input));
  input.addEventListener("keydown", onKey);
  input.addEventListener("change", () => settle(input));
}

/** The value as forms send it; null when what stands there is none. */
function valueOf(input) {
  return fields.get(input).kind.read(input.value);
}

/** Writes what was typed in the usual form, or says what is wrong with it when the form is sent. */
function settle(input) {
  const { kind, ...bounds } = fields.get(input);
  const value = valueOf(input);
  if (value) input.value = kind.show(value);
  const unread = input.value.trim() && !value;
  input.setCustomValidity(unread ? `${kind.name.replace("选择", "请填写")}，例如 ${kind.example}` : value ? kind.wrong(value, bounds) : "");
}

function onKey(event) {
  const input = event.target;
  if (event.key === "Escape" && open === input) close();
  else if (event.key === "ArrowDown") {
    event.preventDefault();
    if (open !== input) show(input);
    panel.querySelector("[aria-pressed='true'], [tabindex='0']")?.focus();
  } else return;
  event.stopPropagation();
}

function show(input) {
  if (input.disabled || input.readOnly) return;
  panel ??= makePanel();
  close();
  open = input;
  const { kind, least, most } = fields.get(input);
  panel.setAttribute("aria-label", kind.name);
  kind.paint(panel, { value: valueOf(input), least, most, required: input.required }, (value) => choose(input, value));
  panel.hidden = false;
  panel.showPopover?.();
  place(input);
  input.setAttribute("aria-expanded", "true");
  input.setAttribute("aria-controls", panel.id);
}

function choose(input, value) {
  input.value = value && fields.get(input).kind.show(value);
  close();
  input.focus();
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

function close() {
  if (!open) return;
  panel.hidePopover?.();
  panel.hidden = true;
  open.setAttribute("aria-expanded", "false");
  open = null;
}

function makePanel() {
  const made = make("div", { class: "picker", id: "picker", role: "dialog", popover: "manual", hidden: true });
  document.body.append(made);
  made.addEventListener("keydown", (event) => {
    event.stopPropagation(); // keys of the page mean nothing here
    if (event.key !== "Escape") return;
    const input = open;
    close();
    input.focus();
  });
  return made;
}

/** Under the field, or over it where it would not fit; on a narrow screen the stylesheet lays it at the bottom. */
function place(input) {
  const field = input.getBoundingClientRect();
  const { width, height } = panel.getBoundingClientRect();
  const below = field.bottom + GAP + height <= innerHeight || field.top < height + GAP;
  panel.style.top = `${Math.max(GAP, below ? Math.min(field.bottom + GAP, innerHeight - height - GAP) : field.top - GAP - height)}px`;
  panel.style.left = `${Math.max(GAP, Math.min(field.left, innerWidth - width - GAP))}px`;
}

// A press elsewhere, a way out by the tab key, a page that moves beneath: the calendar goes.
document.addEventListener("pointerdown", ({ target }) => {
  if (open && target !== open && !panel.contains(target)) close();
});
document.addEventListener("focusin", ({ target }) => {
  if (open && target !== open && !panel.contains(target)) close();
});
window.addEventListener("resize", close);
document.addEventListener("scroll", ({ target }) => {
  if (open && !panel.contains(target)) place(open);
}, { capture: true, passive: true });
document.addEventListener("formdata", ({ target, formData }) => {
  for (const input of target.elements) {
    const value = input.name && fields.has(input) && valueOf(input);
    if (value) formData.set(input.name, value);
  }
});
