// Scanner guns that type like a keyboard: keys in quick succession, then Enter, Tab or a line feed. They may scan
// wherever the focus is. What Caps Lock, full width or a prefix of the gun's own make of the code, the server undoes.
// Guns that end with nothing are read when a whole code stands, typed faster than by any hand, and a moment is over.
//
// Times are the keys' own (`timeStamp`), never those at which a busy browser gets round to them.
import { isCouponCode, isMemberCode } from "./codes.js";
import { parseYuan } from "./money.js";

const BETWEEN_KEYS_MS = 400; // slow guns pause; people who type eight keys this fast mean a code, too
const SHORTEST_CODE = 8;
const SHORTEST_IN_FIELD = 10;
const [LEAST_REST_MS, MOST_REST_MS] = [20, 600];
const FASTEST_HAND_MS = 50; // between the keys of twelve characters that mean nothing
const ENDING_MS = 250; // a gun that ends with something has ended by then
const LATE_ENDING_MS = 1000; // or comes late: then it is no person's, either

// `onUnread` is told when a gun has shot keys that an input method keeps to itself. `shownAt` tells since when the page
// shows what it shows: an Enter pressed before that cannot be meant for it, so it is a gun's second ending. Answers
// how long to leave the gun for such an ending before anything is shown that Enter confirms.
export function listenToWedge({ onCode, onUnread, shownAt }) {
  const scan = new Scan();
  let timer = 0;
  let unendedAt = -Infinity; // when the last key came of a code that was taken without an ending

  const take = () => {
    const { typed, isUnread } = scan;
    scan.restoreFields();
    scan.clear();
    if (isUnread) onUnread();
    else onCode(typed);
  };

  const takeUnended = () => {
    unendedAt = scan.lastAt;
    scan.measure();
    take();
  };

  const end = (event) => {
    scan.measure();
    if (scan.isWhole(event)) {
      stop(event);
      return take();
    }
    const isLate = event.timeStamp < shownAt() || event.timeStamp - unendedAt < LATE_ENDING_MS;
    if (scan.isEmpty && (event.repeat || isLate)) stop(event);
    return scan.clear();
  };

  document.addEventListener(
    "keydown",
    (event) => {
      clearTimeout(timer);
      if (isEnd(event)) return end(event);
      if (!event.ctrlKey && !event.metaKey && !event.altKey) scan.add(event);
      if (scan.isWholeCode) timer = setTimeout(takeUnended, ENDING_MS);
    },
    true,
  );
  return { restMs: () => scan.restMs };
}

class Scan {
  constructor() {
    this.restMs = LEAST_REST_MS;
    this.clear();
  }

  clear() {
    Object.assign(this, { typed: "", unread: 0, wasSwallowed: false, firstAt: 0, lastAt: -Infinity, fields: new Map() });
  }

  add(event) {
    const isSwallowed = isHeldByInputMethod(event);
    const character = characterOf(event, isSwallowed);
    if (character === null && !isSwallowed) return;
    if (this.isLate(event)) this.clear();
    if (this.isEmpty) this.firstAt = event.timeStamp;
    this.lastAt = event.timeStamp;
    this.remember(event.target);
    this.wasSwallowed ||= isSwallowed;
    if (character === null) this.unread += 1;
    else this.typed += character;
  }

  // The focus may move while a gun shoots: each field gets back what it had.
  remember(target) {
    if (target.matches("input") && !this.fields.has(target)) this.fields.set(target, target.value);
  }

  restoreFields() {
    for (const [field, before] of this.fields) field.value = before;
  }

  get isEmpty() {
    return this.typed === "" && this.unread === 0;
  }

  get isUnread() {
    return this.unread >= SHORTEST_CODE;
  }

  // One and a half of the pauses this gun makes: by then it has sent whatever belongs to the scan.
  measure() {
    const pauses = this.typed.length + this.unread - 1;
    const rest = pauses > 0 ? (1.5 * (this.lastAt - this.firstAt)) / pauses : 0;
    this.restMs = Math.min(Math.max(rest, LEAST_REST_MS), MOST_REST_MS);
  }

  // Without an ending only what is a code beyond doubt counts, and of a coupon's only what no hand types so fast.
  get isWholeCode() {
    if (this.unread > 0) return false;
    if (isMemberCode(this.typed)) return true;
    return isCouponCode(this.typed) && this.lastAt - this.firstAt <= FASTEST_HAND_MS * (this.typed.length - 1);
  }

  isLate(event) {
    return event.timeStamp - this.lastAt > BETWEEN_KEYS_MS;
  }

  // The field for codes takes Enter itself, unless an input method has made something else of the code.
  isWhole(event) {
    if (this.isEmpty || this.isLate(event)) return false;
    const isCodeField = Boolean(event.target.closest("#typed"));
    if (this.isUnread) return !isCodeField;
    if (isCodeField && keyOf(event) === "Enter" && !this.wasSwallowed) return false;
    if (isCodeField || this.fields.size === 0) return this.typed.length >= SHORTEST_CODE;
    return this.typed.length >= SHORTEST_IN_FIELD && parseYuan(this.typed) === null;
  }
}

function stop(event) {
  event.preventDefault();
  event.stopPropagation();
}

// Guns send line feed, carriage return and tab as themselves or as the keys that control them.
function isEnd(event) {
  if (event.ctrlKey) return ["KeyI", "KeyJ", "KeyM"].includes(event.code);
  return ["Enter", "NumpadEnter", "Tab"].includes(keyOf(event));
}

function keyOf(event) {
  return isHeldByInputMethod(event) ? event.code : event.key;
}

function isHeldByInputMethod(event) {
  return event.key === "Process" || event.key === "Unidentified" || event.isComposing;
}

// The character of a key; an input method that swallows keys mostly still tells which key it was.
function characterOf(event, isSwallowed) {
  if (!isSwallowed) return event.key?.length === 1 ? event.key : null;
  const letter = /^Key([A-Z])$/.exec(event.code);
  if (letter) return event.shiftKey ? letter[1] : letter[1].toLowerCase();
  const digit = /^(?:Digit|Numpad)([0-9])$/.exec(event.code);
  if (digit) return digit[1];
  return { Period: ".", Minus: event.shiftKey ? "_" : "-", BracketRight: "]" }[event.code] ?? null;
}
