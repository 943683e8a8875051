import { get, post } from "./api.js";
import { byId, make } from "./dom.js";
import { say } from "./strings.js";

const pause = ms => new Promise(resolve => setTimeout(resolve, ms));

function show(text, share, bad = false) {
  const element = byId("run-progress");
  element.hidden = false;
  element.classList.toggle("bad", bad);
  element.replaceChildren(text, ...(share === undefined ? [] : [make("progress", { max: "1", value: share === null ? undefined : String(share), "aria-label": text })]));
}

/** Follows a run until it is finished, for at most two minutes. */
async function follow(runId) {
  for (const end = Date.now() + 120_000; Date.now() < end; await pause(700)) {
    let run;
    try {
      run = await get(`/sandbox/runs/${encodeURIComponent(runId)}`);
    } catch {
      // A run shows up only when its trigger has been read; until then, or without a Summarizer to ask, arrivals tell.
      show(say("requested"));
      continue;
    }
    const done = (run.written ?? 0) + (run.parked ?? 0) + (run.empty ?? 0);
    if (run.state === "finished" || run.finishedAt) return show(say("finished")(run.written ?? 0, run.parked ?? 0), 1);
    if (run.state === "planning") show(say("planning"), null);
    else show(say("writing")(run.written ?? 0, run.jobs ?? 0), run.jobs ? done / run.jobs : null);
  }
}

/** Starts a run of the chosen kind. */
export async function startRun(event) {
  event.preventDefault();
  const button = byId("run-button");
  button.disabled = true;
  show(say("starting"), null);
  try {
    const { runId } = await post("/sandbox/trigger", { kind: byId("run-kind").value });
    await follow(runId);
  } catch (error) {
    show(say("notAccepted")(error.message), undefined, true);
  } finally {
    button.disabled = false;
  }
}
