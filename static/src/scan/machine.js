// The till's states, as one pure function: (state, event) → state. What a state makes happen is the controller's.
//
//   ready ─code→ looking ─┬→ coupon ─confirm→ redeeming ─┬→ done ─undo→ undoing → undone
//                         ├→ member ─pick→ coupon        ├→ refused
//                         ├→ refused                     └→ unsure ─retry→ redeeming (same key)
//                         └→ unreachable ─retry→ looking
//
// `undo_asked` comes before every undoing, and leads back to where it was asked.
// Every state but those that wait for the server takes the next scan at once. `unsure` does not: it must be settled first.

export const READY = Object.freeze({ name: "ready" });

const TAKES_CODES = new Set(["ready", "undo_asked", "coupon", "member", "done", "undone", "refused", "unreachable"]);

export function next(state, event) {
  if (event.type === "code") return TAKES_CODES.has(state.name) ? { name: "looking", asked: event.asked } : state;
  if (event.type === "reset") return state.name === "redeeming" || state.name === "undoing" ? state : READY;
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
    pick: (state, { coupon }) => ({ name: "coupon", member: state.member, coupon, others: state.coupons }),
  },
  coupon: {
    undo_asked: askUndo,
    confirm: (state, { intent }) => ({ name: "redeeming", intent, coupon: state.coupon }),
    back: (state) => ({ name: "member", member: state.member, coupons: state.others }),
  },
  redeeming: {
    done: (state, { answer }) => ({ name: "done", redemption: { ...answer, code_end: state.intent.body.code.slice(-4) } }),
    refused: (state, { refusal }) => ({ name: "refused", refusal, code: state.intent.body.code }),
    unreachable: (state) => ({ name: "unsure", intent: state.intent }),
  },
  unsure: {
    retry: (state) => ({ name: state.intent.kind === "undo" ? "undoing" : "redeeming", intent: state.intent }),
  },
  done: { undo_asked: askUndo },
  refused: { undo_asked: askUndo },
  undone: { undo_asked: askUndo },
  undo_asked: {
    undo: (_, { intent }) => ({ name: "undoing", intent }),
    keep: (state) => state.before,
  },
  undoing: {
    undone: (state) => ({ name: "undone", title: state.intent.title }),
    refused: (state, { refusal }) => ({ name: "refused", refusal }),
    unreachable: (state) => ({ name: "unsure", intent: state.intent }),
  },
};

function askUndo(state, { intent }) {
  return { name: "undo_asked", intent, before: state };
}

function foundState(answer) {
  if (answer.kind === "member") return { name: "member", member: answer.member, coupons: answer.coupons };
  const { coupon, member } = answer;
  if (coupon.refusal) return { name: "refused", refusal: coupon.refusal, coupon, member, code: coupon.code };
  return { name: "coupon", member, coupon, others: null };
}
