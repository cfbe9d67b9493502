// One event of the review as a card: closed it says what, when and where; open it holds the fields that correct them.

import { h } from "./dom.js";
import { fromDay, toDay, when } from "./format.js";
import { DATE_PRECISIONS, freshId, placeContext, PRECISIONS, shorten, STATUS_WORDS, typeColour } from "./story-dom.js";
import { placePicker } from "./story-places.js";

/**
 * `page`: { types: Map, groups, basemap, points, radii: metres of doubt by precision }. `act`: { open, light, decide(index, status), changed(index),
 * samePlace(index), near(index) }.
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

  toggle(status) {
    this.act.decide(this.index, this.event.status === status ? "draft" : status);
  }

  setOpen(open) {
    if (open && !this.bodyMade) this.makeBody();
    if (!open) this.closePicker(false);
    this.body.hidden = !open;
    this.head.setAttribute("aria-expanded", String(open));
    this.node.classList.toggle("open", open);
  }

  /** Draws what the head says again, after any change. */
  refresh() {
    const { event } = this;
    const type = this.page.types.get(event.event_type);
    const number = String(this.index + 1);
    const pin = h("span", { class: "pin", "aria-hidden": "true" }, number);
    this.node.style.setProperty("--type", typeColour(type));
    this.node.dataset.status = event.status;
    const flags = [];
    if (!event.start) flags.push("No date");
    if (!event.place) flags.push("No place");
    const doubts = event.status === "draft" ? event.notes.filter((note) => !/^no (date|place) was found/.test(note)) : [];
    this.head.replaceChildren(
      pin,
      h("span", { class: "card-words" },
        h("span", { class: "card-title" }, h("span", { class: "quiet" }, `Event ${number}: `), event.title || "Event without a title"),
        h("span", { class: "card-facts" }, [
          event.sub_event_type || event.event_type,
          event.start ? when(event) : null,
          event.place ? `${event.place.precision === "near" ? "near " : ""}${event.place.name}` : null,
        ].filter(Boolean).join(" · ")),
        doubts.length ? h("span", { class: "card-doubt" }, doubts[0], doubts.length > 1 ? ` (and ${doubts.length - 1} more)` : "") : null,
        h("span", { class: "card-flags" },
          h("span", { class: `tag ${event.status}` }, STATUS_WORDS[event.status]),
          ...flags.map((text) => h("span", { class: "tag flag" }, text)))));
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
    const { event } = this;
    const title = h("input", { type: "text", id: freshId("title"), maxlength: "300" });
    title.value = event.title;
    title.addEventListener("input", () => { event.title = title.value; this.changed(); });
    this.placeBox = h("div", { class: "field place-field" });
    this.body.replaceChildren(
      ...(event.notes.length ? [h("ul", { class: "doubts", "aria-label": "Doubts to check" }, ...event.notes.map((note) => h("li", {}, note)))] : []),
      h("div", { class: "field" }, h("label", { for: title.id }, "Title"), title),
      this.typeField(),
      this.dateField(),
      this.placeBox);
    this.drawPlace();
  }

  typeField() {
    const { event } = this;
    const select = h("select", { id: freshId("type") });
    for (const type of this.page.types.values()) {
      const group = h("optgroup", { label: type.name });
      group.append(new Option(`${type.name} (no sub-type)`, `${type.name}\n`));
      for (const sub of type.sub_types) group.append(new Option(sub.name, `${type.name}\n${sub.name}`));
      select.append(group);
    }
    select.value = `${event.event_type}\n${event.sub_event_type}`;
    const meaning = h("p", { class: "hint", id: freshId("meaning") });
    select.setAttribute("aria-describedby", meaning.id);
    const explain = () => {
      const type = this.page.types.get(event.event_type);
      const sub = type?.sub_types.find((item) => item.name === event.sub_event_type);
      meaning.textContent = `${event.event_type}${sub ? `. ${sub.definition}` : `. ${type?.definition || ""}`}`;
    };
    select.addEventListener("change", () => {
      [event.event_type, event.sub_event_type] = select.value.split("\n");
      explain();
      this.changed();
    });
    explain();
    return h("div", { class: "field" }, h("label", { for: select.id }, "Type"), select, meaning);
  }

  dateField() {
    const { event } = this;
    const [start, end] = ["start", "end"].map((name) => {
      const input = h("input", { type: "date", id: freshId(name), min: "0001-01-01", max: "9999-12-31" });
      input.value = event[name];
      return input;
    });
    const precision = choices(DATE_PRECISIONS, event.date_precision);
    const problem = h("p", { class: "field-problem", role: "alert", hidden: true });
    const from = h("p", { class: "hint" });
    const words = this.page.points.of(event.when_span);
    from.append(...(words ? ["From the words ", h("q", {}, shorten(words, 120))] : ["No words of this sentence say when."]));
    const clear = h("button", { type: "button", class: "link" }, "Take the date out");
    const read = () => {
      event.start = start.value;
      event.end = end.value;
      event.date_precision = precision.value;
      const wrong = dateProblem(event);
      event.wrong = wrong;
      problem.textContent = wrong;
      problem.hidden = !wrong;
      for (const input of [start, end]) input.setAttribute("aria-invalid", String(Boolean(wrong)));
      clear.hidden = !event.start && !event.end;
      this.changed();
    };
    start.addEventListener("change", () => {
      // One day, week, month: its end follows. A longer range keeps its latest day, unless the earliest passes it.
      const follows = !event.start || !event.end || event.end === wholeOf(event.start, precision.value)[1];
      if (start.value && (follows || end.value < start.value)) end.value = wholeOf(start.value, precision.value)[1];
      read();
    });
    end.addEventListener("change", () => {
      if (end.value && !start.value) start.value = end.value;
      read();
    });
    precision.addEventListener("change", () => {
      if (start.value) [start.value, end.value] = wholeOf(start.value, precision.value);
      read();
    });
    clear.addEventListener("click", () => { start.value = ""; end.value = ""; read(); start.focus(); });
    clear.hidden = !event.start && !event.end;
    return h("fieldset", { class: "field dates" }, h("legend", {}, "Date"),
      h("div", { class: "date-row" },
        labelled("Earliest", start), labelled("Latest", end), labelled("Known to the", precision)),
      problem, h("div", { class: "hint-row" }, from, clear));
  }

  drawPlace() {
    const { event } = this;
    const words = this.page.points.of(event.place_span);
    const change = h("button", { type: "button", class: "button small", onclick: () => this.openPicker() },
      event.place ? "Change place" : "Find the place");
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
    none.addEventListener("click", () => { this.setPlace(null); this.placeBox.querySelector("button").focus(); });
    children.push(
      h("p", { class: "hint" }, ...(words ? ["From the words ", h("q", {}, words)] : ["No words name the place."]),
        event.place_note ? ` ${event.place_note}` : ""),
      h("div", { class: "place-actions" }, change, none));
    this.placeBox.replaceChildren(...children);
    this.offerSame(words);
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

  openPicker() {
    const { event } = this;
    this.picker = placePicker(
      {
        event,
        words: this.page.points.of(event.place_span),
        type: this.page.types.get(event.event_type),
        basemap: this.page.basemap,
        near: this.act.near(this.index),
      },
      (place) => this.setPlace(place),
      () => this.closePicker(true),
    );
    this.placeBox.replaceChildren(h("p", { class: "field-name" }, "Place"), this.picker.node);
    this.picker.begin();
    this.placeBox.scrollIntoView({ block: "nearest" });
  }

  closePicker(focus) {
    if (!this.picker) return;
    this.picker.end();
    this.picker = null;
    this.drawPlace();
    if (focus) this.placeBox.querySelector(".place-actions button").focus();
  }

  /** Draws the body again from the event, where something else changed it. */
  redraw() {
    this.refresh();
    if (!this.bodyMade) return;
    this.closePicker(false);
    this.makeBody();
  }
}

