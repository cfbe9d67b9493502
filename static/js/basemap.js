// The offline basemap: Natural Earth and GeoNames in one PMTiles file, drawn by protomaps-leaflet in quiet colours.
//
// Ground and names are two layers over one cache of tiles. The names lie in their own pane above the events' symbols
// (and below popups), so that a cluster does not hide the town that it stands for. Longitude first in the file;
// Leaflet's (lat, lon) never appears here.

import { labelRules } from "./basemap-labels.js";
import { palette } from "./basemap-palette.js";

const DATA_ZOOM = 8; // deepest zoom with tiles, as tools/basemap/tiles.py makes it
const NAMES_PANE = "place-names";
const NAMES_Z = 640; // Leaflet: markers 600, tooltips 650, popups 700
const NO_DELAY_MS = 0.001; // protomaps-leaflet waits by a tile's distance from the middle; 0 would be its own 3 ms
const FONTS = ['500 14px Inter', '600 14px Inter', 'italic 500 14px Inter'];
const LEAVING_MS = 200;
const SAMPLE = "AaŁłİşŞěșțŌō"; // latin and latin-ext

let fonts;
/** The fonts that the names are drawn in; a canvas does not wait for them by itself. Never fails. */
function fontsReady() {
  fonts ??= Promise.allSettled(FONTS.map((font) => document.fonts.load(font, SAMPLE)));
  return fonts;
}

let leaving = false;
addEventListener("pagehide", () => (leaving = true));
addEventListener("pageshow", () => (leaving = false));

/**
 * Whoever leaves the page calls off the tiles on their way. The browser may say "Failed to fetch" of that a moment
 * before the page goes: a failure is told after that moment, and of a page that goes as called off, which is no fault.
 */
function quietWhenLeft(source) {
  const get = source.get.bind(source);
  source.get = async (...asked) => {
    try {
      return await get(...asked);
    } catch (error) {
      await new Promise((resolve) => setTimeout(resolve, LEAVING_MS));
      throw leaving ? new DOMException("The page was left.", "AbortError") : error;
    }
  };
}

/** Tiles come from an address, or from an object that has them (onefile/tiles.js). */
function readBy({ url }, source) {
  if (url.fill) url.fill(source);
  else quietWhenLeft(source);
}

/** Ground: land, waters, borders. `p` is protomaps-leaflet, `t` a palette. */
function paintRules(p, t) {
  const line = (options) => new p.LineSymbolizer({ lineJoin: "round", lineCap: "round", ...options });
  return [
    { dataLayer: "land", symbolizer: new p.PolygonSymbolizer({ fill: t.land, stroke: t.coast, width: 0 }) },
    {
      dataLayer: "rivers",
      minzoom: 3,
      filter: (z, f) => f.props.min_zoom <= z + 1,
      symbolizer: line({ color: t.river, width: (z, f) => riverWidth(z, f.props.min_zoom) }),
    },
    { dataLayer: "lakes", symbolizer: new p.PolygonSymbolizer({ fill: t.sea }) },
    { dataLayer: "region_lines", minzoom: 4, filter: (z, f) => f.props.min_zoom <= z, symbolizer: line({ color: t.region, width: (z) => (z < 6 ? 0.6 : 0.9), dash: [3, 2.5], dashWidth: 0.9 }) },
    { dataLayer: "borders", symbolizer: line({ color: t.borderCase, width: (z) => (z < 4 ? 0 : z < 7 ? 2.6 : 4) }) },
    { dataLayer: "borders", symbolizer: line({ color: t.border, width: (z) => (z < 4 ? 0.8 : z < 7 ? 1.1 : 1.5) }) },
  ];
}

function riverWidth(z, minZoom) {
  const near = Math.max(0, z - minZoom);
  return Math.min(2.4, 0.5 + 0.22 * near);
}

