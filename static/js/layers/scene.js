// What an answer of the server becomes: circles, single events and areas, with where they are on the screen.

import { metresPerPixel } from "../view.js";
import { PointGrid } from "./grid.js";
import { tinyNumber } from "./ink.js";
import { latOf, lonOf, worldPx, worldX, worldY } from "./mercator.js";
import { merged } from "./merge.js";
import { placeBadges } from "./badges.js";

/** An event of one of these precisions lies somewhere in an area: the area is drawn, and nothing in its middle. */
const AREAS = new Set(["admin2", "admin1", "region", "country"]);
const LEAST_AREA_PX = 18; // a smaller area is but a dot: its events are drawn as if they were at its middle
const AREA_EACH_PX2 = 20_000; // where there are more areas than one for so much of the map, those of fewest events are drawn so too
const MARGIN_PX = 60; // what lies so far outside the canvas can still reach into it
const HIT_PX = 12;

/**
 * Things to draw, each { kind: "cluster" | "event" | "area", lon, lat, … }. An area is { place, radius_m, precision, count, types,
 * event } with `event` where it holds but one.
 */
export class Scene {
  constructor() {
    this.items = [];
    this.drawn = [];
    this.grid = new PointGrid(64);
  }

  /** Takes in what `/map/view` answered for `zoom`. `size`: of the map, in pixels; a small one holds fewer things. */
  fill(clusters, events, zoom, size) {
    const placed = events.filter((event) => event.lon !== null);
    const isArea = (thing, precision) => AREAS.has(precision) && thing.radius_m / metresPerPixel(thing.lat, zoom) >= LEAST_AREA_PX;
    const areas = asAreas(
      clusters.filter((cluster) => cluster.area && isArea({ lat: cluster.lat, ...cluster.area }, cluster.area.precision)),
      placed.filter((event) => isArea(event, event.precision)),
      Math.max(8, (size.x * size.y) / AREA_EACH_PX2),
    );
    const crowded = size.x < 500 || zoom < 3; // many lands on few pixels
    const taken = new Set(areas.flatMap((area) => area.from));
    const width = worldPx(zoom);
    const apart = merged(
      clusters.filter((cluster) => !taken.has(cluster)),
      placed.filter((event) => !taken.has(event)),
      (lon, lat) => ({ x: worldX(lon) * width, y: worldY(lat) * width }),
      crowded ? 14 : 22,
    );
    this.items = [
      ...areas.map((area) => ({ kind: "area", area, lon: area.lon, lat: area.lat, text: area.event ? "" : tinyNumber(area.count) })),
      ...apart.events.map((event) => ({ kind: "event", event, lon: event.lon, lat: event.lat })),
      ...apart.clusters.map((cluster) => ({ kind: "cluster", cluster, lon: cluster.lon, lat: cluster.lat, radius: cluster.radius })),
    ].map((item) => ({ ...item, worldX: worldX(item.lon), worldY: worldY(item.lat) }));
  }

  /**
   * Works out what can be seen: `left`, `top` (pixels of the world at `zoom`) are the canvas's corner, `wide` and `high`
   * its size, `view` the part of it that the map shows. Each copy of the world that shows has its own. `room`: what is
   * left for badges (names.js).
   */
  place({ left, top, wide, high, zoom, view }, room) {
    const width = worldPx(zoom);
    this.empty();
    for (let copy = Math.floor(left / width); copy <= Math.floor((left + wide) / width); copy += 1) {
      for (const item of this.items) {
        const x = (item.worldX + copy) * width - left;
        const y = item.worldY * width - top;
        const size = item.kind === "area" ? item.area.radius_m / metresPerPixel(item.lat, zoom) : 0;
        const reach = MARGIN_PX + size;
        if (x > -reach && y > -reach && x < wide + reach && y < high + reach) this.drawn.push({ item, x, y, size, turn: copy });
      }
    }
    placeBadges(this.drawn, view, room);
    for (const drawn of this.drawn) {
      drawn.hit ??= drawn;
      this.grid.add(drawn.hit.x, drawn.hit.y, drawn, reachOf(drawn));
    }
  }

  /** Nothing is seen, as while a heat map is. */
  empty() {
    this.drawn = [];
    this.grid = new PointGrid(64);
  }

  /** What is drawn at x, y of the canvas; null where nothing is. */
  at(x, y) {
    let best = null;
    let least = Infinity;
    this.grid.near(x, y, 0, (drawn, distance) => {
      if (distance < least) [best, least] = [drawn, distance];
    });
    return best;
  }

  /** Where a place is on the canvas last placed for, in the copy of the world that is nearest to `middle`, a longitude. */
  point(lon, lat, { left, top, zoom }, middle) {
    const width = worldPx(zoom);
    const turns = Math.round((middle - lon) / 360);
    return { x: (worldX(lon) + turns) * width - left, y: worldY(lat) * width - top };
  }
}

/** The longitude and latitude of a pixel of the canvas. */
export const placeOf = (x, y, { left, top, zoom }) => {
  const width = worldPx(zoom);
  return { lon: lonOf((x + left) / width), lat: latOf((y + top) / width) };
};

const reachOf = ({ item, hit }) => (item.kind === "cluster" ? item.radius + 6 : item.kind === "area" ? hit.wide / 2 + 3 : HIT_PX);

/**
 * Areas with what happened in them, the largest first, at most `most`, of those with the most events. Those with one and the same middle are one: its extent and name
 * are those of most of its events.
 */
function asAreas(clusters, events, most) {
  const found = new Map();
  const add = (source, { place, radius_m, precision }, { lon, lat, count, types }) => {
    const area = found.get(`${lon} ${lat}`) || { lon, lat, count: 0, types: {}, from: [], most: 0 };
    if (count > area.most) Object.assign(area, { place, radius_m, precision, most: count });
    area.count += count;
    area.from.push(source);
    for (const [name, more] of Object.entries(types)) area.types[name] = (area.types[name] || 0) + more;
    found.set(`${lon} ${lat}`, area);
  };
  for (const cluster of clusters) add(cluster, cluster.area, cluster);
  for (const event of events) add(event, event, { lon: event.lon, lat: event.lat, count: 1, types: { [event.type]: 1 } });
  return [...found.values()]
    .sort((one, other) => other.count - one.count)
    .slice(0, most)
    .map((area) => ({ ...area, event: area.count === 1 ? area.from[0] : null, bbox: [area.lon, area.lat, area.lon, area.lat] }))
    .sort((one, other) => other.radius_m - one.radius_m);
}
