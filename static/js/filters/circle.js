// Circles on the round Earth, as the server measures them: great-circle distance on a sphere of the mean radius.

const EARTH_KM = 6371.0088; // mean radius R1 (Moritz 2000), as in geodata/geometry.py
const RAD = Math.PI / 180;
const MERCATOR_LAT = 85.05; // where the square map ends

/** The circle {lon, lat, km} as corners [[lon, lat], …]; longitudes run on past 180 rather than jump. */
export function circleRing({ lon, lat, km }, corners = 180) {
  const far = km / EARTH_KM;
  const [sin, cos] = [Math.sin(lat * RAD), Math.cos(lat * RAD)];
  const ring = Array.from({ length: corners }, (_, k) => {
    const bearing = (k / corners) * 2 * Math.PI;
    const end = Math.asin(sin * Math.cos(far) + cos * Math.sin(far) * Math.cos(bearing));
    const turn = Math.atan2(Math.sin(bearing) * Math.sin(far) * cos, Math.cos(far) - sin * Math.sin(end));
    return [lon + turn / RAD, Math.max(-MERCATOR_LAT, Math.min(MERCATOR_LAT, end / RAD))];
  });
  const pole = holdsPole({ lat, km });
  return pole ? roundPole(ring, pole) : ring;
}

/** [west, south, east, north] around a circle. */
export function circleBox(circle) {
  const ring = circleRing(circle, 72);
  const [lons, lats] = [0, 1].map((at) => ring.map((corner) => corner[at]));
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}

/** 1 where the circle holds the north pole, -1 the south pole, else 0 (a circle that holds both counts as north). */
function holdsPole({ lat, km }) {
  const degrees = km / EARTH_KM / RAD;
  if (lat + degrees >= 90) return 1;
  return lat - degrees <= -90 ? -1 : 0;
}

/** A circle round a pole is a cap on the square map: its rim from west to east, closed along the map's edge. */
function roundPole(ring, pole) {
  const rim = ring.map(([lon, lat]) => [((((lon + 180) % 360) + 360) % 360) - 180, lat]).sort((one, other) => one[0] - other[0]);
  const edge = pole * MERCATOR_LAT;
  return [[-180, edge], [-180, rim[0][1]], ...rim, [180, rim.at(-1)[1]], [180, edge]];
}
