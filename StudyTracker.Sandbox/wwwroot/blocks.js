import { make, safeUrl } from "./dom.js";
import { mrkdwn, plain } from "./mrkdwn.js";

const text = (object, names) => (object?.type === "mrkdwn" ? mrkdwn(object.text ?? "", names) : make("div", { class: "rich" }, make("p", {}, plain(object?.text ?? ""))));

function element(item, onClick) {
  if (item.type === "image") return image(item);
  if (item.type !== "button") return make("span", { class: "unknown" }, `[${item.type}]`);
  const style = `button ${item.style ? `style-${item.style}` : ""}`;
  const url = safeUrl(item.url);
  const label = plain(item.text?.text ?? "");
  return url
    ? make("a", { class: style, href: url, target: "_blank", rel: "noopener noreferrer" }, label)
    : make("button", { class: style, type: "button", onclick: () => onClick(item) }, label);
}

// Pictures from elsewhere are not fetched: the page asks nobody but this machine.
const image = item => make("span", { class: "unknown" }, `🖼 ${item.alt_text ?? item.image_url ?? ""}`);

function richText(item) {
  if (item.type === "rich_text_list") {
    const ordered = item.style === "ordered";
    return make("div", {}, ...(item.elements ?? []).map((one, index) =>
      make("div", { class: "item" }, make("span", {}, ordered ? `${index + 1}.` : "•"), make("span", {}, ...richSpans(one)))));
  }
  if (item.type === "rich_text_preformatted") return make("pre", {}, ...richSpans(item));
  return make(item.type === "rich_text_quote" ? "blockquote" : "p", {}, ...richSpans(item));
}

const richSpans = owner => (owner.elements ?? []).map(span => {
  const url = span.type === "link" ? safeUrl(span.url) : null;
  let node = url
    ? make("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, span.text ?? span.url)
    : span.type === "emoji" ? plain(`:${span.name}:`) : span.text ?? `@${span.user_id ?? span.channel_id ?? ""}`;
  for (const [style, tag] of [["code", "code"], ["bold", "strong"], ["italic", "em"], ["strike", "s"]])
    if (span.style?.[style]) node = make(tag, {}, node);
  return node;
});

const renderers = {
  header: block => make("h3", {}, plain(block.text?.text ?? "")),
  divider: () => make("hr"),
  section: (block, names, onClick) => make("div", { class: "section" },
    make("div", { class: "rich" },
      block.text ? text(block.text, names) : null,
      block.fields ? make("div", { class: "fields" }, ...block.fields.map(field => text(field, names))) : null),
    block.accessory ? element(block.accessory, onClick) : null),
  context: (block, names) => make("div", { class: "context" },
    ...(block.elements ?? []).map(item => (item.type === "image" ? image(item) : text(item, names)))),
  actions: (block, names, onClick) => make("div", { class: "actions" }, ...(block.elements ?? []).map(item => element(item, onClick))),
  rich_text: block => make("div", { class: "rich" }, ...(block.elements ?? []).map(richText)),
  image: block => image(block),
  markdown: block => mrkdwn(block.text ?? ""),
};

/** Block Kit as elements. */
export function renderBlocks(blocks, names, onClick) {
  return make("div", { class: "blocks" }, ...blocks.map(block => {
    const render = renderers[block?.type];
    return render ? render(block, names, onClick) : make("p", { class: "unknown" }, `[${block?.type}]`);
  }));
}
