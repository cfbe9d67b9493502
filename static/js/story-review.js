// The review of one story: its text, its events as cards, a map of them all, and the foot that saves.

import { byId, h, settled } from "./dom.js";
import { plural } from "./format.js";
import { EventCard } from "./story-card.js";
import { say, shorten, sourceLine } from "./story-dom.js";
import { eventProblem } from "./story-fields.js";
import { lackTrays, ReviewFoot } from "./story-foot.js";
import { listenForKeys } from "./story-keys.js";
import { smallMap } from "./story-map.js";
import { namedPlaces, placeNames } from "./story-names.js";
import { drawText, followSelection, lightWords, Points, selectedSpan } from "./story-text.js";

export class Review {
  /** `page` is the page's own data; `act` = { changed(), save(), back() or null }. */
  constructor(data, page, act) {
    this.data = data;
    this.act = act;
    this.page = { ...page, types: new Map(page.types.map((type) => [type.name, type])), points: new Points(data.document.text) };
    this.cards = [];
    this.current = null;
    this.node = byId("story-review");
    this.ended = new AbortController();
    this.redrawSoon = settled(() => this.ended.signal.aborted || this.drawAll(), 120);
  }

  /** Before another review takes the page: this one hears nothing more. */
  end() {
    this.ended.abort();
    this.map?.remove();
    this.node.replaceChildren();
  }

  get events() {
    return this.data.events;
  }

  show() {
    const { source } = this.data.document;
    this.text = h("div", { class: "review-text", lang: this.data.document.language || null });
    this.list = h("ol", { class: "cards" });
    this.canvas = h("div", { class: "overview", role: "group", "aria-label": "Map of this story's events" });
    this.trays = h("p", { class: "trays small-text" });
    this.foot = new ReviewFoot(() => this.save());
    this.addButton = h("button", { type: "button", class: "button small", onclick: () => this.addEvent() }, "Add an event");
    this.legend = h("p", { class: "legend small-text" });
    this.names = h("div", {});
    this.floating = h("button", { type: "button", class: "button primary small add-here", hidden: true, onclick: () => this.addEvent() },
      "Add an event from these words");
    this.node.replaceChildren(...[
      h("div", { class: "review-head" },
        h("div", { class: "review-names" },
          h("h1", { id: "review-title", tabindex: "-1" }, source.title || "Story without a title"),
          h("p", { class: "muted small-text" }, ...sourceLine(source))),
        this.act.back ? h("button", { type: "button", class: "button", onclick: this.act.back }, "Back to the form") : null),
      this.notes(),
      this.tabs(),
      h("div", { class: "review-columns" },
        h("section", { class: "review-left", id: "review-left", "aria-label": "Story text" },
          this.legend,
          this.text),
        h("section", { class: "review-right", id: "review-right", "aria-label": "Events" },
          this.canvas, this.trays,
          h("div", { class: "cards-top" }, h("h2", { id: "cards-title" }), this.addButton),
          this.names, this.list)),
      this.floating,
      this.foot.node,
    ].filter(Boolean));
    this.node.hidden = false;
    this.node.dataset.tab = "events";
    this.map = smallMap(this.canvas, this.page.basemap, {
      open: (at) => { if (typeof at === "number") this.open(at, true); },
      light: (at) => this.light(at),
    });
    this.events.forEach((event, at) => this.addCard(event, at));
    this.drawNames();
    this.drawAll();
    this.map?.fit();
    listenForKeys(this, this.ended.signal);
    followSelection(this.text, this.page.points, this.floating, this.ended.signal);
    byId("review-title").focus();
    say(`${plural(this.events.length, "event")} found. ${this.data.notes.join(" ")}`);
  }

  notes() {
    const notes = this.data.notes.map((note) => h("li", {}, note));
    return notes.length ? h("ul", { class: "review-notes", "aria-label": "Notes on reading" }, ...notes) : null;
  }

