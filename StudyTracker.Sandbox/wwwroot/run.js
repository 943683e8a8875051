import { get, post } from "./api.js";
import { byId, make, replace } from "./dom.js";
import { say } from "./strings.js";

const pause = ms => new Promise(resolve => setTimeout(resolve, ms));

// The run that was asked for last: what is known of it, not how it is told, so that another language can tell it again.
let current = null;

const ended = run => run.written + run.parked + run.empty;

/** What a finished run came to. */
function outcome(run) {
  const parts = [];
  if (run.written) parts.push(say("runWritten")(run.written));
  if (run.empty) parts.push(say("runEmpty")(run.empty));
  if (run.parked) parts.push(say("runParked")(run.parked, Object.keys(run.parkedReasons ?? {}).join(", ")));
  if (run.heldBack) parts.push(say("runHeldBack")(run.heldBack, run.heldBack + run.jobs));
  if (!parts.length) parts.push(say(run.members ? "runNothingNew" : "runNobody"));
  const { delivery } = run;
  if (run.written && delivery) {
    parts.push(say("runDelivered")(delivery.sent, run.written));
    if (delivery.parked) parts.push(say("runUndelivered")(delivery.parked));
  }
  return say("finished")(parts.join(" "));
}

function told({ run, error, isStale }) {
  if (error) return { text: say("notAccepted")(error) };
  if (!run) return { text: say("starting"), share: null };
  if (run.state === "unknown") return { text: say("requested") };
  if (run.state === "requested" || run.state === "planning") return { text: say("planning"), share: null };
  if (run.state === "finished") return { text: outcome(run), share: 1 };
  return { text: say(isStale ? "waiting" : "writing")(run.written, run.jobs), share: run.jobs ? ended(run) / run.jobs : null };
}

/** Tells how the run goes, in the language of the page. */
export function showRun() {
  const element = byId("run-progress");
  element.hidden = !current;
  if (!current) return;
  const { text, share } = told(current);
  element.classList.toggle("bad", Boolean(current.error));
  if (element.dataset.told === `${text} ${share}`) return;
  element.dataset.told = `${text} ${share}`;
  const bar = share === undefined ? [] : [make("progress", { max: "1", value: share === null ? undefined : String(share), "aria-label": text })];
  replace(element, text, ...bar);
}

const isDelivered = run => run.state === "finished" && (!run.delivery || run.delivery.sent + run.delivery.parked + run.delivery.dropped >= run.written);

/** Follows a run until its summaries are delivered, for at most five minutes. */
async function follow(mine, runId) {
  let [done, since] = [-1, Date.now()];
  for (const end = Date.now() + 300_000; Date.now() < end && current === mine; await pause(700)) {
    const run = await get(`/sandbox/runs/${encodeURIComponent(runId)}`).catch(() => null);
    if (current !== mine) return;
    if (!run) continue;
    if (run.jobs !== undefined && ended(run) !== done) [done, since] = [ended(run), Date.now()];
    Object.assign(mine, { run, isStale: Date.now() - since > 15_000 });
    showRun();
    if (run.state === "unknown" || isDelivered(run)) return;
  }
}

/** Starts a run of the chosen kind. */
export async function startRun(event) {
  event.preventDefault();
  const mine = current = {};
  showRun();
  try {
    const { runId } = await post("/sandbox/trigger", { kind: byId("run-kind").value });
    await follow(mine, runId);
  } catch (error) {
    mine.error = error.message;
    showRun();
  }
}
