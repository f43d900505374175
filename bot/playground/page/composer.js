// The message box, its examples and its commands, and the menu of shortcuts beside it.

import { clockTime, toTheEnd } from "./messages.js";
import { $, here, look, notice, refill, say, seen } from "./server.js";
import { openStep } from "./workflows.js";
import { node } from "./words.js";

export const showComposer = () => {
  $("composer").hidden = here.home;
  const channel = seen.channels.find((one) => one.id === seen.channel);
  const closed = channel?.is_archived || (channel && !channel.is_member);
  $("words").disabled = closed;
  $("words").placeholder = closed ? "You cannot write here" : seen.channel === seen.direct ? "Tell Groundswell what someone said" : `Message, or type /`;
  $("replying").hidden = !here.thread;
  const parent = seen.messages.find((one) => one.ts === here.thread);
  $("replying").querySelector("span").textContent = parent ? `Replying to ${parent.name}, ${clockTime(parent.ts)}` : "Replying in a thread";
  const examples = seen.channel === seen.direct ? seen.examples.slice(0, 1).map((one) => one.replace(/^\S+ /, "")).concat(seen.examples.slice(1)) : seen.examples;
  refill($("hints"), examples.map((one) => node("button", { type: "button", class: "chip" }, one)));
};

$("hints").addEventListener("click", (event) => {
  const chip = event.target.closest(".chip");
  if (!chip) return;
  $("words").value = chip.textContent;
  grow();
  $("words").focus();
});

const grow = () => {
  const box = $("words");
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight, 180)}px`;
  suggest();
};

const suggest = () => {
  const typed = $("words").value;
  const offered = /^\/\S*$/.test(typed) ? seen.commands.filter((one) => one.command.startsWith(typed)) : [];
  $("suggestions").hidden = !offered.length;
  $("suggestions").replaceChildren(...offered.map((one) => node("button", { type: "button", onclick: () => {
    $("words").value = `${one.command} `;
    grow();
    $("words").focus();
  } }, node("strong", {}, one.command), ` ${one.hint}`)));
};

const send = async () => {
  const words = $("words").value.trim();
  if (!words) return;
  const command = /^(\/[a-z0-9_-]+)(?:\s+([\s\S]*))?$/i.exec(words);
  if (command && here.thread) { notice("Commands do not work in threads. Stop replying first."); return; }
  $("words").value = "";
  grow();
  const told = command
    ? await say("command", { command: command[1].toLowerCase(), text: command[2] || "" })
    : await say("message", { text: words, thread_ts: here.thread });
  if (told.words) { $("words").value = words; grow(); }
  await look();
  toTheEnd();
};

$("form").addEventListener("submit", (event) => { event.preventDefault(); send(); });
$("words").addEventListener("input", grow);
$("words").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); send(); }
  if (event.key === "Tab" && !$("suggestions").hidden) { event.preventDefault(); $("suggestions").querySelector("button").click(); }
});
$("replying").querySelector("button").addEventListener("click", () => { here.thread = null; showComposer(); $("words").focus(); });

$("plus").addEventListener("click", () => {
  const open = document.querySelector(".plus-menu");
  if (open) { open.remove(); $("plus").setAttribute("aria-expanded", "false"); return; }
  const offered = seen.shortcuts.filter((one) => one.type === "global");
  const close = () => { menu.remove(); $("plus").setAttribute("aria-expanded", "false"); };
  const menu = node("div", { class: "menu-list plus-menu", role: "group", "aria-label": "Shortcuts" },
    offered.length || seen.steps.length ? null : node("p", { class: "hint" }, "There are no shortcuts yet."),
    offered.map((one) => node("button", { type: "button", onclick: () => { close(); say("shortcut", { callback_id: one.callback_id }); } }, `${one.name} · Groundswell`)),
    seen.steps.map((one) => node("button", { type: "button", onclick: () => { close(); openStep(one); } }, `${one.title} · a workflow’s step`)));
  $("composer").append(menu);
  $("plus").setAttribute("aria-expanded", "true");
  menu.querySelector("button")?.focus();
});
