// What the till shows of points: what a member has, how many are asked, waiting for their phone, paid, over.
import { h, icon } from "./dom.js";
import { parseYuan, pointsFor, worth, yuan } from "./money.js";
import { action, again, personText, verdict } from "./parts.js";
import { clockTime, leftText } from "./time.js";

// The member's points on the page of their coupons; nothing where a server tells of none.
export function purseRow(purse, send) {
  if (!purse) return null;
  if (purse.available === 0) return h("p", { class: "purse purse-empty quiet" }, "没有可用积分");
  return h("button", { class: "choice purse", type: "button", id: "take-points", onclick: () => send({ type: "ask_points" }) },
    h("span", { class: "choice-face" }, "积分"),
    h("span", { class: "choice-text" }, h("b", {}, "用积分抵扣"),
      h("small", { class: "num" }, purseText(purse)), asksPhone(purse) && h("small", { class: "num" }, limitText(purse))),
    icon("next"));
}

function purseText(purse) {
  return `可用 ${points(purse.available)} 积分，最多抵 ${yuan(worth(purse.available, purse.factor_bps))}`;
}

// Said before a sum is typed: up to the mall's limit the code is enough, above it the member's own phone has to agree.
function asksPhone({ available, code_limit: limit }) {
  return available > limit;
}

function limitText({ code_limit: limit }) {
  return limit ? `超 ${points(limit)} 积分需会员手机确认` : "需会员手机确认";
}

export function pointsForm({ member: person, purse }, send) {
  const problem = h("p", { class: "field-problem", role: "alert", hidden: true });
  const shown = h("p", { class: "pays" });
  const amount = h("input", {
    id: "spend", class: "num", inputmode: "decimal", autocomplete: "off", maxlength: "11", placeholder: "必填，如 12.00",
    oninput: () => { problem.hidden = true; show(amount.value); },
  });
  const show = (text) => shown.replaceChildren(...sumText(purse, parseYuan(text)));
  const decide = (event) => {
    event.preventDefault();
    const fen = parseYuan(amount.value);
    const wrong = problemOf(purse, fen);
    problem.hidden = wrong === null;
    problem.textContent = wrong ?? "";
    if (wrong) {
      shown.replaceChildren();
      return amount.focus();
    }
    const asked = pointsFor(fen, purse.factor_bps);
    send({ type: "points_decided", purse, points: asked, title: `${points(asked)} 积分抵 ${yuan(worth(asked, purse.factor_bps))}` });
  };
  show("");
  const most = worth(purse.available, purse.factor_bps);
  return [
    h("form", { class: "sheet", onsubmit: decide, novalidate: true },
      h("div", { class: "sheet-body" },
        h("header", { class: "person" }, h("span", { class: "avatar" }, icon("me")),
          h("div", {}, h("h2", {}, personText(person)),
            h("p", { class: "quiet num" }, purseText(purse)))),
        h("label", { class: "field" }, h("span", {}, "用积分抵多少（元）"), amount),
        h("p", { class: "purse-quick" }, quick(amount, show, "全部", most)),
        asksPhone(purse) && h("p", { class: "quiet num" }, limitText(purse)), problem, shown),
      h("div", { class: "sheet-actions" },
        h("button", { class: "button button-wide button-big", type: "submit", id: "confirm" }, "收取积分"),
        action("返回", "button-wide button-quiet", () => send({ type: "back" })))),
  ];
}

function quick(amount, show, name, fen) {
  return action(`${name} ${yuan(fen)}`, "button-small button-quiet", () => {
    amount.value = (fen / 100).toFixed(2);
    show(amount.value);
  });
}

function problemOf(purse, fen) {
  if (fen === null || fen === 0) return "请填写要抵的金额，如 12.00";
  const most = worth(purse.available, purse.factor_bps);
  return pointsFor(fen, purse.factor_bps) > purse.available ? `积分不够，最多抵 ${yuan(most)}` : null;
}

function sumText(purse, fen) {
  if (!fen) return ["填写金额后显示要用多少积分"];
  const wrong = problemOf(purse, fen);
  if (wrong) return [wrong];
  const asked = pointsFor(fen, purse.factor_bps);
  const how = asked > purse.code_limit ? `，需会员在手机上确认（${purse.wait_minutes} 分钟内）` : "";
  return ["收 ", h("b", { class: "num" }, `${points(asked)} 积分`), "，抵 ", h("b", { class: "num" }, yuan(worth(asked, purse.factor_bps))), how];
}

export function pointsWaiting({ payment, member: person }, send) {
  const left = h("b", { class: "num" }, leftText(payment.confirm_by));
  const ticking = setInterval(() => {
    if (!left.isConnected) clearInterval(ticking);
    left.textContent = leftText(payment.confirm_by);
  }, 1000);
  return verdict("wait", "phone", "等待会员确认", [
    h("p", { class: "verdict-sum num" }, yuan(payment.worth_fen)),
    h("p", { class: "num" }, `${points(payment.points)} 积分${person ? ` · ${personText(person)}` : ""}`),
    h("p", { class: "verdict-step" }, "请会员打开小程序的会员码或「我的积分」，点「确认付款」。还剩 ", left),
  ], [action("取消收款", "button-wide button-quiet", () => send({ type: "withdraw" }))]);
}

export function pointsDone({ payment }, send) {
  return verdict("good", "check", "收款成功", [
    h("p", { class: "verdict-sum num" }, yuan(payment.worth_fen)),
    h("p", { class: "num" }, `${points(payment.points)} 积分 · ${clockTime(payment.paid_at)}`),
    h("p", {}, "请从应收金额中减去，商场按合同价与本店结算。"),
  ], [
    again(send),
    payment.undo_until && action("撤销这笔收款", "button-wide button-quiet",
      () => send({ type: "undo_asked", intent: undoOfPoints(payment) })),
  ].filter(Boolean));
}

export function pointsOver({ payment }, send) {
  return verdict("bad", "cross", "没有收到积分", [
    h("p", { class: "verdict-line" }, payment.why ?? "已撤销"),
    h("p", { class: "verdict-step num" }, `${points(payment.points)} 积分已退回会员，请用其他方式收款或重新扫会员码。`),
  ], [again(send)]);
}

// What taking a payment back is about. Its key is made when it is decided.
export function undoOfPoints(payment) {
  const about = `${points(payment.points)} 积分 · ${yuan(payment.worth_fen)} · ${clockTime(payment.paid_at)} 收款`;
  return { kind: "undo", of: "points", id: payment.id, title: "积分付款", about };
}

export function points(count) {
  return count.toLocaleString("en-US");
}
