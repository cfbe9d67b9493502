// The circle and the drawn area that filter, shown on the map in a pane of their own, below the events.

import { circleRing } from "./circle.js";

const PANE = "filter-area";

export class AreaLayer {
  constructor(map) {
    const { L } = window;
    this.map = map;
    map.createPane(PANE).style.zIndex = "440"; // over the ground, under the events (450)
    map.getPane(PANE).style.pointerEvents = "none";
    this.group = L.layerGroup().addTo(map);
    this.renderer = L.svg({ pane: PANE, padding: 0.3 });
  }

  /** Draws what the state filters by; the drawn area is left to the drawing while it is `edited`. */
  show({ near, polygon }, edited = false) {
    const shown = JSON.stringify([near, edited ? null : polygon]);
    if (shown === this.shown) return;
    this.shown = shown;
    this.group.clearLayers();
    if (near) this._add(circleRing(near));
    if (polygon && !edited) this._add(polygon);
  }

  /** A ring in each copy of the world that a map far out shows. */
  _add(ring) {
    for (const turn of [-360, 0, 360]) this.group.addLayer(outline(ring, turn, this.renderer));
  }
}

/** A closed ring [[lon, lat], …] as a Leaflet polygon whose looks are the style sheet's. */
export function outline(ring, turn, renderer) {
  const places = ring.map(([lon, lat]) => [lat, lon + turn]);
  return window.L.polygon(places, { renderer, pane: PANE, className: "filter-area", interactive: false, fillRule: "evenodd", smoothFactor: 0.2 });
}
