// The offline basemap: Natural Earth and GeoNames in one PMTiles file, in quiet colours. protomaps-leaflet places the
// names; a user's own file is read and drawn by it altogether.
//
// Ground and names are two layers over one cache of tiles. The names lie in their own pane above the events' symbols
// (and below popups), so that a cluster does not hide the town that it stands for. Longitude first in the file;
// Leaflet's (lat, lon) never appears here.

import { labelRules } from "./basemap-labels.js";
import { Addressed, groundLayer, namesLayer, tilesOf } from "./basemap-layers.js";
import { palette } from "./basemap-palette.js";

const DATA_ZOOM = 8; // deepest zoom with tiles, as tools/basemap/tiles.py makes it
const NAMES_PANE = "place-names";
const NAMES_Z = 640; // Leaflet: markers 600, tooltips 650, popups 700
const NO_DELAY_MS = 0.001; // protomaps-leaflet waits by a tile's distance from the middle; 0 would be its own 3 ms
const FONTS = ['500 14px Inter', '600 14px Inter', 'italic 500 14px Inter'];
const LEAVING_MS = 200;
const SAMPLES = { far: "Aaçã", near: "AaŁłİşŞěșțŌō" }; // latin; and latin-ext, which names of towns need
const TOWNS_ZOOM = 3; // from here on towns are named (basemap-labels.js)

const fonts = {};
/** The fonts that the names of a zoom are drawn in; a canvas does not wait for them by itself. Never fails. */
function fontsReady(zoom) {
  const name = zoom < TOWNS_ZOOM ? "far" : "near";
  fonts[name] ??= Promise.allSettled(FONTS.map((font) => document.fonts.load(font, SAMPLES[name])));
  return fonts[name];
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

/**
 * The offline basemap as one Leaflet layer. `options`: { url of the file (or an object with `getZxy` and `fill`), tiles (the
 * pattern of addresses of its tiles), theme: "light" or "dark", attribution,
 * style: "dateline" (default) or "protomaps" (a user's own file with Protomaps' layers, read by ranges), labelPane }.
 */
export function basemapLayer(L, options) {
  const p = globalThis.protomapsL;
  const dark = options.theme === "dark";
  const attribution = options.attribution ?? "";
  if (options.style === "protomaps") {
    const foreign = p.leafletLayer({ url: options.url, attribution, lang: "en", flavor: dark ? "dark" : "light", updateWhenIdle: false, keepBuffer: 1, tileDelay: NO_DELAY_MS });
    if (options.url.fill) for (const view of foreign.views.values()) options.url.fill(view.tileCache.source);
    return foreign;
  }
  const t = palette(dark ? "dark" : "light");
  const { source, view } = tilesOf(p, options.url.fill ? options.url : new Addressed(options.tiles), DATA_ZOOM);
  if (options.url.fill) options.url.fill(source); // tiles come from an object that has them (onefile/tiles.js)
  else quietWhenLeft(source);
  const ground = groundLayer(L, { view, palette: t });
  const grounded = new Promise((resolve) => ground.once("load", resolve));
  const ready = (zoom) => Promise.all([fontsReady(zoom), grounded]);
  const names = namesLayer(L, { view, p, labelRules: labelRules(p, t), pane: options.labelPane ?? NAMES_PANE, ready });
  const layer = L.layerGroup([ground, names]);
  const add = layer.onAdd;
  layer.onAdd = function onAdd(map) {
    namesPane(map, names.options.pane);
    return add.call(this, map);
  };
  layer.getAttribution = () => attribution;
  layer.drawn = new Promise((resolve) => names.once("load", resolve));
  return layer;
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
 * Puts the basemap of `options` (mapping/basemaps.py: { kind, url, tiles, attribution, style }) on `map` and keeps it in the
 * page's theme. `theme()` tells "light" or "dark"; `onTheme(listener)` tells of changes. Resolves when ground and names are
 * drawn for the first time; where there is nothing to wait for, when it is added.
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
  await layer.drawn;
}
