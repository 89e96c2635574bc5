// What was chosen is seen before it is saved: pictures in their frames and on the phone beside the form, colours too.
const READABLE = 4.5;
const WHITE = "#ffffff";
const INK = "#1c1c1e";

export function onPictureChosen(input) {
  const frame = input.closest("[data-picture]");
  if (!frame) return;
  frame.querySelector(".picture-problem")?.remove();
  const file = input.files[0];
  if (!file) return;
  if (file.size > Number(input.dataset.most)) {
    input.value = "";
    const problem = Object.assign(document.createElement("p"), { className: "picture-problem", role: "alert" });
    problem.textContent = `这张图片有 ${(file.size / 1e6).toFixed(1)} MB，请压缩到 2 MB 以内再上传`;
    input.closest(".picture-side").append(problem);
    return;
  }
  const address = URL.createObjectURL(file);
  frame.querySelector("[data-picture-name]").textContent = file.name;
  const slot = input.form.action.split("/").pop();
  for (const image of [frame.querySelector("[data-picture-shown]"), ...document.querySelectorAll(`[data-shows="${slot}"]`)]) {
    image.src = address;
    image.hidden = false;
  }
  const none = frame.querySelector("[data-picture-none]");
  if (none) none.hidden = true;
}

export function showLook(form) {
  const phone = document.querySelector("[data-preview]");
  if (!phone) return;
  const { accent, gradient, accent_far: far, slogan } = form.elements;
  const hasFar = gradient.value === "far";
  far.closest(".field").hidden = !hasFar;
  const end = hasFar ? far.value : shaded(accent.value);
  const [ink, contrast] = [WHITE, INK]
    .map((text) => [text, Math.min(contrastOf(text, accent.value), hasFar ? contrastOf(text, far.value) : 21)])
    .sort((one, other) => other[1] - one[1])[0];
  phone.style.setProperty("--shown-accent", accent.value);
  phone.style.setProperty("--shown-far", ink === INK && !hasFar ? accent.value : end);
  phone.style.setProperty("--shown-ink", ink);
  phone.querySelector("[data-slogan]").textContent = slogan.value;
  const told = form.querySelector("[data-contrast]");
  const isReadable = contrast >= READABLE;
  told.textContent = `文字对比度 ${contrast.toFixed(1)}，${isReadable ? "看得清" : "看不清，请换一个更深或更浅的颜色"}`;
  told.classList.toggle("picture-problem", !isReadable);
}

function parts(hex) {
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
}

function shaded(hex) {
  return `#${parts(hex).map((part) => Math.round(part * 0.62).toString(16).padStart(2, "0")).join("")}`;
}

function contrastOf(one, other) {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(hex) {
  const [red, green, blue] = parts(hex).map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
