// The page for a frame in somebody else's: the map, what its marks mean, the timeline, and the way to the whole page.
// It takes the same address as the map page and filters by it; only map and dates can be moved here.

import { ask, callOff, oneAtATime, wasAborted } from "./api.js";
import { addBasemap } from "./basemap.js";
import { byId, h } from "./dom.js";
import { EmbedCard } from "./embed-card.js";
import { areaBox } from "./filters/panel.js";
import { closed } from "./filters/reading.js";
import { number, plural, shortNumber } from "./format.js";
import { eventLayerClass } from "./layers/event_layer.js";
import { swatch } from "./shapes.js";
import { filterParams, link, parse, showsNone } from "./state.js";
import { onTheme, theme } from "./theme.js";
import { Timeline } from "./timeline.js";
import { showTip } from "./tip.js";
import { bboxOf, wrap } from "./view.js";

const WORLD_PX = 512; // height of the world at zoom 1
const PATIENCE_MS = 250;
const ROOM = { padding: [24, 24] };
const NOTHING = { matched: 0, clusters: [], events: [], types: {} };

/** Called by the page's own script with the Leaflet map and plain options; returns the layer of events. */
export function eventLayer(map, options) {
  return new EmbedPage(map, options).layer;
}

class EmbedPage {
  constructor(map, options) {
    this.map = map;
    this.options = options;
    this.styles = new Map(options.types.map((style) => [style.name, style]));
    this.state = parse(location.search, [...this.styles.keys()]);
    this.refresh = oneAtATime(() => this._refresh(), () => callOff("view"), PATIENCE_MS);
    this.layer = new (eventLayerClass(window.L))(this.styles);
    this.timeline = new Timeline({ days: options.days, state: this.state, onChange: (changes) => this.change(changes), onTray: () => {}, calm: true });
    this.card = new EmbedCard(this.styles, (event) => this._full({ event }));
    this._frame();
    this._wire();
    this._applyTheme();
    this.refresh();
  }

  _frame() {
    const { map, state, options } = this;
    const box = state.box || areaBox(state) || options.bounds;
    map.setMinZoom(map.getSize().y <= WORLD_PX ? 1 : 2);
    if (state.view) map.setView([state.view.lat, state.view.lon], state.view.zoom, { animate: false });
    else if (box) this._moveTo(box, { animate: false, maxZoom: 9 });
  }

  _moveTo([west, south, east, north], how) {
    this.map.fitBounds([[south, west], [north, east < west ? east + 360 : east]], { ...ROOM, ...how });
  }

  _wire() {
    const { map, layer } = this;
    const box = map.getContainer();
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", "Map of events");
    map.attributionControl?.remove();
    this._calmWheel(box);
    map.on("moveend", () => {
      const { lat, lng } = map.getCenter();
      this.change({ view: { zoom: map.getZoom(), lat, lon: wrap(lng) } });
    });
    layer.on("pick", ({ item }) => this._pick(item));
    layer.on("over", ({ item, point }) => showTip(map, item, point));
    new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(box);
    byId("retry").addEventListener("click", () => this.refresh());
    onTheme(() => this._applyTheme());
    addBasemap(map, this.options.basemap, theme, onTheme).catch((error) => this._problem(error));
  }

  /** A wheel scrolls the page around the frame until the map was pressed, and again once the pointer has left it. */
  _calmWheel(box) {
    const { scrollWheelZoom } = this.map;
    scrollWheelZoom.disable();
    box.addEventListener("pointerdown", () => scrollWheelZoom.enable());
    box.addEventListener("pointerleave", () => scrollWheelZoom.disable());
  }

  /** A cluster opens by zooming in; where that parts nothing, its events are on the whole page. */
  _pick(item) {
    showTip(this.map, null);
    if (item.kind === "event") return this.card.showEvent(item.event, theme());
    if (item.kind === "area" && item.area.event) return this.card.showEvent(item.area.event, theme());
    const { bbox, count } = item.cluster || item.area;
    const parts = bbox && (bbox[2] - bbox[0] > 1e-4 || bbox[3] - bbox[1] > 1e-4) && this.map.getZoom() < this.map.getMaxZoom();
    if (parts) return this._moveTo(bbox, { maxZoom: this.map.getMaxZoom() });
    return this.card.showMany(count, this._full({}));
  }

  change(changes) {
    Object.assign(this.state, changes);
    this.refresh();
  }

  params() {
    const params = filterParams(this.state);
    params.set("bbox", bboxOf(this.map));
    params.set("unplaced", "exclude");
    if (this.state.from) params.set("undated", "exclude");
    return params;
  }

  /** The address of the whole page with this view; empty where the page is not for those who see the frame. */
  _full(changes) {
    if (!this.options.full) return "";
    return new URL(link({ ...this.state, ...changes }) || "/", new URL(this.options.full).origin).href;
  }

  async _refresh() {
    const params = this.params();
    params.set("zoom", this.map.getZoom().toFixed(2));
    this.timeline.ask(params);
    try {
      this._show(await ask(`/embed/view?${params}`, { kind: "view" }));
      byId("problem").hidden = true;
    } catch (error) {
      this._problem(error);
    }
  }

  _show(view) {
    const { state } = this;
    if (state.from) Object.assign(state, closed({ from: state.from, to: state.to }, view.first, view.last));
    const shown = showsNone(state) ? { ...view, ...NOTHING } : view; // the server reads "no type" as all of them
    this.view = shown;
    this.layer.setData(shown.clusters, shown.events);
    this.timeline.show(shown, state, shown.matched);
    this._legend(shown.types);
    byId("unit").value = state.unit;
    byId("matched").textContent = plural(shown.matched, "event");
    byId("empty").hidden = shown.matched > 0;
    byId("empty-text").textContent = "No events here match.";
    byId("sentence").textContent = showsNone(state) ? "" : view.sentence;
    byId("sentence").title = byId("sentence").textContent;
    if (this.options.full) byId("full").href = this._full({});
    document.body.dataset.ready = "1";
  }

  /** The types on the map, the most frequent first. */
  _legend(counts) {
    const { types } = this.state;
    const seen = this.options.types.filter(({ name }) => counts[name] && (!types || types.includes(name))).sort((a, b) => counts[b.name] - counts[a.name]);
    const row = (style) => h("li", {}, swatch(style, theme()), h("span", {}, style.name), h("span", { class: "count", title: number(counts[style.name]) }, shortNumber(counts[style.name])));
    const open = byId("embed-legend").querySelector("details")?.open ?? window.matchMedia("(min-width: 720px) and (min-height: 460px)").matches;
    byId("embed-legend").hidden = !seen.length;
    byId("embed-legend").replaceChildren(h("details", { open }, h("summary", {}, "Event types"), h("ul", {}, ...seen.map(row))));
  }

  _applyTheme() {
    this.layer.setTheme(theme());
    this.timeline.setTheme(theme());
    if (this.view) this._legend(this.view.types);
  }

  _problem(error) {
    if (wasAborted(error)) return;
    byId("problem-text").textContent = error.message;
    byId("problem").hidden = false;
  }
}
