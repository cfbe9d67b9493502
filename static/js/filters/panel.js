// The panel's filters together: it shows the state in all of them, and hands each change to the page.

import { byId, settled } from "../dom.js";
import { plural } from "../format.js";
import { AreaLayer } from "./area.js";
import { Chips } from "./chips.js";
import { circleBox } from "./circle.js";
import { CornersDialog } from "./corners.js";
import { Drawing } from "./drawing.js";
import { MoreFilters } from "./more.js";
import { PlaceFilter } from "./place.js";
import { boxOf, boxRing } from "./ring.js";
import { TypeTree } from "./types.js";
import { filterWords } from "./words.js";

export class FilterPanel {
  /** `page`: { map, state, options, change(changes), moveTo(box) }. */
  constructor(page) {
    this.page = page;
    const { map, options } = page;
    const change = (changes) => page.change(changes);
    const types = options.types.map((style) => style.name);
    this.taxonomy = { types, leaves: types.flatMap((name) => [...(options.sub_types[name] || []).map((item) => item.name), name]) };
    this.tree = new TypeTree(options.types, options.sub_types, change);
    this.place = new PlaceFilter((changes, box) => {
      if (box) page.moveTo(box);
      change(changes);
    });
    this.more = new MoreFilters(change);
    this.chips = new Chips(change);
    this.area = new AreaLayer(map);
    this.drawing = new Drawing(map, (ring) => this._drawn(ring));
    this.corners = new CornersDialog((polygon) => this._take(polygon));
    this._wireWords();
    this._wireArea();
    if (page.state.near) this.place.learnName(page.state.near, () => this.show()).catch(() => {}); // its degrees name it, too
  }

  /** Whether a click on the map is a corner, not a question. */
  get drawsNow() {
    return this.drawing.mode !== "";
  }

  /** The state in every control. */
  show() {
    const { state } = this.page;
    const field = byId("q");
    if (field !== document.activeElement || !state.q) field.value = state.q;
    this.place.show(state);
    this.more.show(state);
    this.area.show(state, this.drawing.mode === "edit");
    this.chips.show(filterWords(state, this.taxonomy, (circle) => this.place.nameOf(circle)));
    byId("area-box").hidden = !state.polygon;
    if (state.polygon) byId("area-text").textContent = `Drawn area, ${plural(state.polygon.length, "corner")}`;
  }

  /** The numbers beside the types. */
  showCounts(counts, theme) {
    this.tree.show(this.page.state, { types: counts.types, sub_types: this._nested(counts.sub_types || {}) }, theme);
  }

  /** Counts by sub-type as {type: {sub-type: n}}: each name belongs to one type. */
  _nested(counts) {
    const of = (type) => (this.page.options.sub_types[type] || []).map(({ name }) => [name, counts[name] || 0]);
    return Object.fromEntries(this.taxonomy.types.map((type) => [type, typeof counts[type] === "object" ? counts[type] : Object.fromEntries(of(type))]));
  }

  _wireWords() {
    const soon = settled((q) => this.page.change({ q }), 200);
    byId("q").addEventListener("input", (event) => soon(event.target.value));
    byId("search").addEventListener("submit", (event) => event.preventDefault());
    const hint = byId("q-hint");
    byId("q").addEventListener("focus", () => (hint.hidden = false));
    byId("q").addEventListener("blur", () => (hint.hidden = true));
  }

  _wireArea() {
    const [toggle, tools] = [byId("area-toggle"), byId("area-tools")];
    const open = (yes) => {
      tools.hidden = !yes;
      toggle.setAttribute("aria-expanded", String(yes));
    };
    toggle.addEventListener("click", () => open(tools.hidden));
    const act = (id, task) => byId(id).addEventListener("click", () => {
      toggle.focus({ preventScroll: true }); // where the keyboard is to be when the task is done
      open(false);
      task();
    });
    act("area-draw", () => this.drawing.start());
    act("area-view", () => this._take(viewRing(this.page.map)));
    act("area-type", () => this.corners.open(this.page.state.polygon));
    byId("area-edit").addEventListener("click", () => {
      this.drawing.start(this.page.state.polygon);
      this.show();
    });
    byId("area-text-edit").addEventListener("click", () => this.corners.open(this.page.state.polygon));
    byId("area-remove").addEventListener("click", () => {
      this.page.change({ polygon: null });
      toggle.focus();
    });
  }

  _drawn(ring) {
    if (ring) this.page.change({ polygon: ring });
    else this.show();
  }

  _take(polygon) {
    this.page.change({ polygon });
    this.page.moveTo(boxOf(polygon), { onlyIfOut: true });
  }
}

/** What the map shows as a ring; the whole Earth once where more of it shows. */
function viewRing(map) {
  const bounds = map.getBounds();
  const [west, east] = [bounds.getWest(), bounds.getEast()];
  const lons = east - west >= 360 ? [-180, 180] : [west, east];
  return boxRing([lons[0], Math.max(-90, bounds.getSouth()), lons[1], Math.min(90, bounds.getNorth())]);
}

/** [w, s, e, n] of the area that a state filters by, or null. */
export function areaBox({ near, polygon }) {
  if (polygon) return boxOf(polygon);
  return near ? circleBox(near) : null;
}
