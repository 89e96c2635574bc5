// What was wrong with a field is true of what was sent; as soon as something else is typed or chosen, it is not any more.
export function forgetMendedProblems() {
  for (const kind of ["input", "change"]) document.addEventListener(kind, (event) => forget(event.target));
}

function forget(field) {
  if (!field.name || !field.form) return;
  const told = field.form.querySelector(`#problem-${CSS.escape(field.name)}`);
  if (!told) return;
  told.remove();
  for (const one of field.form.querySelectorAll(`[name="${CSS.escape(field.name)}"]`)) {
    one.removeAttribute("aria-invalid");
    one.removeAttribute("aria-describedby");
  }
}