  /** What the marks mean; only those that this text has. And the story's place names. */
  drawNames() {
    const has = (field) => this.events.some((event) => event[field]);
    const marks = [["trigger_span", "what"], ["when_span", "when"], ["place_span", "where"]].filter(([field]) => has(field));
    this.legend.replaceChildren(
      ...marks.map(([, role]) => h("mark", { class: `words ${role}` }, role)),
      h("span", { class: "muted" }, "Select words to add an event."));
    const names = placeNames(this.data.toponyms, !this.events.length, (item) => this.addEvent(item.span, item));
    this.names.replaceChildren(...(names ? [names] : []));
  }

  tabs() {
    const pick = (name) => {
      this.node.dataset.tab = name;
      for (const button of row.children) button.setAttribute("aria-pressed", String(button.dataset.name === name));
    };
    this.pickTab = pick;
    const button = (name, text) => h("button", {
      type: "button", class: "button", "data-name": name, "aria-pressed": String(name === "events"), onclick: () => pick(name),
    }, text);
    const row = h("div", { class: "review-tabs", role: "group", "aria-label": "Show" }, button("events", "Events"), button("text", "Text"));
    return row;
  }

  addCard(event, at) {
    const card = new EventCard(event, at, this.page, {
      open: (index) => this.open(index),
      light: (index) => this.light(index),
      decide: (index, status) => this.decide(index, status),
      touched: () => this.act.changed(),
      changed: (index) => this.edited(index),
      sameWords: (index) => this.sameWords(index),
      samePlace: (index, others) => this.samePlace(index, others),
      near: (index) => this.near(index),
    });
    this.cards.push(card);
    this.list.append(card.node);
  }

  drawAll() {
    drawText(this.text, this.page.points, this.events, this.page.types, { open: (at) => this.open(at, true), light: (at) => this.light(at) });
    this.drawMap();
    this.drawFoot();
    if (this.current !== null) this.light(this.current);
  }

  drawMap() {
    if (!this.events.length) { // no event yet: where the story is about
      const places = namedPlaces(this.data.toponyms).filter(({ item }) => item.place);
      this.map?.draw(places.map(({ item }) => ({ key: item.text, label: "", name: item.place.name, place: item.place })));
      return;
    }
    this.map?.draw(this.events.flatMap((event, at) => (event.place
      ? [{
        key: at, label: String(at + 1), name: `Event ${at + 1}: ${event.title}`, place: event.place,
        type: this.page.types.get(event.event_type), gone: event.status === "rejected", spot: event.place.precision === "exact",
      }]
      : [])));
  }

  drawFoot() {
    byId("cards-title").textContent = plural(this.events.length, "event");
    this.foot.draw(this.events, this.cards.filter((card) => card.looks.length).length);
    const nothing = this.node.querySelector(".empty > p");
    if (nothing) nothing.hidden = this.events.length > 0;
    const trays = lackTrays(this.events, (at) => this.open(at, true));
    this.trays.replaceChildren(...trays);
    this.trays.hidden = !trays.length;
  }

  /** Opens one card and closes the others; `move` brings it into view and focuses its head. */
  open(index, move = false) {
    this.current = index ?? this.current;
    this.cards.forEach((card, at) => card.setOpen(at === index));
    if (index === null) return;
    if (move) {
      this.pickTab("events");
      this.cards[index].head.focus({ preventScroll: true });
    }
    this.bringIntoView(this.cards[index].node);
    this.light(index);
    this.text.querySelector(`[data-chip="${index}"]`)?.scrollIntoView({ block: "nearest" });
  }

  /** The whole card where it fits, else its top at the top. */
  bringIntoView(node) {
    const room = matchMedia("(max-width: 760px)").matches ? innerHeight - 130 : node.closest(".review-right").clientHeight;
    node.scrollIntoView({ block: node.offsetHeight > room ? "start" : "nearest" });
  }

  /** What reading a kept story again has found of it: candidates, doubts, the words that say what happened. */
  enrich({ events, toponyms }) {
    const told = new Map(events.map((item) => [item.event_id, item]));
    this.events.forEach((event, at) => {
      Object.assign(event, told.get(event.event_id) || {});
      this.cards[at].redraw();
    });
    this.data.toponyms = toponyms;
    this.drawNames();
    this.drawAll();
  }

