// Block Kit, drawn as ordinary HTML: headings, buttons, labels and native inputs.

import { node, mrkdwn, rich, textOf } from "./words.js";

let serial = 0;

// Draws blocks. `about` holds what they stand in: names, tz, values, errors, people, channels, and what happens
// on a press: about.press(element, block, value), about.options(element, typed).
export const draw = (blocks, about) => blocks.map((block) => drawOne(block, about));

const drawOne = (block, about) => {
  const text = (object) => textOf(object, about.names, about.tz);
  switch (block.type) {
    case "section":
      return node("div", { class: "block section" },
        node("div", { class: "section-words" },
          block.text && node("div", { class: "text" }, text(block.text)),
          block.fields && node("div", { class: "fields" }, block.fields.map((field) => node("div", { class: "field text" }, text(field)))),
        ),
        block.accessory && node("div", { class: "accessory" }, element(block.accessory, block, about)),
      );
    case "header":
      return node("h3", { class: "block header" }, text(block.text));
    case "divider":
      return node("hr", { class: "block" });
    case "context":
      return node("div", { class: "block context" }, block.elements.map((one) =>
        one.type === "image" ? picture(one, "small") : node("span", { class: "text" }, text(one))));
    case "image":
      return node("figure", { class: "block figure" }, block.title && node("figcaption", {}, text(block.title)), picture(block, "large"));
    case "actions":
    case "context_actions":
      return node("div", { class: "block actions" }, block.elements.map((one) => element(one, block, about)));
    case "input":
      return input(block, about);
    case "rich_text":
      return node("div", { class: "block text" }, rich(block, about.names, about.tz));
    case "markdown":
      return node("div", { class: "block text" }, mrkdwn(block.text.replaceAll("**", "*"), about.names, about.tz));
    case "table":
      return table(block, about);
    case "alert":
      return node("div", { class: `block alert ${block.level || "default"}`, role: "note" }, text(block.text));
    case "data_visualization":
      return node("p", { class: "block context" }, block.alt_text || block.title || "A chart");
    default:
      return node("p", { class: "block context" }, `(a block of the type “${block.type}”)`);
  }
};

const picture = (image, size) => {
  const where = image.slack_file ? `/files-pri/${image.slack_file.id || image.slack_file.url.split("/files-pri/")[1]}/image` : image.image_url;
  return node("img", { class: `picture ${size}`, src: where, alt: image.alt_text, loading: "lazy" });
};

const table = (block, about) => {
  const cell = (one, tag) => node(tag, {}, one.type === "rich_text" ? rich(one, about.names, about.tz) : String(one.text ?? one.value ?? ""));
  const [head, ...rows] = block.rows;
  return node("div", { class: "block scrolls", tabindex: "0", role: "region", "aria-label": "Table" },
    node("table", {}, node("thead", {}, node("tr", {}, head.map((one) => cell(one, "th")))),
      node("tbody", {}, rows.map((row) => node("tr", {}, row.map((one) => cell(one, "td")))))));
};

const CHOICES = ["checkboxes", "radio_buttons"];

