// A time of the day: the hour, then the minutes by fives; other minutes are typed.
import { readTime } from "./days.js";
import { button, make } from "./dom.js";

const HOURS = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, "0"));
const MINUTES = Array.from({ length: 12 }, (_, at) => String(at * 5).padStart(2, "0"));
const ACROSS = 6;
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -ACROSS, ArrowDown: ACROSS };

export const time = {
  name: "选择时间",
  example: "21:00",
  read: readTime,
  show: (value) => value,
  wrong: () => "",
  paint,
};

function paint(panel, field, choose, hour = field.value?.slice(0, 2) ?? "") {
  const minute = field.value?.slice(3) ?? "";
  const hours = block("时", HOURS, hour, (one) => {
    paint(panel, field, choose, one);
    panel.querySelectorAll("[tabindex='0']")[1]?.focus();
  });
  const minutes = block("分", MINUTES, minute, (one) => choose(`${hour || "00"}:${one}`));
  const none = field.required ? [] : [make("div", { class: "picker-foot" }, button("清除", () => choose(""), { class: "picker-act" }))];
  panel.replaceChildren(hours, minutes, ...none);
}

function block(label, values, chosen, act) {
  const reached = values.includes(chosen) ? chosen : values[0];
  const cells = values.map((one) =>
    button(one, () => act(one), {
      class: "picker-day",
      "aria-label": `${Number(one)}${label}`,
      "aria-pressed": String(one === chosen),
      tabindex: one === reached ? "0" : "-1",
    }),
  );
  const grid = make("div", { class: "picker-times", role: "group", "aria-label": label }, ...cells);
  grid.addEventListener("keydown", (event) => {
    const next = cells[cells.indexOf(document.activeElement) + STEPS[event.key]];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
  return make("div", {}, make("p", { class: "picker-title" }, label), grid);
}
