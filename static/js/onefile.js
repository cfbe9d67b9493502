// A map that is one file: opened from disk, without a server and without a network. The page is put together as the map
// page is; what that one asks the server, this one asks onefile/answers.js.

import { addBasemap } from "./basemap.js";
import { byId } from "./dom.js";
import { TypeTree } from "./filters/types.js";
import { plural } from "./format.js";
import { eventLayerClass } from "./layers/event_layer.js";
import { EventList } from "./list.js";
import { sayCount } from "./live.js";
import { Answers } from "./onefile/answers.js";
import { FileOpened } from "./onefile/opened.js";
import { FileTiles, bytesOf, inflated } from "./onefile/tiles.js";
import { onTheme, theme } from "./theme.js";
import { Timeline } from "./timeline.js";
import { showTip } from "./tip.js";
import { wireFolds } from "./tools.js";
import { bboxOf } from "./view.js";

const WORLD_PX = 512; // height of the world at zoom 1
const PAGE = 50;
const ALL = Object.freeze({ from: null, to: null, dates: "", types: null, unit: "", axis: null });

/** Called by the page's own script with the Leaflet map and plain options; returns the layer of events. */
export function eventLayer(map, options) {
  const styles = new Map(options.types.map((style) => [style.name, style]));
  const layer = new (eventLayerClass(window.L))(styles);
  read("data-events")
    .then((columns) => new FilePage(map, options, styles, layer, new Answers(columns)))
    .catch((error) => problem(error));
  return layer;
}

/** JSON that an element of the page holds as base64, packed or not. */
async function read(id) {
  const bytes = await inflated(bytesOf(byId(id).textContent.trim()));
  return JSON.parse(new TextDecoder().decode(bytes));
}

function problem(error) {
  byId("problem-text").textContent = `This file cannot be shown: ${error.message}`;
  byId("problem").hidden = false;
}

class FilePage {
  constructor(map, options, styles, layer, answers) {
    Object.assign(this, { map, options, styles, layer, answers });
    this.state = { ...ALL, event: null };
    this.listed = { tray: "view", offset: 0 };
    const days = answers.first && { first: answers.first, last: answers.last };
    this.timeline = new Timeline({ days, state: this.state, onChange: (changes) => this.change(changes), onTray: (name) => this.openTray(name) });
    this.types = new TypeTree(options.types, {}, ({ types }) => this.change({ types }));
    this.list = new EventList(styles, {
      onHint: (event) => layer.setHinted(event),
      onOpen: (event) => this.opened.open(event.id, true),
      onTray: (name) => this.openTray(name),
      onMore: () => this.turn(this.listed.offset + PAGE),
      onEarlier: () => this.turn(Math.max(0, this.listed.offset - PAGE)),
    });
    this.opened = new FileOpened(this);
    this._frame();
    this._wire();
    this._applyTheme();
    this.refresh();
  }

  _frame() {
    this.map.setMinZoom(this.map.getSize().y <= WORLD_PX ? 1 : 2);
    if (this.options.bounds) this.moveTo(this.options.bounds, { animate: false, maxZoom: 9 });
  }

  /** Moves the map to a box [w, s, e, n]. */
  moveTo([west, south, east, north], { animate = true, maxZoom = 11 } = {}) {
    this.map.fitBounds([[south, west], [north, east < west ? east + 360 : east]], { animate, padding: [30, 30], maxZoom });
  }

  _wire() {
    const { map, layer } = this;
    const box = map.getContainer();
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", "Map of events. The same events are in the list.");
    window.L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);
    map.on("moveend", () => this.change({}));
    layer.on("pick", ({ item }) => {
      showTip(map, null); // a tap leaves the pointer where it was
      this.opened.openItem(item);
    });
    layer.on("over", ({ item, point }) => showTip(map, item, point));
    new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(box);
    byId("zoom-all").addEventListener("click", () => {
      this.change({ ...ALL });
      this._frame();
    });
    byId("about-open").addEventListener("click", () => byId("about").showModal());
    byId("about-close").addEventListener("click", () => byId("about").close());
    wireFolds();
    onTheme(() => this._applyTheme());
    this._ground().catch((error) => problem(error));
  }

  async _ground() {
    const { basemap } = this.options;
    if (!basemap.style) return;
    const tiles = new FileTiles(JSON.parse(byId("data-tiles").textContent));
    await addBasemap(this.map, { ...basemap, kind: "offline", url: tiles }, theme, onTheme);
  }

  _applyTheme() {
    this.layer.setTheme(theme());
    this.timeline.setTheme(theme());
    if (!this.view) return;
    this._show();
    this.opened.repaint();
  }

  /** Filters or view changed: the list begins at its top again. */
  change(changes) {
    Object.assign(this.state, changes);
    this.listed.offset = 0;
    this.refresh();
  }

  /** Shows what is asked now, once a frame at most. */
  refresh() {
    if (this.waiting) return;
    this.waiting = requestAnimationFrame(() => {
      this.waiting = 0;
      const params = new URLSearchParams();
      this.timeline.ask(params);
      const [from, to] = params.get("axis")?.split("/") || [];
      const asked = { ...this.asked(), zoom: this.map.getZoom(), unit: params.get("unit") || "", axis: from ? { from, to } : null };
      this.view = this.answers.view(asked);
      this._show();
      sayCount(`${plural(this.view.matched, "event")} in view, ${byId("range").textContent}`);
      document.body.dataset.ready = "1";
    });
  }

  /** Filters and the view's box, as answers.js asks for them. */
  asked(bbox = bboxOf(this.map).split(",").map(Number)) {
    return { ...this.state, bbox };
  }

  _show() {
    const { view, state } = this;
    this.layer.setData(view.clusters, view.events);
    this.timeline.show(view, state, view.matched);
    this.types.show({ types: state.types, subTypes: null }, view, theme());
    byId("unit").value = state.unit;
    byId("matched").textContent = plural(view.matched, "event");
    byId("empty").hidden = view.matched > 0;
    this._showList();
  }

  _showList(focus = null) {
    const { tray, offset } = this.listed;
    this.list.counts(tray, { view: this.view.matched, undated: this.view.undated, unplaced: this.view.unplaced });
    this.list.show(this.answers.list(tray, this.asked(), offset), theme(), this.state.event, focus);
  }

  openTray(name) {
    this.listed = { tray: name, offset: 0 };
    this._showList();
    byId("events").parentElement.scrollTop = 0;
  }

  /** Another page of the list; the keyboard goes to its first event. */
  turn(offset) {
    this.listed.offset = offset;
    const page = this.answers.list(this.listed.tray, this.asked(), offset);
    this._showList(page.events[0]?.id);
    byId("events").parentElement.scrollTop = 0;
  }
}