const input = (block, about) => {
  const error = about.errors?.[block.block_id];
  const id = `field-${++serial}`;
  const grouped = CHOICES.includes(block.element.type);
  const notes = [block.hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  const field = element(block.element, block, about, { id, "aria-describedby": notes || null, "aria-invalid": error ? "true" : null });
  const words = [...textOf(block.label, about.names, about.tz), block.optional ? node("span", { class: "optional" }, " (optional)") : null];
  return node(grouped ? "fieldset" : "div", { class: `block input${error ? " wrong" : ""}`, "data-block": block.block_id },
    grouped ? node("legend", {}, words) : node("label", { for: id }, words),
    field,
    block.hint && node("p", { class: "hint", id: `${id}-hint` }, textOf(block.hint, about.names, about.tz)),
    error && node("p", { class: "error", id: `${id}-error`, role: "alert" }, error),
  );
};

const optionsOf = (one) => [...(one.options || []), ...(one.option_groups || []).flatMap((group) => group.options)];

const state = (one, block, about) => about.values?.[block.block_id]?.[one.action_id] || {};

// One element, with its value as it stands. Elements outside of input blocks act at once.
const element = (one, block, about, attributes = {}) => {
  const acts = block.type !== "input" || block.dispatch_action;
  const label = block.type === "input" ? null : one.placeholder?.text || one.accessibility_label || block.text?.text || one.action_id;
  const held = { "data-action": one.action_id, "data-block": block.block_id, "data-type": one.type, ...attributes };
  if (label && one.type !== "button") held["aria-label"] = label;
  const act = (value, from) => acts && about.press(one, block, value, from);
  const now = state(one, block, about);
  switch (one.type) {
    case "image":
      return picture(one, "beside");
    case "button":
      return node("button", {
        type: "button", class: `press ${one.style || ""}`, "aria-label": one.accessibility_label || null,
        onclick: (event) => { if (one.url) window.open(one.url, "_blank", "noopener"); about.press(one, block, one.value, event.currentTarget); },
      }, textOf(one.text, about.names, about.tz));
    case "overflow":
      return overflow(one, block, about);
    case "static_select":
      return select(held, one, now.selected_option?.value, act, about);
    case "radio_buttons":
    case "checkboxes":
      return choices(held, one, now, act, about);
    case "multi_static_select":
      return many(held, optionsOf(one).map((option) => [option.value, option.text.text]), (now.selected_options || []).map((option) => option.value), act);
    case "external_select":
      return external(held, one, now.selected_option, act, about);
    case "users_select":
      return pick(held, one, about.people.map((person) => [person.id, person.name]), now.selected_user, act);
    case "conversations_select":
    case "channels_select":
      return pick(held, one, offeredChannels(one, about), now.selected_conversation || now.selected_channel, act);
    case "multi_users_select":
      return many(held, about.people.map((person) => [person.id, person.name]), now.selected_users || [], act);
    case "multi_conversations_select":
    case "multi_channels_select":
      return many(held, offeredChannels(one, about), now.selected_conversations || now.selected_channels || [], act);
    case "datepicker":
      return native("date", held, now.selected_date, act);
    case "timepicker":
      return native("time", held, now.selected_time, act);
    case "datetimepicker":
      return native("datetime-local", held, now.selected_date_time && local(now.selected_date_time), (value, from) => act(value && Date.parse(value) / 1000, from));
    case "plain_text_input":
      return written(held, one, now.value, act);
    case "rich_text_input":
      return written(held, { ...one, multiline: true }, richWords(now.rich_text_value), act);
    case "email_text_input":
      return native("email", held, now.value, act, one);
    case "url_text_input":
      return native("url", held, now.value, act, one);
    case "number_input":
      return native("number", { ...held, step: one.is_decimal_allowed ? "any" : "1", min: one.min_value, max: one.max_value }, now.value, act, one);
    default:
      return node("span", { class: "hint" }, `(a field of the type “${one.type}”)`);
  }
};

const KINDS = { public: "channel", private: "group", im: "im" };

const offeredChannels = (one, about) => {
  const kinds = one.type.includes("channels") ? ["channel"] : (one.filter?.include || ["public", "private"]).map((kind) => KINDS[kind]);
  return about.channels.filter((channel) => kinds.includes(channel.kind) && !channel.is_archived).map((channel) => [channel.id, channel.kind === "im" ? channel.name : `#${channel.name}`]);
};

const local = (seconds) => {
  const moment = new Date(seconds * 1000);
  return new Date(moment - moment.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
};

const richWords = (value) => (value?.elements || []).flatMap((part) => part.elements.map((piece) => piece.text || "")).join("");

const focus = (one) => (one.focus_on_load ? { autofocus: true } : {});

const written = (held, one, value, act) => {
  const attributes = { ...held, ...focus(one), class: "field-box", maxlength: one.max_length, placeholder: one.placeholder?.text };
  const on = one.dispatch_action_config?.trigger_actions_on || ["on_enter_pressed"];
  const field = one.multiline ? node("textarea", { ...attributes, rows: "4" }) : node("input", { type: "text", autocomplete: "off", ...attributes });
  field.value = value || "";
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !one.multiline && on.includes("on_enter_pressed")) act(field.value, field);
  });
  if (on.includes("on_character_entered")) field.addEventListener("input", () => act(field.value, field));
  return field;
};

const native = (type, held, value, act, one = {}) => {
  const field = node("input", { ...held, ...focus(one), type, class: "field-box", placeholder: one.placeholder?.text });
  field.value = value ?? "";
  field.addEventListener("change", () => act(field.value || null, field));
  return field;
};

const pick = (held, one, offered, value, act) => {
  const field = node("select", { ...held, ...focus(one), class: "field-box" },
    node("option", { value: "" }, one.placeholder?.text || "Choose"),
    offered.map(([id, words]) => node("option", { value: id }, words)));
  field.value = value || "";
  field.addEventListener("change", () => field.value && confirmed(one, () => act(field.value, field), () => { field.value = value || ""; }));
  return field;
};

