// A few lines on the event that was pressed in a frame, with the way to all that is known of it.

import { byId, h } from "./dom.js";
import { dateDoubt, placeDoubt, placeName, plural, when } from "./format.js";
import { swatch } from "./shapes.js";

export class EmbedCard {
  /** `address(id)`: the whole page with this event open, or empty where none is to be linked. */
  constructor(styles, address) {
    this.styles = styles;
    this.address = address;
    this.box = h("section", { class: "embed-card", "aria-label": "The event pressed", tabindex: "-1", hidden: true });
    this.box.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
    byId("main").append(this.box);
  }

  showEvent(event, theme) {
    const style = this.styles.get(event.type);
    const doubts = [dateDoubt(event), placeDoubt(event)].filter(Boolean).join("; ");
    this._show([
      h("h2", { dir: "auto" }, event.title || event.sub_type || event.type),
      h("p", { class: "embed-kind" }, style ? swatch(style, theme, event.status === "draft") : null, event.sub_type || event.type, event.status === "draft" ? h("span", { class: "tag draft" }, "draft") : null),
      h("p", {}, `${when(event)} · ${placeName(event)}`),
      doubts ? h("p", { class: "muted" }, doubts) : null,
      this._link(this.address(event.id), "Quote and sources"),
    ]);
  }

  showMany(count, address) {
    this._show([h("h2", {}, `${plural(count, "event")} at one place`), this._link(address, "List them")]);
  }

  close() {
    this.box.hidden = true;
    byId("main").querySelector(".leaflet-container")?.focus({ preventScroll: true });
  }

  _link(href, text) {
    if (!href) return null;
    return h("a", { href, target: "_blank", rel: "noopener" }, text);
  }

  _show(parts) {
    const close = h("button", { type: "button", class: "close", "aria-label": "Close", onclick: () => this.close() }, "×");
    this.box.replaceChildren(close, ...parts.filter(Boolean));
    this.box.hidden = false;
    this.box.focus({ preventScroll: true });
  }
}
