// Slack's mrkdwn, turned into elements. Everything becomes text nodes: nothing that a person typed is ever read as HTML.

const EMOJI = {
  "white_check_mark": "✅", "heavy_check_mark": "✔️", "x": "❌", "warning": "⚠️", "rotating_light": "🚨", "bulb": "💡",
  "eyes": "👀", "ear": "👂", "speech_balloon": "💬", "thought_balloon": "💭", "memo": "📝", "pencil": "📝", "pencil2": "✏️",
  "mag": "🔍", "lock": "🔒", "seedling": "🌱", "herb": "🌿", "ocean": "🌊", "wave": "👋", "raised_hands": "🙌", "pray": "🙏",
  "clap": "👏", "+1": "👍", "thumbsup": "👍", "-1": "👎", "thumbsdown": "👎", "heart": "❤️", "star": "⭐", "sparkles": "✨",
  "tada": "🎉", "calendar": "📅", "clock9": "🕘", "hourglass": "⌛", "bar_chart": "📊", "repeat": "🔁", "question": "❓",
  "grey_question": "❔", "exclamation": "❗", "information_source": "ℹ️", "link": "🔗", "house": "🏠", "wrench": "🔧", "key": "🔑",
  "telephone_receiver": "📞", "smile": "😄", "slightly_smiling_face": "🙂", "blush": "😊", "thinking_face": "🤔",
  "large_blue_circle": "🔵", "white_circle": "⚪", "black_circle": "⚫", "red_circle": "🔴", "new": "🆕", "handshake": "🤝",
  "point_right": "👉", "mailbox": "📫", "gear": "⚙️", "hammer_and_wrench": "🛠️", "no_entry_sign": "🚫", "bell": "🔔",
};

export const node = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") element.className = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
};

export const emoji = (name) => EMOJI[name.split("::")[0]] || `:${name}:`;

const plainly = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

