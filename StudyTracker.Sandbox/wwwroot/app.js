import { escapeText, get, post } from "./api.js";
import { renderBlocks } from "./blocks.js";
import { avatar, byId, make, safeUrl } from "./dom.js";
import { openFaults } from "./faults.js";
import { startRun } from "./run.js";
import { examples, fillTexts, language, say, setLanguage } from "./strings.js";
import { showMessages } from "./timeline.js";

const state = { workspaces: [], links: {}, team: null, channel: null, user: null, live: false };
const workspace = () => state.workspaces.find(one => one.id === state.team);
const people = () => workspace().learners.map(one => one.learner);
const learner = (id = state.user) => people().find(one => one.id === id);
const channel = () => workspace().channels.find(one => one.id === state.channel);
const names = id => learner(id)?.realName ?? workspace().channels.find(one => one.id === id)?.name ?? id;

function pickWorkspace(id) {
  state.team = id;
  state.channel = workspace().channels[0]?.id;
  state.user = people()[0]?.id;
  render();
}

function renderRail() {
  byId("workspaces").replaceChildren(...state.workspaces.map(one => make("button", {
    type: "button", title: one.name, "aria-label": one.name, "aria-current": String(one.id === state.team), onclick: () => pickWorkspace(one.id),
  }, [...one.name][0])));
}

function renderSide() {
  byId("workspace-name").textContent = workspace().name;
  const options = people().map(one => make("button", {
    type: "button", role: "radio", "aria-checked": String(one.id === state.user), tabindex: one.id === state.user ? "0" : "-1",
    onclick: () => { state.user = one.id; render(); },
  }, avatar(one.realName, one.colour, "small"), make("span", { class: "who" }, one.realName, make("small", {}, `${one.timeZone} · ${one.locale}`))));
  const hidden = workspace().learnerCount - options.length;
  byId("learners").replaceChildren(...options, hidden > 0 ? make("small", { class: "who" }, say("more")(hidden)) : "");
  byId("channels").replaceChildren(...workspace().channels.map(one => make("li", {}, make("button", {
    type: "button", "aria-current": String(one.id === state.channel),
    onclick: () => { state.channel = one.id; show("channel"); render(); },
  }, "#", make("span", { class: "who" }, one.name)))));
  byId("links").replaceChildren(...Object.entries(state.links).filter(([, url]) => safeUrl(url)).map(([name, url]) =>
    make("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, name)));
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
  if (!channel() || !learner()) return;
  byId("channel-name").textContent = `# ${channel().name}`;
  byId("channel-about").textContent = say("channelAbout")(workspace().timeZone);
  byId("app-about").textContent = say("appAbout")(learner().realName);
  byId("compose-text").placeholder = say("messageTo")(channel().name);
  byId("compose-label").textContent = say("messageTo")(channel().name);
  byId("compose-as").textContent = say("writingAs")(learner().realName);
  byId("language").textContent = language === "ko" ? "English" : "한국어";
  refresh();
}

const send = body => post("/sandbox/events?wait=false", { teamId: state.team, userId: state.user, channelId: state.channel, ...body });

const emptyChannel = () => make("div", { class: "empty" },
  make("h3", {}, say("emptyTitle")),
  make("ol", {}, ...say("emptyChannel").map(text => make("li", {}, text))),
  make("p", {}, make("button", { type: "button", class: "primary", onclick: writeExamples }, say("examples"))));

const emptyApp = () => make("div", { class: "empty" }, make("h3", {}, say("emptyAppTitle")), make("p", {}, say("emptyApp")(learner().realName)));

async function writeExamples() {
  for (const text of examples[learner().locale.startsWith("ko") ? "ko" : "en"]) await send({ text });
}

async function press(row, item, message) {
  const [team, user] = [state.team, state.user];
  let said;
  try {
    const { status, error } = await post("/sandbox/interactions", { teamId: team, userId: user, ts: message.ts, actionId: item.action_id });
    said = status >= 200 && status < 300 ? say("pressed")(item.text?.text ?? "") : say("notPressed")(status ?? error);
  } catch (problem) {
    said = say("notPressed")(problem.message);
  }
  row.querySelector(".note")?.remove();
  row.lastElementChild.append(make("p", { class: "note", role: "status" }, said));
}

async function refresh() {
  if (!channel() || !learner()) return;
  const [team, channelId, user] = [state.team, state.channel, state.user];
  const [messages, direct, ledger] = await Promise.all([
    get(`/sandbox/channels/${team}/${channelId}`), get(`/sandbox/conversations/${team}/${user}`), get("/sandbox/ledger")]);
  // Somebody may have gone elsewhere while the answers were under way.
  if (team !== state.team || channelId !== state.channel || user !== state.user) return;
  const context = {
    workspace: workspace(), names, learner, onClick: press,
    mine: message => message.userId === state.user && !message.botId,
    onEdit: (message, text) => send({ subtype: "message_changed", targetTs: message.ts, threadTs: message.threadTs, text: escapeText(text) }).then(() => {
      byId("timeline").querySelector(".edit")?.remove();
      refresh();
    }),
    onDelete: message => send({ subtype: "message_deleted", targetTs: message.ts }),
  };
  showMessages(byId("timeline"), messages.messages, { ...context, key: `${channelId}:${user}` }, emptyChannel);
  showMessages(byId("direct"), direct.messages, { ...context, mine: () => false, key: direct.channelId }, emptyApp);
  const home = direct.home?.blocks;
  if (home && !direct.messages.length) byId("direct").replaceChildren(make("article", { class: "row" }, make("span"), renderBlocks(home, names, () => {})));
  byId("counts").replaceChildren(...[["events", ledger.events.accepted], ["calls", ledger.model.calls], ["posts", ledger.posts.accepted]].map(([name, count]) =>
    make("div", {}, make("dt", {}, say(name)), make("dd", {}, String(count)))));
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
    const notice = JSON.parse(event.data);
    if (notice.type === "connected" || notice.type === "reset") load().catch(() => {});
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
  const text = box.value.trim();
  if (!text) return box.focus();
  box.value = "";
  try {
    await send({ text: escapeText(text) });
  } catch (error) {
    box.value = text;
    byId("compose-as").textContent = say("problem")(error.message);
  }
  box.focus();
});
// While a Korean syllable is being composed, Enter belongs to the input method.
box.addEventListener("keydown", event => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  byId("compose").requestSubmit();
});
byId("learners").addEventListener("keydown", moveLearner);
byId("run").addEventListener("submit", startRun);
byId("open-faults").addEventListener("click", () => openFaults(learner()));
byId("language").addEventListener("click", () => { setLanguage(language === "ko" ? "en" : "ko"); fillTexts(); setLive(state.live); render(); });
for (const button of document.querySelectorAll("[data-show]")) button.addEventListener("click", () => show(button.dataset.show));

fillTexts();
setLive(false);
show("channel");
load().then(watch, error => { byId("channel-about").textContent = say("problem")(error.message); setTimeout(() => location.reload(), 3000); });
