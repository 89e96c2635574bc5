// What each state looks like. A view is a function (state, send) → elements; `send` gives events to the till.
import { h, icon } from "./dom.js";
import { parseYuan, preview, yuan } from "./money.js";
import { action, again, leave, personText, verdict, waiting } from "./parts.js";
import { pointsDone, pointsForm, pointsOver, pointsWaiting, purseRow } from "./points-views.js";
import { nextStep } from "./steps.js";
import { clockTime } from "./time.js";

const REFUSED_TITLES = [["re", "未能撤销"], ["points_undo", "未能撤销"], ["points_", "没有收到积分"], ["insufficient_points", "没有收到积分"], ["store_takes", "不能收积分"]];

export const VIEWS = {
  ready: () => [
    h("div", { class: "stage-rest" }, icon("ticket", "icon stage-rest-icon"), h("h2", {}, "等待扫码"),
      h("p", {}, "扫到的券会显示在这里，确认后即完成核销。")),
  ],
  looking: ({ asked }) => [waiting("正在查询", asked.code ? shortened(asked.code) : `手机尾号 ${asked.phone_tail}`)],
  redeeming: ({ intent }) => [waiting("正在核销", intent.title)],
  undoing: ({ intent }) => [waiting("正在撤销", intent.title)],
  asking: ({ intent }) => [waiting("正在收积分", intent.title)],
  withdrawing: () => [waiting("正在取消", "积分付款")],
  points: pointsForm,
  points_waiting: pointsWaiting,
  points_done: pointsDone,
  points_over: pointsOver,
  coupon,
  member,
  done,
  undo_asked: undoAsked,
  undone: ({ title, isPoints }, send) =>
    verdict("good", "undo", "已撤销",
      [h("p", { class: "verdict-line" }, title), h("p", {}, isPoints ? "积分已退回会员。" : "券已退回会员，可以再次使用。")],
      [again(send)]),
  refused,
  unsure,
  unreachable: (state, send) =>
    verdict("warn", "wifi", "网络不通", [h("p", {}, "没有连上系统，还没有查到这张券。")], [
      action("重试", "button-wide", () => send({ type: "retry" })),
      action("返回", "button-wide button-quiet", () => send({ type: "reset" })),
    ]),
};

function coupon({ coupon: found, member: person, others }, send) {
  const problem = h("p", { class: "field-problem", role: "alert", hidden: true });
  const pays = h("p", { class: "pays" });
  const amount = h("input", {
    id: "spend", class: "num", inputmode: "decimal", autocomplete: "off", maxlength: "11",
    placeholder: found.needs_spend ? "必填，如 358.00" : "选填",
    oninput: () => { problem.hidden = true; pays.hidden = false; showPays(pays, found, amount.value); },
  });
  const confirm = (event) => {
    event.preventDefault();
    const spend = amount.value.trim() === "" ? null : parseYuan(amount.value);
    const wrong = amountProblem(found, amount.value, spend);
    problem.hidden = wrong === null;
    problem.textContent = wrong ?? "";
    pays.hidden = wrong !== null;
    if (wrong) amount.focus();
    else send({ type: "decide", coupon: found, spendFen: spend });
  };
  showPays(pays, found, "");
  return [
    h("form", { class: "sheet", onsubmit: confirm, novalidate: true },
      h("div", { class: "sheet-body" }, ticket(found, person),
        h("label", { class: "field" }, h("span", {}, "本单金额（元）"), amount), problem, pays),
      h("div", { class: "sheet-actions" },
        h("button", { class: "button button-wide button-big", type: "submit", id: "confirm" }, "确认核销"),
        others
          ? action("返回会员的券", "button-wide button-quiet", () => send({ type: "back" }))
          : action("取消", "button-wide button-quiet", () => send({ type: "reset" })))),
  ];
}

function amountProblem(found, text, spend) {
  if (text.trim() !== "" && spend === null) return "金额格式不对，请填写如 358.00";
  if (spend === null) return found.needs_spend ? "请填写本单小票金额" : null;
  return isEnough(found, spend) ? null : tooLittle(found, spend);
}

function isEnough(found, spend) {
  return spend >= found.min_spend_fen;
}

function tooLittle(found, spend) {
  return `未达到最低消费 ${yuan(found.min_spend_fen)}，还差 ${yuan(found.min_spend_fen - spend)}`;
}

function showPays(target, found, text) {
  const spend = parseYuan(text);
  if (spend === null && found.kind === "discount") {
    target.replaceChildren("填写金额后显示优惠和商场补给本店的金额");
    return;
  }
  if (spend !== null && !isEnough(found, spend)) {
    target.replaceChildren(tooLittle(found, spend));
    return;
  }
  const { discountFen, mallFen } = preview(found, spend);
  target.replaceChildren(
    "顾客优惠 ", h("b", { class: "num" }, yuan(discountFen)), "，商场补给本店 ", h("b", { class: "num" }, yuan(mallFen)));
}

