// One exchange in full.

import { jsonBlock, jsonLines } from "./json.js";
import { post } from "./server.js";
import { bytes, clock, count, duration, element, Marker, statusClass, visible } from "./text.js";

/** A value longer than this is shown in part until it is asked for. */
const LONG = 4000;
const TABS = [["response", "Response"], ["request", "Request"], ["compare", "Compare"], ["details", "Details"]];

export class Detail {
  /** `filter(term)` adds a term to the query; `close()` is asked for by the button; `say(text, isBad)` tells. */
  constructor(host, { filter, close, say, target }) {
    Object.assign(this, { host, filter, close, say });
    this.target = target;
    this.tab = "response";
    this.exchange = null;
    this.sent = null;
    this.raw = new Set();
  }

  show(exchange, found) {
    if (this.exchange?.exchange !== exchange.exchange) { this.sent = null; this.raw.clear(); }
    this.exchange = exchange;
    this.marker = {
      request: new Marker(exchange.marks.filter((mark) => mark.side === "request"), found),
      response: new Marker(exchange.marks.filter((mark) => mark.side === "response"), found),
      plain: new Marker([], found),
    };
    this.draw();
    this.host.scrollTop = 0;
  }

  select(tab) {
    if (!this.exchange || !TABS.some(([name]) => name === tab)) return;
    this.tab = tab;
    this.draw();
  }

  draw() {
    const { exchange } = this;
    const { request, response } = exchange;
    const status = response?.status ?? 0;
    const other = this.sent?.observed ?? exchange.observed;
    const verdict = other ? (other.check?.verdict ?? "fail") : null;
    const tools = [
      exchange.curl && element("button", { type: "button", onclick: () => this.copy(), title: "c" }, "Copy as curl"),
      this.target && request && element("button", { type: "button", class: "send", onclick: () => this.send() }, "Send once to ", element("code", {}, visible(this.target))),
      request && this.download("request", request), response && this.download("response", response),
    ];
    this.host.replaceChildren(
      element("div", { class: "top" },
        element("div", { class: "line" },
          element("span", { class: `status s-${statusClass(status)}` }, status || "no response"),
          element("h2", {}, element("span", { class: "method" }, visible(request?.method ?? "?"), " "),
            ...this.long(request?.target ?? "(the request is not in the trace)", this.marker.request)),
          element("button", { type: "button", class: "quiet", onclick: this.close, "aria-label": "Close (Esc)", title: "Esc" }, "✕")),
        element("div", { class: "tools" }, ...tools),
        element("div", { class: "tabs", role: "tablist", "aria-label": "Parts of the exchange" }, ...TABS.map(([name, words], index) =>
          element("button", {
            type: "button", role: "tab", id: "tab-" + name, "aria-controls": "pane", "aria-selected": String(this.tab === name),
            title: String(index + 1), onclick: () => this.select(name),
          }, words, this.badge(name, verdict, other))))),
      element("div", { class: "pane", id: "pane", role: "tabpanel", "aria-labelledby": "tab-" + this.tab }, ...this.pane(other)));
  }

  badge(name, verdict, other) {
    if (name === "compare" && verdict) {
      const differences = other.check?.differences.length ?? 0;
      return element("span", { class: "badge" + (verdict === "pass" ? "" : " bad") }, verdict === "pass" ? "equal" : differences || verdict);
    }
    if (name === "details") {
      const said = this.exchange.notes.length + this.exchange.flags.length;
      return said ? element("span", { class: "badge" }, said) : null;
    }
    return null;
  }

  pane(other) {
    const { exchange } = this;
    if (this.tab === "request") return exchange.request ? this.message("request", exchange.request) : [this.notice("The request is not in the trace.")];
    if (this.tab === "compare") return this.comparison(other);
    if (this.tab === "details") return this.details();
    const parts = [];
    for (const interim of exchange.interim) parts.push(this.notice(`Before: ${interim.status} ${visible(interim.reason)}`));
    if (exchange.response) parts.push(...this.message("response", exchange.response));
    else parts.push(this.notice("No response was recorded.", "bad"));
    if (exchange.events.length) parts.push(...this.events());
    return parts;
  }

