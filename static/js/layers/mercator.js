// Web Mercator without an object for each point: shares of the world's width, 0 at 180° W and at 85.05° N.

export const TILE_PX = 256;
const MAX_LAT_DEG = 85.0511287798066; // where the square world ends: atan(sinh(pi))

export const worldX = (lon) => lon / 360 + 0.5;

export function worldY(lat) {
  const sine = Math.sin((Math.max(-MAX_LAT_DEG, Math.min(MAX_LAT_DEG, lat)) * Math.PI) / 180);
  return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
}

export const lonOf = (x) => (x - 0.5) * 360;
export const latOf = (y) => (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;

/** Width of the world in pixels at a zoom. */
export const worldPx = (zoom) => TILE_PX * 2 ** zoom;
