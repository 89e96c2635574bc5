// <div data-chart='{"days": […], "series": [{"name", "values", "axis"?, "kind"?}]}'> becomes lines over days.
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

echarts.use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

const QUIET = "#626c7b";
const FAINT = "#e5e8ec";

function colours() {
  const accent = getComputedStyle(document.documentElement).getPropertyValue("--accent").trim() || "#0f766e";
  return [accent, "#c2740c", "#3566a8", "#8a5aa8"];
}

function series({ name, values, kind = "line" }, index) {
  const line = { type: "line", symbol: "circle", symbolSize: 6, showSymbol: false, lineStyle: { width: 2.5 } };
  const bar = { type: "bar", barMaxWidth: 22, itemStyle: { borderRadius: [4, 4, 0, 0] } };
  return { name, data: values, ...(kind === "bar" ? bar : line), z: 10 - index };
}

function options({ days, series: wanted }) {
  const font = { color: QUIET, fontSize: 12 };
  return {
    animation: false,
    color: colours(),
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    grid: { left: 4, right: 12, top: 40, bottom: 4, containLabel: true },
    legend: { top: 0, left: 0, icon: "roundRect", itemWidth: 14, itemHeight: 4, itemGap: 20, textStyle: { ...font, fontSize: 13 } },
    tooltip: { trigger: "axis", confine: true, borderColor: FAINT, textStyle: { color: "#17202b", fontSize: 13 } },
    xAxis: { type: "category", data: days, boundaryGap: wanted.some((one) => one.kind === "bar"), axisLabel: font, axisLine: { lineStyle: { color: FAINT } }, axisTick: { show: false } },
    yAxis: { type: "value", minInterval: 1, axisLabel: font, splitLine: { lineStyle: { color: FAINT } } },
    series: wanted.map(series),
  };
}

export function drawCharts(root) {
  for (const element of root.querySelectorAll("[data-chart]")) {
    const chart = echarts.getInstanceByDom(element) ?? echarts.init(element, null, { renderer: "svg" });
    chart.setOption(options(JSON.parse(element.dataset.chart)));
  }
}

export function resizeCharts() {
  for (const element of document.querySelectorAll("[data-chart]")) echarts.getInstanceByDom(element)?.resize();
}
