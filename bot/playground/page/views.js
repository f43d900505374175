// The Home tab and the forms.

import { confirmed, draw, filledIn } from "./blocks.js";
import { act } from "./messages.js";
import { $, here, look, say, seen, surroundings } from "./server.js";
import { node } from "./words.js";

const viewAbout = (view, root) => ({
  ...surroundings(), values: view.values, errors: view.errors,
  press: (element, block, value, from) => confirmed(element, () =>
    act({ view_id: view.id, values: filledIn(root) }, element, block, value, from)),
  options: async (element, typed) => (await say("options", { view_id: view.id, action_id: element.action_id, typed })).options || [],
});

let homeLooks = "";
export const showHome = () => {
  $("home").hidden = !here.home;
  if (!here.home) return;
  const looks = JSON.stringify([seen.me.id, seen.home]);
  if (looks === homeLooks) return;
  homeLooks = looks;
  $("home").replaceChildren(...(seen.home ? draw(seen.home.blocks, viewAbout(seen.home, $("home"))) : [node("p", { class: "empty" }, "Groundswell has not drawn your Home tab yet.")]));
};

let modalLooks = "";
export const showModal = () => {
  const view = seen.view;
  const dialog = $("modal");
  if (!view) {
    modalLooks = "";
    if (dialog.open) { dialog.close(); $("words").focus(); }
    return;
  }
  const looks = JSON.stringify([view.id, view.hash, view.errors, view.trouble]);
  if (looks === modalLooks) return;
  const same = modalLooks.startsWith(JSON.stringify([view.id]).slice(0, -1));
  const typed = same ? filledIn(dialog) : {};
  const focused = same ? document.activeElement?.dataset?.action : null;
  modalLooks = looks;
  drawModal(view, dialog);
  refillTyped(dialog, typed);
  if (!dialog.open) dialog.showModal();
  const first = Object.keys(view.errors).length ? dialog.querySelector(".wrong input, .wrong textarea, .wrong select") : focused && dialog.querySelector(`[data-action="${CSS.escape(focused)}"]`);
  (first || (same ? null : dialog.querySelector("[autofocus], .modal-body input, .modal-body textarea, .modal-body select, .modal-foot .primary")))?.focus();
};

const drawModal = (view, dialog) => {
  const form = node("form", { class: "modal-form", novalidate: true });
  const send = node("button", { type: "submit", class: "press primary" }, view.submit || "");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!view.submit) return;
    send.disabled = true;
    await say("submit", { view_id: view.id, values: filledIn(form) });
    send.disabled = false;
    modalLooks = modalLooks || " ";
    look();
  });
  form.append(
    node("div", { class: "modal-head" },
      seen.depth > 1 && node("button", { type: "button", class: "quiet", "aria-label": "Back", onclick: () => say("close", { view_id: view.id }) }, "‹"),
      node("h2", { id: "modal-title" }, view.title),
      node("button", { type: "button", class: "quiet close", "aria-label": "Close", onclick: () => say("close", { view_id: view.id, all: true }) }, "×")),
    node("div", { class: "modal-body" },
      view.trouble && node("p", { class: "error trouble", role: "alert" }, view.trouble),
      draw(view.blocks, viewAbout(view, form))),
    node("div", { class: "modal-foot" },
      node("button", { type: "button", class: "press", onclick: () => say("close", { view_id: view.id }) }, view.close || (view.submit ? "Cancel" : "Close")),
      view.submit && send));
  dialog.replaceChildren(form);
  dialog.oncancel = (event) => { event.preventDefault(); say("close", { view_id: view.id }); };
};

// What was typed and not yet sent stays when the form is drawn anew, as far as the same fields are there.
const refillTyped = (dialog, typed) => {
  for (const field of dialog.querySelectorAll("input[data-action], textarea[data-action]")) {
    const before = typed[field.dataset.block]?.[field.dataset.action];
    if (typeof before === "string" && field.dataset.type !== "external_select") field.value = before;
  }
};
