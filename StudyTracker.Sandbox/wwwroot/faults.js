import { get, put, remove } from "./api.js";
import { byId, make } from "./dom.js";
import { say } from "./strings.js";

const shares = { model: ["rateLimited", "serverError", "hang", "nonsense", "truncated"], slack: ["rateLimited", "serverError", "hang", "resetAfterAccept"] };
const userErrors = ["account_inactive", "channel_not_found", "user_not_found", "not_in_channel", "is_archived"];

async function change(patch) {
  byId("faults-problem").textContent = "";
  try {
    await put("/sandbox/settings", patch);
  } catch (error) {
    byId("faults-problem").textContent = say("problem")(error.message);
  }
}

function share(group, name, value) {
  const output = make("output", {}, `${Math.round(value * 100)}%`);
  const input = make("input", { type: "range", min: "0", max: "100", step: "5", value: String(Math.round(value * 100)),
    oninput: () => { output.textContent = `${input.value}%`; },
    onchange: () => change({ [group]: { [name]: input.value / 100 } }) });
  return make("label", {}, say(name), input, output);
}

function fields(settings, learner) {
  const limits = make("input", { type: "checkbox", checked: settings.rateLimits, onchange: event => change({ rateLimits: event.target.checked }) });
  const latency = make("input", { type: "number", min: "0", max: "600000", step: "50", value: settings.modelLatencyMs,
    onchange: event => change({ modelLatencyMs: Math.round(Number(event.target.value)) }) });
  const error = make("select", { onchange: event => change({ perUser: { [learner.id]: event.target.value || null } }) },
    make("option", { value: "" }, say("none")),
    ...userErrors.map(name => make("option", { value: name, selected: settings.perUser[learner.id] === name }, name)));
  const group = (title, ...items) => make("fieldset", {}, make("legend", {}, title), ...items);
  return [
    group(say("modelTitle"), make("label", {}, say("modelLatencyMs"), latency, make("span")), ...shares.model.map(name => share("model", name, settings.model[name]))),
    group(say("slackTitle"), make("label", {}, say("rateLimits"), limits, make("span")), ...shares.slack.map(name => share("slack", name, settings.slack[name]))),
    group(say("userTitle"), make("label", {}, say("perUser")(learner.realName), error, make("span"))),
  ];
}

/** Opens the drawer, with the settings in force. */
export async function openFaults(learner) {
  const show = async () => byId("faults-fields").replaceChildren(...fields(await get("/sandbox/settings"), learner));
  byId("faults-problem").textContent = "";
  byId("faults-reset").onclick = async () => { await remove("/sandbox/settings"); await show(); };
  await show();
  byId("faults").showModal();
}
