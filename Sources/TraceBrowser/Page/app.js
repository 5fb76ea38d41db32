// The page: what is asked for stands in the address behind `#`, so that it survives a reload.

import { Detail } from "./detail.js";
import { ExchangeList } from "./list.js";
import { ask, ServerError } from "./server.js";
import { Timeline } from "./timeline.js";
import { bytes, count, duration, element, visible } from "./text.js";

const get = (id) => document.getElementById(id);
const CLASSES = [["2xx", "good", "succeeded"], ["3xx", "other", "redirected"], ["4xx", "refused", "refused"], ["5xx", "failed", "failed"], ["none", "none", "unanswered"]];

const state = { query: "", from: null, to: null, exchange: null, trace: null, isReading: true };
let controller = new AbortController();

const list = new ExchangeList(get("list"), {
  load: (offset, size, signal) => ask("exchanges", { q: state.query, from: state.from, to: state.to, offset, count: size }, signal),
  open: (row) => open(row.exchange),
  told: () => countLine(),
  fail: (error) => say(error.message, true),
});
list.isOpen = () => !get("detail").hidden;
const timeline = new Timeline(get("timeline"), (from, to) => look({ from, to }));
const detail = new Detail(get("detail"), { filter: (term) => { get("query").value = joined(state.query, term); submit(); }, close: () => shut(), say, target: null });

function say(text, isBad = false) {
  const message = get("message");
  message.textContent = text;
  message.classList.toggle("bad", isBad);
}

/** Changes what is looked at, and shows it. */
function look(change) {
  Object.assign(state, change);
  remember();
  list.reset();
  show();
}

function remember() {
  const parts = new URLSearchParams();
  if (state.query) parts.set("q", state.query);
  if (state.from !== null) { parts.set("from", Math.round(state.from)); parts.set("to", Math.round(state.to)); }
  if (state.exchange !== null) parts.set("n", state.exchange);
  history.replaceState(null, "", "#" + parts.toString());
}

let last = null;
let again = null;

async function show() {
  controller.abort();
  controller = new AbortController();
  clearTimeout(again);
  const { signal } = controller;
  try {
    const view = await ask("view", { q: state.query, from: state.from, to: state.to, columns: timeline.columns }, signal);
    last = view;
    get("query").removeAttribute("aria-invalid");
    timeline.draw(view, state.from !== null);
    statuses(view);
    routes(view);
    list.setTotal(view.total);
    countLine();
    if (view.search?.failure) say(view.search.failure, true);
    else if (view.search && !view.search.finished) say(`Searching: ${Math.floor(100 * view.search.share)} % of the trace`);
    else if (!get("message").classList.contains("bad") || view.search) say("");
    if (view.search && !view.search.finished) again = setTimeout(() => { list.refresh(); show(); }, 400);
    else if (state.wasSearching) list.refresh();
    state.wasSearching = Boolean(view.search && !view.search.finished);
  } catch (error) {
    if (error.name === "AbortError") return;
    if (error instanceof ServerError) get("query").setAttribute("aria-invalid", "true");
    say(error.message, true);
  }
}

function countLine() {
  const parts = [`${count(list.total)} ${list.total === 1 ? "exchange" : "exchanges"}`];
  if (state.total && list.total !== state.total) parts.push(`of ${count(state.total)}`);
  if (state.from !== null) parts.push(`in ${duration(state.to - state.from)}`);
  get("count").textContent = parts.join(" ") + (state.query && last?.search && !last.search.finished ? " so far" : "");
}

/** A query without the terms of a key, or with one more. */
function without(query, key) {
  return words(query).filter((word) => !word.startsWith(key + "=") && !word.startsWith(key + "!=")).join(" ");
}
function words(query) {
  // As the server reads them: a quote ends a word only before a blank or the end.
  return query.match(/"(?:[^"]|"(?=\S))*"(?=\s|$)|\S+/g) ?? [];
}
function joined(query, term) {
  const key = term.split("=")[0];
  return [without(query, key), term].filter(Boolean).join(" ");
}
function has(query, term) {
  return words(query).includes(term);
}
function toggle(term, others = []) {
  let query = state.query;
  if (has(query, term)) query = words(query).filter((word) => word !== term).join(" ");
  else { for (const key of others) query = without(query, key); query = joined(query, term); }
  get("query").value = query;
  submit();
}

