"use strict";
// Charts by uPlot (MIT, https://github.com/leeoniya/uPlot), which stands above this in the page.

const COLOURS = ["#1264a3", "#d9480f", "#2b8a3e", "#6b3fa0", "#a61e4d", "#0b7285", "#8a6d00", "#495057", "#e64980"];
const CHART_HEIGHT = 220;

const format = value => value === null || value === undefined ? "–"
  : Math.abs(value) >= 100 || value === 0 ? Math.round(value).toLocaleString("en")
  : Math.abs(value) >= 1 ? (Math.round(value * 10) / 10).toLocaleString("en")
  : (Math.round(value * 1000) / 1000).toLocaleString("en");

/** Dashed lines at the times of triggers. */
const markPlugin = marks => ({
  hooks: {
    draw: u => {
      const { ctx } = u;
      ctx.save();
      ctx.strokeStyle = "#868e96";
      ctx.setLineDash([3, 4]);
      for (const mark of marks) {
        const x = Math.round(u.valToPos(mark, "x", true));
        if (x < u.bbox.left || x > u.bbox.left + u.bbox.width) continue;
        ctx.beginPath();
        ctx.moveTo(x, u.bbox.top);
        ctx.lineTo(x, u.bbox.top + u.bbox.height);
        ctx.stroke();
      }
      ctx.restore();
    },
  },
});

/**
 * Draws a chart.
 * @param parent where
 * @param chart {title, note, unit, x, lines: [{label, values}], marks, logY, points, xAxis, logX}
 */
function drawChart(parent, chart) {
  const lines = chart.lines.filter(line => line.values.some(value => value !== null));
  if (lines.length === 0 || chart.x.length === 0) return;
  const figure = add(parent, "figure");
  add(figure, "figcaption", chart.title + (chart.unit ? ` (${chart.unit})` : ""));
  if (chart.note) add(figure, "p", chart.note, "note");
  // A logarithmic axis has no place for 0.
  const values = line => chart.logY ? line.values.map(value => value > 0 ? value : null) : line.values;
  const plot = new uPlot({
    width: Math.max(320, figure.clientWidth),
    height: CHART_HEIGHT,
    plugins: chart.marks?.length ? [markPlugin(chart.marks)] : [],
    cursor: { drag: { x: true, y: false } },
    scales: {
      x: { time: false, distr: chart.logX ? 3 : 1, range: chart.xRange },
      y: { distr: chart.logY ? 3 : 1, range: chart.logY ? undefined : (u, min, max) => [Math.min(0, min), max > 0 ? max * 1.05 : 1] },
    },
    axes: [
      { stroke: "#495057", grid: { stroke: "#eef0f2" }, ticks: { stroke: "#ced4da" }, ...(chart.xAxis ?? { values: (u, ticks) => ticks.map(tick => `${tick} s`) }) },
      { stroke: "#495057", grid: { stroke: "#eef0f2" }, ticks: { stroke: "#ced4da" }, size: 64, values: (u, ticks) => ticks.map(tick => tick === null ? "" : format(tick)) },
    ],
    series: [
      { label: chart.xLabel ?? "s", value: (u, value) => value === null ? "–" : chart.xValue ? chart.xValue(value) : `${Math.round(value * 10) / 10} s` },
      ...lines.map((line, index) => ({
        label: line.label,
        stroke: COLOURS[index % COLOURS.length],
        width: 1.5,
        spanGaps: false,
        value: (u, value) => format(value),
        ...(chart.points ? { paths: () => null, points: { show: true, size: 8, fill: COLOURS[index % COLOURS.length] } } : { points: { show: chart.x.length < 3 } }),
      })),
    ],
  }, [chart.x, ...lines.map(values)], figure);
  addEventListener("resize", () => plot.setSize({ width: Math.max(320, figure.clientWidth), height: CHART_HEIGHT }));
}

/** Adds an element. */
function add(parent, name, text, className) {
  const element = document.createElement(name);
  if (text !== undefined && text !== null) element.textContent = text;
  if (className) element.className = className;
  parent.append(element);
  return element;
}

/** Adds a table; cells are texts or numbers, or {text, className}. */
function addTable(parent, heads, rows) {
  const table = add(add(parent, "div", null, "wide"), "table");
  const head = add(add(table, "thead"), "tr");
  heads.forEach(text => add(head, "th", text));
  const body = add(table, "tbody");
  for (const row of rows) {
    const line = add(body, "tr");
    for (const cell of row) {
      const value = cell?.text !== undefined ? cell.text : cell;
      const isNumber = typeof value === "number";
      add(line, "td", isNumber ? format(value) : value ?? "–", [isNumber || value === null ? "number" : "", cell?.className ?? ""].join(" ").trim());
    }
  }
  return table;
}