  message(side, message) {
    const marker = this.marker[side];
    const parts = [];
    if (message.unreadable !== undefined) {
      parts.push(this.notice("The head cannot be read; these are its bytes.", "bad"), element("pre", { class: "body" }, visible(message.unreadable)));
    }
    if (side === "response" && message.status !== undefined) {
      parts.push(element("h3", {}, `HTTP/${message.version} ${message.status} `, visible(message.reason)));
    } else if (message.method !== undefined) {
      parts.push(element("h3", {}, `HTTP/${message.version} ${visible(message.method)}`));
    }
    parts.push(this.fields(message.headers ?? [], marker));
    if (message.trailers.length) parts.push(element("h3", {}, "Trailers"), this.fields(message.trailers, marker));
    parts.push(...this.body(side, message, marker));
    const marks = this.exchange.marks.filter((mark) => mark.side === side);
    const hidden = marks.filter((mark) => mark.value === null);
    if (marks.length > hidden.length) {
      parts.push(element("p", { class: "legend" }, element("mark", { class: "pseudonym" }, "marked"),
        ` values stand where the rules of the recording replace something: ${tally(marks.filter((mark) => mark.value !== null))}.`));
    }
    if (hidden.length) {
      parts.push(this.notice(`Looks like personal data and is no pseudonym: ${hidden.map((mark) => `${mark.kind} in ${visible(mark.place)}`).join(", ")}.`, "bad"));
    }
    return parts;
  }

  fields(fields, marker) {
    if (!fields.length) return element("p", { class: "dim" }, "No header fields.");
    return element("table", { class: "fields" }, element("tbody", {}, ...fields.map(([name, value]) =>
      element("tr", {}, element("th", { scope: "row" }, ...this.long(name, this.marker.plain)), element("td", {}, ...this.long(value, marker))))));
  }

  /** Nodes for a value that may be very long. */
  long(text, marker) {
    if (text.length <= LONG) return marker.nodes(text);
    const rest = element("button", { type: "button" }, `Show all ${count(text.length)} characters`);
    rest.addEventListener("click", () => rest.replaceWith(...marker.nodes(text.slice(LONG))));
    return [...marker.nodes(text.slice(0, LONG)), " … ", rest];
  }

  body(side, message, marker) {
    const { body } = message;
    const isRaw = this.raw.has(side);
    const facts = [bytes(body.wire_length)];
    if (body.coding) facts.push(body.decoded ? `${visible(body.coding)}, ${bytes(body.decoded_length)} decoded` : `${visible(body.coding)}, which cannot be undone`);
    if (body.stored_length < body.wire_length) facts.push(`${bytes(body.stored_length)} stored`);
    if (body.lossy) facts.push("not UTF-8: replaced bytes are shown as \uFFFD");
    const heading = element("h3", {}, "Body", element("span", { class: "dim" }, facts.join(" · ")), element("span", { class: "grow" }),
      body.form === "json" && element("button", {
        type: "button", "aria-pressed": String(isRaw),
        onclick: () => { if (isRaw) this.raw.delete(side); else this.raw.add(side); this.draw(); },
      }, isRaw ? "pretty" : "raw"));
    if (body.form === "empty") return body.wire_length ? [heading, this.notice("The body was not kept.")] : [element("p", { class: "dim" }, "No body.")];
    const parts = [heading, this.text(body, marker, isRaw)];
    if (body.cut) parts.push(this.notice("Only the beginning is shown; download the body for the whole."));
    return parts;
  }

  text(body, marker, isRaw, differs) {
    if (body.form === "json" && !isRaw) {
      const lines = jsonLines(body.text);
      if (lines) return jsonBlock(lines, marker, differs);
    }
    const block = element("pre", { class: "body", tabindex: "0" });
    const add = (from) => {
      const to = Math.min(body.text.length, from + 100000);
      block.append(...marker.nodes(body.text.slice(from, to)));
      if (to < body.text.length) {
        const more = element("button", { type: "button", onclick: () => { more.remove(); add(to); } }, `Show more of ${count(body.text.length)} characters`);
        block.append(more);
      }
    };
    add(0);
    return block;
  }

