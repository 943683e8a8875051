import { get, post } from "./api.js";
import { renderBlocks } from "./blocks.js";
import { closeHints, hintKey, isCommand, loadCommands, showHints } from "./commands.js";
import { avatar, byId, link, make, replace, safeUrl } from "./dom.js";
import { examples } from "./examples.js";
import { openFaults } from "./faults.js";
import { messageOf } from "./links.js";
import { showMember } from "./member.js";
import { showRun, startRun } from "./run.js";
import { fillTexts, language, say, setLanguage } from "./strings.js";
import { offsetZone, zoneName } from "./time.js";
import { pointOut, showMessages } from "./timeline.js";

const state = { workspaces: [], links: {}, team: null, channel: null, user: null, live: false, sought: messageOf(location.href) };
const workspace = () => state.workspaces.find(one => one.id === state.team);
const people = () => workspace().learners.map(one => one.learner);
const learner = (id = state.user) => people().find(one => one.id === id);
const channel = () => workspace().channels.find(one => one.id === state.channel);
const names = id => learner(id)?.realName ?? workspace().channels.find(one => one.id === id)?.name ?? id;
// Whoever is chosen reads the page by their own clock.
const zone = () => learner().timeZone || offsetZone(learner().utcOffsetSeconds) || workspace().timeZone;

function pickWorkspace(id) {
  state.team = id;
  state.channel = workspace().channels[0]?.id;
  state.user = people()[0]?.id;
  render();
}

function renderRail() {
  replace(byId("workspaces"), ...state.workspaces.map(one => make("button", {
    type: "button", title: one.name, "aria-label": one.name, "aria-current": String(one.id === state.team), "data-part": one.id, onclick: () => pickWorkspace(one.id),
  }, [...one.name][0])));
}

function renderSide() {
  byId("workspace-name").textContent = workspace().name;
  const options = people().map(one => make("button", {
    type: "button", role: "radio", "aria-checked": String(one.id === state.user), tabindex: one.id === state.user ? "0" : "-1", "data-part": one.id,
    onclick: () => { state.user = one.id; render(); },
  }, avatar(one.realName, one.colour, "small"), make("span", { class: "who" }, one.realName, make("small", {}, [one.timeZone, one.locale].filter(Boolean).join(" · ")))));
  const hidden = workspace().learnerCount - options.length;
  replace(byId("learners"), ...options, hidden > 0 ? make("small", { class: "who" }, say("more")(hidden)) : "");
  replace(byId("channels"), ...workspace().channels.map(one => make("li", {}, make("button", {
    type: "button", "aria-current": String(one.id === state.channel), "data-part": one.id,
    onclick: () => { state.channel = one.id; show("channel"); render(); },
  }, "#", make("span", { class: "who" }, one.name)))));
  byId("links").replaceChildren(...Object.entries(state.links).filter(([, url]) => safeUrl(url)).map(([name, url]) => link(url, name)));
}

// As a radio group does: one stop for Tab, arrows within.
function moveLearner(event) {
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const all = people();
  state.user = all[(all.findIndex(one => one.id === state.user) + step + all.length) % all.length].id;
  render();
  byId("learners").querySelector("[aria-checked=true]").focus();
}

function render() {
  renderRail();
  renderSide();
  showRun();
  if (!channel() || !learner()) return;
  byId("channel-name").textContent = `# ${channel().name}`;
  byId("channel-about").textContent = say("channelAbout")(zoneName(zone()), learner().realName);
  byId("app-about").textContent = say("appAbout")(learner().realName);
  byId("compose-text").placeholder = say("messageTo")(channel().name);
  byId("compose-label").textContent = say("messageTo")(channel().name);
  byId("compose-as").textContent = say("writingAs")(learner().realName);
  byId("language").textContent = language === "ko" ? "English" : "한국어";
  refresh().catch(() => {});
}

