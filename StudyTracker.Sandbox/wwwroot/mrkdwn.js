import { link, make, safeUrl } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { dateFormat } from "./time.js";

/** Slack's three entities as the characters that they stand for. */
export const decode = text => text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");

// Code first, because nothing is markup inside it; then what stands in angle brackets, and bare addresses; then emphasis at the edges of words.
const inline = new RegExp([
  "`(?<code>[^`\\n]+)`",
  "<(?<angle>[^<>\\n]+)>",
  "(?<![\\p{L}\\p{N}_/])(?<bare>https?:\\/\\/[^\\s<>`|\"]+)",
  "(?<![\\p{L}\\p{N}*])\\*(?<bold>[^\\s*](?:[^*\\n]*[^\\s*])?)\\*(?![\\p{N}*])",
  "(?<![\\p{L}\\p{N}_])_(?<italic>[^\\s_](?:[^_\\n]*[^\\s_])?)_(?![\\p{L}\\p{N}_])",
  "(?<![\\p{L}\\p{N}~])~(?<strike>[^\\s~](?:[^~\\n]*[^\\s~])?)~(?![\\p{L}\\p{N}~])",
].join("|"), "u");

// <!date^seconds^format^link|fallback>, told by the clock of whoever reads the message.
function moment(target, fallback, zone) {
  const [, seconds, format] = target.split("^");
  const at = new Date(Number(seconds) * 1000);
  if (!format || Number.isNaN(at.getTime())) return decode(fallback ?? "");
  return make("time", { datetime: at.toISOString() }, decode(dateFormat(at, format, zone)));
}

function angle(content, reader) {
  const bar = content.indexOf("|");
  const [target, label] = bar < 0 ? [content, null] : [content.slice(0, bar), content.slice(bar + 1)];
  if (target.startsWith("!date^")) return moment(target, label, reader.zone);
  if (/^[@#!]/.test(target)) {
    const name = label ?? (target[0] === "@" || target[0] === "#" ? reader.names(target.slice(1)) : target.slice(1));
    return make("span", { class: "mention" }, `${target[0] === "#" ? "#" : "@"}${decode(name.replace(/^[@#]/, ""))}`);
  }
  const url = safeUrl(decode(target));
  return url ? link(url, withEmoji(decode(label ?? target))) : decode(`<${content}>`);
}

// What ends a sentence or closes a bracket is not of the address.
function bareLink(text) {
  let url = text.replace(/(?:&gt;|&lt;).*$/, "");
  const tail = /[.,;:!?'")\]}*_~]+$/.exec(url)?.[0] ?? "";
  const closes = tail.startsWith(")") && url.includes("(");
  url = url.slice(0, url.length - tail.length + (closes ? 1 : 0));
  return [link(decode(url), decode(url)), decode(text.slice(url.length))];
}

function spans(text, reader) {
  const nodes = [];
  for (let match; (match = inline.exec(text));) {
    if (match.index > 0) nodes.push(withEmoji(decode(text.slice(0, match.index))));
    const { code, angle: content, bare, bold, italic, strike } = match.groups;
    if (code !== undefined) nodes.push(make("code", {}, decode(code)));
    else if (content !== undefined) nodes.push(angle(content, reader));
    else if (bare !== undefined) nodes.push(...bareLink(bare));
    else if (bold !== undefined) nodes.push(make("strong", {}, ...spans(bold, reader)));
    else if (italic !== undefined) nodes.push(make("em", {}, ...spans(italic, reader)));
    else nodes.push(make("s", {}, ...spans(strike, reader)));
    text = text.slice(match.index + match[0].length);
  }
  if (text) nodes.push(withEmoji(decode(text)));
  return nodes;
}

function line(text, reader) {
  const quote = /^(?:&gt;|>)\s?(.*)$/.exec(text);
  if (quote) return make("blockquote", {}, ...spans(quote[1], reader));
  const item = /^(\s*(?:[•◦▪]|\d{1,2}\.))\s+(.*)$/.exec(text);
  if (item) return make("div", { class: "item" }, make("span", {}, item[1].trim()), make("span", {}, ...spans(item[2], reader)));
  return make("p", {}, ...(text ? spans(text, reader) : [make("br")]));
}

/**
 * Slack's mrkdwn as elements.
 * @param reader names: what ids are called; zone: the reader's time zone.
 */
export function mrkdwn(text, reader) {
  const element = make("div", { class: "rich" });
  const parts = text.split("```");
  // A fence that is not closed is text.
  if (parts.length % 2 === 0) parts.push(parts.splice(-2).join("```"));
  parts.forEach((part, index) => {
    if (index % 2 === 1) element.append(make("pre", {}, decode(part.replace(/^\n|\n$/g, ""))));
    else if (part) element.append(...part.replace(/^\n|\n$/g, "").split("\n").map(one => line(one, reader)));
  });
  return element;
}

/** Slack's plain text: only emoji have a meaning. */
export const plain = text => withEmoji(text);