function ticket(found, person) {
  const days = ["今天到期", "明天到期"][found.days_left] ?? (found.days_left <= 7 ? `${found.days_left} 天后到期` : "");
  return h("article", { class: "ticket" },
    h("header", { class: "ticket-head" }, h("b", { class: "ticket-face num" }, found.face_text),
      h("div", {}, h("h2", {}, found.title), found.summary && h("p", {}, found.summary))),
    h("dl", { class: "facts" },
      fact("会员", personText(person)),
      fact("使用条件", found.conditions.join("；")),
      fact("有效期至", [h("span", { class: "num" }, found.valid_until), days && h("em", { class: "tag tag-warn" }, days)]),
      fact("券码", h("span", { class: "num code" }, found.code_grouped))));
}

function fact(name, value) {
  return h("div", {}, h("dt", {}, name), h("dd", {}, value));
}

function member({ member: person, coupons, purse }, send) {
  const rows = coupons.map((found) =>
    h("li", {}, h("button", { class: "choice", type: "button", onclick: () => send({ type: "pick", coupon: found }) },
      h("span", { class: "choice-face num" }, found.face_text),
      h("span", { class: "choice-text" }, h("b", {}, found.title),
        h("small", {}, `${found.conditions.join("；")} · 至 ${found.valid_until}`)),
      icon("next"))));
  const body = rows.length
    ? h("ul", { class: "choices" }, rows)
    : h("div", { class: "empty" }, icon("ticket"), h("h2", {}, "没有本店可用的券"),
        h("p", {}, "这位会员目前没有能在本店使用的券，可请会员到小程序领取。"));
  return [
    h("div", { class: "sheet" },
      h("div", { class: "sheet-body" },
        h("header", { class: "person" }, h("span", { class: "avatar" }, icon("me")),
          h("div", {}, h("h2", {}, personText(person)),
            h("p", { class: "quiet" }, rows.length ? `本店可用 ${rows.length} 张${rows.length > 1 ? "，请选一张" : ""}` : "会员"))),
        purseRow(purse, send), body),
      h("div", { class: "sheet-actions" }, action("取消", "button-wide button-quiet", () => send({ type: "reset" })))),
  ];
}

function done({ redemption }, send) {
  const lines = [
    h("p", { class: "verdict-line" }, redemption.title),
    h("p", { class: "verdict-sum num" }, yuan(redemption.discount_fen)),
    h("p", {}, `商场补给本店 ${yuan(redemption.mall_fen)} · ${clockTime(redemption.redeemed_at)}`),
  ];
  return verdict("good", "check", "核销成功", lines, [
    again(send),
    action("撤销这次核销", "button-wide button-quiet", () => send({ type: "undo_asked", intent: undoOf(redemption) })),
  ]);
}

// What taking a redemption back is about. Its key is made when it is decided.
export function undoOf({ id, title, code_end: end, discount_fen: fen, redeemed_at: at }) {
  return { kind: "undo", id, title, about: `券码尾号 ${end} · ${yuan(fen)} · ${clockTime(at)} 核销` };
}

// The second step stands in the middle of the screen, where no button was; below stands the way back.
function undoAsked({ intent }, send) {
  const lines = [
    h("p", { class: "verdict-line" }, intent.title),
    h("p", { class: "num" }, intent.about),
    h("p", { class: "verdict-step" }, intent.of === "points" ? "积分会退回会员，商场付给本店的积分款同时冲回。" : "券会退回会员，商场补给本店的金额同时冲回。"),
    action("确认撤销", "button-undo", () => send({ type: "undo_decided", intent })),
  ];
  return verdict("warn", "undo", intent.of === "points" ? "撤销这笔收款？" : "撤销这次核销？", lines, [
    action("不撤销，返回", "button-wide button-big", () => send({ type: "keep" })),
  ]);
}

export function isAboutSpoken(refusal) {
  return refusal.code.startsWith("spoken_");
}

function refused({ refusal, coupon: found }, send) {
  const lines = [
    h("p", { class: "verdict-line" }, refusal.message),
    h("p", { class: "verdict-step" }, nextStep(refusal)),
    found && h("p", { class: "verdict-about num" }, `${found.title} · ${found.code_grouped}`),
  ];
  if (isAboutSpoken(refusal)) return verdict("bad", "cross", "没有查到", lines, [again(send, "重新输入"), leave(send)]);
  return verdict("bad", "cross", REFUSED_TITLES.find(([starts]) => refusal.code.startsWith(starts))?.[1] ?? "不能核销", lines, [again(send)]);
}

function unsure({ intent }, send) {
  const what = { undo: "撤销", points: "收款" }[intent.kind] ?? "核销";
  return verdict("warn", "wifi", "网络中断",
    [h("p", { class: "verdict-line" }, `「${intent.title}」的${what}结果未知`),
      h("p", { class: "verdict-step" }, `请点「重试」确认结果。重试是安全的，不会${what}两次。`),
      h("p", { class: "verdict-about" }, "先不处理的话，请以「今日记录」为准。")],
    [
      action("重试", "button-wide button-big", () => send({ type: "retry" })),
      action("先不处理", "button-wide button-quiet", () => send({ type: "reset" })),
    ]);
}

function shortened(code) {
  return code.length > 24 ? "会员码" : code;
}
