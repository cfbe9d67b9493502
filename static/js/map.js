// The map page: keeps state, asks the server, and tells map, legend, list, timeline and card what to show.

import { ask, callOff, wasAborted } from "./api.js";
import { addBasemap } from "./basemap.js";
import { byId, settled } from "./dom.js";
import { plural } from "./format.js";
import { eventLayerClass } from "./layers/event_layer.js";
import { Legend } from "./legend.js";
import { EventList } from "./list.js";
import { Opened } from "./opened.js";
import { NO_FILTERS, filterParams, hasFilters, link, parse } from "./state.js";
import { onTheme, theme } from "./theme.js";
import { Timeline } from "./timeline.js";
import { showTip } from "./tip.js";
import { copyLink, wireCredits } from "./tools.js";
import { bboxOf, wrap } from "./view.js";

const EXPORT_LIMIT = 100_000;
const WORLD_PX = 512; // height of the world at zoom 1

/** Called by the page's own script with the Leaflet map and plain options; returns the layer of events. */
export function eventLayer(map, options) {
  return new MapPage(map, options).layer;
}

class MapPage {
  constructor(map, options) {
    const { L } = window;
    this.map = map;
    this.options = options;
    this.styles = new Map(options.types.map((style) => [style.name, style]));
    this.state = parse(location.search, [...this.styles.keys()]);
    this.tray = "view";
    this.layer = new (eventLayerClass(L))(this.styles);
    this.legend = new Legend(options.types, (types) => this.change({ types }));
    this.timeline = new Timeline({ days: options.days, state: this.state, onChange: (changes) => this.change(changes), onTray: (name) => this.openTray(name) });
    const onHint = (event) => this.layer.setHinted(event);
    this.list = new EventList(this.styles, { onHint, onOpen: (event) => this.opened.open(event.id, true), onTray: (name) => this.openTray(name), onMore: (offset) => this.loadList(offset).catch((error) => this._problem(error)) });
    const { layer, list, state, styles } = this;
    const asked = { params: (bbox) => this.params(bbox), refresh: () => this.refresh() };
    this.opened = new Opened({ map, layer, list, state, styles, ...asked }, onHint);
    this.soon = settled(() => this.refresh(), 40);
    this.searchSoon = settled((q) => this.change({ q }), 250);
    this._frame();
    this._wireMap();
    this._wireForm();
    this._applyTheme();
    this.refresh();
    if (this.state.event) this.opened.open(this.state.event, false);
  }

  /** Where the map opens: as the link says, else around all events. */
  _frame() {
    const { view } = this.state;
    const { bounds } = this.options;
    this._lowestZoom();
    if (view) this.map.setView([view.lat, view.lon], view.zoom, { animate: false });
    else if (bounds) this.map.fitBounds([[bounds[1], bounds[0]], [bounds[3], bounds[2]]], { animate: false, padding: [36, 36], maxZoom: 9 });
  }

  /** The whole world fits a phone at zoom 1 only; on a higher map that would show bare ground past the poles. */
  _lowestZoom() {
    this.map.setMinZoom(this.map.getSize().y <= WORLD_PX ? 1 : 2);
  }

