import { get } from "./api.js";
import { byId, make } from "./dom.js";

/** Whether Slack takes what is typed for a command: a slash, and something that is neither a slash nor a space. */
export const isCommand = typed => /^\/[^\s/]/.test(typed);

let commands = [];
let selected = -1;

/** Asks which commands the app has. */
export async function loadCommands() {
  commands = await get("/sandbox/commands");
}

// "/study" and "status | pause [7 days]" become "/study status" and "/study pause".
const ways = () => commands.flatMap(command => command.usageHint.replace(/\s*\[[^\]]*\]/g, "").split("|").map(way => ({
  text: `${command.name} ${way.trim()}`, about: command.description,
})));

function close() {
  selected = -1;
  byId("hints").hidden = true;
  byId("hints").replaceChildren();
  byId("compose-text").removeAttribute("aria-activedescendant");
}

function take(text) {
  const box = byId("compose-text");
  box.value = text;
  close();
  box.focus();
}

function mark() {
  [...byId("hints").children].forEach((one, index) => one.setAttribute("aria-selected", String(index === selected)));
  if (selected >= 0) byId("compose-text").setAttribute("aria-activedescendant", `hint-${selected}`);
}

/** Shows what may follow what is typed. */
export function showHints() {
  const typed = byId("compose-text").value;
  const fitting = /^\/(?![\s/])/.test(typed) ? ways().filter(way => way.text.startsWith(typed) && way.text !== typed) : [];
  if (!fitting.length) return close();
  selected = -1;
  byId("hints").replaceChildren(...fitting.map((way, index) => make("li", {
    id: `hint-${index}`, role: "option", "aria-selected": "false", onmousedown: event => { event.preventDefault(); take(way.text); },
  }, make("code", {}, way.text), make("small", {}, way.about))));
  byId("hints").hidden = false;
}

/** Arrows choose a hint, Tab or Enter takes it, Escape closes them. Returns whether the key was for the hints. */
export function hintKey(event) {
  const all = [...byId("hints").children];
  if (!all.length || event.isComposing) return false;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) selected = (selected + step + all.length + (selected < 0 && step < 0 ? 1 : 0)) % all.length;
  else if (event.key === "Escape") close();
  else if ((event.key === "Tab" && !event.shiftKey) || (event.key === "Enter" && selected >= 0)) take(all[Math.max(0, selected)].firstChild.textContent);
  else return false;
  mark();
  event.preventDefault();
  return true;
}

export const closeHints = close;
