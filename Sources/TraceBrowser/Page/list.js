// The list: as many rows as fit, of however many there are; pages come from the server as they are scrolled to.

import { bytes, clock, count, duration, element, shownFlags, statusClass, visible } from "./text.js";

const PAGE = 100;
const KEPT_PAGES = 40;
/** Browsers give up on taller elements; a longer list is scrolled through in proportion. */
const TALLEST = 6_000_000;

export class ExchangeList {
  /** `load(offset, count, signal)` answers a page; `open(row)` opens an exchange; `told(total)` hears of the number. */
  constructor(host, { load, open, told, fail }) {
    Object.assign(this, { host, load, open, told, fail });
    this.space = element("div", { class: "space" });
    host.append(this.space);
    this.rows = new Map();
    this.pages = new Map();
    this.pending = new Set();
    this.total = 0;
    this.selected = -1;
    this.controller = new AbortController();
    host.addEventListener("scroll", () => this.schedule(), { passive: true });
    host.addEventListener("keydown", (event) => this.key(event));
    host.addEventListener("click", (event) => {
      const row = event.target.closest(".row");
      if (row) this.select(Number(row.dataset.index), true);
    });
    new ResizeObserver(() => this.schedule()).observe(host);
  }

  get height() { return 27; }

  /** Another query: everything known is forgotten, the selection too unless it is kept. */
  reset() {
    this.controller.abort();
    this.controller = new AbortController();
    this.pages.clear();
    this.pending.clear();
    this.selected = -1;
    this.host.scrollTop = 0;
    for (const row of this.rows.values()) row.remove();
    this.rows.clear();
    this.schedule();
  }

  /** The same query, of which there may be more by now. */
  refresh() {
    this.pages.clear();
    this.schedule();
  }

  setTotal(total) {
    if (total === this.total) return;
    this.total = total;
    this.space.style.height = `${Math.min(total * this.height, TALLEST)}px`;
    this.host.setAttribute("aria-setsize", String(total));
    this.told(total);
    this.schedule();
  }

  schedule() {
    if (this.scheduled) return;
    this.scheduled = true;
    requestAnimationFrame(() => { this.scheduled = false; this.draw(); });
  }

  /** The first visible row, with a fraction. */
  get first() {
    const full = this.total * this.height;
    if (full <= TALLEST) return this.host.scrollTop / this.height;
    const most = TALLEST - this.host.clientHeight;
    return (this.host.scrollTop / most) * Math.max(0, this.total - this.host.clientHeight / this.height);
  }

  draw() {
    const visibleCount = Math.ceil(this.host.clientHeight / this.height) + 1;
    const first = this.first;
    const from = Math.max(0, Math.floor(first) - 4);
    const to = Math.min(this.total, Math.floor(first) + visibleCount + 4);
    for (const [index, row] of this.rows) {
      if (index < from || index >= to) { row.remove(); this.rows.delete(index); }
    }
    const top = this.host.scrollTop;
    for (let index = from; index < to; index += 1) {
      const value = this.value(index);
      let row = this.rows.get(index);
      const state = value ? "ready" : "waiting";
      if (!row || row.dataset.state !== state || (value && row.value !== value)) {
        const made = value ? this.row(index, value) : this.blank(index);
        if (row) row.replaceWith(made); else this.space.append(made);
        this.rows.set(index, made);
        row = made;
      }
      row.style.top = `${Math.round(top + (index - first) * this.height)}px`;
      row.setAttribute("aria-selected", String(index === this.selected));
    }
    const chosen = this.rows.get(this.selected);
    if (chosen) this.host.setAttribute("aria-activedescendant", chosen.id);
    else this.host.removeAttribute("aria-activedescendant");
    if (!this.total) this.want(0);
  }

  value(index) {
    const page = Math.floor(index / PAGE);
    const rows = this.pages.get(page);
    if (!rows) { this.want(page); return null; }
    return rows[index - page * PAGE] ?? null;
  }

