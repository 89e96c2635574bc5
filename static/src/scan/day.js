// Today's figures and list beside the till.
import { get, Refused } from "./api.js";
import { h, icon } from "./dom.js";
import { yuan } from "./money.js";
import { clockTime } from "./time.js";
import { points, undoOfPoints } from "./points-views.js";
import { undoOf } from "./views.js";

export class Day {
  constructor({ figures, uses, onUndo, onOpen }) {
    Object.assign(this, { figures, uses, onUndo, onOpen });
  }

  // Reads the day anew; without network the last known list stays, and says so.
  async refresh() {
    try {
      const [day, points] = await Promise.all([get("/today"), get("/points/today")]);
      this.show(day, points);
    } catch (error) {
      if (error instanceof Refused && error.status === 401) throw error;
      this.uses.parentElement.dataset.stale = "true";
    }
  }

  show(day, paid) {
    delete this.uses.parentElement.dataset.stale;
    this.figures.replaceChildren(
      figure(String(day.count), "今日核销券"),
      figure(yuan(day.discount_fen), "顾客优惠"),
      figure(yuan(day.mall_fen), "商场补给本店"),
      ...(paid.payments ? [pointsFigure(paid)] : []),
    );
    const rows = [
      ...day.items.map((use) => ({ at: use.redeemed_at, row: this.row(use) })),
      ...paid.items.map((payment) => ({ at: payment.created_at, row: this.paymentRow(payment) })),
    ].sort((one, other) => Date.parse(other.at) - Date.parse(one.at));
    this.uses.replaceChildren(...(rows.length ? rows.map(({ row }) => row) : [nothingYet()]));
  }

  row(use) {
    const what = use.reversed_at ? `已撤销 ${clockTime(use.reversed_at)}` : "已核销";
    const state = [what, use.clerk, `尾号 ${use.code_end}`].filter(Boolean).join(" · ");
    return h("li", { class: use.reversed_at ? "use use-undone" : "use" },
      h("time", { class: "use-time num" }, clockTime(use.redeemed_at)),
      h("span", { class: "use-what" }, h("b", {}, use.title), h("small", {}, state)),
      h("span", { class: "use-sum num" }, yuan(use.discount_fen), h("small", {}, `商场补 ${yuan(use.mall_fen)}`)),
      use.undo_until && h("button", { class: "button button-small button-quiet use-undo", type: "button",
        onclick: () => this.onUndo(undoOf(use)) }, icon("undo"), `撤销（${clockTime(use.undo_until)} 前）`));
  }

  paymentRow(payment) {
    const counts = payment.status === "paid" || payment.status === "awaiting";
    return h("li", { class: counts ? "use" : "use use-undone" },
      h("time", { class: "use-time num" }, clockTime(payment.created_at)),
      h("span", { class: "use-what" }, h("b", {}, "积分付款"), h("small", {}, [stateOf(payment), payment.clerk].filter(Boolean).join(" · "))),
      h("span", { class: "use-sum num" }, yuan(payment.worth_fen), h("small", {}, `${points(payment.points)} 积分`)),
      // What a machine of the store asked for is the machine's to give up.
      payment.status === "awaiting" && payment.clerk && h("button", { class: "button button-small button-quiet use-undo", type: "button",
        onclick: () => this.onOpen(payment) }, icon("phone"), "查看或取消"),
      payment.undo_until && h("button", { class: "button button-small button-quiet use-undo", type: "button",
        onclick: () => this.onUndo(undoOfPoints(payment)) }, icon("undo"), `撤销（${clockTime(payment.undo_until)} 前）`));
  }
}

function stateOf(payment) {
  if (payment.reversed_at) return `已撤销 ${clockTime(payment.reversed_at)}`;
  return { paid: "已收款", awaiting: "等待会员确认" }[payment.status] ?? payment.why;
}

function figure(value, label) {
  return h("p", {}, h("b", { class: "num" }, value), h("span", {}, label));
}

// Points are money of their own: what the store got with them stands in none of the coupons' figures.
function pointsFigure(paid) {
  return h("p", { class: "figure-points" }, h("span", {}, `今日积分付款 ${paid.payments} 笔`),
    h("b", { class: "num" }, yuan(paid.worth_fen)), h("span", { class: "num" }, `${points(paid.points)} 积分`));
}

function nothingYet() {
  return h("li", { class: "uses-none" }, "今天还没有核销。扫一扫会员出示的券码，第一笔会出现在这里。");
}
