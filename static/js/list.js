// The list beside the map: the events in view, and the trays of those without a date or without a place.

import { byId, h } from "./dom.js";
import { number, placeName, shortNumber, when } from "./format.js";
import { swatch } from "./shapes.js";

export const TRAYS = ["view", "undated", "unplaced"];
const PAGE = 50;
const EMPTY = {
  view: "No events here. Move the map, or loosen the filters.",
  undated: "Every event that matches has a date.",
  unplaced: "Every event that matches has a place.",
};

export class EventList {
  /** `onOpen(event)`, `onHint(event or null)`, `onTray(name)`, `onMore()`, `onEarlier()`. */
  constructor(styles, { onOpen, onHint, onTray, onMore, onEarlier }) {
    this.styles = styles;
    this.calls = { onOpen, onHint };
    this.tray = "view";
    this.buttons = TRAYS.map((name) => byId(`tray-${name}`));
    this.buttons.forEach((button, k) => button.addEventListener("click", () => onTray(TRAYS[k])));
    byId("more").addEventListener("click", () => onMore());
    byId("earlier").addEventListener("click", () => onEarlier());
  }

  /** Which tray is open, and how many events each holds. */
  counts(tray, numbers) {
    this.tray = tray;
    this.buttons.forEach((button, k) => {
      button.setAttribute("aria-pressed", String(TRAYS[k] === tray));
      setText(button.querySelector(".count"), trayNumber(numbers[TRAYS[k]]));
    });
  }

  /** Events `offset`… of `total`; `focus`: the id of the event whose row takes the keyboard, where there is one. */
  show({ total, offset, events }, theme, chosen, focus = null) {
    const rest = total - offset - events.length;
    byId("events").replaceChildren(...events.map((event) => h("li", {}, eventButton(event, this.styles, theme, this.calls))));
    byId("events").setAttribute("start", String(offset + 1));
    byId("more").hidden = rest <= 0;
    byId("more").textContent = `Show ${number(Math.min(PAGE, rest))} more of ${number(total)}`;
    byId("earlier").hidden = offset === 0;
    byId("earlier").textContent = `Show the ${number(Math.min(PAGE, offset))} before`;
    byId("list-empty").hidden = total > 0;
    byId("list-empty").textContent = EMPTY[this.tray];
    if (focus) this.focus(focus);
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
/** Three trays share a line: "980", "7.7k", "611k". */
const trayNumber = (value) => shortNumber(value < 100_000 ? value : Math.round(value / 1000) * 1000, 1000);

/** Writes only what is new: an unchanged text costs no layout. */
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
