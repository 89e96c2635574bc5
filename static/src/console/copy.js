// `<button data-copy="id" hidden>` copies the text of the element, or the value of the field of its form.
const TOLD_MS = 2000;

export function offerCopies(root) {
  for (const button of root.querySelectorAll("[data-copy]")) button.hidden = false;
}

export async function copy(button) {
  const words = button.querySelector("span");
  words.dataset.usual ??= words.textContent;
  words.textContent = (await written(textFor(button))) ? "已复制" : "请手动复制";
  setTimeout(() => (words.textContent = words.dataset.usual), TOLD_MS);
}

function textFor({ form, dataset }) {
  return form?.elements.namedItem(dataset.copy)?.value ?? document.getElementById(dataset.copy).textContent.trim();
}

/** Browsers give the clipboard to secure pages alone; the old way works on the others. */
async function written(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = Object.assign(document.createElement("textarea"), { value: text, readOnly: true, className: "unseen" });
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}
