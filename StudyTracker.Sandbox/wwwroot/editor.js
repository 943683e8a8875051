import { make } from "./dom.js";
import { say } from "./strings.js";
import { typed } from "./typed.js";

// While somebody edits or is asked, their row is left as it is, whatever arrives.
const begin = row => { row.dataset.busy = "true"; };

function end(row, focus) {
  delete row.dataset.busy;
  row.querySelector(`[data-part="${focus}"]`)?.focus();
}

const onEscape = leave => event => {
  if (event.key !== "Escape" || event.isComposing) return;
  event.preventDefault();
  event.stopPropagation();
  leave();
};

/** Opens the editor of a message: Enter saves, Escape leaves it. */
export function edit(row, message, { onEdit, onDelete, handles }) {
  const before = typed(message.text, handles);
  const content = row.querySelector(".content");
  const area = make("textarea", { rows: "3", "aria-label": say("editOf")(before.slice(0, 40)) });
  const problem = make("p", { class: "problem", role: "alert" });
  area.value = before;
  const close = () => { box.replaceWith(content); end(row, "edit"); };
  const save = async () => {
    const text = area.value.trim();
    if (text === before.trim()) return close();
    if (!text) { close(); return confirmDelete(row, message, { onDelete }); }
    try {
      await onEdit(message, text);
      close();
    } catch (error) {
      problem.textContent = say("problem")(error.message);
      area.focus();
    }
  };
  const box = make("form", {
    class: "edit", onsubmit: event => { event.preventDefault(); save(); }, onkeydown: onEscape(close),
  }, area, problem, make("div", {},
    make("span", { class: "hint" }, say("editKeys")),
    make("button", { type: "button", class: "quiet", onclick: close }, say("cancel")),
    make("button", { type: "submit", class: "primary" }, say("save"))));
  area.addEventListener("keydown", event => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    box.requestSubmit();
  });
  begin(row);
  content.replaceWith(box);
  area.focus();
  area.setSelectionRange(area.value.length, area.value.length);
}

/** Asks before a message is deleted; Escape means no. */
export function confirmDelete(row, message, { onDelete }) {
  const cancel = make("button", { type: "button", class: "quiet", onclick: () => close() }, say("cancel"));
  const confirm = make("button", { type: "button", class: "danger", onclick: () => remove() }, say("remove"));
  const problem = make("span", { class: "problem", role: "alert" });
  const box = make("div", { class: "confirm", role: "group", "aria-label": say("removeAsked"), onkeydown: onEscape(() => close()) },
    make("span", {}, say("removeAsked")), problem, cancel, confirm);
  const close = () => { box.remove(); end(row, "remove"); };
  const remove = async () => {
    confirm.disabled = true;
    try {
      await onDelete(message);
      close();
    } catch (error) {
      confirm.disabled = false;
      problem.textContent = say("problem")(error.message);
    }
  };
  begin(row);
  row.lastElementChild.before(box);
  cancel.focus();
}
