// The till's states, as one pure function: (state, event) → state. What a state makes happen is the controller's.
//
//   ready ─code→ looking ─┬→ coupon ─confirm→ redeeming ─┬→ done ─undo→ undoing → undone
//                         ├→ member ─pick→ coupon        ├→ refused
//                         ├→ refused                     └→ unsure ─retry→ redeeming (same key)
//                         └→ unreachable ─retry→ looking
//
// Every state but those that wait for the server takes the next scan at once. `unsure` does not: it must be settled first.

export const READY = Object.freeze({ name: "ready" });

const TAKES_CODES = new Set(["ready", "coupon", "member", "done", "undone", "refused", "unreachable"]);

export function next(state, event) {
  if (event.type === "code") return TAKES_CODES.has(state.name) ? { name: "looking", code: event.code } : state;
  if (event.type === "reset") return state.name === "redeeming" || state.name === "undoing" ? state : READY;
  const step = STEPS[state.name]?.[event.type];
  return step ? step(state, event) : state;
}

const STEPS = {
  ready: {
    resume: (_, { intent }) => ({ name: "unsure", intent }),
    undo: startUndo,
  },
  looking: {
    found: (state, { answer }) => foundState(answer),
    refused: (state, { refusal }) => ({ name: "refused", refusal, code: state.code }),
    unreachable: (state) => ({ name: "unreachable", code: state.code }),
  },
  unreachable: {
    retry: (state) => ({ name: "looking", code: state.code }),
  },
  member: {
    undo: startUndo,
    pick: (state, { coupon }) => ({ name: "coupon", member: state.member, coupon, others: state.coupons }),
  },
  coupon: {
    undo: startUndo,
    confirm: (state, { intent }) => ({ name: "redeeming", intent, coupon: state.coupon }),
    back: (state) => ({ name: "member", member: state.member, coupons: state.others }),
  },
  redeeming: {
    done: (state, { answer }) => ({ name: "done", redemption: answer }),
    refused: (state, { refusal }) => ({ name: "refused", refusal, code: state.intent.body.code }),
    unreachable: (state) => ({ name: "unsure", intent: state.intent }),
  },
  unsure: {
    retry: (state) => ({ name: state.intent.kind === "undo" ? "undoing" : "redeeming", intent: state.intent }),
  },
  done: { undo: startUndo },
  refused: { undo: startUndo },
  undone: { undo: startUndo },
  undoing: {
    undone: (state) => ({ name: "undone", title: state.intent.title }),
    refused: (state, { refusal }) => ({ name: "refused", refusal }),
    unreachable: (state) => ({ name: "unsure", intent: state.intent }),
  },
};

function startUndo(_, { intent }) {
  return { name: "undoing", intent };
}

function foundState(answer) {
  if (answer.kind === "member") return { name: "member", member: answer.member, coupons: answer.coupons };
  const { coupon, member } = answer;
  if (coupon.refusal) return { name: "refused", refusal: coupon.refusal, coupon, member, code: coupon.code };
  return { name: "coupon", member, coupon, others: null };
}
