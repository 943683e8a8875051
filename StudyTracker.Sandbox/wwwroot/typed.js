import { decode } from "./mrkdwn.js";

function shown(content, handles) {
  const [target, label] = content.split("|");
  if (target[0] === "@") return `@${handles(target.slice(1))}`;
  if (target[0] === "!") return `@${target.slice(1)}`;
  return (target[0] === "#" ? "#" : "") + decode(label ?? target);
}

/**
 * What somebody has typed, of the text that Slack made of it: the message box shows it again when the message is edited.
 * @param handles what people's ids are called after an @.
 */
export const typed = (text, handles) => text.split(/<([^<>]*)>/).map((part, index) => (index % 2 === 1 ? shown(part, handles) : decode(part))).join("");
