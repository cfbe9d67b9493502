// Circles that would cover each other become one: the server groups by cells, whose means can lie close together.

const OVERLAP = 0.8; // circles whose centres are nearer than this share of their radii together are merged
const BASE_PX = 12;
const SYMBOL_PX = 5; // a single event nearer to a circle than its own symbol's radius joins it

/** Radius in pixels: the area grows with the count, up to the largest of the view; `growth` more than the smallest. */
const radiusOf = (count, most, growth) => BASE_PX + growth * Math.sqrt(count / Math.max(30, most));

/**
 * Clusters and events with what overlaps merged; `toPixel(lon, lat)` gives {x, y}. Every event stays counted: alone, or
 * in one cluster's count, types and bbox. Clusters over the antimeridian are left as they are.
 */
export function merged(clusters, events, toPixel, growth = 20) {
  const found = mergedOnce(clusters, events, toPixel, growth);
  const fewer = found.clusters.length < clusters.length || found.events.length < events.length;
  return fewer ? merged(found.clusters, found.events, toPixel, growth) : found; // what was joined has grown
}

function mergedOnce(clusters, events, toPixel, growth) {
  const most = Math.max(0, ...clusters.map((cluster) => cluster.count));
  const kept = [];
  for (const cluster of clusters.toSorted((one, other) => other.count - one.count)) {
    const mine = { ...cluster, at: toPixel(cluster.lon, cluster.lat), radius: radiusOf(cluster.count, most, growth) };
    const over = kept.find((other) => apart(other, mine.at) < OVERLAP * (other.radius + mine.radius) && straight(other, mine));
    if (over) join(over, mine, toPixel);
    else kept.push(mine);
  }
  const alone = events.filter((event) => {
    const at = toPixel(event.lon, event.lat);
    const over = kept.find((other) => apart(other, at) < other.radius + SYMBOL_PX && other.bbox[0] <= other.bbox[2]);
    if (over) join(over, asCluster(event), toPixel);
    return !over;
  });
  const largest = Math.max(0, ...kept.map((cluster) => cluster.count));
  return { clusters: kept.map((cluster) => ({ ...cluster, radius: radiusOf(cluster.count, largest, growth) })), events: alone };
}

const apart = (cluster, at) => Math.hypot(cluster.at.x - at.x, cluster.at.y - at.y);
const straight = (...clusters) => clusters.every(({ bbox }) => bbox[0] <= bbox[2]);
const asCluster = (event) => ({
  lon: event.lon, lat: event.lat, count: 1, types: { [event.type]: 1 }, bbox: [event.lon, event.lat, event.lon, event.lat],
});

function join(into, other, toPixel) {
  const count = into.count + other.count;
  into.lon = (into.lon * into.count + other.lon * other.count) / count;
  into.lat = (into.lat * into.count + other.lat * other.count) / count;
  into.at = toPixel(into.lon, into.lat);
  into.count = count;
  into.types = { ...into.types };
  for (const [name, more] of Object.entries(other.types)) into.types[name] = (into.types[name] || 0) + more;
  into.bbox = [
    Math.min(into.bbox[0], other.bbox[0]), Math.min(into.bbox[1], other.bbox[1]),
    Math.max(into.bbox[2], other.bbox[2]), Math.max(into.bbox[3], other.bbox[3]),
  ];
}
