// The messages of the channel that is open, with their menus.

import { confirmed, draw } from "./blocks.js";
import { showComposer } from "./composer.js";
import { $, here, say, seen, surroundings } from "./server.js";
import { emoji, mrkdwn, node } from "./words.js";

const QUICK = ["eyes", "+1", "ear"];
const drawn = new Map();

export const showMessages = () => {
  $("messages").hidden = here.home;
  if (here.home) return;
  const place = $("messages");
  const atEnd = place.scrollHeight - place.scrollTop - place.clientHeight < 80;
  const top = seen.messages.filter((one) => !one.thread_ts);
  const replies = (ts) => seen.messages.filter((one) => one.thread_ts === ts);
  const lost = seen.messages.filter((one) => one.thread_ts && !top.some((parent) => parent.ts === one.thread_ts));
  const shown = [];
  let day = "";
  for (const one of [...top, ...lost].sort((a, b) => Number(a.ts) - Number(b.ts))) {
    const itsDay = dayOf(one.ts);
    if (itsDay !== day) shown.push(node("p", { class: "day", "data-key": itsDay }, node("span", {}, (day = itsDay))));
    shown.push(cached(one, false), ...replies(one.ts).map((reply) => cached(reply, true)));
  }
  if (!shown.length) shown.push(empty());
  const focused = document.activeElement?.closest("article")?.dataset.ts;
  arrange(place, shown);
  if (focused && document.activeElement === document.body) focusIn(focused);
  const fresh = place.dataset.channel !== seen.channel + here.person;
  const grown = place.dataset.last !== shown.at(-1).dataset.ts;
  if (fresh || (atEnd && grown)) toTheEnd();
  place.dataset.channel = seen.channel + here.person;
  place.dataset.last = shown.at(-1).dataset.ts;
};

// The end of the conversation, or the beginning of the last message where that is longer than the screen.
export const toTheEnd = () => {
  const place = $("messages");
  const last = place.lastElementChild;
  place.scrollTop = last && last.offsetHeight > place.clientHeight ? last.offsetTop - place.offsetTop - 8 : place.scrollHeight;
};

const empty = () => node("div", { class: "empty", "data-key": "empty" },
  node("p", {}, node("strong", {}, "Nothing here yet.")),
  node("p", {}, seen.channel === seen.direct
    ? "Write down what a customer said, in their words, as you would tell a colleague. Groundswell answers here."
    : "Try one of the examples below: put it in the message box, change the words if you like, and send it."));

// A message is drawn again only when it differs from what stands there.
const cached = (one, isReply) => {
  const key = `${here.person}/${one.ts}`;
  const looks = JSON.stringify([one, isReply, here.editing === one.ts]);
  const before = drawn.get(key);
  if (before?.looks === looks) return before.element;
  const element = drawMessage(one, isReply);
  drawn.set(key, { looks, element });
  return element;
};

// Whoever pressed a button in a message that was then drawn anew goes on from the same message.
const focusIn = (ts) => {
  const message = document.querySelector(`article[data-ts="${CSS.escape(ts)}"]`);
  const control = message?.querySelector(".actions button, .actions select, .accessory button, .accessory select");
  (control || $("messages")).focus({ preventScroll: true });
};

const arrange = (place, wanted) => {
  const stays = new Set(wanted);
  for (const child of [...place.children]) if (!stays.has(child)) child.remove();
  wanted.forEach((element, index) => { if (place.children[index] !== element) place.insertBefore(element, place.children[index] || null); });
};

export const clockTime = (ts) => new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: seen.me.tz }).format(new Date(ts * 1000));
const dayOf = (ts) => new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long", timeZone: seen.me.tz }).format(new Date(ts * 1000));

