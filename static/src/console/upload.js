// Large files go up in pieces, each a request of ordinary size; a file of one piece is an ordinary form.
const TRIES = 4;

function show(form, done, total) {
  const share = form.querySelector("[data-upload-share]");
  const percent = Math.floor((100 * done) / total);
  share.hidden = false;
  share.querySelector("progress").value = percent;
  share.querySelector("span").textContent = `${percent}%`;
}

function refuse(form, text) {
  const problem = form.querySelector("[data-upload-problem]");
  problem.textContent = text;
  problem.hidden = false;
  form.querySelector("[data-upload-share]").hidden = true;
  form.querySelector("button[type=submit]").disabled = false;
}

async function post(address, body) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await fetch(address, { method: "POST", body });
      if (answer.status < 500 || attempt === TRIES) return answer;
    } catch (error) {
      if (attempt === TRIES) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 500 * 2 ** attempt));
  }
}

async function refusalIn(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.querySelector(".flash-refused:not([hidden])")?.textContent.trim() || "上传没有成功，请重试";
}

async function send(form, file) {
  const size = Number(form.dataset.piece);
  const first = new FormData(form);
  first.set("size", file.size);
  first.set("file", file.slice(0, size), file.name);
  show(form, 0, file.size);
  const answer = await post(form.action, first);
  if (!answer.ok || !answer.url.startsWith(`${form.action}/`) || answer.url.endsWith("/new")) {
    return refuse(form, await refusalIn(answer));
  }
  for (let start = size; start < file.size; start += size) {
    show(form, start, file.size);
    const piece = new FormData();
    for (const name of ["csrf_token", "idempotency_key"]) piece.set(name, first.get(name));
    piece.set("number", start / size);
    piece.set("file", file.slice(start, start + size), file.name);
    const taken = await post(`${answer.url}/pieces`, piece);
    if (taken.status !== 204) return refuse(form, await refusalIn(taken));
  }
  window.location.assign(answer.url);
}

export function upload(event) {
  const form = event.target.closest("form[data-upload]");
  const file = form?.querySelector("input[type=file]").files[0];
  if (!file) return;
  if (file.size > Number(form.dataset.most)) {
    event.preventDefault();
    refuse(form, "文件超过 20 MB，请拆分后上传，或请技术人员用命令行导入");
  } else if (file.size > Number(form.dataset.piece)) {
    event.preventDefault();
    form.querySelector("button[type=submit]").disabled = true;
    form.querySelector("[data-upload-problem]").hidden = true;
    send(form, file).catch(() => refuse(form, "网络中断，上传没有完成，请重试"));
  }
}