  /** A line above the place names, of what could not be done. */
  tell(text) {
    this.names.prepend(h("p", { class: "muted small-text review-told" }, text));
  }

  /** The first event after `from`, around the end, that `wanted` says yes to; null where there is none. */
  following(from, wanted) {
    const count = this.events.length;
    for (let step = 1; step <= count; step += 1) {
      const at = (from + step + count) % count;
      if (wanted(at)) return at;
    }
    return null;
  }

  /** On to the next event that is not decided; after the last, to saving. */
  advance(from) {
    const next = this.following(from, (at) => this.events[at].status === "draft");
    if (next !== null) return this.open(next, true);
    this.open(null);
    this.foot.focus();
    say("Every event is decided. Enter saves them.");
  }

  light(index) {
    const at = index ?? this.current;
    lightWords(this.text, at);
    this.map?.light(at);
    this.cards.forEach((card, mine) => card.node.classList.toggle("lit", mine === at));
  }

  /** Accepts, discards or leaves an event. */
  decide(index, status) {
    this.events[index].status = status;
    this.cards[index].refresh();
    this.drawAll();
    this.act.changed();
    say(`Event ${index + 1}: ${{ draft: "draft", reviewed: "accepted", rejected: "discarded" }[status]}`);
  }

  /** A correction is a person's word: the event counts as reviewed, unless it was discarded. */
  edited(index) {
    const event = this.events[index];
    if (event.status === "draft") {
      event.status = "reviewed";
      this.cards[index].refresh();
    }
    this.drawFoot();
    this.redrawSoon(); // a long text is not drawn again at every letter typed
    this.act.changed();
  }

  sameWords(index) {
    const words = this.page.points.of(this.events[index].place_span);
    const mine = this.events[index].place;
    return this.events.flatMap((event, at) => (
      at !== index && words && this.page.points.of(event.place_span) === words && event.place?.place_id !== mine?.place_id ? [at] : []));
  }

  samePlace(index, others) {
    for (const at of others) {
      const place = this.events[index].place;
      this.events[at].place = place ? { ...place } : null;
      this.cards[at].redraw();
      this.edited(at);
    }
    say(`Place changed for ${plural(others.length, "more event")}`);
  }

  /** The middle of the story's other places: what a search prefers. */
  near(index) {
    const placed = this.events.filter((event, at) => at !== index && event.place);
    return placed.length ? [placed[0].place.lon, placed[0].place.lat] : null;
  }

  addEvent(span = selectedSpan(this.text, this.page.points), toponym = null) {
    if (this.events.length >= this.page.max_events) {
      return this.complain(`A story can hold at most ${plural(this.page.max_events, "event")}.`);
    }
    const named = toponym || this.data.toponyms.find((item) => span && item.span.start >= span.start && item.span.end <= span.end);
    const words = this.page.points.of(span);
    const first = this.page.types.values().next().value;
    this.events.push({
      event_id: "", event_type: first.name, sub_event_type: "", title: shorten(words, 90), start: "", end: "", date_precision: "day",
      place: named?.place || null, quote_span: span, when_span: null, place_span: named?.span || null, actors: [], fatalities: null,
      confidence: 1, status: "reviewed", notes: [], tags: [], properties: {}, candidates: [], place_note: "", looks: [],
    });
    const at = this.events.length - 1;
    this.addCard(this.events[at], at);
    getSelection().removeAllRanges();
    this.floating.hidden = true;
    this.drawAll();
    this.open(at, true);
    this.act.changed();
    say(`Event ${at + 1} added. Choose its type, date and place.`);
  }

  save() {
    if (this.foot.isBusy) return;
    const wrong = this.events.findIndex(eventProblem);
    if (wrong >= 0) {
      this.open(wrong, true);
      return this.complain(`Event ${wrong + 1}: ${eventProblem(this.events[wrong])}`);
    }
    this.foot.hush();
    this.act.save();
  }

  complain(text) {
    this.foot.complain(text);
  }

  busy(yes) {
    this.foot.busy(yes);
  }
}