  events() {
    const parts = [element("h3", {}, "WebSocket messages", element("span", { class: "dim" }, count(this.exchange.events.length) + (this.exchange.more_events ? "+" : "")))];
    for (const event of this.exchange.events) {
      parts.push(element("div", { class: "event" }, element("span", { class: "dim" }, clock(event.at_us)), element("span", {}, event.from),
        element("span", { class: "wire" }, ...(event.text !== undefined ? this.long(event.text, this.marker.plain) : [visible(event.hex)]))));
    }
    if (this.exchange.more_events) parts.push(this.notice("There are more; tapedeck cat prints them all."));
    return parts;
  }

  comparison(other) {
    if (!other) {
      return [this.notice(this.target ? "Send the request once, and the answer is held against the recorded one."
        : "Start with --observed TRACE to compare with what a replay observed, or with --target URL to send the request again.")];
    }
    const parts = [];
    const origin = this.sent ? `The answer of ${visible(this.sent.target)} just now` : "What the replay observed";
    if (other.failure) return [this.notice(`${origin}: ${visible(other.failure)}.`, "bad")];
    const { check } = other;
    if (!check) parts.push(this.notice("No response was recorded to compare with."));
    else if (check.verdict === "pass") parts.push(this.notice(`${origin} is equal${check.explained ? `, but for ${count(check.explained)} differences that rules or noise explain` : ""}.`, "good"));
    else if (check.verdict === "fail") parts.push(this.notice(`${origin} differs in ${count(check.differences.length)} places.`, "bad"));
    else parts.push(this.notice(`${origin} cannot be compared wholly: ${visible(check.reasons.join("; "))}`));
    if (check?.differences.length) {
      parts.push(element("table", { class: "plain" },
        element("thead", {}, element("tr", {}, ...["Where", "What", "Recorded", "Observed"].map((word) => element("th", { scope: "col" }, word)))),
        element("tbody", {}, ...check.differences.slice(0, 200).map((difference) => element("tr", {},
          element("td", {}, element("code", { class: "wire" }, visible(difference.field))), element("td", {}, difference.kind + (difference.consequence ? " (follows)" : "")),
          element("td", {}, element("code", { class: "wire" }, visible(difference.expected ?? "–"))), element("td", {}, element("code", { class: "wire" }, visible(difference.observed ?? "–"))))))));
    }
    const recorded = this.exchange.response;
    const observed = other.response;
    if (!recorded || !observed) return parts;
    const paths = new Set((check?.differences ?? []).map((difference) => difference.field).filter((field) => field.startsWith("$")));
    const differs = (tone) => (path) => (paths.has(path) ? tone : null);
    const took = (message) => duration(message.end_us - message.start_us);
    parts.push(element("div", { class: "sides" },
      element("div", {}, element("h3", {}, `Recorded ${recorded.status}`, element("span", { class: "dim" }, `${bytes(recorded.body.wire_length)}, body in ${took(recorded)}`)),
        this.fields(recorded.headers ?? [], this.marker.response), element("h3", {}, "Body"), this.text(recorded.body, this.marker.response, false, differs("old"))),
      element("div", {}, element("h3", {}, `Observed ${observed.status}`, element("span", { class: "dim" }, `${bytes(observed.body.wire_length)}, body in ${took(observed)}`)),
        this.fields(observed.headers ?? [], this.marker.plain), element("h3", {}, "Body"), this.text(observed.body, this.marker.plain, false, differs("new")))));
    return parts;
  }

