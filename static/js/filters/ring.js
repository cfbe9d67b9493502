// Rings of corners [[lon, lat], …] as the server takes them: 3 to 500 corners, closed by themselves; over the antimeridian
// longitudes run on beyond 180; no side is 180 degrees long, for it could go either way around the Earth.

export const MOST_CORNERS = 500;
const LONGEST_SIDE_DEG = 180;
const DECIMALS = 5; // about a metre

/** The ring of a flat list of numbers, without a last corner that closes it; null where it is none. */
export function ringOf(numbers) {
  const corners = [];
  for (let k = 0; k + 1 < numbers.length; k += 2) corners.push([numbers[k], numbers[k + 1]]);
  const [first, last] = [corners[0], corners.at(-1)];
  if (corners.length > 1 && first[0] === last[0] && first[1] === last[1]) corners.pop();
  return numbers.length % 2 === 0 && !whyNot(corners) ? corners : null;
}

/** What is wrong with corners as a ring, in words; "" where nothing is. */
export function whyNot(corners) {
  if (corners.length < 3 || corners.length > MOST_CORNERS) return `An area has 3 to ${MOST_CORNERS} corners; this has ${corners.length}.`;
  if (!corners.every(([lon, lat]) => Math.abs(lon) <= 360 && Math.abs(lat) <= 90)) return "A corner is off the map.";
  const lons = corners.map(([lon]) => lon);
  if (Math.max(...lons) - Math.min(...lons) > 360) return "The area goes around the Earth more than once.";
  const long = corners.some(([lon], k) => Math.abs(corners[(k + 1) % corners.length][0] - lon) >= LONGEST_SIDE_DEG);
  return long ? "A side is half the Earth long and could go either way around it: put a corner between." : "";
}

/** The ring brought to the copy of the world around longitude 0, its degrees rounded. */
export function brought(corners) {
  const lons = corners.map(([lon]) => lon);
  const turn = Math.round((Math.min(...lons) + Math.max(...lons)) / 2 / 360) * 360;
  return corners.map(([lon, lat]) => [rounded(lon - turn), rounded(lat)]);
}

/** A box as a ring, with corners between where it is wide. */
export function boxRing([west, south, east, north]) {
  const steps = Math.floor((east - west) / LONGEST_SIDE_DEG) + 1;
  const lons = Array.from({ length: steps + 1 }, (_, k) => west + ((east - west) * k) / steps);
  return brought([...lons.map((lon) => [lon, north]), ...lons.toReversed().map((lon) => [lon, south])]);
}

/** [west, south, east, north] around corners; east may lie beyond 180. */
export function boxOf(ring) {
  const [lons, lats] = [0, 1].map((at) => ring.map((corner) => corner[at]));
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}

const rounded = (degrees) => Number(degrees.toFixed(DECIMALS));
