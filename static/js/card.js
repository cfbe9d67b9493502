// The card of one event, or of the events at one spot. Everything goes in as text; only http(s) addresses are links.

import { byId, h, safeHref } from "./dom.js";
import { country, dateDoubt, day, deaths, joined, placeDoubt, plural, when } from "./format.js";
import { spotParts } from "./card-spot.js";
import { swatch } from "./shapes.js";

const QUOTES = ["“", "”"];

export class Card {
  /** `onClose()`, `onStatus(event, status)`, `onOpen(event)`, `onSpot()`, `onHint(event or null)`. */
  constructor(styles, calls) {
    this.styles = styles;
    this.calls = calls;
    this.box = byId("card");
    byId("card-close").addEventListener("click", () => calls.onClose());
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !this.box.hidden && !hasOwnEscape(event.target)) calls.onClose();
    });
  }

  /** Whether the keyboard is in the card, or nowhere. */
  holdsFocus() {
    return this.box.contains(document.activeElement) || document.activeElement === document.body;
  }

  hide() {
    this.box.hidden = true;
    byId("card-body").replaceChildren();
  }

  /** `focus`: move the keyboard there, as when a person opened it. */
  show(heading, parts, focus) {
    const title = byId("card-title");
    title.textContent = heading;
    byId("card-body").replaceChildren(...parts.filter(Boolean));
    this.box.hidden = false;
    this.box.scrollTop = 0;
    if (focus) title.focus({ preventScroll: true });
  }

  showError(message) {
    this.show("This event could not be opened", [h("p", { class: "prewrap" }, message)], true);
  }

  /** A page of the events at one spot, { title, total, offset, events }; `onPage(offset)` asks for another. */
  showSpot(page, theme, onPage) {
    this.show(page.title, spotParts(page, this.styles, theme, this.calls, onPage), true);
  }

  /** `listed`: it was chosen from the list of a spot, which a button leads back to. */
  showEvent(event, theme, focus, listed = false) {
    const heading = event.title || event.sub_type || event.type;
    this.show(heading, [
      listed ? h("button", { type: "button", class: "link back", onclick: () => this.calls.onSpot() }, "Back to the list") : null,
      this._kind(event, theme),
      this._facts(event),
      event.quote ? h("blockquote", { dir: "auto" }, `${QUOTES[0]}${event.quote}${QUOTES[1]}`) : null,
      ...this._notes(event),
      ...event.sources.map(sourceLine),
      event.doc_id ? h("p", { class: "source" }, h("a", { href: `/stories/${encodeURIComponent(event.doc_id)}?event=${encodeURIComponent(event.id)}` }, "Read it in its story")) : null,
      ...merged(event),
      this._rest(event),
      likelySame(event),
      this._judgement(event),
    ], focus);
  }

  _kind(event, theme) {
    const style = this.styles.get(event.type);
    const name = event.sub_type && event.sub_type !== event.type ? `${event.type} · ${event.sub_type}` : event.type;
    return h("p", { class: "kind" }, style ? swatch(style, theme, event.status === "draft") : h("span"), h("span", {}, name), h("span", { class: `tag ${event.status}` }, event.status));
  }

  _facts(event) {
    const list = h("dl", { class: "card-facts" });
    const add = (term, text, doubt, sure = false) => {
      if (!text) return;
      list.append(h("dt", {}, term), h("dd", { dir: "auto" }, text, doubt ? h("span", { class: sure ? "doubt none" : "doubt" }, doubt) : null));
    };
    add("When", capital(when(event)), dateDoubt(event));
    add("Where", joined([event.place, event.admin2, event.admin1, country(event.country)]) || "Place not known", placeDoubt(event), event.precision === "exact");
    add("Deaths", deaths(event.fatalities));
    add("Actors", event.actors.join(", "));
    add("Tags", event.tags.join(", "));
    if (event.status === "draft" && event.confidence < 1) add("Confidence", `${Math.round(event.confidence * 100)} %, as the extraction rates itself`);
    return list;
  }

  _notes(event) {
    if (!event.notes.length) return [];
    return [h("div", { class: "notes" }, h("h3", {}, "To check"), h("ul", {}, ...event.notes.map((note) => h("li", { dir: "auto" }, note))))];
  }

  /** All else that the event's row had, folded away. */
  _rest(event) {
    const pairs = Object.entries(event.properties);
    if (!pairs.length) return null;
    const list = h("dl", { class: "card-facts" }, ...pairs.flatMap(([name, value]) => [h("dt", { dir: "auto" }, name), h("dd", { dir: "auto" }, value)]));
    return h("details", { class: "rest" }, h("summary", {}, "All else that the source said"), list);
  }

  _judgement(event) {
    const button = (status, text, kind) =>
      h("button", { type: "button", class: `button small ${kind}`, "data-status": status, onclick: () => this.calls.onStatus(event, status) }, text);
    const review = button("reviewed", "Mark as reviewed", "primary");
    const reject = button("rejected", "Reject", "danger");
    const undo = button("draft", "Back to draft", "");
    const choices = { draft: [review, reject], reviewed: [undo, reject], rejected: [undo] };
    return h("div", { class: "judgement" }, ...(choices[event.status] || []));
  }
}

/** A source as a line: linked where its address is one of the web. */
export function sourceLine(item) {
  const href = safeHref(item.url);
  const name = item.title || item.publisher || item.url;
  const rest = [item.title ? item.publisher : "", item.published ? day(item.published) : ""].filter(Boolean).join(", ");
  const archive = safeHref(item.archive_url);
  if (!name) return null;
  return h(
    "p",
    { class: "source", dir: "auto" },
    "Source: ",
    href ? h("a", { href, rel: "noopener noreferrer", target: "_blank" }, name) : h("span", {}, name),
    rest ? ` (${rest})` : "",
    archive ? " · " : null,
    archive ? h("a", { href: archive, rel: "noopener noreferrer", target: "_blank" }, "archived copy") : null,
  );
}

/** The reports that a person merged into the event: their words stay readable beside its own. */
function merged(event) {
  return (event.merged || []).map((item) => h("div", { class: "also" },
    h("p", { class: "source" }, "Also told: ", h("span", { dir: "auto" }, item.title)),
    item.quote ? h("blockquote", { dir: "auto" }, `${QUOTES[0]}${item.quote}${QUOTES[1]}`) : null));
}

/** The way to the events that are likely the same as this one. */
function likelySame(event) {
  if (!event.likely_same) return null;
  const href = `/duplicates?event=${encodeURIComponent(event.id)}`;
  return h("p", { class: "source" }, h("a", { href, id: "card-duplicates" }, plural(event.likely_same, "likely duplicate")));
}

/** A dialog closes itself, and a search box with words in it clears itself: that press is not the card's. */
const hasOwnEscape = (target) => Boolean(target.closest("dialog") || (target.type === "search" && target.value));

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