let notice;
function tell(text) {
  clearTimeout(notice);
  byId("notice").textContent = text;
  notice = setTimeout(() => { byId("notice").textContent = ""; }, 8_000);
}

const send = body => post("/sandbox/events?wait=false", { teamId: state.team, userId: state.user, channelId: state.channel, ...body });
const command = (text, channelId) => post("/sandbox/commands", { teamId: state.team, userId: state.user, channelId, text }).catch(error => tell(say("problem")(error.message)));

const emptyChannel = () => make("div", { class: "empty" },
  make("h3", {}, say("emptyTitle")),
  make("ol", {}, ...say("emptyChannel").map(text => make("li", {}, text))),
  make("p", {}, make("button", { type: "button", class: "primary", "data-part": "examples", onclick: writeExamples }, say("examples"))));

async function writeExamples() {
  for (const text of examples[learner().locale.startsWith("ko") ? "ko" : "en"]) await send({ text });
}

async function press(item, message, button) {
  button.disabled = true;
  try {
    const { status, error } = await post("/sandbox/interactions", { teamId: state.team, userId: state.user, ts: message.ts, actionId: item.action_id, channelId: message.channelId });
    if (!(status >= 200 && status < 300)) tell(say("notPressed")(status ?? error));
  } catch (problem) {
    tell(say("notPressed")(problem.message));
  } finally {
    button.disabled = false;
    if (document.activeElement === document.body) button.focus();
  }
}

const merged = (channelId, { messages, ephemeral }) => [...messages, ...ephemeral.map(one => ({ ...one, onlyVisibleToYou: true }))]
  .map(one => ({ ...one, channelId })).sort((one, other) => Number(one.ts) - Number(other.ts));

function goTo(sought) {
  const found = state.workspaces.find(one => one.id === state.team && one.channels.some(its => its.id === sought.channel))
    ?? state.workspaces.find(one => one.channels.some(its => its.id === sought.channel));
  if (!found) return tell(say("noMessage"));
  if (found.id !== state.team) pickWorkspace(found.id);
  Object.assign(state, { channel: sought.channel, sought });
  show("channel");
  render();
}

/** Points out the message that a link led to, as its author if that is one of those who can be chosen. */
function pointOutSought(messages) {
  const { sought } = state;
  if (sought?.channel !== state.channel) return;
  const message = messages.find(one => one.ts === sought.ts);
  if (message && message.userId !== state.user && learner(message.userId)) {
    state.user = message.userId;
    return render();
  }
  state.sought = null;
  if (!pointOut(byId("timeline"), sought.ts)) tell(say("noMessage"));
}

async function refresh() {
  if (!channel() || !learner()) return;
  const [team, channelId, user] = [state.team, state.channel, state.user];
  const [messages, direct, ledger] = await Promise.all([
    get(`/sandbox/channels/${team}/${channelId}?userId=${user}`), get(`/sandbox/conversations/${team}/${user}`), get("/sandbox/ledger")]);
  // Somebody may have gone elsewhere while the answers were under way.
  if (team !== state.team || channelId !== state.channel || user !== state.user) return;
  const reader = { names, zone: zone() };
  const context = {
    workspace: workspace(), reader, learner, onClick: press,
    mine: message => message.userId === user && !message.botId,
    handles: id => learner(id)?.name ?? id,
    onEdit: async (message, text) => {
      await send({ subtype: "message_changed", targetTs: message.ts, threadTs: message.threadTs, text });
      await refresh();
    },
    onDelete: async message => {
      await send({ subtype: "message_deleted", targetTs: message.ts });
      await refresh();
    },
  };
  const inChannel = merged(channelId, messages);
  showMessages(byId("timeline"), inChannel, { ...context, key: `${channelId}:${user}` }, emptyChannel);
  const home = direct.home?.blocks;
  showMessages(byId("direct"), merged(direct.channelId, direct), { ...context, mine: () => false, key: `${direct.channelId}:${JSON.stringify(home ?? null)}` }, () => home
    ? make("article", { class: "row" }, make("span"), renderBlocks(home, reader, () => {}))
    : make("div", { class: "empty" }, make("h3", {}, say("emptyAppTitle")), make("p", {}, say("emptyApp")(learner().realName))));
  replace(byId("counts"), ...[["events", ledger.events.accepted], ["calls", ledger.model.calls], ["posts", ledger.posts.accepted]].map(([name, count]) =>
    make("div", {}, make("dt", {}, say(name)), make("dd", {}, String(count)))));
  pointOutSought(inChannel);
  showMember({ team, user, name: learner().realName, reader, command: text => command(text), key: `${user}:${language}` });
}

