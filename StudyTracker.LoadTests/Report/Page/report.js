"use strict";
const result = JSON.parse(document.getElementById("result").textContent);
const page = document.getElementById("report");
const { figures, series, environment, verdict, scenario, latencies } = result;
const marks = (result.triggers ?? []).map(trigger => trigger.atSeconds);
const seconds = value => `${format(value)} s`;
const ms = value => value === undefined || value === null ? "–" : `${format(value)} ms`;

const isYesOrNo = threshold => ["drained", "ledger adds up"].includes(threshold.figure);

function section(title, id) {
  const element = add(page, "section");
  element.id = id;
  add(element, "h2", title);
  return element;
}

function header() {
  const head = add(page, "header");
  add(head, "p", `${scenario.titleKo} · ${environment.startedAt.slice(0, 16).replace("T", " ")} UTC`, "small");
  add(head, "h1", `${scenario.id}: ${scenario.title}`);
  const broken = verdict.thresholds.filter(threshold => !threshold.passed);
  const badge = add(head, "p", null, `verdict ${verdict.passed ? "passed" : "failed"}`);
  add(badge, "strong", verdict.passed ? "Passed" : "Failed");
  add(badge, "span", verdict.passed
    ? `All ${verdict.thresholds.length} thresholds hold.`
    : `${broken.length} of ${verdict.thresholds.length} thresholds do not hold: ${broken.map(threshold => threshold.figure).join(", ")}.`);
  add(head, "p", scenario.what);
  for (const note of scenario.notes) add(head, "p", note, "note");
  if (result.generator.saturated) add(head, "p", result.generator.text, "warning");
}

function tiles() {
  const tiles = add(page, "div", null, "tiles");
  const tile = (name, value, detail, isBad) => {
    const box = add(tiles, "div", null, isBad ? "tile bad" : "tile");
    add(box, "span", name);
    add(box, "b", value);
    add(box, "small", detail ?? "");
  };
  tile("Events accepted", `${format(figures.accepted)}`, `of ${format(figures.planned)} sent`, figures.accepted < figures.planned);
  tile("Failed", `${format(figures.failed)}`, `${figures["failed share"]} %`, figures.failed > 0);
  tile("Answered after", ms(latencies.accepted.corrected?.meanMs), `on average; p99 ${ms(latencies.accepted.corrected?.p99Ms)}`);
  if (latencies.stored.corrected) tile("Stored after", ms(latencies.stored.corrected.p50Ms), `in half the cases; p99 ${ms(latencies.stored.corrected.p99Ms)}`);
  tile("Accepted", `${format(figures.goodput)}/s`, `over ${seconds(figures["load s"])}`);
  if (result.triggers.length) {
    tile("Triggers executed", `${figures["triggers executed"] ?? "–"} of ${result.triggers.length}`, `answered within ${ms(latencies.triggerAnswered?.maxMs)}`, figures["triggers executed"] !== result.triggers.length);
    tile("Delivered", format(figures.delivered), `of ${format(figures.summaries)} summaries`, figures.delivered !== figures.summaries);
  }
  if (figures["bind exceptions"] > 0) tile("Out of local ports", format(figures["bind exceptions"]), "failures of the generator, not of the server");
}

function thresholds() {
  addTable(section("Thresholds", "thresholds"), ["What must hold", "Limit", "Measured", "", "Why"], verdict.thresholds.map(threshold => [
    isYesOrNo(threshold) ? threshold.figure : `${threshold.figure} ${threshold.is} ${threshold.than}`,
    isYesOrNo(threshold) ? "yes" : threshold.limit ?? null,
    isYesOrNo(threshold) ? ["no", "yes"][threshold.actual] ?? null : threshold.actual ?? null,
    { text: threshold.passed ? "holds" : "does not hold", className: threshold.passed ? "good" : "bad" },
    threshold.why ?? "",
  ]));
}