  _wireMap() {
    const { map, layer } = this;
    const box = map.getContainer();
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", "Map of events. The same events are in the list.");
    window.L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);
    map.on("moveend", () => {
      const { lat, lng } = map.getCenter();
      this.state.view = { zoom: map.getZoom(), lat, lon: wrap(lng) };
      this.soon();
    });
    layer.on("pick", ({ item }) => {
      showTip(this.map, null); // a tap leaves the pointer where it was
      if (item.kind === "cluster") this.opened.openCluster(item.cluster);
      else this.opened.open(item.event.id, true);
    });
    layer.on("over", ({ item, point }) => showTip(map, item, point));
    new ResizeObserver(() => {
      map.invalidateSize({ animate: false });
      this._lowestZoom();
    }).observe(box);
    onTheme(() => this._applyTheme());
    addBasemap(map, this.options.basemap, theme, onTheme).catch((error) => this._problem(error));
  }

  _wireForm() {
    const { state } = this;
    byId("q").addEventListener("input", (event) => this.searchSoon(event.target.value));
    byId("search").addEventListener("submit", (event) => event.preventDefault());
    for (const name of ["status", "precision"]) byId(name).addEventListener("change", (event) => this.change({ [name]: event.target.value }));
    for (const button of document.querySelectorAll("[data-clear]")) button.addEventListener("click", () => this.clear());
    wireCredits();
    byId("retry").addEventListener("click", () => this.refresh());
    byId("copy-link").addEventListener("click", copyLink);
    byId("zoom-all").addEventListener("click", () => this.zoomToAll());
    byId("remove-samples").addEventListener("click", () => byId("samples-dialog").showModal());
    byId("samples-dialog").addEventListener("close", (event) => {
      if (event.target.returnValue === "remove") this.removeSamples();
    });
    this._showForm(state);
  }

  _showForm(state) {
    for (const name of ["q", "status", "precision", "unit"]) if (byId(name) !== document.activeElement) byId(name).value = state[name];
    if (!state.q && document.activeElement?.id !== "q") byId("q").value = "";
  }

  _applyTheme() {
    const now = theme();
    this.layer.setTheme(now);
    this.timeline.setTheme(now);
    if (this.view) {
      this._showView(this.view);
      if (this.listed) this.list.show(this.listed, now, this.state.event);
      this.opened.repaint();
    }
  }

  /** Filters changed: show it in the controls, ask anew. */
  change(changes) {
    Object.assign(this.state, changes);
    this.soon();
  }

  clear() {
    Object.assign(this.state, { ...NO_FILTERS });
    this.timeline.stop();
    byId("q").value = "";
    this.refresh();
  }

  /** The parameters of what the map shows: filters, the view's box, no events without a place. */
  params(bbox = bboxOf(this.map)) {
    const params = filterParams(this.state);
    params.set("bbox", bbox);
    params.set("unplaced", "exclude");
    if (this.state.from) params.set("undated", "exclude");
    return params;
  }

  async refresh() {
    history.replaceState(null, "", link(this.state) || location.pathname);
    this._showForm(this.state);
    const params = this.params();
    this._showExport(params);
    params.set("zoom", this.map.getZoom().toFixed(2));
    this.timeline.ask(params);
    const busy = setTimeout(() => (byId("busy").hidden = false), 250);
    const list = this.loadList(0);
    list.catch(() => {}); // it is awaited below; a tray opened meanwhile calls off the list, not the view
    try {
      const view = await ask(`/map/view?${params}`, { kind: "view" });
      byId("problem").hidden = true;
      this._showView(view);
      await list;
    } catch (error) {
      this._problem(error);
    } finally {
      clearTimeout(busy);
      byId("busy").hidden = true;
    }
  }

  _showView(view) {
    const { state } = this;
    const none = state.types && !state.types.length; // the server reads "no type" as all of them
    this.view = view;
    const matched = none ? 0 : view.matched;
    this.layer.setData(none ? [] : view.clusters, none ? [] : view.events);
    this.legend.show(state.types, view.types, theme());
    this.timeline.show(view, state, matched);
    this.list.counts(this.tray, { view: matched, undated: none ? 0 : view.undated, unplaced: none ? 0 : view.unplaced });
    byId("matched").textContent = plural(matched, "event");
    byId("samples").hidden = !view.samples;
    byId("samples-count").textContent = plural(view.samples, "event");
    this._showEmpty(matched);
    this._say(matched);
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

  _say(matched) {
    clearTimeout(this.saying);
    const text = `${plural(matched, "event")} in view, ${byId("range").textContent}`;
    this.saying = setTimeout(() => (byId("live").textContent = text), 700);
  }

  _showExport(params) {
    const out = new URLSearchParams(params);
    out.set("limit", String(EXPORT_LIMIT));
    out.set("download", "1");
    const none = this.state.types && !this.state.types.length;
    const anchor = byId("export");
    if (none) anchor.removeAttribute("href");
    else anchor.href = `/collections/events/items?${out}`;
    anchor.setAttribute("aria-disabled", String(Boolean(none)));
  }

  openTray(name) {
    this.tray = name;
    if (this.view) this._showView(this.view);
    this.loadList(0).catch((error) => this._problem(error));
  }

  _listParams() {
    if (this.tray === "view") return this.params();
    const params = filterParams(this.state);
    if (this.tray === "undated") params.delete("datetime");
    params.set(this.tray, "only");
    return params;
  }

  async loadList(offset) {
    const none = this.state.types && !this.state.types.length;
    const params = this._listParams();
    params.set("offset", String(offset));
    if (none) callOff("list");
    const page = none ? { total: 0, offset: 0, events: [] } : await ask(`/map/list?${params}`, { kind: "list" });
    if (this.listParams !== params.toString() && !offset) byId("events").parentElement.scrollTop = 0;
    if (!offset) this.listParams = params.toString();
    this.listed = offset && this.listed ? { ...page, offset: 0, events: [...this.listed.events, ...page.events] } : page;
    this.list.show(page, theme(), this.state.event);
  }

  _problem(error) {
    if (wasAborted(error)) return;
    byId("problem-text").textContent = error.message;
    byId("problem-clear").hidden = error.status !== 400; // what the server refuses, it refuses again
    byId("problem").hidden = false;
  }

  zoomToAll() {
    const { anywhere } = this.view;
    if (anywhere) this.map.fitBounds([[anywhere[1], anywhere[0]], [anywhere[3], anywhere[2]]], { padding: [36, 36], maxZoom: 9 });
  }

  async removeSamples() {
    try {
      const { removed } = await ask("/samples/remove", { method: "POST", body: {} });
      this.opened.close();
      await this.refresh();
      byId("live").textContent = `${plural(removed, "sample event")} removed.`;
    } catch (error) {
      this._problem(error);
    }
  }
}
