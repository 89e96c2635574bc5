// What several views of the till are made of.
import { h, icon } from "./dom.js";

export function personText(person) {
  const parts = [person.name, person.phone, person.card_no_end && `卡尾号 ${person.card_no_end}`];
  return parts.filter(Boolean).join(" ") || "会员";
}

export function verdict(tone, sign, title, lines, actions) {
  return [
    h("div", { class: `verdict verdict-${tone}` },
      h("div", { class: "verdict-body" }, h("span", { class: "verdict-sign" }, icon(sign)), h("h2", {}, title), lines),
      h("div", { class: "sheet-actions" }, actions)),
  ];
}

export function waiting(title, detail) {
  return h("div", { class: "waiting", role: "status" }, h("h2", {}, title), h("p", { class: "num" }, detail),
    h("span", { class: "waiting-bar", "aria-hidden": "true" }));
}

export function again(send, text = "继续扫码") {
  return action(text, "button-wide button-big", () => send({ type: "again" }), "again");
}

export function leave(send) {
  return action("返回", "button-wide button-quiet", () => send({ type: "reset" }));
}

export function action(text, classes, onclick, id) {
  return h("button", { class: `button ${classes}`, type: "button", onclick, id }, text);
}