function comparison() {
  const here = section("Beside the report's figures", "comparison");
  add(here, "p", result.comparison.source, "note");
  addTable(here, ["", "Ours", "Report, local", "Report, cloud", "Note"], result.comparison.rows.map(row => [
    row.label + (row.unit ? ` (${row.unit})` : ""), { text: row.ours === undefined ? "–" : format(row.ours), className: "number ours" },
    { text: row.local ?? "–", className: "number" }, { text: row.cloud ?? "–", className: "number" }, row.note ?? "",
  ]));
  const rules = add(here, "ul", null, "note");
  result.comparison.rules.forEach(rule => add(rules, "li", rule));
  const details = add(here, "details");
  add(details, "summary", "What is inconsistent in the report");
  const list = add(details, "ul", null, "note");
  result.comparison.inconsistencies.forEach(text => add(list, "li", text));
}

function ledger() {
  const here = section("Ledger", "ledger");
  if (!result.ledger.lines.length) return add(here, "p", "Nobody could be asked what was stored.", "warning");
  addTable(here, ["", "Sum", ""], result.ledger.lines.map(line => [
    line.name, line.text, { text: line.addsUp ? "adds up" : "does not add up", className: line.addsUp ? "good" : "bad" },
  ]));
}

function errors() {
  const here = section("Failures by class", "errors");
  if (!result.errors.length) return add(here, "p", "None: every request was answered with 2xx.");
  addTable(here, ["Class", "Side", "Requests", "Share"], result.errors.map(error => [
    error.class, error.side === "generator" ? "generator: says nothing about the server" : "server", error.count, `${format(100 * error.count / figures.planned)} %`,
  ]));
}

function latencyTable() {
  const here = section("Latencies (ms)", "latencies");
  add(here, "p", "Raw: from the sending, as JMeter counts. Corrected: from when the request was due, so that a generator that is held up by a slow server cannot hide it.", "note");
  const row = (name, latency) => latency ? [[name, latency.count, latency.meanMs, latency.p50Ms, latency.p75Ms, latency.p90Ms, latency.p95Ms, latency.p99Ms, latency.p999Ms, latency.maxMs]] : [];
  addTable(here, ["", "n", "mean", "p50", "p75", "p90", "p95", "p99", "p99.9", "longest"], [
    ...row("event answered, raw", latencies.accepted.raw), ...row("event answered, corrected", latencies.accepted.corrected),
    ...row("accepted events only, raw", latencies.acceptedOnly.raw), ...row("accepted events only, corrected", latencies.acceptedOnly.corrected),
    ...row("event stored, raw", latencies.stored.raw), ...row("event stored, corrected", latencies.stored.corrected),
    ...row("event delivered in a summary, raw", latencies.delivered.raw), ...row("event delivered in a summary, corrected", latencies.delivered.corrected),
    ...row("trigger answered", latencies.triggerAnswered), ...row("trigger planned", latencies.triggerPlanned), ...row("trigger to last message", latencies.triggerDelivered),
  ]);
  if (result.stages.length > 1) {
    addTable(here, ["Stage", "Events", "Failed", "Accepted/s", "mean", "p50", "p99", "longest"], result.stages.map(stage => [
      stage.name, stage.planned, stage.failed, stage.acceptedPerSecond, stage.corrected?.meanMs ?? null, stage.corrected?.p50Ms ?? null, stage.corrected?.p99Ms ?? null, stage.corrected?.maxMs ?? null,
    ]));
  }
}

function triggerTable() {
  if (!result.triggers.length) return;
  const here = section("Every trigger", "triggers");
  addTable(here, ["", "at (s)", "answer", "in (ms)", "executed", "jobs", "delivered", "parked", "first message (ms)", "last message (ms)", "Slack alone allows (ms)"], result.triggers.map(trigger => [
    `${trigger.number}`, trigger.atSeconds, trigger.outcome, trigger.answerMs, { text: trigger.executed ? "yes" : "no", className: trigger.executed ? "good" : "bad" },
    trigger.jobs, trigger.delivered, trigger.parked, trigger.firstDeliveredMs ?? null, trigger.lastDeliveredMs ?? null, trigger.allowedMs,
  ]));
  const values = name => result.triggers.map(trigger => trigger[name] ?? null);
  drawChart(add(here, "div", null, "charts"), {
    title: "Triggers on the timeline", unit: "ms, logarithmic", x: marks, points: true, logY: true,
    lines: [["answered", "answerMs"], ["planned", "plannedMs"], ["first message", "firstDeliveredMs"], ["last message", "lastDeliveredMs"], ["Slack alone allows", "allowedMs"]]
      .map(([label, name]) => ({ label, values: values(name) })),
  });
}

