// A button beside a password field shows what was typed, and hides it again before it is sent.
export function offerToShowSecrets() {
  for (const button of document.querySelectorAll(".secret-show")) {
    const field = button.parentElement.querySelector("input");
    const show = (isShown) => {
      field.type = isShown ? "text" : "password";
      button.textContent = isShown ? "隐藏" : "显示";
      button.setAttribute("aria-pressed", String(isShown));
    };
    button.hidden = false;
    button.addEventListener("click", () => {
      show(field.type === "password");
      field.focus();
    });
    field.form?.addEventListener("submit", () => show(false));
  }
}
