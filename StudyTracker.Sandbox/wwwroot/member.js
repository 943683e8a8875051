import { get } from "./api.js";
import { byId, make, replace } from "./dom.js";
import { say } from "./strings.js";
import { inFull } from "./time.js";

let asked = 0;
let timer = null;

const isPaused = preferences => preferences.paused || (preferences.pausedUntil && new Date(preferences.pausedUntil) > new Date());

function show(member, context) {
  const lines = [];
  if (member?.preferences && isPaused(member.preferences)) {
    const until = member.preferences.paused ? null : inFull(new Date(member.preferences.pausedUntil), context.reader.zone);
    lines.push(make("p", { class: "paused" },
      make("span", {}, say("paused")(context.name, until)),
      make("button", { type: "button", class: "quiet", "data-part": "resume", onclick: () => context.command("/study resume") }, say("resume"))));
  }
  if (member?.revising) lines.push(make("p", { class: "revising" }, say("revising")(member.revising)));
  const element = byId("member");
  const told = lines.map(one => one.textContent).join("\n");
  if (element.dataset.told === told && element.dataset.of === context.key) return;
  Object.assign(element.dataset, { told, of: context.key });
  replace(element, ...lines);
}

/**
 * Tells what StudyTracker knows of the learner that the page should not keep from them: that their summaries are paused, and that some
 * are being written anew because messages were changed.
 */
export async function showMember(context) {
  clearTimeout(timer);
  const mine = ++asked;
  const member = await get(`/sandbox/members/${context.team}/${context.user}`).catch(() => null);
  if (mine !== asked) return;
  show(member, context);
  // A rewriting that comes to nothing ends without a message.
  if (member?.revising) timer = setTimeout(() => showMember(context), 2_000);
}
