// A form that was refused for want of a proof of work: solved while its fields are filled in, and sent when it is done.
import { solve } from "../../../miniprogram/src/rules/proof.ts";

const breathe = () => new Promise((resume) => setTimeout(resume, 0));

export function solveProofs() {
  for (const wanted of document.querySelectorAll("[data-proof]")) answer(wanted);
}

async function answer(wanted) {
  const buttons = wanted.closest("form").querySelectorAll("button[type=submit]");
  const status = wanted.querySelector("[role=status]");
  const enable = (can) => buttons.forEach((button) => (button.disabled = !can));
  enable(false);
  status.hidden = false;
  status.textContent = "正在进行安全验证，请稍候…";
  const answered = await solve(wanted.dataset.proof, Number(wanted.dataset.bits), breathe);
  wanted.querySelector("[name=proof_token]").value = answered;
  status.textContent = "安全验证已完成，请重新提交";
  enable(true);
}
