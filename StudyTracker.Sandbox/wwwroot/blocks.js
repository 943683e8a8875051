import { link, make, safeUrl } from "./dom.js";
import { mrkdwn, plain } from "./mrkdwn.js";

const text = (object, reader) => (object?.type === "mrkdwn" ? mrkdwn(object.text ?? "", reader) : make("div", { class: "rich" }, make("p", {}, plain(object?.text ?? ""))));

function element(item, onClick) {
  if (item.type === "image") return image(item);
  if (item.type !== "button") return make("span", { class: "unknown" }, `[${item.type}]`);
  const style = `button ${item.style ? `style-${item.style}` : ""}`;
  const url = safeUrl(item.url);
  const label = plain(item.text?.text ?? "");
  const name = item.accessibility_label;
  return url
    ? make("a", { class: style, href: url, target: "_blank", rel: "noopener noreferrer", "aria-label": name }, label)
    : make("button", { class: style, type: "button", "aria-label": name, "data-part": `action ${item.action_id ?? label}`, onclick: event => onClick(item, event.currentTarget) }, label);
}

// Pictures from elsewhere are not fetched: the page asks nobody but this machine.
const image = item => make("span", { class: "unknown" }, `🖼 ${item.alt_text ?? item.image_url ?? ""}`);

function richText(item, reader) {
  if (item.type === "rich_text_list") {
    const ordered = item.style === "ordered";
    return make("div", { class: `indent-${Math.min(8, item.indent ?? 0)}` }, ...(item.elements ?? []).map((one, index) =>
      make("div", { class: "item" }, make("span", {}, ordered ? `${index + 1 + (item.offset ?? 0)}.` : "•"), make("span", {}, ...richSpans(one, reader)))));
  }
  if (item.type === "rich_text_preformatted") return make("pre", {}, ...richSpans(item, reader));
  return make(item.type === "rich_text_quote" ? "blockquote" : "p", {}, ...richSpans(item, reader));
}

function richSpan(span, reader) {
  switch (span.type) {
    case "link": return safeUrl(span.url) ? link(span.url, span.text ?? span.url) : span.text ?? span.url ?? "";
    case "emoji": return plain(`:${span.name}:`);
    case "user": return make("span", { class: "mention" }, `@${reader.names(span.user_id)}`);
    case "channel": return make("span", { class: "mention" }, `#${reader.names(span.channel_id)}`);
    case "broadcast": return make("span", { class: "mention" }, `@${span.range}`);
    default: return span.text ?? span.fallback ?? "";
  }
}

const richSpans = (owner, reader) => (owner.elements ?? []).map(span => {
  let node = richSpan(span, reader);
  for (const [style, tag] of [["code", "code"], ["bold", "strong"], ["italic", "em"], ["strike", "s"]])
    if (span.style?.[style]) node = make(tag, {}, node);
  return node;
});

const renderers = {
  header: block => make("h3", {}, plain(block.text?.text ?? "")),
  divider: () => make("hr"),
  section: (block, reader, onClick) => make("div", { class: "section" },
    make("div", { class: "rich" },
      block.text ? text(block.text, reader) : null,
      block.fields ? make("div", { class: "fields" }, ...block.fields.map(field => text(field, reader))) : null),
    block.accessory ? element(block.accessory, onClick) : null),
  context: (block, reader) => make("div", { class: "context" },
    ...(block.elements ?? []).map(item => (item.type === "image" ? image(item) : text(item, reader)))),
  actions: (block, reader, onClick) => make("div", { class: "actions" }, ...(block.elements ?? []).map(item => element(item, onClick))),
  rich_text: (block, reader) => make("div", { class: "rich" }, ...(block.elements ?? []).map(one => richText(one, reader))),
  image: block => image(block),
  markdown: (block, reader) => mrkdwn(block.text ?? "", reader),
};

/** Block Kit as elements. */
export function renderBlocks(blocks, reader, onClick) {
  return make("div", { class: "blocks" }, ...blocks.map(block => {
    const render = renderers[block?.type];
    return render ? render(block, reader, onClick) : make("p", { class: "unknown" }, `[${block?.type}]`);
  }));
}
