import { renderBlocks } from "./blocks.js";
import { appAvatar, avatar, link, make, safeUrl } from "./dom.js";
import { confirmDelete, edit } from "./editor.js";
import { mrkdwn } from "./mrkdwn.js";
import { language, say } from "./strings.js";
import { at, clock, day, inFull } from "./time.js";

const slackbot = "USLACKBOT";

function tick(delivery) {
  if (!delivery) return null;
  const last = delivery.attempts.at(-1);
  const why = last?.status ?? last?.error;
  const { state } = delivery;
  const text = state === "accepted" || state === "pending" ? say(state) : say(state)(why);
  const title = state === "accepted" ? say("deliveredIn")(Math.round(last.elapsedMs)) : say("attempts")(delivery.attempts.length);
  return make("span", { class: `tick ${state}`, title }, text);
}

function author(message, { workspace, learner }) {
  if (message.userId === workspace.bot.userId) return { name: workspace.bot.name, picture: appAvatar() };
  if (message.userId === slackbot) return { name: "Slackbot", picture: avatar("S", "4a154b") };
  const known = learner(message.userId);
  return { name: known?.realName ?? message.userId, picture: avatar(known?.realName ?? message.userId, known?.colour) };
}

// A forwarded message, what a link leads to, an app's attachment.
const attachment = (item, reader) => make("blockquote", { class: "attachment" },
  item.author_name || item.service_name ? make("strong", {}, item.author_name ?? item.service_name) : null,
  item.title ? make("p", {}, safeUrl(item.title_link) ? link(item.title_link, item.title) : item.title) : null,
  item.text ? mrkdwn(item.text, reader) : null);

const file = item => make("div", { class: "file" }, make("strong", {}, `📄 ${item.name ?? ""}`), item.preview ? make("pre", {}, item.preview) : null);

function actions(row, message, context) {
  const act = (name, run) => make("button", {
    type: "button", "data-part": name, "aria-label": say(`${name}At`)(clock(at(message.ts), context.reader.zone)),
    onclick: () => { if (!row.dataset.busy) run(row, message, context); },
  }, say(name));
  return make("div", { class: "acts" }, act("edit", edit), act("remove", confirmDelete));
}

function messageRow(message, context) {
  const { reader, mine, onClick } = context;
  const { name, picture } = author(message, context);
  const moment = at(message.ts);
  const row = make("article", { class: `row${message.onlyVisibleToYou ? " ephemeral" : ""}`, "aria-label": name, tabindex: "-1" },
    picture,
    make("div", {},
      message.onlyVisibleToYou ? make("p", { class: "only" }, say("onlyYou")) : null,
      make("div", { class: "head" },
        make("strong", {}, name),
        message.botId ? make("span", { class: "badge-app" }, "APP") : null,
        make("time", { datetime: moment.toISOString(), title: inFull(moment, reader.zone) }, clock(moment, reader.zone)),
        message.editedTs ? make("span", { class: "edited" }, say("edited")) : null,
        tick(message.delivery)),
      make("div", { class: "content" },
        message.blocks?.length ? renderBlocks(message.blocks, reader, (item, button) => onClick(item, message, button)) : mrkdwn(message.text, reader)),
      ...(message.attachments ?? []).map(item => attachment(item, reader)),
      ...(message.files ?? []).map(file)));
  if (mine(message)) row.append(actions(row, message, context));
  return row;
}

/** What is to be seen: days, and messages below them. */
function items(messages, context) {
  const all = [];
  let lastDay = null;
  for (const message of messages) {
    const today = day(at(message.ts), context.reader.zone);
    if (today !== lastDay) all.push({ key: `day ${today}`, version: "", make: () => make("div", { class: "day", role: "separator" }, today) });
    lastDay = today;
    all.push({ key: message.ts, version: JSON.stringify([message, language, context.key]), make: () => messageRow(message, context) });
  }
  return all;
}

// What each timeline shows, by key, so that what has not changed stays in place, with whoever has the focus in it.
const shown = new WeakMap();

function focusAgain(element, before) {
  if (!before || element.contains(document.activeElement)) return;
  const row = [...element.children].find(one => one.dataset.key === before.key);
  const same = row?.querySelector(`[data-part="${CSS.escape(before.part ?? "")}"]`);
  const next = row ?? element.children[Math.min(before.index, element.children.length - 1)];
  (same ?? next?.querySelector("[data-part]") ?? (next?.hasAttribute("tabindex") ? next : element)).focus({ preventScroll: true });
}

function focused(element) {
  if (element === document.activeElement || !element.contains(document.activeElement)) return null;
  const row = [...element.children].findIndex(one => one.contains(document.activeElement));
  return { key: element.children[row].dataset.key, index: row, part: document.activeElement.dataset.part };
}

/** Shows messages, or what to do first when there are none. Stays at the end if it was there. */
export function showMessages(element, messages, context, empty) {
  const wanted = messages.length ? items(messages, context) : [{ key: "empty", version: JSON.stringify([language, context.key]), make: empty }];
  const old = shown.get(element) ?? new Map();
  const isOther = element.dataset.of !== context.key;
  const atEnd = isOther || element.scrollHeight - element.scrollTop - element.clientHeight < 80;
  const before = focused(element);
  const now = new Map(wanted.map(item => {
    const had = old.get(item.key);
    if (had && (had.version === item.version || had.node.dataset.busy) && !isOther) return [item.key, { ...had, version: had.node.dataset.busy ? had.version : item.version }];
    const node = item.make();
    node.dataset.key = item.key;
    return [item.key, { node, version: item.version }];
  }));
  for (const [key, { node }] of old) if (now.get(key)?.node !== node) node.remove();
  let place = element.firstChild;
  for (const { node } of now.values()) {
    if (node === place) place = place.nextSibling;
    else element.insertBefore(node, place);
  }
  while (place) {
    const next = place.nextSibling;
    place.remove();
    place = next;
  }
  shown.set(element, now);
  element.dataset.of = context.key;
  focusAgain(element, before);
  if (atEnd) element.scrollTop = element.scrollHeight;
}

/** Scrolls to a message and makes it stand out; false when it is not there. */
export function pointOut(element, ts) {
  const row = [...element.children].find(one => one.dataset.key === ts);
  if (!row) return false;
  for (const one of element.querySelectorAll(".pointed")) one.classList.remove("pointed");
  row.classList.add("pointed");
  row.scrollIntoView({ block: "center" });
  row.focus({ preventScroll: true });
  return true;
}