function statuses(view) {
  const counts = { good: 0, other: 0, refused: 0, failed: 0, none: 0 };
  for (const [status, number] of view.statuses) {
    counts[!status ? "none" : status >= 500 ? "failed" : status >= 400 ? "refused" : status >= 200 && status < 300 ? "good" : "other"] += number;
  }
  get("statuses").replaceChildren(...CLASSES.map(([name, kind, word]) => {
    const term = `status=${name}`;
    return element("button", {
      type: "button", "aria-pressed": String(has(state.query, term)), title: word,
      onclick: () => toggle(term, ["status"]),
    }, element("i", { class: "c-" + kind }), `${name === "none" ? "no answer" : name} ${count(counts[kind])}`);
  }));
}

function routes(view) {
  get("route-count").textContent = view.route_count > view.routes.length ? `${view.routes.length} of ${count(view.route_count)}` : count(view.route_count);
  const most = Math.max(1, ...view.routes.map((route) => route.count));
  get("routes").replaceChildren(...view.routes.map((route) => {
    // Blanks and commas would end the term.
    const pattern = route.route.replace(/[\s,"]/g, "*");
    const term = `route=${pattern}`;
    const method = `method=${route.method}`;
    const isOn = has(state.query, term) && has(state.query, method);
    const share = element("div", { class: "share", "aria-hidden": "true" }, element("span"), element("span", { class: "bad" }));
    share.children[0].style.width = `${(100 * (route.count - route.failed)) / most}%`;
    share.children[1].style.width = `${(100 * route.failed) / most}%`;
    return element("li", {}, element("button", {
      type: "button", "aria-pressed": String(isOn), title: `${visible(route.method)} ${visible(route.route)}: slowest ${duration(route.slowest_us)}`,
      onclick: () => {
        let query = without(without(state.query, "route"), "method");
        if (!isOn) query = joined(joined(query, method), term);
        get("query").value = query;
        submit();
      },
    }, element("span", { class: "wire" }, element("b", {}, visible(route.method)), " ", visible(route.route)),
      element("span", { class: "counts" }, count(route.count), route.failed ? ` · ${count(route.failed)} failed` : ""), share));
  }));
}

function submit() {
  const query = get("query").value.trim();
  if (query === state.query) return;
  say("");
  look({ query });
}

/** The text that is searched for, to be pointed out. */
function sought() {
  return words(state.query).filter((word) => /^".*"$/.test(word) || !/^[a-z]+(:[^=\s]+)?!?=/.test(word)).map((word) => word.replace(/^"(.*)"$/, "$1")).join(" ");
}

let opening = new AbortController();
async function open(exchange) {
  opening.abort();
  opening = new AbortController();
  try {
    const value = await ask("exchange", { n: exchange }, opening.signal);
    state.exchange = exchange;
    remember();
    document.querySelector(".columns").classList.add("open");
    get("detail").hidden = false;
    detail.show(value, sought());
    if (matchMedia("(max-width: 52rem)").matches) get("detail").focus();
    else list.show(list.selected);
  } catch (error) {
    if (error.name !== "AbortError") say(error.message, true);
  }
}

function shut() {
  document.querySelector(".columns").classList.remove("open");
  get("detail").hidden = true;
  state.exchange = null;
  remember();
  get("list").focus({ preventScroll: true });
}

function facts(trace, reading) {
  const pieces = [];
  if (trace.anonymized) {
    const values = Object.values(trace.anonymized_values).reduce((sum, value) => sum + value, 0);
    pieces.push(element("span", { class: "pill", title: trace.anonymizers.join(", ") }, values ? `anonymized: ${count(values)} values` : "anonymized"));
  } else {
    pieces.push(element("span", { class: "pill warn", title: "payloads stand in it as they were captured" }, "not anonymized"));
  }
  pieces.push(element("span", {}, element("b", {}, count(reading.exchanges)), " exchanges in ", element("b", {}, duration(reading.last_us - reading.first_us))));
  pieces.push(element("span", {}, "from ", trace.origin.replace("T", " ").replace(/\.\d+Z$/, " UTC")));
  if (reading.left_out) pieces.push(element("span", { class: "pill warn" }, `${count(reading.left_out)} more are not listed`));
  if (reading.damage.length) pieces.push(element("span", { class: "pill warn", title: visible(reading.damage.join("\n")) }, "damaged or unfinished"));
  if (reading.observed === "reading") pieces.push(element("span", {}, "reading what was observed …"));
  if (reading.observed === "read") pieces.push(element("span", { title: visible(trace.observed_path) }, `compared with ${count(reading.observed_answers)} observed answers`));
  if (reading.observed === "failed") pieces.push(element("span", { class: "pill warn" }, visible(reading.observed_failure)));
  if (reading.failure) say(reading.failure, true);
  get("facts").replaceChildren(...pieces);
}

async function follow() {
  let reading;
  try {
    reading = await ask("state");
  } catch (error) {
    say(error.message, true);
    return;
  }
  facts(state.trace, reading);
  const grew = reading.exchanges !== state.total;
  state.total = reading.exchanges;
  const busy = !reading.finished || reading.observed === "reading";
  const progress = get("progress");
  progress.hidden = !busy;
  progress.firstElementChild.style.width = `${100 * reading.share}%`;
  progress.setAttribute("aria-valuenow", String(Math.floor(100 * reading.share)));
  if (grew || (state.isReading && !busy)) { list.refresh(); await show(); }
  state.isReading = busy;
  if (busy) setTimeout(follow, grew ? 500 : 250);
  else document.documentElement.dataset.ready = "true";
}

function keys(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const isTyping = event.target instanceof Element && event.target.matches("input, textarea, select");
  if (event.key === "Escape") {
    if (get("help").open) return;
    if (isTyping) { event.target.blur(); get("list").focus({ preventScroll: true }); return; }
    if (!get("detail").hidden) shut();
    else if (!timeline.back() && state.query) { get("query").value = ""; submit(); }
    return;
  }
  if (isTyping || get("help").open) return;
  const actions = {
    "/": () => { get("query").focus(); get("query").select(); },
    "?": () => get("help").showModal(),
    j: () => list.select(list.selected + 1, list.isOpen()),
    k: () => list.select(list.selected < 0 ? 0 : list.selected - 1, list.isOpen()),
    t: () => { timeline.plot.focus(); timeline.point(timeline.cursor ?? 0); },
    c: () => detail.copy(),
    1: () => detail.select("response"), 2: () => detail.select("request"), 3: () => detail.select("compare"), 4: () => detail.select("details"),
  };
  if (event.key === "Enter" && event.target === document.body && list.selected >= 0) list.select(list.selected, true);
  else if (actions[event.key]) { event.preventDefault(); actions[event.key](); }
}

async function begin() {
  const parts = new URLSearchParams(location.hash.slice(1));
  state.query = parts.get("q") ?? "";
  if (parts.has("from") && parts.has("to")) { state.from = Number(parts.get("from")); state.to = Number(parts.get("to")); }
  get("query").value = state.query;
  if (matchMedia("(max-width: 52rem)").matches) get("routes-box").open = false;
  try {
    state.trace = await ask("trace");
  } catch (error) {
    say(error.message, true);
    return;
  }
  const name = state.trace.path.split("/").pop();
  get("name").textContent = visible(name);
  document.title = `${visible(name)} – Tapedeck`;
  detail.target = state.trace.target;
  get("search").addEventListener("submit", (event) => { event.preventDefault(); submit(); get("list").focus({ preventScroll: true }); });
  let typing;
  get("query").addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(submit, 350); });
  get("help-button").addEventListener("click", () => get("help").showModal());
  document.addEventListener("keydown", keys);
  let resizing;
  addEventListener("resize", () => { clearTimeout(resizing); resizing = setTimeout(show, 200); });
  await follow();
  if (parts.has("n")) await open(parts.get("n"));
}

begin();
