// The small maps of the review: numbered pins, and a circle where a place is not exact. Leaflet takes lat, lon; the swap
// from our lon, lat is here and nowhere else. Without Leaflet (assets not installed) the page works with lists alone.

import { h } from "./dom.js";
import { addBasemap } from "./map-base.js";
import { RADIUS_M, typeColour } from "./story-dom.js";
import { theme, onTheme } from "./theme.js";

const L = globalThis.L;

/** A map in `node`, or null where it cannot be drawn. `act` = { open(key), light(key or null) }. */
export function smallMap(node, basemap, act = {}) {
  if (!L) {
    node.append(h("p", { class: "muted small-text" }, "The map cannot be drawn: its files are not installed (make setup)."));
    return null;
  }
  const map = L.map(node, { zoomControl: false, minZoom: 1, maxZoom: 13, zoomSnap: 0.5, worldCopyJump: true, keyboard: false });
  map.attributionControl.setPrefix(false);
  L.control.zoom({ position: "topright" }).addTo(map);
  map.setView([30, 20], 1.5);
  drawBasemap(map, basemap);
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(node);
  const pins = new Map();
  const layer = L.layerGroup().addTo(map);

  /** Pins: [{ key, label, name, place, type, gone }]. */
  function draw(items) {
    layer.clearLayers();
    pins.clear();
    for (const item of items) {
      const at = [item.place.lat, item.place.lon];
      const face = h("span", { class: `pin${item.gone ? " gone" : ""}` }, item.label);
      face.style.setProperty("--type", typeColour(item.type));
      const radius = item.place.radius_m || RADIUS_M[item.place.precision] || 0;
      const circle = radius ? L.circle(at, { radius, className: "pin-area", interactive: false }).addTo(layer) : null;
      circle?.getElement()?.style.setProperty("--type", typeColour(item.type));
      const marker = L.marker(at, {
        icon: L.divIcon({ html: face, className: "pin-box", iconSize: [24, 24], iconAnchor: [12, 12] }),
        title: item.name,
        alt: item.name,
        keyboard: Boolean(act.open),
        interactive: Boolean(act.open),
      }).addTo(layer);
      if (act.open) marker.on("click", () => act.open(item.key)).on("keydown", (press) => {
        if (press.originalEvent.key === "Enter") act.open(item.key);
      });
      if (act.light) marker.on("mouseover", () => act.light(item.key)).on("mouseout", () => act.light(null));
      pins.set(item.key, { face, marker, at });
    }
  }

  /** Everything in view, with room around it. */
  function fit() {
    const points = [...pins.values()].map((pin) => pin.at);
    if (points.length) map.fitBounds(L.latLngBounds(points), { padding: [28, 28], maxZoom: 8, animate: false });
  }

  function light(key) {
    for (const [mine, pin] of pins) {
      pin.face.classList.toggle("lit", mine === key);
      pin.marker.setZIndexOffset(mine === key ? 1000 : 0);
    }
    const pin = pins.get(key);
    if (pin && !map.getBounds().pad(-0.05).contains(pin.at)) map.panTo(pin.at, { animate: false });
  }

  return { draw, fit, light, remove: () => map.remove() };
}

/** The basemap in the colours of the theme. */
function drawBasemap(map, basemap) {
  let layer = addBasemap(L, map, basemap, theme());
  onTheme((name) => {
    layer.remove();
    layer = addBasemap(L, map, basemap, name);
  });
}