function labelled(text, input) {
  input.id ||= freshId("field");
  return h("div", { class: "labelled" }, h("label", { for: input.id }, text), input);
}

function choices(words, value) {
  const select = h("select", { id: freshId("choice") });
  for (const [name, text] of Object.entries(words)) select.append(new Option(text, name));
  select.value = value;
  return select;
}

/** What is wrong with an event's dates, or "". */
export function dateProblem(event) {
  if (!event.start && !event.end) return "";
  if (!event.start || !event.end) return "Give both dates, or take the date out.";
  return event.end < event.start ? "The latest date is before the earliest." : "";
}

/** The first and last day of the week (from Monday), month or year that holds `day`; the day itself otherwise. */
function wholeOf(day, precision) {
  const number = toDay(day);
  const [year, month] = day.split("-");
  if (precision === "week") {
    const monday = number - ((number + 3) % 7 + 7) % 7;
    return [fromDay(monday), fromDay(monday + 6)];
  }
  if (precision === "month") {
    const next = new Date(Date.UTC(Number(year), Number(month), 1));
    return [`${year}-${month}-01`, fromDay(Math.round(next.getTime() / 86_400_000) - 1)];
  }
  if (precision === "season") return [day, fromDay(number + 89)];
  return precision === "year" ? [`${year}-01-01`, `${year}-12-31`] : [day, day];
}
