// Text and numbers for people. What came from traffic becomes text nodes and nothing else.

/** An element with attributes and children; strings become text nodes, `null` and `false` nothing. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key === "class") made.className = value;
    else made.setAttribute(key, value === true ? "" : String(value));
  }
  for (const child of children.flat()) {
    if (child === null || child === undefined || child === false) continue;
    made.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return made;
}

// Characters that steer a terminal or turn the direction of text are shown as themselves.
const UNSEEN = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/g;

/** The text with characters that cannot be seen made visible. */
export function visible(text) {
  return String(text).replace(UNSEEN, (character) => {
    const code = character.codePointAt(0);
    if (code < 0x20) return String.fromCodePoint(0x2400 + code);
    if (code === 0x7f) return "\u2421";
    return "\u27E8U+" + code.toString(16).toUpperCase().padStart(4, "0") + "\u27E9";
  });
}

export function count(value) {
  return Number(value).toLocaleString("en-US");
}

/** A span of time given in microseconds. */
export function duration(microseconds) {
  if (microseconds === null || microseconds === undefined) return "–";
  const value = Math.abs(microseconds);
  const sign = microseconds < 0 ? "−" : "";
  if (value < 999.5) return sign + Math.round(value) + " µs";
  if (value < 999500) return sign + digits(value / 1e3) + " ms";
  if (value < 59.95e6) return sign + digits(value / 1e6) + " s";
  const seconds = Math.round(value / 1e6);
  if (seconds < 3600) return `${sign}${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
  return `${sign}${Math.floor(seconds / 3600)} h ${String(Math.floor((seconds % 3600) / 60)).padStart(2, "0")} min`;
}

export function bytes(value) {
  if (value < 1024) return value + " B";
  const units = ["KiB", "MiB", "GiB", "TiB"];
  let size = value;
  let unit = -1;
  do { size /= 1024; unit += 1; } while (size >= 1023.5 && unit < units.length - 1);
  return digits(size) + " " + units[unit];
}

function digits(value) {
  return value < 9.995 ? value.toFixed(2) : value < 99.95 ? value.toFixed(1) : Math.round(value).toString();
}

/** A moment in microseconds behind the start of the trace, as `12:03.456`. */
export function clock(microseconds, precise = true) {
  const sign = microseconds < 0 ? "−" : "";
  const total = Math.abs(microseconds);
  const hours = Math.floor(total / 3.6e9);
  const minutes = Math.floor((total / 6e7) % 60);
  const seconds = (total / 1e6) % 60;
  const tail = precise ? (Math.floor(seconds * 1000) / 1000).toFixed(3).padStart(6, "0")
    : String(Math.floor(seconds)).padStart(2, "0");
  return sign + (hours ? hours + ":" + String(minutes).padStart(2, "0") : String(minutes)) + ":" + tail;
}

/** The class of a status, by colour and by word. */
export function statusClass(status) {
  if (!status) return "none";
  if (status < 300 && status >= 200) return "good";
  if (status < 400) return "other";
  return status < 500 ? "refused" : "failed";
}

/** Whether a row of the list is worth a word: flags that people look for. */
const SHOWN_FLAGS = new Set(["truncated", "gap", "incomplete", "no-request", "reset", "smuggling", "upgraded", "pipelined", "joined"]);
export function shownFlags(flags) {
  return flags.filter((flag) => SHOWN_FLAGS.has(flag));
}

/** Marks values in a text: pseudonyms, and what was searched for. Answers nodes. */
export class Marker {
  constructor(marks, found) {
    const values = new Map();
    for (const mark of marks) {
      if (!mark.value || mark.value.length < 2) continue;
      for (const spelling of spellings(mark.value)) if (!values.has(spelling)) values.set(spelling, mark);
    }
    this.values = values;
    const longest = [...values.keys()].sort((a, b) => b.length - a.length).slice(0, 400);
    this.pattern = longest.length ? new RegExp(longest.map(escaped).join("|"), "g") : null;
    this.found = found ? new RegExp(escaped(found), "gi") : null;
  }

  /** Nodes for a text that came from traffic. */
  nodes(text) {
    if (!this.pattern) return this.searched(text);
    const nodes = [];
    let done = 0;
    for (const match of text.matchAll(this.pattern)) {
      nodes.push(...this.searched(text.slice(done, match.index)));
      const mark = this.values.get(match[0]);
      nodes.push(element("mark", { class: "pseudonym", title: `anonymized: ${mark.kind} (${mark.place})` }, ...this.searched(match[0])));
      done = match.index + match[0].length;
    }
    nodes.push(...this.searched(text.slice(done)));
    return nodes;
  }

  searched(text) {
    if (!text) return [];
    if (!this.found) return [document.createTextNode(visible(text))];
    const nodes = [];
    let done = 0;
    for (const match of text.matchAll(this.found)) {
      if (match.index > done) nodes.push(document.createTextNode(visible(text.slice(done, match.index))));
      nodes.push(element("mark", { class: "found" }, visible(match[0])));
      done = match.index + match[0].length;
    }
    if (done < text.length) nodes.push(document.createTextNode(visible(text.slice(done))));
    return nodes;
  }
}

/** A value as it may stand in a text: as it is, in a URL, in a form, in JSON. */
function spellings(value) {
  const inURL = encodeURIComponent(value.toWellFormed());
  return new Set([value, inURL, inURL.replaceAll("%20", "+"), value.replaceAll(" ", "+"), JSON.stringify(value).slice(1, -1)]);
}

function escaped(text) {
  return text.replace(/[.*+?^${}()|[\]\\\/-]/g, "\\$&");
}
