import { unescapeText } from "./api.js";
import { renderBlocks } from "./blocks.js";
import { appAvatar, avatar, make } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";
import { language, say } from "./strings.js";

const locale = () => (language === "ko" ? "ko-KR" : "en-GB");
const at = ts => new Date(Number(ts.split(".")[0]) * 1000);
const day = (ts, timeZone) => new Intl.DateTimeFormat(locale(), { timeZone, weekday: "long", month: "long", day: "numeric" }).format(at(ts));
const clock = (ts, timeZone) => new Intl.DateTimeFormat(locale(), { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at(ts));

function tick(delivery) {
  if (!delivery) return null;
  const last = delivery.attempts.at(-1);
  const why = last?.status ?? last?.error;
  const { state } = delivery;
  const text = state === "accepted" || state === "pending" ? say(state) : say(state)(why);
  const title = state === "accepted" ? say("deliveredIn")(Math.round(last.elapsedMs)) : say("attempts")(delivery.attempts.length);
  return make("span", { class: `tick ${state}`, title }, text);
}

function editor(row, message, onSave) {
  const area = make("textarea", { rows: "3", "aria-label": say("edit") });
  area.value = unescapeText(message.text);
  const box = make("form", { class: "edit", onsubmit: event => { event.preventDefault(); onSave(area.value); } }, area,
    make("div", {},
      make("button", { type: "button", class: "quiet", onclick: () => { box.replaceWith(box.before); row.querySelector("button")?.focus(); } }, say("cancel")),
      make("button", { type: "submit", class: "primary" }, say("save"))));
  const content = row.querySelector(".rich");
  box.before = content;
  content.replaceWith(box);
  area.focus();
}

function messageRow(message, context) {
  const { workspace, names, mine, onEdit, onDelete, onClick } = context;
  const fromApp = message.userId === workspace.bot.userId;
  const author = context.learner(message.userId);
  const name = fromApp ? workspace.bot.name : author?.realName ?? message.userId;
  const row = make("article", { class: "row", "aria-label": name },
    fromApp ? appAvatar() : avatar(name, author?.colour),
    make("div", {},
      make("div", { class: "head" },
        make("strong", {}, name),
        message.botId ? make("span", { class: "badge-app" }, "APP") : null,
        make("time", { datetime: at(message.ts).toISOString(), title: day(message.ts, workspace.timeZone) }, clock(message.ts, workspace.timeZone)),
        message.editedTs ? make("span", { class: "edited" }, say("edited")) : null,
        tick(message.delivery)),
      message.blocks ? renderBlocks(message.blocks, names, item => onClick(row, item, message)) : mrkdwn(message.text, names)));
  if (mine(message)) {
    row.append(make("div", { class: "acts" },
      make("button", { type: "button", onclick: () => { if (!row.querySelector(".edit")) editor(row, message, text => onEdit(message, text)); } }, say("edit")),
      make("button", { type: "button", onclick: () => onDelete(message) }, say("remove"))));
  }
  return row;
}

/** Shows messages, or what to do first when there are none. Stays at the end if it was there. */
export function showMessages(element, messages, context, empty) {
  if (element.querySelector(".edit")) return;
  const key = JSON.stringify([messages, language, context.key]);
  if (element.dataset.key === key) return;
  const atEnd = element.dataset.of !== context.key || element.scrollHeight - element.scrollTop - element.clientHeight < 80;
  element.dataset.key = key;
  element.dataset.of = context.key;
  const rows = [];
  let lastDay = null;
  for (const message of messages) {
    const today = day(message.ts, context.workspace.timeZone);
    if (today !== lastDay) rows.push(make("div", { class: "day", role: "separator" }, today));
    lastDay = today;
    rows.push(messageRow(message, context));
  }
  element.replaceChildren(...(rows.length ? rows : [empty()]));
  if (atEnd) element.scrollTop = element.scrollHeight;
}
