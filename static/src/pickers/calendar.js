// A month as a page: arrows go by days and weeks, Page Up and Page Down by months, Home and End along the week.
import { addDays, addMonths, readDay, showDay, showMonth, today, WEEKDAYS, weekday, weeksOf } from "./days.js";
import { button, make } from "./dom.js";

const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
const PLACEHOLDER = "选择日期";

export const day = {
  name: PLACEHOLDER,
  example: showDay("2026-03-01"),
  read: readDay,
  show: showDay,
  wrong: (value, field) => outside(value, field),
  paint,
};

function outside(value, { least, most }) {
  if (least && value < least) return `不能早于 ${showDay(least)}`;
  if (most && value > most) return `不能晚于 ${showDay(most)}`;
  return "";
}

/** Draws the month around `at` into the panel; `choose` is told the day, `close` that nothing changes. */
function paint(panel, field, choose, at = within(field.value ?? today(), field)) {
  const again = (next, focus) => {
    paint(panel, field, choose, within(next, field));
    if (focus) panel.querySelector("[tabindex='0']")?.focus();
  };
  const grid = table(field, choose, at);
  grid.addEventListener("keydown", (event) => {
    const next = moved(at, event.key);
    if (!next) return;
    event.preventDefault();
    again(next, true);
  });
  panel.replaceChildren(head(at, again), grid, foot(field, choose));
}

function within(value, { least, most }) {
  if (least && value < least) return least;
  return most && value > most ? most : value;
}

function moved(at, key) {
  if (key in STEPS) return addDays(at, STEPS[key]);
  if (key === "PageUp" || key === "PageDown") return addMonths(at, key === "PageUp" ? -1 : 1);
  if (key === "Home") return addDays(at, -weekday(at));
  if (key === "End") return addDays(at, 6 - weekday(at));
  return null;
}

function head(at, again) {
  const step = (text, label, months) => button(text, () => again(addMonths(at, months)), { "aria-label": label, class: "picker-step" });
  const title = make("p", { class: "picker-title", "aria-live": "polite" }, showMonth(at));
  return make("div", { class: "picker-head" }, step("«", "上一年", -12), step("‹", "上个月", -1), title, step("›", "下个月", 1), step("»", "下一年", 12));
}

function table(field, choose, at) {
  const names = WEEKDAYS.map((name) => make("th", { scope: "col", abbr: `星期${name}` }, name));
  const weeks = weeksOf(at).map((week) => make("tr", {}, ...week.map((one) => make("td", {}, cell(one, field, choose, at)))));
  return make("table", { class: "picker-days" }, make("thead", {}, make("tr", {}, ...names)), make("tbody", {}, ...weeks));
}

function cell(one, field, choose, at) {
  return button(String(Number(one.slice(8))), () => choose(one), {
    class: one.slice(0, 7) === at.slice(0, 7) ? "picker-day" : "picker-day picker-day-other",
    "aria-label": `${showDay(one)} 星期${WEEKDAYS[weekday(one)]}`,
    "aria-pressed": String(one === field.value),
    "aria-current": one === today() ? "date" : undefined,
    tabindex: one === at ? "0" : "-1",
    disabled: outside(one, field) !== "",
  });
}

function foot(field, choose) {
  const now = button("今天", () => choose(today()), { class: "picker-act", disabled: outside(today(), field) !== "" });
  const none = field.required ? [] : [button("清除", () => choose(""), { class: "picker-act" })];
  return make("div", { class: "picker-foot" }, now, ...none);
}
