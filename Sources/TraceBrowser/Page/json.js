// JSON as it was written: the tokens of the text, indented. Parsing it would lose the spelling of numbers, members of the
// same name, and their order.

import { element } from "./text.js";

const TOKEN = /\s+|"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|[{}\[\],:]/y;

/** The lines of a JSON text with their depths and paths; `null` where it is none, as far as tokens tell. */
export function jsonLines(text) {
  const lines = [];
  let line = { depth: 0, tokens: [], path: "$" };
  const levels = [];
  let key = null;
  const flush = (depth) => {
    if (line.tokens.length) lines.push(line);
    line = { depth, tokens: [], path: path(levels, key) };
  };
  TOKEN.lastIndex = 0;
  let position = 0;
  let previous = null;
  while (position < text.length) {
    TOKEN.lastIndex = position;
    const match = TOKEN.exec(text);
    if (!match) {
      // A text that was cut ends in the middle of a token.
      line.tokens.push({ kind: "p", text: text.slice(position) });
      flush(0);
      return lines.length ? lines : null;
    }
    position = TOKEN.lastIndex;
    const token = match[0];
    if (/^\s/.test(token)) continue;
    const level = levels[levels.length - 1];
    if (token === "{" || token === "[") {
      line.tokens.push({ kind: "p", text: token });
      levels.push({ isObject: token === "{", index: 0, key: null });
      previous = token;
      // An empty one stays on its line.
      const rest = /\s*[}\]]/y;
      rest.lastIndex = position;
      const close = rest.exec(text);
      if (close) {
        line.tokens.push({ kind: "p", text: close[0].trim() });
        levels.pop();
        position = rest.lastIndex;
        previous = "}";
      } else {
        flush(levels.length);
        line.path = path(levels, null);
      }
    } else if (token === "}" || token === "]") {
      levels.pop();
      flush(levels.length);
      line.tokens.push({ kind: "p", text: token });
      previous = token;
    } else if (token === ",") {
      line.tokens.push({ kind: "p", text: "," });
      if (level) { level.index += 1; level.key = null; }
      flush(levels.length);
      line.path = path(levels, null);
      previous = ",";
    } else if (token === ":") {
      line.tokens.push({ kind: "p", text: ": " });
      previous = ":";
    } else if (token[0] === '"') {
      const isKey = level?.isObject && previous !== ":";
      if (isKey) { level.key = token.slice(1, -1); line.path = path(levels, null); }
      line.tokens.push({ kind: isKey ? "k" : "s", text: token });
      previous = token;
    } else {
      line.tokens.push({ kind: /^[-\d]/.test(token) ? "n" : "w", text: token });
      previous = token;
    }
  }
  flush(0);
  return lines.length ? lines : null;
}

function path(levels) {
  let text = "$";
  for (const level of levels) text += level.isObject ? (level.key === null ? "" : "." + level.key) : `[${level.index}]`;
  return text;
}

const FIRST_LINES = 2000;

/** A block with the lines; `differs` says by path which of them to point out. */
export function jsonBlock(lines, marker, differs = () => null) {
  const block = element("pre", { class: "body", tabindex: "0" });
  const add = (from, to) => {
    const piece = document.createDocumentFragment();
    for (const line of lines.slice(from, to)) {
      const tone = differs(line.path);
      const row = element("span", { class: "ln" + (tone ? " differs-" + tone : "") });
      row.style.setProperty("--d", Math.min(line.depth, 40));
      for (const token of line.tokens) {
        if (token.kind === "p") row.append(...marker.searched(token.text));
        else row.append(element("span", { class: token.kind }, ...marker.nodes(token.text)));
      }
      piece.append(row);
    }
    if (to < lines.length) {
      const more = element("button", { type: "button", onclick: () => { more.remove(); add(to, to + 10 * FIRST_LINES); } },
        `Show ${Math.min(10 * FIRST_LINES, lines.length - to).toLocaleString("en-US")} more lines`);
      piece.append(more);
    }
    block.append(piece);
  };
  add(0, FIRST_LINES);
  return block;
}
