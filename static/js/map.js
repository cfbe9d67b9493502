// The map page: keeps state, asks the server, and tells map, filters, list, timeline and card what to show.

import { ask, callOff, oneAtATime, wasAborted } from "./api.js";
import { addBasemap } from "./basemap.js";
import { Charts } from "./charts.js";
import { byId, settled, soonest } from "./dom.js";
import { Export } from "./export.js";
import { showFeed } from "./feed.js";
import { plural } from "./format.js";
import { FilterPanel, areaBox } from "./filters/panel.js";
import { closed } from "./filters/reading.js";
import { eventLayerClass } from "./layers/event_layer.js";
import { HeatMode } from "./layers/heat_mode.js";
import { EventList } from "./list.js";
import { Listing } from "./listing.js";
import { say, sayCount } from "./live.js";
import { Opened } from "./opened.js";
import { Picture } from "./picture.js";
import { Share } from "./share.js";
import { NO_FILTERS, filterParams, hasFilters, link, parse, showsNone } from "./state.js";
import { onTheme, theme } from "./theme.js";
import { Timeline } from "./timeline.js";
import { showTip } from "./tip.js";
import { Address, painted, wireFolds } from "./tools.js";
import { bboxOf, wrap } from "./view.js";

const WORLD_PX = 512; // height of the world at zoom 1
const PATIENCE_MS = 250; // an answer that newer questions wait for longer is called off
const LIST_MS = 120; // the list follows once counts and map have been still for so long
const FIRST_LIST_MS = 400; // the first list waits for the map's ground, no longer than this
const NOTHING = { clusters: [], events: [], undated: 0, unplaced: 0, matched: 0 };

/** Called by the page's own script with the Leaflet map and plain options; returns the layer of events. */
export function eventLayer(map, options) {
  return new MapPage(map, options).layer;
}

class MapPage {
  constructor(map, options) {
    this.map = map;
    this.options = options;
    this.styles = new Map(options.types.map((style) => [style.name, style]));
    this.state = parse(location.search, [...this.styles.keys()]);
    this.address = new Address(() => link(this.state));
    this.refresh = oneAtATime(() => this._refresh(), () => callOff("view"), PATIENCE_MS);
    this.layer = new (eventLayerClass(window.L))(this.styles);
    this.timeline = new Timeline({ days: options.days, state: this.state, onChange: (changes) => this.change(changes), onTray: (name) => this.openTray(name) });
    this.filters = new FilterPanel(this);
    this._makeList();
    this.share = new Share({ params: () => this.params(), address: () => this.address.now() });
    this.exports = new Export({ params: () => this.params(), empty: () => showsNone(this.state) });
    this.charts = new Charts(this);
    this.heat = new HeatMode(this);
    this.picture = new Picture(this);
    this._frame();
    this._wireMap();
    this._wireForm();
    this._applyTheme();
    this._sayLeft();
    this.refresh();
    if (this.state.event) this.opened.open(this.state.event, false);
  }

  _makeList() {
    const { map, layer, state, styles } = this;
    const onHint = (event) => layer.setHinted(event);
    const told = (task) => task.catch((error) => this.problem(error));
    this.listing = new Listing((tray) => this._listParams(tray), (page, how) => this.list.show(page, theme(), state.event, how?.focus));
    this.list = new EventList(styles, {
      onHint,
      onOpen: (event) => this.opened.open(event.id, true),
      onTray: (name) => this.openTray(name),
      onMore: () => told(this.listing.more()),
      onEarlier: () => told(this.listing.earlier()),
    });
    this.listNow = () => told(this.listing.refresh());
    this.listSoon = settled(this.listNow, LIST_MS);
    this.opened = new Opened({ map, layer, list: this.list, state, styles, params: (bbox) => this.params(bbox), refresh: () => this.refresh() }, onHint);
  }