const drawMessage = (one, isReply) => {
  const about = {
    ...surroundings(), values: one.values,
    press: (element, block, value, from) => confirmed(element, () => act({ ts: one.ts }, element, block, value, from)),
    options: async (element, typed) => (await say("options", { ts: one.ts, action_id: element.action_id, typed })).options || [],
  };
  const words = one.blocks.length ? draw(one.blocks, about) : node("div", { class: "text" }, mrkdwn(one.text, about.names, about.tz));
  return node("article", {
    class: `message${one.only_you ? " only-you" : ""}${isReply ? " reply" : ""}${one.is_app ? " by-app" : ""}`, "data-ts": one.ts,
    "aria-label": `${one.name}, ${clockTime(one.ts)}${one.only_you ? ", only visible to you" : ""}`,
  },
  node("div", { class: `face ${one.is_app ? "app" : `face-${one.name.toLowerCase()}`}`, "aria-hidden": "true" }, one.is_app ? "≋" : one.name[0]),
  node("div", { class: "message-body" },
    one.only_you && node("p", { class: "whisper" }, "Only visible to you"),
    node("p", { class: "byline" }, node("strong", {}, one.name), one.is_app && node("span", { class: "badge" }, "APP"),
      node("time", { datetime: new Date(one.ts * 1000).toISOString() }, clockTime(one.ts)), one.edited && !one.only_you && node("span", { class: "edited" }, "(edited)")),
    here.editing === one.ts ? editor(one) : words,
    one.files.map(drawFile),
    one.reactions.length > 0 && node("div", { class: "reactions" }, one.reactions.map((reaction) => node("button", {
      type: "button", class: `reaction${reaction.mine ? " mine" : ""}`, "aria-pressed": String(reaction.mine),
      "aria-label": `${reaction.name}, ${reaction.count}`, onclick: () => say("react", { ts: one.ts, name: reaction.name }),
    }, `${emoji(reaction.name)} ${reaction.count}`))),
  ),
  !one.only_you && moreMenu(one));
};

const drawFile = (file) => {
  const where = new URL(file.url_private, location.href).pathname;
  if (file.mimetype.startsWith("image/")) {
    return node("figure", { class: "block figure" }, node("figcaption", {}, file.title), node("img", { class: "picture large", src: where, alt: file.alt_txt || file.title }));
  }
  return node("p", { class: "file" }, node("a", { href: where, download: file.name }, file.title || file.name));
};

const editor = (one) => {
  const box = node("textarea", { class: "field-box", rows: "3", "aria-label": "Change your message" });
  box.value = one.text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
  const stop = () => { here.editing = null; showMessages(); };
  return node("form", { class: "editor", onsubmit: (event) => { event.preventDefault(); stop(); say("edit", { ts: one.ts, text: box.value }); } }, box,
    node("div", { class: "modal-foot" }, node("button", { type: "button", class: "press", onclick: stop }, "Cancel"), node("button", { type: "submit", class: "press primary" }, "Save")));
};

const moreMenu = (one) => {
  const menu = node("details", { class: "more overflow" }, node("summary", { "aria-label": `More, about the message of ${one.name}` }, "⋯"));
  const item = (words, step) => node("button", { type: "button", onclick: () => { menu.open = false; step(); } }, words);
  menu.append(node("div", { class: "menu-list", role: "group", "aria-label": "More" },
    node("div", { class: "quick", role: "group", "aria-label": "React" }, QUICK.map((name) => node("button", {
      type: "button", "aria-label": `React with ${name}`, onclick: () => { menu.open = false; say("react", { ts: one.ts, name }); } }, emoji(name)))),
    seen.shortcuts.filter((shortcut) => shortcut.type === "message").map((shortcut) =>
      item(`${shortcut.name} · Groundswell`, () => say("shortcut", { callback_id: shortcut.callback_id, ts: one.ts }))),
    item("Reply in thread", () => { here.thread = one.thread_ts || one.ts; showComposer(); $("words").focus(); }),
    one.is_mine && item("Edit message", () => { here.editing = one.ts; showMessages(); document.querySelector(".editor textarea")?.focus(); }),
    one.is_mine && item("Delete message", () => say("delete", { ts: one.ts }))));
  return menu;
};

// Presses what was pressed; a button rests for a moment, so that two taps are one.
export const act = async (where, element, block, value, from) => {
  if (element.type === "button" && from) {
    if (from.dataset.resting) return;
    from.dataset.resting = "yes";
    setTimeout(() => { delete from.dataset.resting; }, 1500);
  }
  await say("press", { ...where, action_id: element.action_id, block_id: block.block_id, value });
};