  async want(page) {
    if (this.pending.has(page) || this.pages.has(page)) return;
    this.pending.add(page);
    const { signal } = this.controller;
    try {
      const answer = await this.load(page * PAGE, PAGE, signal);
      if (signal.aborted) return;
      this.pages.set(page, answer.rows);
      if (this.pages.size > KEPT_PAGES) this.pages.delete(this.pages.keys().next().value);
      this.setTotal(answer.total);
      this.schedule();
    } catch (error) {
      if (error.name !== "AbortError") this.fail(error);
    } finally {
      if (!signal.aborted) this.pending.delete(page);
    }
  }

  blank(index) {
    const row = element("div", { class: "row waiting", id: "row-" + index, role: "option", "data-index": index, "data-state": "waiting" },
      element("span", { class: "target" }, "…"));
    return row;
  }

  row(index, value) {
    const target = value.target ?? value.route ?? "";
    const query = target.indexOf("?");
    const kind = statusClass(value.status);
    const tags = shownFlags(value.flags).map((flag) => element("span", { class: "tag warn" }, flag));
    if (value.noted) tags.push(element("span", { class: "tag" }, "noted"));
    if (value.changed) {
      tags.push(element("span", { class: "tag warn", title: "the observed answer has another status or length" },
        value.observed_status === value.status ? "length" : `→ ${value.observed_status || "none"}`));
    }
    const row = element("div", {
      class: "row", id: "row-" + index, role: "option", "data-index": index, "data-state": "ready",
      "aria-posinset": index + 1,
      "aria-label": `${value.method ?? ""} ${visible(target).slice(0, 200)}, ${value.status || "no response"}, ${duration(value.duration_us)}`,
    },
      element("span", { class: "time" }, clock(value.start_us)),
      element("span", { class: "method" }, visible(value.method ?? "")),
      element("span", { class: `status s-${kind}` }, value.status || "–"),
      element("span", { class: "target", title: visible(target) }, ...tags,
        visible(query < 0 ? target : target.slice(0, query)),
        query < 0 ? null : element("span", { class: "query" }, visible(target.slice(query)))),
      element("span", { class: "took" }, duration(value.duration_us)),
      element("span", { class: "size right" }, bytes(value.response_bytes)),
      element("span", { class: "connection right" }, value.connection ?? "–"));
    row.value = value;
    return row;
  }

  /** Chooses a row, scrolls to it, and opens it where that is wanted. */
  async select(index, opens) {
    if (!this.total) return;
    this.selected = Math.max(0, Math.min(this.total - 1, index));
    this.show(this.selected);
    this.draw();
    if (!opens) return;
    const wanted = this.selected;
    const page = Math.floor(wanted / PAGE);
    if (!this.pages.has(page)) {
      await this.want(page);
      for (let turn = 0; turn < 100 && !this.pages.has(page); turn += 1) await new Promise((done) => setTimeout(done, 20));
    }
    const value = this.pages.get(page)?.[wanted - page * PAGE];
    if (value && wanted === this.selected) this.open(value);
  }

  show(index) {
    const rows = this.host.clientHeight / this.height;
    const first = this.first;
    if (index >= first && index + 1 <= first + rows) return;
    const wanted = index < first ? index : index + 1 - rows;
    const full = this.total * this.height;
    this.host.scrollTop = full <= TALLEST ? wanted * this.height
      : (wanted / Math.max(1, this.total - rows)) * (TALLEST - this.host.clientHeight);
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const rows = Math.max(1, Math.floor(this.host.clientHeight / this.height) - 1);
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: rows, PageUp: -rows };
    if (event.key in moves) this.select(this.selected < 0 ? 0 : this.selected + moves[event.key], this.isOpen?.());
    else if (event.key === "Home") this.select(0, this.isOpen?.());
    else if (event.key === "End") this.select(this.total - 1, this.isOpen?.());
    else if (event.key === "Enter" && this.selected >= 0) this.select(this.selected, true);
    else return;
    event.preventDefault();
  }
}

export { count };
