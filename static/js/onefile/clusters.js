// Which events lie together at a zoom, as geodata/index/sharing.py and areas.py have it.

const CELL_BITS = 2; // a zoom-0 world is 4 cells of 64 px
const FINE_ZOOM = 12; // from here on cells are half as wide
const SPOT_ZOOM = 15; // from here on only events at one and the same place are put together

/** The zoom from which areas of a rank are kept apart from places. */
export const AREA_ZOOM = { country: 3, region: 3, admin1: 5, admin2: 7 };

/**
 * Groups of rows, each { rows, area }. `cellOf(row)`: {x, y} as shares of the square world; `apart(row)`: whether it is an
 * area of its own at this zoom; `spotOf(row)`: the same text for one rank and position.
 */
export function grouped(rows, zoom, cellOf, apart, spotOf) {
  const side = 2 ** (CELL_BITS + Math.floor(Math.max(zoom, 0)) + (zoom >= FINE_ZOOM ? 1 : 0));
  const groups = new Map();
  const cell = (share) => Math.min(side - 1, Math.max(0, Math.floor(share * side)));
  for (const row of rows) {
    const area = apart(row);
    const { x, y } = cellOf(row);
    const key = area ? spotOf(row) : zoom >= SPOT_ZOOM ? `${x} ${y}` : cell(y) * side + cell(x);
    const group = groups.get(key);
    if (group) group.rows.push(row);
    else groups.set(key, { rows: [row], area });
  }
  return groups.values();
}
