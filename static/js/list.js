// The list beside the map: the events in view, and the trays of those without a date or without a place.

import { byId, h } from "./dom.js";
import { number, placeName, plural, shortNumber, when } from "./format.js";
import { swatch } from "./shapes.js";

export const TRAYS = ["view", "undated", "unplaced"];
const EMPTY = {
  view: "No events here. Move the map, or loosen the filters.",
  undated: "Every event that matches has a date.",
  unplaced: "Every event that matches has a place.",
};

export class EventList {
  /** `onOpen(event)`, `onHint(event or null)`, `onTray(name)`, `onMore(offset)`. */
  constructor(styles, { onOpen, onHint, onTray, onMore }) {
    this.styles = styles;
    this.calls = { onOpen, onHint };
    this.tray = "view";
    this.buttons = TRAYS.map((name) => byId(`tray-${name}`));
    this.buttons.forEach((button, k) => button.addEventListener("click", () => onTray(TRAYS[k])));
    byId("more").addEventListener("click", () => onMore(this.shown));
    this.shown = 0;
  }

  /** Which tray is open, and how many events each holds. */
  counts(tray, numbers) {
    this.tray = tray;
    this.buttons.forEach((button, k) => {
      button.setAttribute("aria-pressed", String(TRAYS[k] === tray));
      button.querySelector(".count").textContent = shortNumber(numbers[TRAYS[k]], 1000);
    });
  }

  /** A page of the list; offset 0 starts it anew. */
  show({ total, offset, events }, theme, chosen) {
    const rows = events.map((event) => this._row(event, theme));
    const list = byId("events");
    if (offset) list.append(...rows);
    else list.replaceChildren(...rows);
    this.shown = offset + events.length;
    byId("more").hidden = this.shown >= total;
    byId("more").textContent = `Show ${number(Math.min(50, total - this.shown))} more of ${number(total)}`;
    byId("list-empty").hidden = total > 0;
    byId("list-empty").textContent = EMPTY[this.tray];
    if (offset && rows.length) rows[0].querySelector("button").focus();
    this.mark(chosen);
  }

  /** Shows which row is open in the card. */
  mark(eventId) {
    for (const button of byId("events").querySelectorAll("button")) {
      if (button.dataset.id === eventId) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
  }

  focus(eventId) {
    const button = [...byId("events").querySelectorAll("button")].find((item) => item.dataset.id === eventId);
    button?.focus();
    return Boolean(button);
  }

  _row(event, theme) {
    return h("li", {}, eventButton(event, this.styles, theme, this.calls));
  }
}

/** One event as a button: swatch, title, date and place, and the mark of a draft. */
export function eventButton(event, styles, theme, { onOpen, onHint }) {
  const style = styles.get(event.type) || { shape: "circle", colour: "#565e67", colour_dark: "#a9b4be" };
  const title = event.title || event.sub_type || event.type;
  const facts = h("span", { class: "facts" }, `${when(event)} · ${placeName(event)}`);
  if (event.status !== "reviewed") facts.append(h("span", { class: `tag ${event.status}` }, event.status));
  return h(
    "button",
    {
      type: "button", class: "event", "data-id": event.id,
      onclick: () => onOpen(event),
      onmouseenter: () => onHint(event), onfocus: () => onHint(event),
      onmouseleave: () => onHint(null), onblur: () => onHint(null),
    },
    h("span", { class: "mark", title: event.type }, swatch(style, theme, event.status === "draft"), h("span", { class: "quiet" }, `${event.type}: `)),
    h("span", { class: "title", dir: "auto" }, title),
    facts,
  );
}

export const spotTitle = (count) => `${plural(count, "event")} at this spot`;