const withEmoji = (text) => text.replace(/:([a-z0-9_+'-]+):/g, (whole, name) => EMOJI[name] || whole);

const dateParts = (moment, tz) => {
  const shown = (options) => new Intl.DateTimeFormat("en-GB", { timeZone: tz, ...options }).format(moment);
  const day = (when) => new Intl.DateTimeFormat("en-CA", { timeZone: tz }).format(when);
  const apart = Math.round((Date.parse(day(moment)) - Date.parse(day(new Date()))) / 86400000);
  const near = { "-1": "yesterday", 0: "today", 1: "tomorrow" }[apart];
  const seconds = Math.round((moment - Date.now()) / 1000);
  const [size, unit] = Math.abs(seconds) < 3600 ? [60, "minute"] : Math.abs(seconds) < 86400 ? [3600, "hour"] : [86400, "day"];
  const long = { weekday: "long", day: "numeric", month: "long", year: "numeric" };
  const middle = { day: "numeric", month: "long", year: "numeric" };
  const short = { day: "numeric", month: "short", year: "numeric" };
  return {
    date_num: day(moment),
    date: shown(middle), date_long: shown(long), date_short: shown(short),
    date_pretty: near || shown(middle), date_long_pretty: near || shown(long), date_short_pretty: near || shown(short),
    time: shown({ hour: "2-digit", minute: "2-digit" }),
    time_secs: shown({ hour: "2-digit", minute: "2-digit", second: "2-digit" }),
    ago: new Intl.RelativeTimeFormat("en-GB", { numeric: "auto" }).format(Math.round(seconds / size), unit),
    day_divider_pretty: near || shown(long),
  };
};

export const dateWords = (unix, format, tz) => {
  const parts = dateParts(new Date(Number(unix) * 1000), tz);
  return format.replace(/\{([a-z_]+)\}/g, (whole, name) => parts[name] ?? whole);
};

const link = (address, words) => {
  if (!/^(https?:|mailto:)/i.test(address)) return document.createTextNode(words);
  return node("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, words);
};

const angled = (inside, names, tz) => {
  const [target, label] = inside.split(/\|(.*)/s);
  if (target.startsWith("@")) return node("span", { class: "mention" }, `@${names[target.slice(1)] || label || target.slice(1)}`);
  if (target.startsWith("#")) return node("span", { class: "mention" }, `#${names[target.slice(1)] || label || target.slice(1)}`);
  if (target.startsWith("!date^")) {
    const [, unix, format, where] = target.split("^");
    const shown = node("time", { datetime: new Date(Number(unix) * 1000).toISOString(), title: plainly(label || "") }, dateWords(unix, format, tz));
    return where ? link(plainly(where), shown.textContent) : shown;
  }
  if (target.startsWith("!")) return node("span", { class: "mention loud" }, `@${plainly(label || target.slice(1).split("^")[0])}`);
  return link(plainly(target), plainly(label || target));
};

const EDGE_BEFORE = String.raw`(?<![\p{L}\p{N}*_~])`;
const EDGE_AFTER = String.raw`(?![\p{L}\p{N}*_~])`;
const span = (mark) => `${EDGE_BEFORE}[${mark}](?=\\S)([^\\n${mark}]*?[^\\s${mark}])[${mark}]${EDGE_AFTER}`;
const MARKS = new RegExp(
  [String.raw`\x60([^\x60\n]+)\x60`, String.raw`<([^<>\n]+)>`, span("*"), span("_"), span("~")].join("|"), "u",
);

const inline = (text, names, tz) => {
  const found = MARKS.exec(text);
  if (!found) return text ? [document.createTextNode(withEmoji(plainly(text)))] : [];
  const [whole, code, inside, bold, slanted, struck] = found;
  const before = inline(text.slice(0, found.index), names, tz);
  const after = inline(text.slice(found.index + whole.length), names, tz);
  let middle;
  if (code !== undefined) middle = node("code", {}, plainly(code));
  else if (inside !== undefined) middle = angled(inside, names, tz);
  else if (bold !== undefined) middle = node("strong", {}, inline(bold, names, tz));
  else if (slanted !== undefined) middle = node("em", {}, inline(slanted, names, tz));
  else middle = node("s", {}, inline(struck, names, tz));
  return [...before, middle, ...after];
};

const lines = (text, names, tz) => {
  const pieces = [];
  let quote = null;
  text.split("\n").forEach((line, index) => {
    const quoted = /^(&gt;|>) ?(.*)$/s.exec(line);
    if (quoted) {
      if (quote) quote.append(node("br"));
      else pieces.push((quote = node("blockquote")));
      quote.append(...inline(quoted[2], names, tz));
      return;
    }
    if (index && !quote) pieces.push(node("br"));
    quote = null;
    pieces.push(...inline(line, names, tz));
  });
  return pieces;
};

// The elements of one piece of mrkdwn. `names` turns ids into names.
export const mrkdwn = (text, names, tz) =>
  text.split("```").flatMap((piece, index) =>
    index % 2 ? [node("pre", {}, node("code", {}, plainly(piece.replace(/^\n/, ""))))] : lines(piece, names, tz));

// A text object, plain or mrkdwn.
export const textOf = (object, names, tz) => {
  if (!object) return [];
  if (object.type === "mrkdwn") return mrkdwn(object.text, names, tz);
  return withEmoji(object.text).split("\n").flatMap((line, index) => (index ? [node("br"), line] : [line]));
};

const RICH_STYLES = { bold: "strong", italic: "em", strike: "s", code: "code" };

const richPiece = (piece, names, tz) => {
  let shown;
  if (piece.type === "text") shown = document.createTextNode(piece.text);
  else if (piece.type === "emoji") shown = document.createTextNode(emoji(piece.name));
  else if (piece.type === "link") shown = link(piece.url, piece.text || piece.url);
  else if (piece.type === "user") shown = node("span", { class: "mention" }, `@${names[piece.user_id] || piece.user_id}`);
  else if (piece.type === "channel") shown = node("span", { class: "mention" }, `#${names[piece.channel_id] || piece.channel_id}`);
  else if (piece.type === "broadcast") shown = node("span", { class: "mention loud" }, `@${piece.range}`);
  else if (piece.type === "date") shown = document.createTextNode(dateWords(piece.timestamp, piece.format, tz));
  else shown = document.createTextNode(piece.text || "");
  for (const [name, tag] of Object.entries(RICH_STYLES)) if (piece.style?.[name]) shown = node(tag, {}, shown);
  return shown;
};

// The elements of a rich_text block.
export const rich = (block, names, tz) =>
  block.elements.map((part) => {
    const inside = () => part.elements.map((piece) => richPiece(piece, names, tz));
    if (part.type === "rich_text_list") {
      const items = part.elements.map((item) => node("li", {}, item.elements.map((piece) => richPiece(piece, names, tz))));
      return node(part.style === "ordered" ? "ol" : "ul", {}, items);
    }
    if (part.type === "rich_text_preformatted") return node("pre", {}, node("code", {}, inside()));
    if (part.type === "rich_text_quote") return node("blockquote", {}, inside());
    return node("p", { class: "rich" }, inside());
  });