const select = (held, one, value, act, about) => {
  if (!one.option_groups) return pick(held, one, one.options.map((option) => [option.value, option.text.text]), value, act);
  const field = pick(held, one, [], value, act);
  for (const group of one.option_groups) {
    field.append(node("optgroup", { label: group.label.text }, group.options.map((option) => node("option", { value: option.value }, option.text.text))));
  }
  field.value = value || "";
  return field;
};

const many = (held, offered, values, act) => {
  const box = node("div", { ...held, class: "choices", role: "group" });
  box.append(...offered.map(([id, words]) => {
    const tick = node("input", { type: "checkbox", value: id });
    tick.checked = values.includes(id);
    return node("label", { class: "choice" }, tick, node("span", {}, words));
  }));
  box.addEventListener("change", () => act(ticked(box), box));
  return box;
};

const ticked = (box) => [...box.querySelectorAll("input:checked")].map((tick) => tick.value);

const choices = (held, one, now, act, about) => {
  const several = one.type === "checkboxes";
  const chosen = several ? (now.selected_options || []).map((option) => option.value) : [now.selected_option?.value];
  const name = `choice-${++serial}`;
  const box = node("div", { ...held, class: "choices", role: several ? "group" : "radiogroup" });
  box.append(...one.options.map((option) => {
    const tick = node("input", { type: several ? "checkbox" : "radio", name, value: option.value });
    tick.checked = chosen.includes(option.value);
    return node("label", { class: "choice" }, tick,
      node("span", {}, textOf(option.text, about.names, about.tz), option.description && node("span", { class: "hint" }, textOf(option.description, about.names, about.tz))));
  }));
  box.addEventListener("change", () => act(several ? ticked(box) : ticked(box)[0], box));
  return box;
};

const overflow = (one, block, about) => {
  const menu = node("details", { class: "overflow" }, node("summary", { "aria-label": "More" }, "⋯"));
  menu.append(node("div", { class: "menu-list", role: "group", "aria-label": "More" }, one.options.map((option) =>
    node("button", { type: "button", onclick: () => {
      menu.open = false;
      if (option.url) window.open(option.url, "_blank", "noopener");
      about.press(one, block, option.value ?? option.text.text, menu);
    } }, textOf(option.text, about.names, about.tz)))));
  return menu;
};

const external = (held, one, now, act, about) => {
  const list = node("datalist", { id: `list-${++serial}` });
  const field = node("input", { ...held, type: "text", class: "field-box", list: list.id, placeholder: one.placeholder?.text, autocomplete: "off" });
  field.value = now?.text.text || "";
  field.chosen = now || null;
  let offered = [];
  field.addEventListener("input", async () => {
    const known = offered.find((option) => option.text.text === field.value);
    field.chosen = known || null;
    if (known) { act(known, field); return; }
    if (field.value.length < (one.min_query_length ?? 3)) return;
    offered = await about.options(one, field.value);
    list.replaceChildren(...offered.map((option) => node("option", { value: option.text.text })));
  });
  return node("span", { class: "with-list" }, field, list);
};

// What has been filled in, by block and action: what the server is told when a form is sent.
export const filledIn = (root) => {
  const values = {};
  for (const field of root.querySelectorAll("[data-action][data-block]")) {
    const type = field.dataset.type;
    let value;
    if (type === "checkboxes" || type.startsWith("multi_")) value = ticked(field);
    else if (type === "radio_buttons") value = ticked(field)[0] ?? null;
    else if (type === "external_select") value = field.chosen;
    else if (type === "datetimepicker") value = field.value ? Date.parse(field.value) / 1000 : null;
    else value = field.value === "" ? null : field.value;
    (values[field.dataset.block] ||= {})[field.dataset.action] = value;
  }
  return values;
};

// Asks first where the element says so.
export const confirmed = (one, go, stop = () => {}) => {
  if (!one.confirm) { go(); return; }
  const { title, text, confirm, deny } = one.confirm;
  const dialog = document.getElementById("confirm");
  const done = (step) => { dialog.close(); step(); };
  dialog.replaceChildren(
    node("h2", { id: "confirm-title" }, textOf(title, {}, "Europe/London")),
    node("div", { class: "modal-body text" }, textOf(text, {}, "Europe/London")),
    node("div", { class: "modal-foot" },
      node("button", { type: "button", class: "press", onclick: () => done(stop) }, deny.text),
      node("button", { type: "button", class: `press ${one.confirm.style || "primary"}`, onclick: () => done(go) }, confirm.text)),
  );
  dialog.oncancel = () => stop();
  dialog.showModal();
};
