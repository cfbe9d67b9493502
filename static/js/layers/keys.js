// The map by keyboard: one tab stop. Arrow keys go from event to event by direction, and move the map where none is left;
// Enter opens, Escape leaves. What is reached is drawn with a ring and said in a live region.

import { placeName, plural, number, when } from "../format.js";
import { h } from "../dom.js";

const WAYS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const ASIDE = 2.2; // what lies to the side counts as so much farther
const PAN_PX = 160;
const HELP = "Arrow keys go through the events, Enter opens one, Escape leaves. Shift and an arrow key move the map, plus and minus zoom.";

export class Keys {
  constructor(layer) {
    this.layer = layer;
    this.at = null; // { drawn, item, point } as `visible` gives it
    this.onKey = (event) => this._key(event);
    this.onBlur = () => this._show(null);
    this.onFocus = () => this._resume();
  }

  attach(map) {
    const box = (this.map = map).getContainer();
    this.help = h("p", { class: "quiet", id: "map-help" }, HELP);
    this.live = h("p", { class: "quiet", id: "map-live", "aria-live": "assertive" });
    box.after(this.help, this.live);
    box.setAttribute("role", "application"); // or a screen reader would keep the arrow keys for itself
    box.setAttribute("aria-roledescription", "map");
    box.setAttribute("aria-describedby", "map-help");
    box.addEventListener("keydown", this.onKey, true); // before Leaflet, which moves the map
    box.addEventListener("blur", this.onBlur);
    box.addEventListener("focus", this.onFocus);
  }

  detach() {
    const box = this.map.getContainer();
    box.removeEventListener("keydown", this.onKey, true);
    box.removeEventListener("blur", this.onBlur);
    box.removeEventListener("focus", this.onFocus);
    this.help.remove();
    this.live.remove();
  }

  /** New things are drawn: stay on the same one, or on what is now nearest to where it was, where the keyboard asked. */
  renewed() {
    if (!this.at || document.activeElement !== this.map.getContainer()) return;
    const all = this.layer.visible();
    const same = this._same(all);
    const next = same || nearest(all, this.going || this._from(all));
    const said = !same || Boolean(this.going);
    this.going = null;
    this._show(next, said);
  }

  _key(event) {
    const box = this.map.getContainer();
    if (event.target !== box || box.classList.contains("drawing")) return; // arrows move the map while corners are set
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (WAYS[event.key]) this._go(WAYS[event.key]);
    else if (event.key === "Enter" && this.at) this._open();
    else if (event.key === "Escape" && this.at) this._leave();
    else return;
    event.preventDefault();
    if (event.key !== "Escape") event.stopPropagation(); // Escape also closes what is open on the page
  }

  _go(way) {
    const all = this.layer.visible();
    if (!this.at) {
      this._show(nearest(all, this._middle()), true);
      if (!this.at) this._pan(way);
      return;
    }
    const same = this._same(all);
    const next = best(all.filter((one) => one !== same), this._from(all), way);
    if (next) this._show(next, true);
    else this._pan(way);
  }

  /** Nothing more that way in sight: the map moves, and the answer for there goes on from its edge. */
  _pan([x, y]) {
    this.map.panBy([x * PAN_PX, y * PAN_PX], { animate: false });
    this.live.textContent = "The map moves.";
  }

  _open() {
    this.going = this._middle(); // a cluster opens by a zoom that brings it there
    this.layer.fire("pick", { item: this.at.item });
  }

  _leave() {
    this.at = null;
    this._show(null);
    this.live.textContent = "";
  }

  _resume() {
    const box = this.map.getContainer();
    if (!this.at || !box.matches(":focus-visible")) return;
    const all = this.layer.visible();
    this._show(this._same(all) || nearest(all, this._from(all)), true);
  }

  _same(all) {
    return all.find(({ item }) => sameItem(item, this.at.item)) || null;
  }

  /** Where the keyboard is, in pixels of the map's box, be it in sight or not. */
  _from(all) {
    const { item } = this.at;
    return this._same(all)?.point || this.map.latLngToContainerPoint([item.lat, item.lon]);
  }

  /** Draws the ring and the tip at `one`, and says it; null: no ring, the place is kept for when the keyboard comes back. */
  _show(one, said = false) {
    if (one) this.at = one;
    this.layer.setFocused(one?.drawn || null);
    this.layer.fire("over", { item: one?.item || null, point: one?.point || null });
    if (one && said) this.live.textContent = words(one.item);
  }

  _middle() {
    return this.map.getSize().divideBy(2);
  }
}

const far = (one, other) => Math.hypot(one.x - other.x, one.y - other.y);
const nearest = (all, point) => all.reduce((found, one) => (!found || far(one.point, point) < far(found.point, point) ? one : found), null);

/** The next thing in a direction: near, and rather ahead than aside. */
function best(all, from, [right, down]) {
  let found = null;
  let least = Infinity;
  for (const one of all) {
    const [dx, dy] = [one.point.x - from.x, one.point.y - from.y];
    const ahead = dx * right + dy * down;
    const aside = Math.abs(dx * down) + Math.abs(dy * right);
    const cost = Math.hypot(ahead, aside * ASIDE);
    if (ahead > 0.5 && aside <= 3 * ahead && cost < least) [found, least] = [one, cost];
  }
  return found;
}

const sameItem = (one, other) =>
  one.kind === other.kind && (one.kind === "event" ? one.event.id === other.event.id : one.lon === other.lon && one.lat === other.lat);

/** What an item is, for somebody who does not see it. */
export function words(item) {
  if (item.kind === "event") return `${item.event.title || item.event.sub_type || item.event.type}. ${item.event.type}, ${when(item.event)}, ${placeName(item.event)}.`;
  const { count, types, place, event } = item.cluster || item.area;
  if (event) return words({ kind: "event", event });
  const most = Object.entries(types).sort((one, other) => other[1] - one[1]).slice(0, 3);
  const mix = most.map(([name, more]) => `${number(more)} ${name}`).join(", ");
  return item.kind === "area" ? `${plural(count, "event")} somewhere in ${place || "an area"}: ${mix}.` : `${plural(count, "event")}: ${mix}.`;
}
