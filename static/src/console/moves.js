// Rows in an order of one's own: dragged, or moved by their arrows. The arrows are the form's buttons, which send it and
// come back with the row moved; here the row moves at once, and the form is saved as a whole.
let dragged = null;

export function offerMoves(root) {
  for (const body of root.querySelectorAll("[data-moves]")) {
    body.addEventListener("click", onArrow);
    for (const row of body.rows) drag(row);
  }
}

function onArrow(event) {
  const arrow = event.target.closest("button[name=move]");
  if (!arrow) return;
  event.preventDefault();
  const row = arrow.closest("tr");
  const up = arrow.value.startsWith("up:");
  const beside = up ? row.previousElementSibling : row.nextElementSibling;
  if (!beside) return;
  if (up) beside.before(row);
  else beside.after(row);
  arrow.focus();
}

function drag(row) {
  const grip = row.querySelector("[data-grip]");
  if (!grip) return;
  grip.hidden = false;
  grip.addEventListener("pointerdown", () => (row.draggable = true));
  row.addEventListener("dragstart", (event) => {
    dragged = row;
    event.dataTransfer.effectAllowed = "move";
  });
  row.addEventListener("dragover", (event) => {
    if (!dragged || dragged.parentElement !== row.parentElement) return;
    event.preventDefault();
    const { top, height } = row.getBoundingClientRect();
    if (event.clientY < top + height / 2) row.before(dragged);
    else row.after(dragged);
  });
  row.addEventListener("dragend", () => {
    row.draggable = false;
    dragged = null;
  });
}
