// Where the badges of areas stand: on the outline, clear of names, circles and each other. One that finds no such place is
// only a dot on the outline, which tells what it holds when it is pointed at.

import { PointGrid } from "./grid.js";

const TURNS = [0, 30, -30, 60, -60, 90, -90, 130, -130, 180]; // degrees from the outline's top
const HIGH_PX = 18;
const CLEAR_PX = 14; // from a circle's rim to the middle of a badge
const DIGIT_PX = 6.6; // width of a figure of the badge's text
const EDGE_PX = 14; // kept free at the map's edges
const DOT_PX = 7;

/** Sets `hit` { x, y, wide, dot } of each area in `drawn`, those with the most events first, and takes their `room`. */
export function placeBadges(drawn, view, room) {
  const areas = drawn.filter(({ item }) => item.kind === "area");
  if (!areas.length) return;
  const circles = new PointGrid(64);
  for (const { item, x, y } of drawn) if (item.kind !== "area") circles.add(x, y, item, (item.radius || 8) + CLEAR_PX);
  for (const area of areas.sort((one, other) => other.item.area.count - one.item.area.count)) {
    const wide = Math.max(20, area.item.text.length * DIGIT_PX + 13);
    const box = ({ x, y }) => [x - wide / 2 - 1, y - HIGH_PX / 2, x + wide / 2 + 1, y + HIGH_PX / 2];
    const spots = candidates(area, view);
    const spot = spots.find((place) => room.free(...box(place)) && !covers(circles, place.x, place.y));
    area.hit = spot ? { ...spot, wide } : { ...spots[0], wide: DOT_PX, dot: true };
    if (spot) room.take(...box(spot));
  }
}

/** Points of the outline that are in sight, the top first; the area's middle where none is. */
function candidates({ x, y, size }, view) {
  const found = TURNS.map((turn) => (turn * Math.PI) / 180).map((turn) => ({ x: x + size * Math.sin(turn), y: y - size * Math.cos(turn) }));
  const seen = found.filter((spot) => spot.x > view.left + EDGE_PX && spot.x < view.right - EDGE_PX && spot.y > view.top + EDGE_PX && spot.y < view.bottom - EDGE_PX);
  return seen.length ? seen : [{ x, y }];
}

function covers(circles, x, y) {
  let found = false;
  circles.near(x, y, 0, () => (found = true));
  return found;
}
