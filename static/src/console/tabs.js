// A row of tabs that is wider than a phone begins where one is.
export function showCurrentTab(root) {
  for (const tab of root.querySelectorAll(".seg [aria-current]")) {
    const row = tab.parentElement;
    row.scrollLeft = tab.offsetLeft - row.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
  }
}
