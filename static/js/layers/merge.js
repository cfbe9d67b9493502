// Circles that would cover each other become one: the server groups by cells, whose means can lie close together.

import { PointGrid } from "./grid.js";

const OVERLAP = 0.94; // circles whose centres are nearer than this share of their radii together are merged
const CALM = 160; // with more things in view than this they are kept farther apart, up to MOST_APART times
const MOST_APART = 1.5;
const BASE_PX = 11;
const SYMBOL_PX = 5; // a single event nearer to a circle than its own symbol's radius joins it
const BLOB_PX = 7; // single events nearer to each other than this would be a blob
const LEAST_TOP = 64;
const FAR_PX = 128; // the largest circles are nearer than this when they are merged

/**
 * The count that the largest circle of a view stands for: a power of four at or above `most`, so that circles keep their
 * sizes while the map is dragged.
 */
export const topOf = (most) => Math.max(LEAST_TOP, 4 ** Math.ceil(Math.log2(Math.max(1, most)) / 2));

/** Radius in pixels: what is added to the smallest grows with the root of the count, so its area with the count. */
export const radiusOf = (count, top, growth) => BASE_PX + growth * Math.sqrt(count / top);

/**
 * Clusters and events with what overlaps merged; `toPixel(lon, lat)` gives {x, y}. Every event stays counted: alone, or
 * in one cluster's count, types and bbox. Clusters over the antimeridian are left as they are.
 */
export function merged(clusters, events, toPixel, growth = 20) {
  let found = { clusters, events };
  const spread = Math.max(1, Math.min(MOST_APART, Math.sqrt((clusters.length + events.length) / CALM)));
  for (;;) {
    const next = mergedOnce(found.clusters, found.events, toPixel, growth, spread);
    const fewer = next.clusters.length + next.events.length < found.clusters.length + found.events.length;
    found = next;
    if (!fewer) return found; // else what was joined has grown
  }
}

function mergedOnce(clusters, events, toPixel, growth, spread) {
  const top = topOf(clusters.reduce((most, cluster) => Math.max(most, cluster.count), 0));
  const grid = new PointGrid(64);
  const kept = [];
  const keep = (circle) => {
    kept.push(circle);
    grid.add(circle.at.x, circle.at.y, circle);
  };
  for (const cluster of clusters.toSorted((one, other) => other.count - one.count)) {
    const mine = { ...cluster, at: toPixel(cluster.lon, cluster.lat), radius: radiusOf(cluster.count, top, growth) };
    const over = straight(mine) && nearest(grid, mine.at, (other) => spread * OVERLAP * (other.radius + mine.radius));
    if (over) join(over, mine);
    else keep(mine);
  }
  const alone = new Map();
  const symbols = new PointGrid(32);
  for (const event of events) {
    const at = toPixel(event.lon, event.lat);
    const over = nearest(grid, at, (other) => spread * (other.radius + SYMBOL_PX)) || beside(symbols, alone, at, spread * spread * BLOB_PX, keep);
    if (over) join(over, asCluster(event));
    else {
      alone.set(event, at);
      symbols.add(at.x, at.y, event);
    }
  }
  const most = topOf(kept.reduce((found, cluster) => Math.max(found, cluster.count), 0));
  return { clusters: kept.map((cluster) => resized(cluster, most, growth)), events: [...alone.keys()] };
}

/** The nearest circle that `touches(circle)` pixels reach; what crosses the antimeridian is passed over. */
function nearest(grid, at, touches) {
  let best = null;
  let least = Infinity;
  grid.near(at.x, at.y, FAR_PX, (circle, distance) => {
    if (distance < least && distance < touches(circle) && straight(circle)) [best, least] = [circle, distance];
  });
  return best;
}

/** A new circle around a single event that lies too near to tell apart, or nothing. */
function beside(symbols, alone, at, reach, keep) {
  let close = null;
  symbols.near(at.x, at.y, reach, (event) => {
    if (alone.has(event)) close = event;
  });
  if (!close) return null;
  const circle = { ...asCluster(close), at: alone.get(close), radius: BASE_PX };
  alone.delete(close);
  keep(circle);
  return circle;
}

const straight = ({ bbox }) => bbox[0] <= bbox[2];
const resized = ({ at, ...cluster }, top, growth) => ({ ...cluster, radius: radiusOf(cluster.count, top, growth) });
const asCluster = (event) => ({
  lon: event.lon, lat: event.lat, count: 1, types: { [event.type]: 1 }, bbox: [event.lon, event.lat, event.lon, event.lat],
});

function join(into, other) {
  const count = into.count + other.count;
  into.lon = (into.lon * into.count + other.lon * other.count) / count;
  into.lat = (into.lat * into.count + other.lat * other.count) / count;
  into.count = count;
  into.types = { ...into.types };
  for (const [name, more] of Object.entries(other.types)) into.types[name] = (into.types[name] || 0) + more;
  into.bbox = [
    Math.min(into.bbox[0], other.bbox[0]), Math.min(into.bbox[1], other.bbox[1]),
    Math.max(into.bbox[2], other.bbox[2]), Math.max(into.bbox[3], other.bbox[3]),
  ];
}
