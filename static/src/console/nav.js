// The menu of narrow screens: open or closed, told to screen readers, too.
const button = () => document.querySelector("button[data-nav-toggle]");

function setNav(open) {
  document.body.dataset.nav = open ? "open" : "closed";
  button()?.setAttribute("aria-expanded", String(open));
  if (open) document.querySelector("#nav a")?.focus();
  else button()?.focus();
}

export function toggleNav() {
  setNav(document.body.dataset.nav !== "open");
}

export function closeNav() {
  if (document.body.dataset.nav === "open") setNav(false);
}