/**
 * The offline basemap as one Leaflet layer. `options`: { url (or an object with `getZxy` and
 * `fill`), theme: "light" or "dark", attribution,
 * style: "dateline" (default) or "protomaps" (a user's own file with Protomaps' layers), labelPane }.
 */
export function basemapLayer(L, options) {
  const p = globalThis.protomapsL;
  const dark = options.theme === "dark";
  const shared = { url: options.url, attribution: options.attribution ?? "", lang: "en", updateWhenIdle: false, keepBuffer: 1, tileDelay: NO_DELAY_MS };
  if (options.style === "protomaps") {
    const foreign = p.leafletLayer({ ...shared, flavor: dark ? "dark" : "light" });
    if (options.url.fill) for (const view of foreign.views.values()) options.url.fill(view.tileCache.source);
    return foreign;
  }
  const t = palette(dark ? "dark" : "light");
  const ground = p.leafletLayer({ ...shared, maxDataZoom: DATA_ZOOM, backgroundColor: t.sea, paintRules: paintRules(p, t), labelRules: [] });
  const names = p.leafletLayer({
    ...shared,
    attribution: "",
    maxDataZoom: DATA_ZOOM,
    paintRules: [],
    labelRules: labelRules(p, t),
    pane: options.labelPane ?? NAMES_PANE,
    tasks: [fontsReady(), new Promise((resolve) => ground.once("load", resolve))],
  });
  drawOnce(names);
  for (const view of ground.views.values()) readBy(options, view.tileCache.source);
  names.views = ground.views; // one cache: each tile is fetched and decoded once for both
  const layer = L.layerGroup([ground, names]);
  const add = layer.onAdd;
  layer.onAdd = function onAdd(map) {
    namesPane(map, names.options.pane);
    return add.call(this, map);
  };
  layer.getAttribution = () => shared.attribution;
  return layer;
}

/**
 * A name that reaches into the next tiles, or gives way to a weightier one, has them drawn again: at the opening view most
 * tiles three times over. A tile that is not drawn yet need not be: all names of the view are laid out before the first
 * of its tiles is drawn. Others are drawn again once for all the names that changed in one go.
 */
function drawOnce(names) {
  const again = new Set();
  names.onTilesInvalidated = (keys) => {
    if (!again.size) {
      setTimeout(() => {
        for (const key of again) names.rerenderTile(key);
        again.clear();
      });
    }
    for (const key of keys) again.add(key);
  };
  const rerender = names.rerenderTile;
  names.rerenderTile = function rerenderTile(key) {
    const drawn = Object.values(this._tiles).some(({ el, loaded }) => loaded && el.key === key);
    if (drawn) rerender.call(this, key);
  };
  names.clearLayout(); // its names tell the new listener
}

function namesPane(map, name) {
  if (map.getPane(name)) return;
  const pane = map.createPane(name);
  pane.style.zIndex = NAMES_Z;
  pane.style.pointerEvents = "none";
}

/** Online tiles; `{s}` and `{r}` as Leaflet knows them. */
function onlineLayer(L, options) {
  return L.tileLayer(options.url, { attribution: options.attribution ?? "", maxZoom: 19, referrerPolicy: "origin" });
}

/**
 * Puts the basemap of `options` (mapping/basemaps.py: { kind, url, attribution, style }) on `map` and keeps it in the
 * page's theme. `theme()` tells "light" or "dark"; `onTheme(listener)` tells of changes. Resolves when it is added.
 */
export async function addBasemap(map, options, theme = () => "light", onTheme = () => {}) {
  const L = globalThis.L;
  if (!options || options.kind === "missing" || !options.url) return;
  if (options.kind === "online") {
    onlineLayer(L, options).addTo(map);
    return;
  }
  let layer;
  const draw = () => {
    const old = layer;
    layer = basemapLayer(L, { ...options, theme: theme() }).addTo(map);
    old?.remove();
    map.getContainer().style.background = palette(theme()).sea;
  };
  draw();
  onTheme(draw);
}
