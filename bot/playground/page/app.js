// The page of the playground: who you are, where you are, and what is drawn when something changes.

import { showComposer } from "./composer.js";
import { showMessages, toTheEnd } from "./messages.js";
import { $, here, keep, listen, look, refill, say, seen, whenSeen } from "./server.js";
import { showHome, showModal } from "./views.js";
import { showRun } from "./workflows.js";
import { node } from "./words.js";

const show = () => {
  if (!seen.has_home) here.home = false;
  $("workspace").textContent = seen.workspace;
  showCast();
  showChannels();
  showHead();
  showMessages();
  showHome();
  showModal();
  showRun();
  showComposer();
};

const showCast = () => {
  if ($("cast").childElementCount !== seen.people.length) {
    $("cast").replaceChildren(...seen.people.map((one) => node("label", { class: "person" },
      node("input", { type: "radio", name: "person", value: one.name, onchange: () => become(one.name) }),
      node("span", { class: "person-name" }, one.name), node("span", { class: "person-title" }, one.title))));
  }
  for (const choice of $("cast").querySelectorAll("input")) choice.checked = choice.value === seen.me.name;
};

const become = (name) => {
  Object.assign(here, { person: name, thread: null, editing: null });
  keep("person", name);
  const open = seen.channels.find((one) => one.id === here.channel);
  if (open?.kind !== "channel") here.channel = "dm";
  whenSeen(show);
look().then(() => here.home && say("open_home"));
};

const go = (channel) => {
  Object.assign(here, { channel, home: false, thread: null, editing: null });
  keep("channel", channel);
  keep("home", "");
  closeSide();
  look().then(() => {
    toTheEnd();
    if (channel === "dm" || channel === seen.direct) say("open_messages");
    if (matchMedia("(min-width: 700px)").matches) $("words").focus();
  });
};

const goHome = () => {
  here.home = true;
  keep("home", "yes");
  closeSide();
  look();
  say("open_home");
};

const showChannels = () => {
  const rows = seen.channels.filter((one) => one.kind !== "im").map((one) => {
    const open = !here.home && one.id === seen.channel;
    return node("li", {}, node("button", {
      type: "button", class: `channel${one.unread && !open ? " unread" : ""}`, "aria-current": open ? "page" : null, onclick: () => go(one.id),
    }, node("span", { class: "sign", "aria-hidden": "true" }, one.kind === "group" ? "▣" : "#"), node("span", { class: "channel-name" }, one.name),
    one.kind === "group" && node("span", { class: "unseen" }, " (private)"),
    one.unread && !open && node("span", { class: "dot" }, node("span", { class: "unseen" }, "unread"))));
  });
  refill($("channels"), rows);
  const direct = seen.channels.find((one) => one.id === seen.direct);
  const inDirect = !here.home && seen.channel === seen.direct;
  $("direct").classList.toggle("unread", Boolean(direct?.unread) && !inDirect);
  $("direct").querySelector(".dot").hidden = !direct?.unread || inDirect;
  current($("direct"), inDirect);
  $("home-tab").hidden = !seen.has_home;
  current($("home-tab"), here.home);
  $("menu-dot").hidden = !seen.channels.some((one) => one.unread && one.id !== seen.channel);
};

const current = (button, yes) => (yes ? button.setAttribute("aria-current", "page") : button.removeAttribute("aria-current"));

const showHead = () => {
  const channel = seen.channels.find((one) => one.id === seen.channel);
  const direct = seen.channel === seen.direct;
  $("title").textContent = here.home ? "Home" : direct ? "Groundswell" : `${channel.kind === "group" ? "" : "#"}${channel.name}`;
  $("about").textContent = here.home ? "Your Home tab in Groundswell" : direct ? "Between you and Groundswell" : channel.kind === "group" ? "A private channel" : "Everyone here can read this channel";
  $("who").textContent = `You are ${seen.me.name}`;
  document.title = `${$("title").textContent} · Groundswell`;
};

// -- menus ------------------------------------------------------------------------------------------------------

document.addEventListener("toggle", (event) => {
  if (event.target.matches("details.overflow[open]")) event.target.querySelector(".menu-list").scrollIntoView({ block: "nearest" });
}, true);
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.overflow[open]")) if (!menu.contains(event.target)) menu.open = false;
  if (!event.target.closest(".plus-menu, #plus") && document.querySelector(".plus-menu")) $("plus").click();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.overflow[open]")) { menu.open = false; menu.querySelector("summary").focus(); }
  if (document.querySelector(".plus-menu")) { $("plus").click(); $("plus").focus(); }
  closeSide();
});

const closeSide = () => {
  $("side").classList.remove("open");
  $("veil").hidden = true;
  $("menu").setAttribute("aria-expanded", "false");
};
$("menu").addEventListener("click", () => {
  const open = $("side").classList.toggle("open");
  $("veil").hidden = !open;
  $("menu").setAttribute("aria-expanded", String(open));
});
$("veil").addEventListener("click", closeSide);
$("direct").addEventListener("click", () => go("dm"));
$("home-tab").addEventListener("click", goHome);

whenSeen(show);
look().then(() => here.home && say("open_home"));
listen();
