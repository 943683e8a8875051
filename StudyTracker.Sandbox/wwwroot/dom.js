/** Makes an element. Text always becomes a text node: nothing that people write is ever parsed as HTML. */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") element.className = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

export const byId = id => document.getElementById(id);

/** Only addresses of the web may be linked to. */
export const safeUrl = url => (/^(https?:|mailto:)/i.test(url ?? "") ? url : null);

/** A link that opens beside the page. */
export const link = (url, ...children) => make("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, ...children);

/** A square with the first letter of a name. */
export function avatar(name, colour, extra = "") {
  const element = make("span", { class: `avatar ${extra}`, "aria-hidden": "true" }, [...name][0] ?? "?");
  if (/^[0-9a-f]{6}$/i.test(colour ?? "")) element.style.background = `#${colour}`;
  return element;
}

export function appAvatar() {
  return make("span", { class: "avatar", "aria-hidden": "true" }, make("img", { src: "icon.svg", alt: "" }));
}

/** Replaces what an element holds. Who had the keyboard focus in it keeps it, on what has the same data-part. */
export function replace(element, ...children) {
  const part = element.contains(document.activeElement) ? document.activeElement.dataset.part : undefined;
  element.replaceChildren(...children);
  if (part !== undefined) element.querySelector(`[data-part="${CSS.escape(part)}"]`)?.focus({ preventScroll: true });
}