  /** Where the map opens: as the link says, else around what it filters by, else around all events. */
  _frame() {
    const { view, box } = this.state;
    const around = box || areaBox(this.state);
    this._lowestZoom();
    if (view) this.map.setView([view.lat, view.lon], view.zoom, { animate: false });
    else if (around || this.options.bounds) this.moveTo(around || this.options.bounds, { animate: false, maxZoom: around ? 16 : 9 });
  }

  /** Moves the map to a box [w, s, e, n]; `onlyIfOut`: not where all of it is seen already. */
  moveTo([west, south, east, north], { animate = true, maxZoom = 11, onlyIfOut = false } = {}) {
    const bounds = window.L.latLngBounds([south, west], [north, east < west ? east + 360 : east]);
    if (onlyIfOut && this.map.getBounds().contains(bounds)) return;
    this.map.fitBounds(bounds, { animate, padding: [36, 36], maxZoom });
  }

  /** The whole world fits a phone at zoom 1 only; on a higher map that would show bare ground past the poles. */
  _lowestZoom() {
    this.map.setMinZoom(this.map.getSize().y <= WORLD_PX ? 1 : 2);
  }

  _wireMap() {
    const { map, layer } = this;
    const box = map.getContainer();
    box.setAttribute("aria-label", "Map of events. The same events are in the list.");
    window.L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);
    map.on("moveend", () => {
      const { lat, lng } = map.getCenter();
      this.change({ view: { zoom: map.getZoom(), lat, lon: wrap(lng) } });
    });
    layer.on("pick", ({ item }) => {
      if (this.filters.drawsNow) return;
      showTip(this.map, null); // a tap leaves the pointer where it was
      this.opened.openItem(item);
    });
    layer.on("over", ({ item, point }) => showTip(map, this.filters.drawsNow ? null : item, point));
    new ResizeObserver(() => {
      map.invalidateSize({ animate: false });
      this._lowestZoom();
    }).observe(box);
    onTheme(() => this._applyTheme());
    this.ground = addBasemap(map, this.options.basemap, theme, onTheme).catch((error) => this.problem(error));
  }

  _wireForm() {
    for (const button of document.querySelectorAll("[data-clear]")) button.addEventListener("click", () => this.clear());
    wireFolds();
    byId("retry").addEventListener("click", () => this.refresh());
    byId("zoom-all").addEventListener("click", () => this.moveTo(this.view.anywhere, { maxZoom: 9 }));
    byId("left-close").addEventListener("click", () => (byId("left").hidden = true));
    byId("remove-samples").addEventListener("click", () => byId("samples-dialog").showModal());
    byId("samples-dialog").addEventListener("close", (event) => {
      if (event.target.returnValue === "remove") this.removeSamples();
    });
  }

  /** What the link asked for that could not be used. */
  _sayLeft() {
    const { left } = this.state;
    byId("left").hidden = !left.length;
    byId("left-text").textContent = `Left out of this link, as it cannot be used here: ${left.join(", ")}.`;
  }

  _applyTheme() {
    const now = theme();
    this.layer.setTheme(now);
    this.timeline.setTheme(now);
    if (this.view) {
      this._showView(this.view);
      this.list.show(this.listing.page, now, this.state.event);
      this.opened.repaint();
      this.charts.repaint();
    }
  }

  /** Filters or view changed: show it in the controls, ask anew. */
  change(changes) {
    if (!this.timed) performance.mark("dateline:step");
    this.timed = true;
    Object.assign(this.state, changes);
    this.filters.show();
    this.refresh();
  }

  clear() {
    this.timeline.stop();
    byId("left").hidden = true;
    this.change({ ...NO_FILTERS });
    byId("q").value = "";
  }

  /** The parameters of what the map shows: filters, the view's box, no events without a place. */
  params(bbox = bboxOf(this.map)) {
    const params = filterParams(this.state);
    params.set("bbox", bbox);
    params.set("unplaced", "exclude");
    if (this.state.from) params.set("undated", "exclude");
    return params;
  }

  /** What the view is asked by: all that, and how far out it is, and what the timeline wants counted. */
  _viewParams() {
    const params = this.params();
    params.set("zoom", this.map.getZoom().toFixed(2));
    this.timeline.ask(params);
    return params;
  }

  async _refresh() {
    this.address.keep();
    const busy = setTimeout(() => (byId("busy").hidden = false), 250);
    this.heat.refresh();
    try {
      const view = await ask(`/map/view?${this._viewParams()}`, { kind: "view" });
      byId("problem").hidden = true;
      this._close(view);
      this._showView(view);
      this.timed = false;
      painted("dateline:painted");
      this._follow();
    } catch (error) {
      this.problem(error);
    } finally {
      clearTimeout(busy);
      byId("busy").hidden = true;
    }
  }

  /** Open ends of a link's dates become the days that there are. */
  _close({ first, last }) {
    const { from, to } = this.state;
    const ends = from && closed({ from, to }, first, last);
    if (!ends || (ends.from === from && ends.to === to)) return;
    Object.assign(this.state, ends);
    this.address.keep();
  }

  /** What need not be there in the same instant as map and counts: the list, the sentence, the way to the file. */
  _follow() {
    this.charts.changed();
    if (this.listing.fresh) this.firstList ??= soonest(this.ground, FIRST_LIST_MS).then(this.listNow).finally(() => (this.firstList = null));
    else this.listSoon();
    this.exports.show();
    showFeed(this.params(), showsNone(this.state));
    this.share.tell(showsNone(this.state) ? "" : this.view.sentence);
  }

  _showView(view) {
    const { state } = this;
    const none = showsNone(state); // the server reads "no type" as all of them
    const shown = none ? { ...view, ...NOTHING } : view;
    this.view = view;
    this.layer.setData(shown.clusters, shown.events);
    this.filters.show();
    this.filters.showCounts(view, theme());
    this.timeline.show(shown, state, shown.matched);
    this.list.counts(this.listing.tray, { view: shown.matched, undated: shown.undated, unplaced: shown.unplaced });
    byId("matched").textContent = plural(shown.matched, "event");
    byId("samples").hidden = !view.samples;
    byId("samples-count").textContent = plural(view.samples, "event");
    this._showEmpty(shown.matched);
    sayCount(`${plural(shown.matched, "event")} in view, ${byId("range").textContent}`);
    document.body.dataset.ready = "1";
  }

  _showEmpty(matched) {
    const { first, anywhere } = this.view;
    const filtered = hasFilters(this.state);
    byId("empty").hidden = matched > 0;
    byId("empty-clear").hidden = !filtered || !anywhere;
    byId("zoom-all").hidden = !anywhere || filtered;
    byId("empty-add").hidden = Boolean(anywhere);
    byId("empty-text").textContent = !anywhere && !first
      ? "No events yet. Add a story, and its events appear here."
      : filtered ? "No events in this view match the filters." : "No events in this part of the world.";
  }

  openTray(name) {
    this.listing.tray = name;
    if (this.view) this._showView(this.view);
    this.listNow();
  }

  _listParams(tray) {
    if (showsNone(this.state)) return null;
    if (tray === "view") return this.params();
    const params = filterParams(this.state);
    if (tray === "undated") for (const name of ["datetime", "dates"]) params.delete(name);
    params.set(tray, "only");
    return params;
  }

  problem(error) {
    if (wasAborted(error)) return;
    byId("problem-text").textContent = error.message;
    byId("problem-clear").hidden = error.status !== 400; // what the server refuses, it refuses again
    byId("problem").hidden = false;
  }

  async removeSamples() {
    try {
      const { removed } = await ask("/samples/remove", { method: "POST", body: {} });
      this.opened.close();
      await this.refresh();
      say(`${plural(removed, "sample event")} removed.`);
    } catch (error) {
      this.problem(error);
    }
  }
}
