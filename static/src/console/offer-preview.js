// <form data-offer="…"> shows, beside its fields, the coupon that a member would see: the server at that address says
// it in the words that members read, [data-shows] are filled with them as one types.
const PAUSE_MS = 250;

async function ask(form) {
  const answer = await fetch(form.dataset.offer, { method: "POST", body: new FormData(form), credentials: "same-origin" });
  return answer.ok ? answer.json() : null;
}

function preview(form) {
  let timer = 0;
  let asked = 0;
  const draw = async () => {
    const mine = ++asked;
    const words = await ask(form).catch(() => null);
    if (!words || mine !== asked) return; // without an answer the last one stays; a late one is nobody's any more
    for (const place of form.querySelectorAll("[data-shows]")) place.textContent = words[place.dataset.shows] ?? "";
    form.querySelector("[data-preview]").hidden = false;
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(draw, PAUSE_MS);
  };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  draw();
}

export function previewOffers(root) {
  for (const form of root.querySelectorAll("form[data-offer]")) preview(form);
}
