// Scanner guns that type like a keyboard: keys in quick succession, then Enter. They may scan wherever the focus is.

const BETWEEN_KEYS_MS = 200;
const SHORTEST_CODE = 8;
// Longer than any amount: what is typed this long into the amount field was a scan.
const SHORTEST_IN_FIELD = 10;

export function listenToWedge(onCode) {
  let typed = "";
  let lastAt = 0;
  let fieldBefore = "";

  document.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("#typed")) return;
      if (event.timeStamp - lastAt > BETWEEN_KEYS_MS) typed = "";
      lastAt = event.timeStamp;
      const field = event.target.matches("input") ? event.target : null;
      if (event.key === "Enter") {
        if (typed.length >= (field ? SHORTEST_IN_FIELD : SHORTEST_CODE)) {
          event.preventDefault();
          event.stopPropagation();
          if (field) field.value = fieldBefore;
          onCode(typed);
        }
        typed = "";
        return;
      }
      const character = characterOf(event);
      if (character === null) return;
      if (typed === "" && field) fieldBefore = field.value;
      typed += character;
    },
    true,
  );
}

// The character of a key; an input method that swallows keys still tells which key it was.
function characterOf(event) {
  if (event.key.length === 1) return event.key;
  if (event.key !== "Process" && !event.isComposing) return null;
  const letter = /^Key([A-Z])$/.exec(event.code);
  if (letter) return event.shiftKey ? letter[1] : letter[1].toLowerCase();
  const digit = /^(?:Digit|Numpad)([0-9])$/.exec(event.code);
  if (digit) return digit[1];
  return { Period: ".", Minus: event.shiftKey ? "_" : "-" }[event.code] ?? null;
}
