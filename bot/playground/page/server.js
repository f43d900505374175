// What the page knows, and how it talks with its server.

export const $ = (id) => document.getElementById(id);
const kept = (name, otherwise) => sessionStorage.getItem(`groundswell-${name}`) || otherwise;
export const keep = (name, value) => sessionStorage.setItem(`groundswell-${name}`, value);
export const here = { person: kept("person", "Asha"), channel: kept("channel", "dm"), home: kept("home", "") === "yes", thread: null, editing: null };
export let seen = null;
let show = () => {};
let looking = null;
let lookAgain = false;

export const say = async (act, more = {}) => {
  const body = { person: here.person, channel: seen?.channel || here.channel, ...more };
  try {
    const response = await fetch(`/playground/${act}`, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
    });
    const told = await response.json();
    if (told.words) notice(told.words);
    else if (!told.ok && told.error && !["command", "submit"].includes(act)) notice(`The app did not answer: ${told.error}.`);
    return told;
  } catch {
    notice("This page cannot reach its server. Is it still running?");
    return { ok: false };
  }
};

export const look = async () => {
  if (looking) { lookAgain = true; return looking; }
  looking = lookNow().finally(() => { looking = null; });
  return looking;
};

const lookNow = async () => {
  do {
    lookAgain = false;
    const query = new URLSearchParams({ person: here.person, channel: here.channel, reading: here.home ? "" : "yes" });
    const response = await fetch(`/playground/state?${query}`).catch(() => null);
    if (response?.ok) { seen = await response.json(); show(); }
    else if (response?.status === 404) { Object.assign(here, { person: "Asha", channel: "dm" }); lookAgain = true; }
  } while (lookAgain);
};

// What is to be drawn whenever there is something new to see.
export const whenSeen = (step) => { show = step; };

let poll = null;
export const listen = () => {
  const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/playground/live`);
  socket.onopen = () => { clearInterval(poll); poll = null; };
  socket.onmessage = () => look();
  socket.onclose = () => {
    poll ||= setInterval(look, 3000);
    setTimeout(listen, 2000);
  };
};

let fading = null;
export const notice = (words) => {
  $("notice").textContent = words;
  $("notice").hidden = false;
  clearTimeout(fading);
  fading = setTimeout(() => { $("notice").hidden = true; }, 6000);
};

const names = () => Object.fromEntries([
  ...seen.people.map((one) => [one.id, one.name]), ...seen.channels.map((one) => [one.id, one.name]), [seen.bot, "Groundswell"],
]);

export const surroundings = () => ({ names: names(), tz: seen.me.tz, people: seen.people, channels: seen.channels });

// Puts new children in only where something differs, so that focus and open menus stay where they are.
export const refill = (place, children) => {
  const same = place.childElementCount === children.length && children.every((child, index) => child.isEqualNode(place.children[index]));
  if (!same) place.replaceChildren(...children);
};
