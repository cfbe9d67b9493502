// One event of the review as a card: closed it says what, when and where; open it holds the fields that correct them.

import { h } from "./dom.js";
import { deaths, when } from "./format.js";
import { freshId, placeContext, PRECISIONS, STATUS_WORDS, typeColour } from "./story-dom.js";
import { actorsField, choices, dateField, deathsField, titleField, typeField } from "./story-fields.js";
import { placePicker } from "./story-places.js";

/**
 * `page`: { types: Map, groups, basemap, points, radii: metres of doubt by precision, sure: a confidence }.
 * `act`: { open, light, decide(index, status), changed(index), touched(), sameWords(index), samePlace(index), near(index) }.
 */
export class EventCard {
  constructor(event, index, page, act) {
    Object.assign(this, { event, index, page, act, picker: null, bodyMade: false });
    this.bodyId = freshId("event");
    this.head = h("button", {
      type: "button", class: "card-open", "aria-expanded": "false", "aria-controls": this.bodyId,
      onclick: () => act.open(this.isOpen ? null : index),
      onfocus: () => act.light(index),
    });
    this.accept = h("button", { type: "button", class: "button small card-accept", onclick: () => this.toggle("reviewed") });
    this.discard = h("button", { type: "button", class: "button small card-discard", onclick: () => this.toggle("rejected") });
    this.body = h("div", { class: "card-body", id: this.bodyId, hidden: true });
    this.node = h("li", { class: "card", onmouseenter: () => act.light(index), onmouseleave: () => act.light(null) },
      h("div", { class: "card-head" }, h("h3", {}, this.head), h("div", { class: "card-quick" }, this.accept, this.discard)),
      this.body);
    this.refresh();
  }

  get isOpen() {
    return !this.body.hidden;
  }

  /** The doubts of a draft; what a person has decided has none. */
  get looks() {
    return this.event.status === "draft" ? this.event.looks || [] : [];
  }

  /** Whether the place should be chosen by a person: the text names one, and the reading is not sure which. */
  get placeInDoubt() {
    const { event } = this;
    if (event.status !== "draft") return false;
    return event.place ? (event.place_confidence ?? 1) < this.page.sure : Boolean(event.place_span);
  }

  toggle(status) {
    this.act.decide(this.index, this.event.status === status ? "draft" : status);
  }

  setOpen(open) {
    if (open && !this.bodyMade) this.makeBody();
    if (open && !this.isOpen) {
      this.body.hidden = false; // the picker's map needs its size
      if (this.placeInDoubt) this.openPicker(false);
    }
    if (!open) this.closePicker(false);
    this.body.hidden = !open;
    this.head.setAttribute("aria-expanded", String(open));
    this.node.classList.toggle("open", open);
  }

  /** Draws what the head says again, after any change. */
  refresh() {
    const { event, looks } = this;
    const number = String(this.index + 1);
    this.node.style.setProperty("--type", typeColour(this.page.types.get(event.event_type)));
    this.node.dataset.status = event.status;
    this.node.classList.toggle("look", looks.length > 0);
    const flags = [["look", looks.length ? "Needs a look" : ""], ["flag", event.start ? "" : "No date"], ["flag", event.place ? "" : "No place"]];
    const more = looks.length - 1;
    const dead = deaths(event.fatalities);
    this.head.replaceChildren(
      h("span", { class: "pin", "aria-hidden": "true" }, number),
      h("span", { class: "card-words" },
        h("span", { class: "card-title" }, h("span", { class: "quiet" }, `Event ${number}: `), event.title || "Event without a title"),
        h("span", { class: "card-facts" }, [
          event.sub_event_type || event.event_type,
          event.start ? when(event) : null,
          event.place ? `${event.place.precision === "near" ? "near " : ""}${event.place.name}` : null,
        ].filter(Boolean).join(" · ")),
        looks.length ? h("span", { class: "card-doubt" }, looks[0], more ? ` (and ${more} more)` : "") : null,
        h("span", { class: "card-flags" },
          h("span", { class: `tag ${event.status}` }, STATUS_WORDS[event.status]),
          ...flags.filter(([, text]) => text).map(([kind, text]) => h("span", { class: `tag ${kind}` }, text)),
          ...(dead ? [h("span", { class: "muted small-text" }, dead)] : []))));
    const [checked, gone] = [event.status === "reviewed", event.status === "rejected"];
    this.accept.textContent = checked ? "✓ Accepted" : "Accept";
    this.accept.setAttribute("aria-pressed", String(checked));
    this.accept.setAttribute("aria-label", `Accept event ${number}`);
    this.discard.textContent = gone ? "Keep" : "Discard";
    this.discard.setAttribute("aria-label", `${gone ? "Keep" : "Discard"} event ${number}`);
  }

  changed() {
    this.refresh();
    this.act.changed(this.index);
  }

  makeBody() {
    this.bodyMade = true;
    const { event, page } = this;
    const make = (field) => field(event, page, () => this.changed());
    this.fields = {
      title: make(titleField), type: make(typeField), date: make(dateField), actors: make(actorsField), deaths: make(deathsField),
    };
    this.placeBox = h("div", { class: "field place-field" });
    const doubts = [...new Set([...(event.looks || []), ...event.notes])];
    this.body.replaceChildren(
      ...(doubts.length ? [h("ul", { class: "doubts", "aria-label": "Doubts to check" }, ...doubts.map((note) => h("li", {}, note)))] : []),
      ...this.inOrder());
    this.drawPlace();
  }

