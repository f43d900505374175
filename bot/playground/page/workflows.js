// A workflow of one step: what it is given, and what the steps after it would get.

import { $, say, seen } from "./server.js";
import { node } from "./words.js";

let running = null;
let looks = "";

export const openStep = (step) => {
  running = null;
  looks = "";
  const form = node("form", { class: "modal-form", novalidate: true },
    head(step.title),
    node("div", { class: "modal-body" },
      node("p", { class: "hint" }, step.description),
      step.inputs.map((one) => node("div", { class: "block input" },
        node("label", { for: `step-${one.name}` }, one.title, one.is_required ? null : node("span", { class: "optional" }, " (optional)")),
        field(one, { id: `step-${one.name}`, name: one.name, "aria-describedby": `about-${one.name}` }),
        node("p", { class: "hint", id: `about-${one.name}` }, one.description)))),
    foot("Cancel", node("button", { type: "submit", class: "press primary" }, "Run")));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const inputs = Object.fromEntries([...form.querySelectorAll("[name]")].map((one) => [one.name, one.type === "checkbox" ? one.checked : one.value]));
    const told = await say("run_step", { callback_id: step.callback_id, inputs });
    if (!told.ok) return;
    running = told.run;
    showRun();
  });
  $("workflow").replaceChildren(form);
  $("workflow").oncancel = () => { running = null; };
  $("workflow").showModal();
  form.querySelector("[name]")?.focus();
};

// How it went, as soon as that is known.
export const showRun = () => {
  const run = running && seen.runs.find((one) => one.id === running);
  if (!run || !$("workflow").open || looks === JSON.stringify(run)) return;
  looks = JSON.stringify(run);
  const said = {
    running: () => node("p", { role: "status" }, "The workflow waits for the step …"),
    failed: () => [node("p", { role: "status" }, "The workflow stopped here. Whoever looks after it reads:"), node("p", { class: "error trouble" }, run.error)],
    done: () => [node("p", { role: "status" }, "The step is done. The steps after it can use:"),
      node("dl", { class: "outputs" }, run.outputs.flatMap((one) => [node("dt", {}, one.title), node("dd", {}, one.value)]))],
  }[run.state]();
  $("workflow").replaceChildren(node("div", { class: "modal-form" }, head(run.title), node("div", { class: "modal-body" }, said), foot("Close")));
};

const close = () => { running = null; $("workflow").close(); $("words").focus(); };

const head = (title) => node("div", { class: "modal-head" },
  node("h2", { id: "workflow-title" }, title),
  node("button", { type: "button", class: "quiet close", "aria-label": "Close", onclick: close }, "×"));

const foot = (words, more) => node("div", { class: "modal-foot" },
  node("button", { type: "button", class: "press", onclick: close }, words), more);

const field = (one, held) => {
  if (one.type === "boolean") return node("input", { type: "checkbox", ...held });
  const offered = {
    "slack#/types/user_id": () => seen.people.map((person) => [person.id, person.name]),
    "slack#/types/channel_id": () => seen.channels.filter((channel) => channel.kind !== "im").map((channel) => [channel.id, `#${channel.name}`]),
  }[one.type];
  if (!offered) return node("textarea", { class: "field-box", rows: 3, ...held });
  return node("select", { class: "field-box", ...held }, node("option", { value: "" }, "—"),
    offered().map(([id, words]) => node("option", { value: id }, words)));
};
