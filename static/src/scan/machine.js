// The till's states, as one pure function: (state, event) → state. What a state makes happen is the controller's.
//
//   ready ─code→ looking ─┬→ coupon ─confirm→ redeeming ─┬→ done ─undo→ undoing → undone
//                         ├→ member ─pick→ coupon        ├→ refused
//                         ├→ refused                     └→ unsure ─retry→ redeeming (same key)
//                         └→ unreachable ─retry→ looking
//
//   member ─ask_points→ points ─confirm→ asking ─┬→ points_done ─undo→ undoing → undone
//                                                └→ points_waiting ─┬→ points_done
//                                                                   └→ points_over (no, too late, or ─withdraw→ withdrawing)
//
// `undo_asked` comes before every undoing, and leads back to where it was asked. `reopen` leads from the day's list to a
// payment that waits still, from every state that takes a code and from another one that waits: who left finds it again.
// Every state but those that wait for the server takes the next scan at once. `unsure` does not: it must be settled first.

export const READY = Object.freeze({ name: "ready" });

const TAKES_CODES = new Set(["ready", "undo_asked", "coupon", "member", "done", "undone", "refused", "unreachable", "points", "points_done", "points_over"]);
const REOPENS = new Set([...TAKES_CODES, "points_waiting"]);
const SETTLING = new Set(["redeeming", "undoing", "asking", "points_waiting", "withdrawing"]);

export function next(state, event) {
  if (event.type === "code") return TAKES_CODES.has(state.name) ? { name: "looking", asked: event.asked } : state;
  if (event.type === "reopen") return REOPENS.has(state.name) ? pointsState(event.payment) : state;
  if (event.type === "reset") return SETTLING.has(state.name) ? state : READY;
  const step = STEPS[state.name]?.[event.type];
  return step ? step(state, event) : state;
}

const STEPS = {
  ready: {
    resume: (_, { intent }) => ({ name: "unsure", intent }),
    undo_asked: askUndo,
  },
  looking: {
    found: (state, { answer }) => foundState(answer),
    refused: (state, { refusal }) => ({ name: "refused", refusal, code: state.asked.code }),
    unreachable: (state) => ({ name: "unreachable", asked: state.asked }),
  },
  unreachable: {
    retry: (state) => ({ name: "looking", asked: state.asked }),
  },
  member: {
    undo_asked: askUndo,
    pick: (state, { coupon }) => ({ name: "coupon", member: state.member, coupon, others: state.coupons, purse: state.purse }),
    ask_points: (state) => ({ ...state, name: "points" }),
  },
  coupon: {
    undo_asked: askUndo,
    confirm: (state, { intent }) => ({ name: "redeeming", intent, coupon: state.coupon }),
    back: (state) => ({ name: "member", member: state.member, coupons: state.others, purse: state.purse }),
  },
  redeeming: {
    done: (state, { answer }) => ({ name: "done", redemption: { ...answer, code_end: state.intent.body.code.slice(-4) } }),
    refused: (state, { refusal }) => ({ name: "refused", refusal, code: state.intent.body.code }),
    unreachable: (state) => ({ name: "unsure", intent: state.intent }),
  },
  points: {
    undo_asked: askUndo,
    confirm: (state, { intent }) => ({ name: "asking", intent, member: state.member }),
    back: (state) => ({ ...state, name: "member" }),
  },
  asking: {
    asked: (state, { answer }) => pointsState(answer, state.member),
    refused: (state, { refusal }) => ({ name: "refused", refusal }),
    unreachable: (state) => ({ name: "unsure", intent: state.intent }),
  },
  points_waiting: {
    polled: (state, { answer }) => pointsState(answer, state.member),
    withdraw: (state) => ({ ...state, name: "withdrawing" }),
  },
  withdrawing: {
    polled: (state, { answer }) => pointsState(answer, state.member),
    refused: (state) => ({ ...state, name: "points_waiting" }),
    unreachable: (state) => ({ ...state, name: "points_waiting" }),
  },
  points_done: { undo_asked: askUndo },
  points_over: { undo_asked: askUndo },
  unsure: {
    retry: (state) => ({ name: { undo: "undoing", points: "asking" }[state.intent.kind] ?? "redeeming", intent: state.intent }),
  },
  done: { undo_asked: askUndo },
  refused: { undo_asked: askUndo },
  undone: { undo_asked: askUndo },
  undo_asked: {
    undo: (_, { intent }) => ({ name: "undoing", intent }),
    keep: (state) => state.before,
  },
  undoing: {
    undone: (state) => ({ name: "undone", title: state.intent.title, isPoints: state.intent.of === "points" }),
    refused: (state, { refusal }) => ({ name: "refused", refusal }),
    unreachable: (state) => ({ name: "unsure", intent: state.intent }),
  },
};

function askUndo(state, { intent }) {
  return { name: "undo_asked", intent, before: state };
}

// What a payment with points is shown as: paid, waiting for the member's phone, or over.
function pointsState(payment, member) {
  const name = { paid: "points_done", awaiting: "points_waiting" }[payment.status] ?? "points_over";
  return { name, payment, member };
}

function foundState(answer) {
  if (answer.kind === "member") {
    return { name: "member", member: answer.member, coupons: answer.coupons, purse: answer.points };
  }
  const { coupon, member } = answer;
  if (coupon.refusal) return { name: "refused", refusal: coupon.refusal, coupon, member, code: coupon.code };
  return { name: "coupon", member, coupon, others: null };
}
