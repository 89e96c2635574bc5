// <form data-offer> shows, beside its fields, the coupon that a member would see: [data-shows] are filled as one types.
const KINDS = { cash: "代金券", discount: "折扣券", gift: "礼品券", parking: "停车券" };

const yuan = (text) => Number(String(text).replaceAll(",", "").replace(/^[¥￥]/, "")) || 0;
const plain = (number) => String(Math.round(number * 100) / 100);

function minutes(text) {
  const total = Number(text) || 0;
  const [hours, rest] = [Math.floor(total / 60), total % 60];
  if (!total) return "停车";
  if (!hours) return `${rest} 分钟`;
  return rest ? `${hours} 小时 ${rest} 分` : `${hours} 小时`;
}

function face(typed) {
  switch (typed.kind) {
    case "parking": return minutes(typed.parking_minutes);
    case "discount": return typed.discount ? `${typed.discount} 折` : "折扣";
    case "gift": return "礼品";
    default: return yuan(typed.face) ? `¥${plain(yuan(typed.face))}` : "¥";
  }
}

function days({ issue_from: first, issue_until: last }) {
  if (first && last) return `${first} 至 ${last}`;
  return first ? `${first} 起` : last ? `至 ${last}` : "长期";
}

function cost(typed) {
  const sum = yuan(typed.face);
  const share = Math.min(Math.max(Number(typed.mall_share) || 0, 0), 100);
  if (!sum || !typed.mall_share) return "";
  return `每核销一张最多让利 ¥${plain(sum)}：商场承担 ¥${plain((sum * share) / 100)}，商户自担 ¥${plain((sum * (100 - share)) / 100)}（仅列示，不结算）`;
}

function shown(form) {
  const typed = Object.fromEntries(new FormData(form));
  const ticked = [...form.querySelectorAll('[name="store"]:checked')].map((box) => box.closest("label").textContent.trim());
  const minimum = yuan(typed.min_spend);
  return {
    face: face(typed),
    kind: KINDS[typed.kind] ?? "优惠券",
    title: typed.title?.trim() || "券的名称",
    summary: typed.summary?.trim() || "一句话说明",
    condition: minimum ? `满 ${plain(minimum)} 元可用` : "无门槛",
    validity: typed.validity === "until" ? `有效期至 ${typed.valid_until || "……"}` : `领取后 ${typed.valid_days || "…"} 天内有效`,
    stores: typed.where === "all" ? "全部门店" : ticked.length > 3 ? `${ticked.length} 家门店` : ticked.join("、") || "请选择门店",
    limit: `${typed.per_member_limit || 1} 张`,
    issue: days(typed),
    cost: cost(typed),
  };
}

export function previewOffers(root) {
  for (const form of root.querySelectorAll("form[data-offer]")) {
    const draw = () => {
      const words = shown(form);
      for (const place of form.querySelectorAll("[data-shows]")) place.textContent = words[place.dataset.shows];
    };
    form.querySelector("[data-preview]").hidden = false;
    form.addEventListener("input", draw);
    form.addEventListener("change", draw);
    draw();
  }
}
