// Scanner guns that type like a keyboard: keys in quick succession, then Enter, Tab or a line feed. They may scan
// wherever the focus is. What Caps Lock, full width or a prefix of the gun's own make of the code, the server undoes.

const BETWEEN_KEYS_MS = 400; // slow guns pause; people who type eight keys this fast mean a code, too
const AFTER_SCAN_MS = 150; // a gun that ends with CR and LF ends twice
const SHORTEST_CODE = 8;
// Longer than any amount: what is typed this long into the amount field was a scan.
const SHORTEST_IN_FIELD = 10;

// `onUnread` is told when a gun has shot keys that an input method keeps to itself.
export function listenToWedge(onCode, onUnread) {
  const scan = new Scan();
  let takenAt = -Infinity;

  const take = (event) => {
    stop(event);
    takenAt = event.timeStamp;
    const { typed, isUnread } = scan;
    scan.restoreField();
    scan.clear();
    if (isUnread) onUnread();
    else onCode(typed);
  };

  document.addEventListener(
    "keydown",
    (event) => {
      if (isEnd(event)) {
        if (event.timeStamp - takenAt < AFTER_SCAN_MS) return stop(event);
        if (scan.isWhole(event)) return take(event);
        return scan.clear();
      }
      if (!event.ctrlKey && !event.metaKey && !event.altKey) scan.add(event);
    },
    true,
  );
}

class Scan {
  constructor() {
    this.lastAt = -Infinity;
    this.clear();
  }

  clear() {
    Object.assign(this, { typed: "", unread: 0, wasSwallowed: false, field: null, fieldBefore: "" });
  }

  add(event) {
    if (event.timeStamp - this.lastAt > BETWEEN_KEYS_MS) this.clear();
    this.lastAt = event.timeStamp;
    const isSwallowed = isHeldByInputMethod(event);
    const character = characterOf(event, isSwallowed);
    if (character === null && !isSwallowed) return;
    if (!this.typed && !this.unread) this.begin(event.target);
    this.wasSwallowed ||= isSwallowed;
    if (character === null) this.unread += 1;
    else this.typed += character;
  }

  begin(target) {
    this.field = target.matches("input") ? target : null;
    this.fieldBefore = this.field?.value ?? "";
  }

  get isUnread() {
    return this.unread >= SHORTEST_CODE;
  }

  // The field for codes takes Enter itself, unless an input method has made something else of the code.
  isWhole(event) {
    const isCodeField = Boolean(event.target.closest("#typed"));
    if (this.isUnread) return !isCodeField;
    if (isCodeField && keyOf(event) === "Enter" && !this.wasSwallowed) return false;
    return this.typed.length >= (this.field && !isCodeField ? SHORTEST_IN_FIELD : SHORTEST_CODE);
  }

  restoreField() {
    if (this.field) this.field.value = this.fieldBefore;
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
  if (!isSwallowed) return event.key.length === 1 ? event.key : null;
  const letter = /^Key([A-Z])$/.exec(event.code);
  if (letter) return event.shiftKey ? letter[1] : letter[1].toLowerCase();
  const digit = /^(?:Digit|Numpad)([0-9])$/.exec(event.code);
  if (digit) return digit[1];
  return { Period: ".", Minus: event.shiftKey ? "_" : "-", BracketRight: "]" }[event.code] ?? null;
}
