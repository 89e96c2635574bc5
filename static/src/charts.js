// Loaded by the console's script on pages with a chart; see console/charts.js.
import uPlot from "uplot";

const QUIET = "#626c7b";
const FAINT = "#e5e8ec";
const WHOLE = [1, 2, 5].flatMap((step) => [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7].map((unit) => step * unit)).sort((a, b) => a - b);

const drawn = new Map(); // element → its chart

function colours() {
  const accent = getComputedStyle(document.documentElement).getPropertyValue("--accent").trim() || "#0f766e";
  return [accent, "#c2740c", "#3566a8", "#8a5aa8"];
}

// Two series of bars stand side by side: one before the other would hide it.
function bars(pair) {
  const align = pair.length === 2 ? (one) => (one === pair[0] ? -1 : 1) : () => 0;
  return (one) => uPlot.paths.bars({ size: pair.length === 2 ? [0.36, 14] : [0.5, 22], radius: 0.2, align: align(one) });
}

function oneSeries(one, index, all) {
  const { name, kind = "line" } = one;
  const colour = colours()[index % 4];
  const shapes = bars(all.filter((other) => other.kind === "bar"));
  const bar = { fill: colour, width: 0, paths: shapes(one), points: { show: false } };
  const line = { width: 2.5, points: { show: false } };
  return { label: name, stroke: colour, value: (_, value) => value?.toLocaleString() ?? "–", ...(kind === "bar" ? bar : line) };
}

function axes(days, font) {
  const quiet = { stroke: QUIET, font, ticks: { show: false }, incrs: WHOLE };
  return [
    { ...quiet, grid: { show: false }, space: 64, size: 30, values: (_, places) => places.map((place) => days[place] ?? "") },
    { ...quiet, grid: { stroke: FAINT, width: 1 }, size: wide, values: (_, values) => values.map((value) => value.toLocaleString()) },
  ];
}

// Space for the longest number beside the axis.
function wide(_, values) {
  const longest = Math.max(0, ...(values ?? []).map((one) => one.length));
  return 16 + 8 * longest;
}

// At rest the legend tells the last day.
function tellLast(chart) {
  const last = chart.data[0].length - 1;
  if (chart.legend.idx == null) chart.setLegend({ idx: last }, false);
}

function options({ days, series: wanted }) {
  const margin = wanted.some((one) => one.kind === "bar") ? 0.5 : 0;
  return {
    padding: [8, 24, 0, 0],
    hooks: { ready: [tellLast], setLegend: [tellLast] },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 8 } },
    legend: { markers: { width: 0, fill: (chart, index) => chart.series[index].stroke() } },
    scales: {
      x: { time: false, range: [-margin, days.length - 1 + margin] },
      y: { range: { min: { pad: 0, soft: 0, mode: 1 }, max: { pad: 0.1, soft: 1, mode: 1 } } },
    },
    axes: axes(days, `12px ${getComputedStyle(document.body).fontFamily}`),
    series: [{ label: "日期", value: (_, place) => days[place] ?? "–" }, ...wanted.map(oneSeries)],
  };
}

function sizeOf(element) {
  const legend = element.querySelector(".u-legend")?.offsetHeight ?? 28;
  return { width: element.clientWidth, height: element.clientHeight - legend };
}

function draw(element) {
  drawn.get(element)?.destroy();
  const chart = JSON.parse(element.dataset.chart);
  const data = [chart.days.map((_, place) => place), ...chart.series.map(({ values }) => values)];
  drawn.set(element, new uPlot({ ...options(chart), ...sizeOf(element) }, data, element));
  drawn.get(element).setSize(sizeOf(element));
}

window.huitouCharts = {
  draw(elements) {
    for (const element of drawn.keys()) if (!element.isConnected) drawn.delete(element);
    elements.forEach(draw);
  },
  resize() {
    drawn.forEach((chart, element) => chart.setSize(sizeOf(element)));
  },
};