/** The lines of all series whose names begin so. */
const group = (prefix, names) => Object.keys(series.values).filter(name => name.startsWith(`${prefix}.`) && (!names || names.includes(name.slice(prefix.length + 1))))
  .map(name => ({ label: name.slice(prefix.length + 1), values: series.values[name] }));

function overTime() {
  const here = add(section("Over time", "time"), "div", null, "charts");
  const chart = (title, unit, lines, note) => drawChart(here, { title, unit, x: series.seconds, lines, marks, note });
  chart("Requests", "a second", group("rate"), marks.length ? "Dashed lines: triggers." : undefined);
  drawChart(here, { title: "Answers: percentiles of each second", unit: "ms, logarithmic", x: result.percentilesOverTime.seconds, logY: true, marks, lines: Object.entries(result.percentilesOverTime.values).map(([label, values]) => ({ label, values })) });
  chart("Users, open connections, in flight", "", group("load"));
  const curve = points => points.filter(point => point.percentile < 100);
  const raw = curve(latencies.curveRaw);
  const corrected = curve(latencies.curveCorrected);
  const at = [...new Set([...raw, ...corrected].map(point => point.percentile))].sort((one, other) => one - other);
  const line = points => at.map(percentile => points.find(point => point.percentile >= percentile)?.ms ?? null);
  const percent = value => `${+(100 - 100 / value).toPrecision(7)} %`;
  drawChart(here, {
    title: "Answers: which share stays within which time", unit: "ms", x: at.map(percentile => 100 / (100 - percentile)), logX: true, xLabel: "share", xValue: percent,
    xAxis: { values: (u, ticks) => ticks.map(tick => tick !== null && Number.isInteger(Math.log10(tick)) ? percent(tick) : "") },
    lines: [{ label: "raw", values: line(raw) }, { label: "corrected", values: line(corrected) }],
  });
}

function serverSide() {
  const here = section("Server side", "server");
  if (!Object.keys(series.values).some(name => name.startsWith("cpu.ingress"))) return add(here, "p", "The system runs elsewhere: only the generator was measured.", "note");
  const charts = add(here, "div", null, "charts");
  const chart = (title, unit, lines, note) => drawChart(charts, { title, unit, x: series.seconds, lines, marks, note });
  chart("Processor time", "% of one processor", group("cpu"), `The machine has ${environment.processors}: ${environment.processors * 100} % is all of it. 'kafka' is the broker in the generator's process.`);
  chart("Waiting in Kafka (lag)", "records", group("lag"));
  chart("Taken and not finished", "records", group("inflight"));
  chart("Garbage collection pauses", "ms in a second", group("gc"));
  chart("Managed heap after the last collection", "MiB", group("heap"));
  chart("Working set", "MiB", group("memory"));
  chart("Threads", "", group("threads"));
  chart("Thread pool: waiting work", "", group("pool"));
  chart("Connections at Ingress", "", group("connections"));
  chart("Ports of connections to Ingress", "", group("ports"), `Local ports of this machine: ${environment.localPorts}. Whoever closes first has the port in TIME_WAIT.`);
  chart("The generator's lag", "ms, longest in a second", group("generator"), result.generator.text);
}

function where() {
  const here = section("Where and how", "where");
  addTable(here, ["", ""], [
    ["Command", environment.command], ["Engine", environment.engine], ["System", environment.target],
    ["Machine", `${environment.processors} processors (${environment.processor}), ${environment.memoryGb} GB, ${environment.system}, ${environment.runtime}`],
    ["Load", `${seconds(environment.loadSeconds)}, and ${seconds(environment.drainSeconds)} until everything was done`],
    ["Generator", result.generator.text], ["Local ports", environment.localPorts],
  ]);
  const details = add(here, "details");
  add(details, "summary", "All figures");
  addTable(details, ["Figure", "Value"], Object.entries(figures).map(([name, value]) => [name, value]));
}

[header, tiles, thresholds, comparison, ledger, errors, latencyTable, triggerTable, overTime, serverSide, where].forEach(part => part());
document.documentElement.dataset.drawn = document.querySelectorAll("canvas").length;
