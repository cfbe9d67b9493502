// What part of the world a Leaflet map shows, in the server's words.

/** A longitude brought into -180..180. */
export const wrap = (lon) => (lon >= -180 && lon <= 180 ? lon : ((((lon + 180) % 360) + 360) % 360) - 180);

/** west,south,east,north of the view in degrees; west > east where it crosses the antimeridian. */
export function bboxOf(map) {
  const bounds = map.getBounds();
  const [south, north] = [Math.max(-90, bounds.getSouth()), Math.min(90, bounds.getNorth())];
  const whole = bounds.getEast() - bounds.getWest() >= 360;
  const [west, east] = whole ? [-180, 180] : [wrap(bounds.getWest()), wrap(bounds.getEast())];
  return [west, south, east, north].map((value) => Number(value.toFixed(5))).join(",");
}

/** Whether a place is on the map as it stands, in any copy of the world. */
export const inView = (map, { lon, lat }) => [-360, 0, 360].some((turn) => map.getBounds().contains([lat, lon + turn]));

/** A zoom at which the circle of an inexact place fills about a third of the view. */
export function zoomFor(event) {
  if (!event.radius_m) return 11;
  return Math.max(4, Math.min(11, Math.round(23.5 - Math.log2(event.radius_m))));
}

/** Whether a box [west, south, east, north], which may cross the antimeridian, holds a place; a hair of rounding is forgiven. */
export const holds = ([west, south, east, north], { lon, lat }) =>
  lat >= south - 1e-6 && lat <= north + 1e-6 && (west <= east ? lon >= west - 1e-6 && lon <= east + 1e-6 : lon >= west || lon <= east);

/** Metres on the ground that a pixel of the Web Mercator map is wide at a latitude. */
export const metresPerPixel = (lat, zoom) => (40_075_016.7 * Math.cos((lat * Math.PI) / 180)) / 2 ** (zoom + 8);
