// <div data-chart='{"days": […], "series": [{"name", "values", "kind"?}]}'> becomes lines or bars over days. What draws
// them is a script of its own (charts.js), asked for by the first page that has one.
let loading;

function load() {
  loading ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = document.querySelector('meta[name="charts"]').content;
    script.onload = done;
    script.onerror = () => {
      loading = undefined; // the next page part may try again
      failed(new Error("charts.js did not come"));
    };
    document.head.append(script);
  });
  return loading;
}

export async function drawCharts(root) {
  const found = [...root.querySelectorAll("[data-chart]")];
  if (found.length === 0) return;
  await load();
  window.huitouCharts.draw(found);
}

export function resizeCharts() {
  window.huitouCharts?.resize();
}
