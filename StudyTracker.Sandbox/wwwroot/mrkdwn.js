import { make, safeUrl } from "./dom.js";

const emoji = {
  books: "📚", book: "📖", blue_book: "📘", memo: "📝", pencil2: "✏️", seedling: "🌱", sparkles: "✨", tada: "🎉", bulb: "💡", dart: "🎯", calendar: "📅",
  date: "📅", clock3: "🕒", muscle: "💪", clap: "👏", wave: "👋", smile: "😄", slightly_smiling_face: "🙂", white_check_mark: "✅", heavy_check_mark: "✔️",
  warning: "⚠️", question: "❓", rocket: "🚀", fire: "🔥", star: "⭐", mag: "🔍", speech_balloon: "💬", point_right: "👉", arrow_right: "➡️", hourglass: "⌛",
};
const decode = text => text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
const withEmoji = text => text.replace(/:([a-z0-9_+-]+):/g, (all, name) => emoji[name] ?? all);

// Code first, because nothing is markup inside it; then what stands in angle brackets; then emphasis at the edges of words.
const inline = new RegExp([
  "`(?<code>[^`\\n]+)`",
  "<(?<angle>[^<>\\n]+)>",
  "(?<![\\p{L}\\p{N}*])\\*(?<bold>[^\\s*](?:[^*\\n]*[^\\s*])?)\\*(?![\\p{N}*])",
  "(?<![\\p{L}\\p{N}_])_(?<italic>[^\\s_](?:[^_\\n]*[^\\s_])?)_(?![\\p{L}\\p{N}_])",
  "(?<![\\p{L}\\p{N}~])~(?<strike>[^\\s~](?:[^~\\n]*[^\\s~])?)~(?![\\p{L}\\p{N}~])",
].join("|"), "u");

// <!date^seconds^format^link|fallback>, shown by the clock of whoever looks at the page; of Slack's words, those that our messages use.
function moment(target, fallback) {
  const [, seconds, format] = target.split("^");
  const at = new Date(Number(seconds) * 1000);
  if (!format || Number.isNaN(at.getTime())) return decode(fallback ?? "");
  const shown = options => new Intl.DateTimeFormat(document.documentElement.lang || undefined, options).format(at);
  const words = { date_short_pretty: { month: "short", day: "numeric" }, time: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } };
  return make("time", { datetime: at.toISOString() }, format.replace(/\{(\w+)\}/g, (all, word) => (words[word] ? shown(words[word]) : all)));
}

function angle(content, names) {
  const bar = content.indexOf("|");
  const [target, label] = bar < 0 ? [content, null] : [content.slice(0, bar), content.slice(bar + 1)];
  if (target.startsWith("!date^")) return moment(target, label);
  if (/^[@#!]/.test(target)) {
    const name = label ?? (target[0] === "@" || target[0] === "#" ? names(target.slice(1)) : target.slice(1));
    return make("span", { class: "mention" }, `${target[0] === "#" ? "#" : "@"}${decode(name.replace(/^[@#]/, ""))}`);
  }
  const url = safeUrl(decode(target));
  if (!url) return decode(`<${content}>`);
  return make("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, withEmoji(decode(label ?? target)));
}

function spans(text, names) {
  const nodes = [];
  for (let match; (match = inline.exec(text));) {
    if (match.index > 0) nodes.push(withEmoji(decode(text.slice(0, match.index))));
    const { code, angle: content, bold, italic, strike } = match.groups;
    if (code !== undefined) nodes.push(make("code", {}, decode(code)));
    else if (content !== undefined) nodes.push(angle(content, names));
    else if (bold !== undefined) nodes.push(make("strong", {}, ...spans(bold, names)));
    else if (italic !== undefined) nodes.push(make("em", {}, ...spans(italic, names)));
    else nodes.push(make("s", {}, ...spans(strike, names)));
    text = text.slice(match.index + match[0].length);
  }
  if (text) nodes.push(withEmoji(decode(text)));
  return nodes;
}

function line(text, names) {
  const quote = /^(?:&gt;|>)\s?(.*)$/.exec(text);
  if (quote) return make("blockquote", {}, ...spans(quote[1], names));
  const item = /^(\s*(?:[•◦▪]|\d{1,2}\.))\s+(.*)$/.exec(text);
  if (item) return make("div", { class: "item" }, make("span", {}, item[1].trim()), make("span", {}, ...spans(item[2], names)));
  return make("p", {}, ...(text ? spans(text, names) : [make("br")]));
}

/** Slack's mrkdwn as elements. */
export function mrkdwn(text, names = id => id) {
  const element = make("div", { class: "rich" });
  text.split("```").forEach((part, index) => {
    if (index % 2 === 1) element.append(make("pre", {}, decode(part.replace(/^\n|\n$/g, ""))));
    else if (part) element.append(...part.replace(/^\n|\n$/g, "").split("\n").map(one => line(one, names)));
  });
  return element;
}

/** Slack's plain text: only emoji have a meaning. */
export const plain = text => withEmoji(text);
