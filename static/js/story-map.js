// The small maps of the review: numbered pins, and a circle where a place is not exact. Leaflet takes lat, lon; the swap
// from our lon, lat is here and nowhere else. Without Leaflet (assets not installed) the page works with lists alone.

import { h } from "./dom.js";
import { addBasemap } from "./basemap.js";
import { typeColour } from "./story-dom.js";
import { theme, onTheme } from "./theme.js";

const L = globalThis.L;

const PIN_PX = 24;
const IN_A_ROW = 6;

/** Groups of points of which each is less than a pin's width from another of its group. */
function crowds(points) {
  const groups = [];
  for (const point of points) {
    const touched = groups.filter((group) => group.some((other) => Math.hypot(other.x - point.x, other.y - point.y) < PIN_PX));
    const merged = touched.flat();
    merged.push(point);
    for (const group of touched) groups.splice(groups.indexOf(group), 1);
    groups.push(merged);
  }
  return groups;
}

/**
 * A map in `node`, or null where it cannot be drawn. `act` = { open(key), light(key or null), keyboard }: with `keyboard` it
 * can be moved by the arrow keys and zoomed by + and -.
 */
export function smallMap(node, basemap, act = {}) {
  if (!L) {
    node.append(h("p", { class: "muted small-text" }, "The map cannot be drawn: its files are not installed (make setup)."));
    return null;
  }
  const map = L.map(node, { zoomControl: false, minZoom: 1, maxZoom: 13, zoomSnap: 0.5, worldCopyJump: true, keyboard: Boolean(act.keyboard) });
  map.attributionControl.setPrefix(false);
  L.control.zoom({ position: "topright" }).addTo(map);
  map.setView([30, 20], 1.5);
  let removed = false;
  // Names lie under the pins here: a number must be legible, and a name is not what a small map is for.
  addBasemap(map, { ...basemap, labelPane: "tilePane" }, theme, (listener) => onTheme(() => removed || listener())).catch((error) => {
    if (!removed) console.info("no basemap:", error.message); // the pins still show where they are to each other
  });
  const sizes = new ResizeObserver(() => map.invalidateSize({ animate: false }));
  sizes.observe(node);
  const pins = new Map();
  const layer = L.layerGroup().addTo(map);
  const dots = L.layerGroup().addTo(map);

  /** Pins: [{ key, label, name, place, type, gone, spot, square }]; a `spot` stands on a tail above its place, whose name stays in sight. */
  function draw(items) {
    layer.clearLayers();
    pins.clear();
    for (const item of items) {
      const at = [item.place.lat, item.place.lon];
      const face = h("span", { class: ["pin", ...["gone", "spot", "square"].filter((kind) => item[kind])].join(" ") }, item.label);
      face.style.setProperty("--type", typeColour(item.type));
      const radius = item.place.radius_m;
      const circle = radius ? L.circle(at, { radius, className: "pin-area", interactive: false }).addTo(layer) : null;
      circle?.getElement()?.style.setProperty("--type", typeColour(item.type));
      const marker = L.marker(at, {
        icon: L.divIcon({ html: face, className: "pin-box", iconSize: [24, 24], iconAnchor: item.spot ? [12, 32] : [12, 12] }),
        title: item.name,
        alt: item.name,
        keyboard: false, // the cards are the same by keyboard; pins so close together would be poor targets
        interactive: Boolean(act.open),
      }).addTo(layer);
      if (act.open) marker.on("click", () => act.open(item.key));
      if (act.light) marker.on("mouseover", () => act.light(item.key)).on("mouseout", () => act.light(null));
      pins.set(item.key, { face, marker, at, radius, circle: circle?.getElement() });
    }
    spread();
  }

  /** Pins that would cover each other stand in a row, centred on where they are; a dot marks each one's own place. */
  function spread() {
    dots.clearLayers();
    for (const row of crowds([...pins.values()].map((pin, order) => ({ pin, order, ...xy(pin) })))) {
      row.sort((a, b) => a.order - b.order);
      const middle = row.reduce((sum, { x, y }) => ({ x: sum.x + x / row.length, y: sum.y + y / row.length }), { x: 0, y: 0 });
      row.forEach(({ pin }, at) => {
        const line = Math.floor(at / IN_A_ROW);
        const size = Math.min(IN_A_ROW, row.length - line * IN_A_ROW);
        const spot = row.length === 1 ? middle : {
          x: middle.x + (at % IN_A_ROW - (size - 1) / 2) * (PIN_PX + 1),
          y: middle.y + (line - (Math.ceil(row.length / IN_A_ROW) - 1) / 2) * (PIN_PX + 1),
        };
        const apart = row.length > 1;
        pin.marker.setLatLng(apart ? map.unproject([spot.x, spot.y]) : pin.at);
        pin.face.classList.toggle("apart", apart);
        if (apart) L.circleMarker(pin.at, { radius: 3.5, className: "pin-dot", interactive: false }).addTo(dots);
      });
    }
  }
  const xy = (pin) => {
    const { x, y } = map.project(pin.at);
    return { x, y };
  };
  map.on("zoomend", spread);

  /** Every pin in view, with room around it; with `whole` the circles too, and only the pins of `keys` where given. */
  function fit({ whole = false, keys = null } = {}) {
    const wanted = [...pins].filter(([key]) => !keys || keys.includes(key)).map(([, pin]) => pin);
    if (!wanted.length) return;
    const box = L.latLngBounds(wanted.map((pin) => pin.at));
    if (whole) for (const pin of wanted) if (pin.radius) box.extend(L.latLng(pin.at).toBounds(2 * pin.radius));
    map.fitBounds(box, { paddingTopLeft: [28, 36], paddingBottomRight: [28, 28], maxZoom: 8, animate: false });
  }

  /** From now on a click, or Enter for the middle, tells `told(lon, lat)`; null ends it. */
  let pointing = null;
  function point(told) {
    pointing = told;
    node.classList.toggle("pointing", Boolean(told));
  }
  const tell = (at) => {
    const { lng, lat } = at.wrap();
    pointing?.(Math.round(lng * 1e5) / 1e5, Math.round(lat * 1e5) / 1e5);
  };
  map.on("click", (press) => tell(press.latlng));
  node.addEventListener("keydown", (press) => {
    if (press.key !== "Enter" || press.target !== node || !pointing) return;
    press.preventDefault();
    tell(map.getCenter());
  });

  function light(key) {
    for (const [mine, pin] of pins) {
      pin.face.classList.toggle("lit", mine === key);
      pin.circle?.classList.toggle("lit", mine === key);
      pin.marker.setZIndexOffset(mine === key ? 1000 : 0);
    }
    const pin = pins.get(key);
    if (pin && !map.getBounds().pad(-0.05).contains(pin.at)) map.panTo(pin.at, { animate: false });
  }

  return { draw, fit, light, point, remove() { removed = true; sizes.disconnect(); map.remove(); } };
}
