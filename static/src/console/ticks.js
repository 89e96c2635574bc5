// One box ticks all of its list, as far as it is shown: `data-check-all` names the boxes of the same form.
export function tickAll(event) {
  const all = event.target.closest("[data-check-all]");
  if (!all) return;
  for (const box of all.form.querySelectorAll(`input[name="${all.dataset.checkAll}"]`)) box.checked = all.checked;
}
