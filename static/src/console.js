// The mall console: htmx for the pages, Tabler's own behaviours, ECharts for figures.
import "@tabler/core/dist/js/tabler.esm.js";
import { BarChart, LineChart, PieChart } from "echarts/charts";
import { DatasetComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import htmx from "htmx.org";

echarts.use([
  BarChart,
  LineChart,
  PieChart,
  DatasetComponent,
  GridComponent,
  LegendComponent,
  TooltipComponent,
  SVGRenderer,
]);

// The pages' content-security policy allows neither eval nor inline styles.
htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
window.htmx = htmx;

// <div data-chart='{"xAxis": ...}'> becomes the chart that its JSON describes.
function drawCharts(root) {
  for (const element of root.querySelectorAll("[data-chart]")) {
    const chart = echarts.getInstanceByDom(element) ?? echarts.init(element);
    chart.setOption(JSON.parse(element.dataset.chart));
  }
}

function resizeCharts() {
  for (const element of document.querySelectorAll("[data-chart]")) echarts.getInstanceByDom(element)?.resize();
}

htmx.onLoad(drawCharts);
window.addEventListener("resize", resizeCharts);
