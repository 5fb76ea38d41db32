// The time line: exchanges in columns by status, the slowest of each as a line, zoom by dragging or by keys.

import { clock, count, duration, element } from "./text.js";

const NAMESPACE = "http://www.w3.org/2000/svg";
const KINDS = ["c-good", "c-other", "c-refused", "c-failed", "c-none"];
const WORDS = ["succeeded", "redirected", "refused (4xx)", "failed (5xx)", "unanswered"];

function shape(name, attributes) {
  const made = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

export class Timeline {
  /** `zoom(from, to)` is called with microseconds, or `null` twice for the whole. */
  constructor(host, zoom) {
    this.zoom = zoom;
    this.view = null;
    this.cursor = null;
    this.stack = [];
    this.svg = shape("svg", { preserveAspectRatio: "none", "aria-hidden": "true" });
    this.band = element("div", { class: "band", hidden: true });
    this.line = element("div", { class: "cursor", hidden: true });
    this.tip = element("div", { class: "tip", hidden: true });
    this.buttons = element("div", { class: "zoom", hidden: true },
      element("button", { type: "button", onclick: () => this.back(), title: "Take back the zoom (Esc)" }, "back"));
    this.plot = element("div", {
      class: "plot", tabindex: "0", role: "slider", "aria-label": "Time line",
      "aria-valuemin": "0", "aria-valuemax": "0", "aria-valuenow": "0", "aria-valuetext": "nothing yet",
    }, this.svg, this.band, this.line, this.tip, this.buttons);
    this.axis = element("div", { class: "axis", "aria-hidden": "true" });
    host.append(this.plot, this.axis);
    this.plot.addEventListener("pointerdown", (event) => this.press(event));
    this.plot.addEventListener("pointermove", (event) => this.move(event));
    this.plot.addEventListener("pointerup", (event) => this.release(event));
    this.plot.addEventListener("pointercancel", () => this.drop());
    this.plot.addEventListener("pointerleave", () => { if (this.start === undefined && document.activeElement !== this.plot) this.hide(); });
    this.plot.addEventListener("blur", () => this.hide());
    this.plot.addEventListener("keydown", (event) => this.key(event));
    this.plot.addEventListener("dblclick", () => this.back());
  }

  get columns() {
    return Math.max(60, Math.min(400, Math.floor(this.plot.clientWidth / 4)));
  }

  draw(view, isZoomed) {
    this.view = view;
    this.buttons.hidden = !isZoomed;
    if (!isZoomed) this.stack = [];
    const columns = view.columns;
    const most = Math.max(1, ...columns.map((c) => c[0] + c[1] + c[2] + c[3] + c[4]));
    const slowest = Math.max(1, ...columns.map((c) => c[5]));
    this.svg.setAttribute("viewBox", `0 0 ${Math.max(1, columns.length)} 100`);
    const paths = ["", "", "", "", ""];
    let slow = "";
    columns.forEach((column, index) => {
      let top = 100;
      const total = column[0] + column[1] + column[2] + column[3] + column[4];
      // Failures lie at the bottom, and are never too small to be seen.
      for (const kind of [3, 4, 2, 1, 0]) {
        if (!column[kind]) continue;
        const height = Math.max(kind >= 2 ? 4 : 1.5, (88 * column[kind]) / most);
        top -= height;
        paths[kind] += `M${index + 0.08} ${top}h.84v${height}h-.84z`;
      }
      if (total) slow += `${slow ? "L" : "M"}${index + 0.5} ${98 - (86 * Math.log1p(column[5])) / Math.log1p(slowest)}`;
    });
    this.svg.replaceChildren(...paths.map((path, kind) => shape("path", { d: path || "M0 0", class: KINDS[kind] })));
    if (slow) this.svg.append(shape("path", { d: slow, class: "slow" }));
    this.label();
    this.plot.setAttribute("aria-valuemax", String(Math.max(0, columns.length - 1)));
    this.plot.setAttribute("aria-valuetext", this.words(this.cursor));
    if (this.cursor !== null && document.activeElement === this.plot) this.point(Math.min(this.cursor, columns.length - 1));
  }

  label() {
    const { from_us: from, to_us: to } = this.view;
    const wanted = Math.max(2, Math.floor(this.plot.clientWidth / 130));
    const precise = to - from < wanted * 1e6;
    this.axis.replaceChildren(...Array.from({ length: wanted + 1 }, (_, index) => {
      const label = element("span", {}, clock(from + ((to - from) * index) / wanted, precise));
      label.style.left = `${(100 * index) / wanted}%`;
      return label;
    }));
  }

  words(column) {
    if (!this.view) return "nothing yet";
    if (column === null) return `${count(this.view.total)} exchanges`;
    const values = this.view.columns[column];
    if (!values) return "";
    const parts = WORDS.map((word, kind) => (values[kind] ? `${count(values[kind])} ${word}` : null)).filter(Boolean);
    const slow = values[5] ? `, slowest ${duration(values[5])}` : "";
    return `${clock(this.time(column))}: ${parts.join(", ") || "nothing"}${slow}`;
  }

  time(column) {
    const { from_us: from, to_us: to, columns } = this.view;
    return from + ((to - from) * column) / Math.max(1, columns.length);
  }

  column(event) {
    const box = this.plot.getBoundingClientRect();
    const share = Math.max(0, Math.min(0.99999, (event.clientX - box.left) / box.width));
    return Math.floor(share * this.view.columns.length);
  }

  point(column) {
    this.cursor = column;
    const share = (column + 0.5) / this.view.columns.length;
    this.line.hidden = false;
    this.line.style.left = `${100 * share}%`;
    this.tip.hidden = false;
    this.tip.textContent = this.words(column);
    this.tip.style.left = share < 0.5 ? `calc(${100 * share}% + 8px)` : "auto";
    this.tip.style.right = share < 0.5 ? "auto" : `calc(${100 * (1 - share)}% + 8px)`;
    this.plot.setAttribute("aria-valuenow", String(column));
    this.plot.setAttribute("aria-valuetext", this.words(column));
  }

  hide() {
    this.line.hidden = true;
    this.tip.hidden = true;
  }

  press(event) {
    if (!this.view?.columns.length || event.button !== 0 || event.target.closest("button")) return;
    this.start = this.column(event);
    this.plot.setPointerCapture(event.pointerId);
  }

  move(event) {
    if (!this.view?.columns.length) return;
    const column = this.column(event);
    this.point(column);
    if (this.start === undefined) return;
    const [low, high] = [Math.min(this.start, column), Math.max(this.start, column) + 1];
    this.band.hidden = low + 1 === high;
    this.band.style.left = `${(100 * low) / this.view.columns.length}%`;
    this.band.style.width = `${(100 * (high - low)) / this.view.columns.length}%`;
  }

  release(event) {
    if (this.start === undefined) return;
    const column = this.column(event);
    const [low, high] = [Math.min(this.start, column), Math.max(this.start, column) + 1];
    this.drop();
    if (high - low > 1) this.into(low, high);
  }

  drop() {
    this.start = undefined;
    this.band.hidden = true;
  }

  into(low, high) {
    if (this.view.to_us - this.view.from_us < 2) return;
    this.stack.push([this.view.from_us, this.view.to_us]);
    this.zoom(this.time(low), this.time(high));
  }

  /** One step back; false where there is none. */
  back() {
    if (this.buttons.hidden) return false;
    this.stack.pop();
    const range = this.stack.length ? this.stack[this.stack.length - 1] : null;
    // The first step of the stack is the whole.
    if (this.stack.length && range && this.stack.length > 0) this.zoom(range[0], range[1]);
    else this.zoom(null, null);
    return true;
  }

  key(event) {
    const columns = this.view?.columns.length ?? 0;
    if (!columns || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = this.cursor ?? 0;
    const step = event.shiftKey ? 10 : 1;
    const moves = { ArrowLeft: at - step, ArrowRight: at + step, PageDown: at + 20, PageUp: at - 20, Home: 0, End: columns - 1 };
    if (event.key in moves) this.point(Math.max(0, Math.min(columns - 1, moves[event.key])));
    else if (event.key === "Enter" || event.key === "+" || event.key === "ArrowUp") {
      const half = Math.max(1, Math.floor(columns / 10));
      this.into(Math.max(0, at - half), Math.min(columns, at + half + 1));
    } else if (event.key === "-" || event.key === "ArrowDown") this.back();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