let waiting = false;
let notices = 0;
function refreshSoon() {
  notices++;
  if (waiting) return;
  waiting = true;
  // Under load the page looks on once in a while: it must not be a load itself.
  const pause = notices > 20 ? 2000 : 200;
  notices = 0;
  setTimeout(() => refresh().catch(() => {}).finally(() => { waiting = false; if (notices > 0) refreshSoon(); }), pause);
}

const health = url => (url ? `${url.replace(/\/$/, "")}/health` : null);

async function load() {
  const { workspaces, summarizerUrl, notifierUrl } = await get("/sandbox/workspaces");
  Object.assign(state, { workspaces, links: { Summarizer: health(summarizerUrl), Notifier: health(notifierUrl) } });
  if (!workspace()) pickWorkspace(workspaces[0].id);
  else render();
}

function setLive(on) {
  state.live = on;
  byId("live").dataset.on = String(on);
  byId("live").textContent = say(on ? "connected" : "connecting");
}

function watch() {
  const stream = new EventSource("/sandbox/stream");
  stream.addEventListener("changed", event => {
    const { type } = JSON.parse(event.data);
    if (type === "connected" || type === "reset") load().catch(() => {});
    setLive(true);
    refreshSoon();
  });
  stream.addEventListener("error", () => setLive(false));
}

function show(view) {
  document.body.dataset.view = view;
  for (const button of document.querySelectorAll("[data-show]")) button.setAttribute("aria-current", String(button.dataset.show === view));
}

const box = byId("compose-text");
byId("compose").addEventListener("submit", async event => {
  event.preventDefault();
  const typed = box.value;
  if (!typed.trim()) return box.focus();
  box.value = "";
  closeHints();
  box.focus();
  if (isCommand(typed)) return command(typed, state.channel);
  try {
    await send({ text: typed.trim() });
  } catch (error) {
    box.value ||= typed;
    tell(say("problem")(error.message));
  }
});
// While a Korean syllable is being composed, Enter belongs to the input method.
box.addEventListener("keydown", event => {
  if (hintKey(event) || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  byId("compose").requestSubmit();
});
box.addEventListener("input", showHints);
box.addEventListener("blur", closeHints);
byId("learners").addEventListener("keydown", moveLearner);
byId("run").addEventListener("submit", startRun);
byId("open-faults").addEventListener("click", () => openFaults(learner()));
byId("language").addEventListener("click", () => { setLanguage(language === "ko" ? "en" : "ko"); fillTexts(); setLive(state.live); render(); });
for (const button of document.querySelectorAll("[data-show]")) button.addEventListener("click", () => show(button.dataset.show));
// A link to one of the sandbox's own messages leads to it here, and not to a second page.
document.addEventListener("click", event => {
  const address = event.target.closest?.("a[href]")?.href;
  const sought = address && !event.ctrlKey && !event.metaKey && !event.shiftKey ? messageOf(address) : null;
  if (!sought) return;
  event.preventDefault();
  goTo(sought);
});

async function start() {
  await Promise.all([load(), loadCommands()]);
  if (state.sought) goTo(state.sought);
  watch();
}

fillTexts();
setLive(false);
show("channel");
start().catch(error => { byId("channel-about").textContent = say("problem")(error.message); setTimeout(() => location.reload(), 3000); });