  details() {
    const { exchange } = this;
    const { request, response } = exchange;
    const list = element("dl", { class: "meta" });
    const row = (name, ...value) => list.append(element("dt", {}, name), element("dd", {}, ...value));
    const term = (text, words) => element("button", { type: "button", class: "term", onclick: () => this.filter(text), title: "search for these" }, words);
    row("Exchange", exchange.exchange);
    row("Start", exchange.start);
    if (exchange.connection !== undefined) row("Connection", term(`connection=${exchange.connection}`, exchange.connection), exchange.handshake ? "" : ", joined in the middle");
    if (exchange.client) row("Client", term(`client=${exchange.client.replace(/:\d+$/, "")}`, exchange.client));
    if (exchange.server) row("Server", exchange.server);
    row("Session", term(`session=${exchange.session}`, exchange.session));
    if (request?.signature) row("Signature", `${request.signature.scheme}: ${request.signature.state}`);
    if (response?.of_exchange ?? request?.of_exchange) row("Repeats", `exchange ${request?.of_exchange ?? response.of_exchange} of ${request?.of_trace ?? response.of_trace}`);
    const parts = [list, ...this.timing()];
    if (exchange.flags.length) parts.push(element("h3", {}, "Flags"), element("p", {}, ...exchange.flags.map((flag) => [term(`flag=${flag}`, flag), " "]).flat()));
    parts.push(element("h3", {}, "What the recorder noted"));
    if (!exchange.notes.length) parts.push(element("p", { class: "dim" }, "Nothing: every byte of it was captured and read."));
    for (const note of exchange.notes) parts.push(this.notice(`${clock(note.at_us)} ${note.of_exchange ? "" : "on the connection: "}${visible(note.text)}`));
    if (exchange.curl) parts.push(element("h3", {}, "As curl"), element("pre", { class: "body", tabindex: "0" }, visible(exchange.curl)));
    return parts;
  }

  timing() {
    const { request, response } = this.exchange;
    if (!request || !response) return [];
    const asking = Math.max(0, request.end_us - request.start_us);
    const waiting = Math.max(0, response.start_us - request.end_us);
    const answering = Math.max(0, response.end_us - response.start_us);
    const total = Math.max(1, asking + waiting + answering);
    const bar = element("div", { class: "times", role: "img", "aria-label": `request ${duration(asking)}, waiting ${duration(waiting)}, response ${duration(answering)}` });
    for (const [name, value] of [["asking", asking], ["waiting", waiting], ["answering", answering]]) {
      const piece = element("span", { class: name });
      piece.style.width = `${(100 * value) / total}%`;
      bar.append(piece);
    }
    return [element("h3", {}, "Timing", element("span", { class: "dim" }, `${duration(total)} in all`)), bar,
      element("p", { class: "legend" }, `request ${duration(asking)} · waiting for the first byte ${duration(waiting)} · response ${duration(answering)}`)];
  }

  notice(text, tone) {
    return element("p", { class: "notice" + (tone ? " " + tone : "") }, text);
  }

  download(side, message) {
    if (message.body.form === "empty") return null;
    const link = element("a", { href: `api/body?n=${encodeURIComponent(this.exchange.exchange)}&side=${side}`, download: "", tabindex: "-1" });
    return element("button", { type: "button", onclick: () => link.click() }, `Download ${side} body`);
  }

  async copy() {
    if (!this.exchange?.curl) return;
    try {
      await navigator.clipboard.writeText(this.exchange.curl);
      this.say("Copied as curl.");
    } catch {
      this.select("details");
      this.say("The browser does not let the page copy; the line stands under Details.");
    }
  }

  async send() {
    const { exchange } = this;
    const button = this.host.querySelector("button.send");
    if (button) button.disabled = true;
    this.say(`Sending exchange ${exchange.exchange} to ${visible(this.target)} …`);
    try {
      const sent = await post("send", { n: exchange.exchange });
      if (this.exchange !== exchange) return;
      this.sent = sent;
      this.tab = "compare";
      this.say("");
      this.draw();
    } catch (error) {
      this.say(error.message, true);
      if (button) button.disabled = false;
    }
  }
}

function tally(marks) {
  const kinds = new Map();
  for (const mark of marks) kinds.set(mark.kind, (kinds.get(mark.kind) ?? 0) + 1);
  return [...kinds].sort((a, b) => b[1] - a[1]).map(([kind, number]) => `${number} ${kind}`).join(", ");
}
