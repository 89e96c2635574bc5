// What was typed into a longer form is not lost by a reload or a wrong link without a question.
const LONG = 3;

export function askBeforeLosing() {
  const typed = new Set();
  document.addEventListener("input", (event) => {
    const { form } = event.target;
    if (form?.method === "post" && fieldsOf(form).length >= LONG) typed.add(form);
  });
  document.addEventListener("submit", () => typed.clear());
  window.addEventListener("beforeunload", (event) => {
    if ([...typed].some((form) => form.isConnected)) event.preventDefault();
  });
}

function fieldsOf(form) {
  return [...form.elements].filter((field) => field.name && field.type !== "hidden" && field.type !== "submit");
}