  /** The fields; a place to be chosen comes first. */
  inOrder() {
    const { title, type, date, actors, deaths: dead } = this.fields;
    const rest = [title.node, type.node, date.node];
    const pair = h("div", { class: "field-pair" }, actors.node, dead.node);
    return this.placeInDoubt ? [this.placeBox, ...rest, pair] : [...rest, this.placeBox, pair];
  }

  /** Moves to a field of the open card: title, type, date, place, actors or deaths. */
  edit(name) {
    if (name === "place") return this.picker ? this.picker.focus() : this.openPicker(true);
    const { focus } = this.fields[name];
    focus.focus();
    focus.select?.();
    focus.scrollIntoView({ block: "nearest" });
  }

  /** Chooses the candidate with this number, from 1. */
  take(at) {
    if (!this.picker) this.openPicker(false);
    return this.picker.take(at);
  }

  drawPlace() {
    const { event } = this;
    const words = this.page.points.of(event.place_span);
    const children = [h("p", { class: "field-name" }, "Place")];
    if (event.place) {
      const precision = choices(PRECISIONS, event.place.precision);
      precision.addEventListener("change", () => {
        event.place = { ...event.place, precision: precision.value, radius_m: this.page.radii[precision.value] };
        this.changed();
      });
      precision.setAttribute("aria-label", "How exactly the place is known");
      children.push(h("div", { class: "place-row" },
        h("p", { class: "place-line" }, h("strong", {}, event.place.name), ` ${placeContext(event.place)}`), precision));
    } else {
      children.push(h("p", { class: "place-line" }, "No place. The event is kept in the map's tray of events without a place."));
    }
    const none = h("button", { type: "button", class: "button small" }, "No place");
    none.hidden = !event.place;
    none.addEventListener("click", () => { event.chosen = null; this.setPlace(null); this.placeBox.querySelector("button").focus(); });
    children.push(
      this.placeHint(words),
      h("div", { class: "place-actions" },
        h("button", { type: "button", class: "button small", onclick: () => this.openPicker(true) }, event.place ? "Change place" : "Find the place"),
        none));
    this.placeBox.replaceChildren(...children);
    this.offerSame(words);
  }

  /** Where the place comes from; and of a choice, whether it is remembered, to be taken back here. */
  placeHint(words) {
    const { event } = this;
    const from = words ? ["From the words ", h("q", {}, words)] : ["No words name the place."];
    if (!event.chosen || !words) {
      return h("p", { class: "hint" }, ...from, event.place_note && !event.chosen ? ` ${event.place_note}` : "");
    }
    const remembered = event.remember !== false;
    const turn = h("button", { type: "button", class: "link" }, remembered ? "Do not remember" : "Remember it");
    turn.addEventListener("click", () => {
      event.remember = !remembered;
      this.drawPlace();
      this.changed();
      this.placeBox.querySelector(".hint .link").focus();
    });
    const told = remembered ? " Chosen by you; remembered for this project when the story is saved. " : " Chosen by you, for this event only. ";
    return h("p", { class: "hint" }, ...from, told, turn);
  }

  /** Other events that the same words place may want the same correction. */
  offerSame(words) {
    const others = this.placeTouched ? this.act.sameWords(this.index) : [];
    if (!others.length) return;
    const list = others.map((at) => at + 1).join(", ");
    const button = h("button", { type: "button", class: "link" }, `Use this place for event ${list} too (“${words}”)`);
    button.addEventListener("click", () => { this.act.samePlace(this.index, others); button.remove(); });
    this.placeBox.append(button);
  }

  setPlace(place) {
    this.event.place = place;
    this.placeTouched = true;
    if (!this.picker) this.drawPlace();
    this.changed();
  }

  /** `focus`: into the search; else the picker only shows what there is to choose from. */
  openPicker(focus) {
    const { event, page } = this;
    this.picker = placePicker(
      { event, words: page.points.of(event.place_span), type: page.types.get(event.event_type), basemap: page.basemap, near: this.act.near(this.index) },
      { choose: (place) => this.setPlace(place), close: () => this.closePicker(true), kept: () => this.act.touched() },
    );
    this.placeBox.replaceChildren(h("p", { class: "field-name" }, "Place"), this.picker.node);
    this.picker.begin(focus);
    if (focus) this.placeBox.scrollIntoView({ block: "nearest" });
  }

  closePicker(focus) {
    if (!this.picker) return;
    this.picker.end();
    this.picker = null;
    this.drawPlace();
    if (focus) this.placeBox.querySelector(".place-actions button").focus();
  }

  /** Draws the body again from the event, where something else changed it; but not under the hands of who works on it. */
  redraw() {
    this.refresh();
    if (!this.bodyMade) return;
    if (this.body.contains(document.activeElement)) return this.picker?.renew();
    const open = Boolean(this.picker) || (this.isOpen && this.placeInDoubt);
    this.closePicker(false);
    this.makeBody();
    if (open && this.isOpen) this.openPicker(false);
  }
}
