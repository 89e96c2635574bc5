// A photograph that is read on a page: it fits its frame at first, grows by keys, buttons or the wheel, moves when it is
// dragged and turns by quarters. Without a script it is shown in its width.
const STEP = 1.35;
const MOST = 8;

export function offerPhotos(root) {
  for (const view of root.querySelectorAll?.("[data-photo-view]") ?? []) offer(view);
  for (const form of root.querySelectorAll?.("[data-read-form]") ?? []) offerFields(form);
}

// Whoever reads begins at the first field that is still empty, and is back at the keys with Escape.
function offerFields(form) {
  const fields = [...form.querySelectorAll("select, input:not([type=hidden])")];
  const empty = fields.find((field) => field.required && !field.value);
  if (empty && matchMedia("(hover: hover)").matches) empty.focus({ preventScroll: true });
  form.addEventListener("click", (event) => event.target.closest("[data-edit]") && fields[0].focus());
  document.addEventListener("keydown", (event) => event.key === "Escape" && document.activeElement?.blur());
}

function offer(view) {
  const [box, sheet, image] = ["box", "sheet", ""].map((part) => view.querySelector(part ? `[data-photo-${part}]` : "[data-photo]"));
  if (!box || !image) return;
  const state = { zoom: 1, turn: 0 };

  function lay() {
    const [width, height] = [image.naturalWidth, image.naturalHeight];
    if (!width) return;
    const [across, down] = state.turn % 2 ? [height, width] : [width, height];
    const middle = centre(box);
    const scale = Math.min(box.clientWidth / across, box.clientHeight / down) * state.zoom;
    size(sheet, across * scale, down * scale);
    size(image, width * scale, height * scale);
    image.style.rotate = `${state.turn * 90}deg`;
    box.scrollLeft = middle.x * box.scrollWidth - box.clientWidth / 2;
    box.scrollTop = middle.y * box.scrollHeight - box.clientHeight / 2;
    box.classList.toggle("is-zoomed", state.zoom > 1);
  }

  function act(what) {
    if (what === "turn") state.turn = (state.turn + 1) % 4;
    else if (what === "fit") state.zoom = 1;
    else state.zoom = Math.min(MOST, Math.max(1, what === "in" ? state.zoom * STEP : state.zoom / STEP));
    lay();
  }

  view.classList.add("is-offered");
  view.addEventListener("click", (event) => {
    const asked = event.target.closest("[data-zoom]");
    if (asked) act(asked.dataset.zoom);
  });
  box.addEventListener("dblclick", () => act(state.zoom > 1 ? "fit" : "in"));
  box.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      act(event.deltaY < 0 ? "in" : "out");
    },
    { passive: false },
  );
  drag(box);
  image.addEventListener("load", lay);
  addEventListener("resize", lay);
  lay();
}

function size(element, width, height) {
  element.style.width = `${width}px`;
  element.style.height = `${height}px`;
}

// Where the frame looks, as shares of what can be scrolled.
function centre(box) {
  return {
    x: (box.scrollLeft + box.clientWidth / 2) / Math.max(box.scrollWidth, 1),
    y: (box.scrollTop + box.clientHeight / 2) / Math.max(box.scrollHeight, 1),
  };
}

function drag(box) {
  let from = null;
  box.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "touch" || event.button !== 0) return;
    from = { x: event.clientX + box.scrollLeft, y: event.clientY + box.scrollTop };
    box.setPointerCapture(event.pointerId);
  });
  box.addEventListener("pointermove", (event) => {
    if (!from) return;
    box.scrollLeft = from.x - event.clientX;
    box.scrollTop = from.y - event.clientY;
  });
  for (const end of ["pointerup", "pointercancel"]) box.addEventListener(end, () => (from = null));
}
