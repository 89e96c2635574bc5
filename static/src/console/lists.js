// Lists: ticking rows for what is done to several of them, and menus that close when one clicks elsewhere.
const ticks = () => [...document.querySelectorAll("[data-tick]")];

export function onTick(target) {
  if (target.matches("[data-tick-all]")) for (const tick of ticks()) tick.checked = target.checked;
  else if (!target.matches("[data-tick]")) return;
  const bar = document.querySelector("[data-batch]");
  if (!bar) return;
  const number = ticks().filter((tick) => tick.checked).length;
  bar.dataset.batch = number ? "on" : "";
  bar.querySelector("[data-ticked]").textContent = String(number);
  const isOver = number > Number(bar.dataset.most);
  bar.querySelector("[data-over]").hidden = !isOver;
  for (const button of bar.querySelectorAll(":scope > button")) button.disabled = isOver;
}

export function closeMenus(target) {
  for (const menu of document.querySelectorAll("[data-menu][open]")) if (!menu.contains(target)) menu.removeAttribute("open");
}
