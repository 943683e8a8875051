import { get, put, remove } from "./api.js";
import { byId, make } from "./dom.js";
import { say, sayOr } from "./strings.js";

const userErrors = ["account_inactive", "channel_not_found", "user_not_found", "not_in_channel", "is_archived"];

// A setting that has no name of its own here is called as the API calls it: emptyChoices becomes "Empty choices".
const words = name => name.replace(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase().replace(/^./, first => first.toUpperCase());
const label = name => sayOr(name, words(name));

async function change(patch) {
  byId("faults-problem").textContent = "";
  try {
    await put("/sandbox/settings", patch);
  } catch (error) {
    byId("faults-problem").textContent = say("problem")(error.message);
  }
}

const labelled = (name, input, output = make("span")) => make("label", {}, label(name), input, output);

function share(name, value, patch) {
  const output = make("output", {}, `${Math.round(value * 100)}%`);
  return labelled(name, make("input", {
    type: "range", min: "0", max: "100", step: "5", value: String(Math.round(value * 100)),
    oninput: event => { output.textContent = `${event.target.value}%`; },
    onchange: event => change(patch(event.target.value / 100)),
  }), output);
}

function plain(name, value, patch) {
  if (typeof value === "boolean")
    return labelled(name, make("input", { type: "checkbox", checked: value, onchange: event => change(patch(event.target.checked)) }));
  const isNumber = typeof value === "number";
  return labelled(name, make("input", {
    type: isNumber ? "number" : "text", min: isNumber ? "0" : null, value: String(value),
    onchange: event => change(patch(isNumber ? Math.round(Number(event.target.value)) : event.target.value)),
  }));
}

const group = (title, ...items) => make("fieldset", {}, make("legend", {}, title), ...items);

/** Fields for whatever settings there are: shares of calls stand in groups, everything else by itself. */
function fields(settings, learner) {
  const { perUser, ...others } = settings;
  const entries = Object.entries(others);
  const isGroup = value => value !== null && typeof value === "object" && !Array.isArray(value);
  const error = make("select", { onchange: event => change({ perUser: { [learner.id]: event.target.value || null } }) },
    make("option", { value: "" }, say("none")),
    ...userErrors.map(name => make("option", { value: name, selected: perUser[learner.id] === name }, name)));
  return [
    ...entries.filter(([, value]) => isGroup(value)).map(([name, members]) => group(label(name), ...Object.entries(members).map(([one, value]) =>
      (typeof value === "number" ? share : plain)(one, value, changed => ({ [name]: { [one]: changed } }))))),
    group(say("general"), ...entries.filter(([, value]) => !isGroup(value) && value !== null).map(([name, value]) => plain(name, value, changed => ({ [name]: changed })))),
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
