// Puts the basemap under the events and its names above them, in the colours of the theme.

import { basemapLayer } from "./basemap.js";

/** Adds what `basemap` ({kind, url, attribution} of the page's options) names to `map`; `remove()` takes it off again. */
export function addBasemap(L, map, basemap, theme) {
  if (basemap.kind === "missing") return { remove() {} };
  const layer = basemap.kind === "online"
    ? L.tileLayer(basemap.url, { maxZoom: 19 })
    : basemapLayer(L, { url: basemap.url, theme, attribution: "" });
  layer.addTo(map);
  return { remove: () => layer.remove() };
}
