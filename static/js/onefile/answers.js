// Answers questions about the events that a file holds, in the words that the server answers the map page in: brute force
// over columns, a few milliseconds for twenty thousand events. It knows nothing of the page.

import { fromDay, toDay } from "../format.js";
import { worldX, worldY } from "../layers/mercator.js";
import { binOf, fittingUnit, startOf } from "../timeline-bins.js";
import { AREA_ZOOM, grouped } from "./clusters.js";

const BARS_PX = 800; // width that bars are fitted into where nobody asked for a unit
const PAGE = 50;

/**
 * A question is { from, to, dates, types, bbox }: days as ISO 8601, null for all; `types` null for all; `bbox` [w, s, e, n], null
 * for everywhere. A view is asked { zoom, unit, axis } besides.
 */
export class Answers {
  /** `columns` as mapping/onefile/columns.py makes them, the latest event first. */
  constructor(columns) {
    this.columns = columns;
    this.size = columns.type.length;
    this.rows = Array.from({ length: this.size }, (_, row) => row);
    this.place = columns.place.map((at) => (at < 0 ? null : columns.places[at]));
    this.cells = this.place.map((place) => place && { x: worldX(place.lon), y: worldY(place.lat) });
    const starts = columns.start.filter((day) => day !== null);
    this.first = starts.length ? fromDay(starts.reduce((a, b) => Math.min(a, b))) : null;
    this.last = starts.length ? fromDay(starts.reduce((a, b) => Math.max(a, b))) : null;
  }

  /** All that the map shows: counts, clusters, single events, bars of the timeline. */
  view(asked) {
    const { columns, rows, place } = this;
    const [typed, timed, inBox] = [this._typed(asked), this._timed(asked), this._inBox(asked)];
    const placed = (row) => place[row] && inBox(row);
    const types = {};
    const found = [];
    for (const row of rows) {
      if (!placed(row) || !timed(row)) continue;
      const name = columns.types[columns.type[row]];
      types[name] = (types[name] || 0) + 1;
      if (typed(row)) found.push(row);
    }
    const { clusters, singles } = this._shared(found, asked.zoom);
    return {
      matched: found.length,
      types,
      histogram: this._bars(rows.filter((row) => placed(row) && typed(row) && columns.start[row] !== null), asked),
      undated: this._tray("undated", asked).length,
      unplaced: this._tray("unplaced", asked).length,
      clusters,
      events: singles.map((row) => this.brief(row)),
      first: this.first,
      last: this.last,
    };
  }

  /** A page of the events in view or of a tray, the latest first. */
  list(tray, asked, offset = 0, limit = PAGE) {
    const found = tray === "view" ? this._matching(asked) : this._tray(tray, asked);
    return { total: found.length, offset, events: found.slice(offset, offset + limit).map((row) => this.brief(row)) };
  }

  _matching(asked) {
    const [typed, timed, inBox] = [this._typed(asked), this._timed(asked), this._inBox(asked)];
    return this.rows.filter((row) => this.place[row] && typed(row) && timed(row) && inBox(row));
  }

  /** What the map cannot show, wherever it is: events without a date, or without a place. */
  _tray(name, asked) {
    const [typed, timed] = [this._typed(asked), this._timed(asked)];
    if (name === "undated") return this.rows.filter((row) => this.columns.start[row] === null && typed(row));
    return this.rows.filter((row) => !this.place[row] && typed(row) && timed(row));
  }

  _typed({ types }) {
    if (!types) return () => true;
    const wanted = this.columns.types.map((name) => types.includes(name));
    return (row) => wanted[this.columns.type[row]];
  }

  /** An event without a date answers where no dates are asked for. */
  _timed({ from, to, dates }) {
    const { start, days } = this.columns;
    if (!from) return () => true;
    const [first, last] = [toDay(from), toDay(to)];
    if (dates === "surely") return (row) => start[row] !== null && start[row] >= first && start[row] + days[row] <= last;
    return (row) => start[row] !== null && start[row] <= last && start[row] + days[row] >= first;
  }

  _inBox({ bbox }) {
    if (!bbox) return () => true;
    const [west, south, east, north] = bbox;
    const across = west > east;
    return (row) => {
      const { lon, lat } = this.place[row];
      return lat >= south && lat <= north && (across ? lon >= west || lon <= east : lon >= west && lon <= east);
    };
  }

  /** Each row in just one cluster, or alone; areas apart from places where the zoom shows them. */
  _shared(found, zoom) {
    const { place } = this;
    const apart = (row) => zoom >= (AREA_ZOOM[place[row].precision] ?? Infinity);
    const clusters = [];
    const singles = [];
    const spotOf = (row) => `${place[row].precision} ${place[row].lon} ${place[row].lat}`;
    for (const part of grouped(found, zoom, (row) => this.cells[row], apart, spotOf)) {
      if (part.rows.length === 1) singles.push(part.rows[0]);
      else clusters.push(this._cluster(part));
    }
    return { clusters, singles };
  }

  _cluster({ rows, area }) {
    const { columns } = this;
    const types = {};
    let [lon, lat] = [0, 0];
    const bbox = [180, 90, -180, -90];
    for (const row of rows) {
      const at = this.place[row];
      const name = columns.types[columns.type[row]];
      types[name] = (types[name] || 0) + 1;
      lon += at.lon / rows.length;
      lat += at.lat / rows.length;
      bbox[0] = Math.min(bbox[0], at.lon);
      bbox[1] = Math.min(bbox[1], at.lat);
      bbox[2] = Math.max(bbox[2], at.lon);
      bbox[3] = Math.max(bbox[3], at.lat);
    }
    const { name, precision, radius_m } = this.place[rows[0]];
    return {
      ...(area ? { area: { place: name, precision, radius_m } } : {}),
      lon, lat, count: rows.length, bbox,
      types: Object.fromEntries(Object.entries(types).sort((one, other) => other[1] - one[1])),
    };
  }

  /** Events by first possible day, and by all days that they can have happened on, as the server counts them. */
  _bars(rows, { unit: asked, axis }) {
    const { start, days } = this.columns;
    const [from, to] = axis ? [toDay(axis.from), toDay(axis.to)] : [this.first && toDay(this.first), this.last && toDay(this.last)];
    if (from === null) return { unit: asked || "week", start: null, counts: [], surely: [], possibly: [] };
    const unit = asked || fittingUnit(to - from + 1, BARS_PX);
    const least = binOf(from, unit);
    const size = binOf(to, unit) - least + 1;
    const [counts, surely, possibly] = [0, 1, 2].map(() => new Array(size).fill(0));
    for (const row of rows) {
      const one = binOf(start[row], unit) - least;
      const other = binOf(start[row] + days[row], unit) - least;
      if (one >= 0 && one < size) {
        counts[one] += 1;
        if (one === other) surely[one] += 1;
      }
      for (let bin = Math.max(0, one); bin <= Math.min(size - 1, other); bin += 1) possibly[bin] += 1;
    }
    return { unit, start: fromDay(startOf(least, unit)), counts, surely, possibly };
  }

  /** What map and list need of an event; its id is its row. */
  brief(row) {
    const { columns } = this;
    const [start, at] = [columns.start[row], this.place[row]];
    return {
      id: String(row),
      type: columns.types[columns.type[row]],
      sub_type: columns.sub_types[columns.sub_type[row]],
      title: columns.title[row],
      status: columns.statuses[columns.status[row]],
      start: start === null ? null : fromDay(start),
      end: start === null ? null : fromDay(start + columns.days[row]),
      date_precision: start === null ? null : columns.date_precisions[columns.date_precision[row]],
      lon: at?.lon ?? null,
      lat: at?.lat ?? null,
      place: at?.name ?? null,
      country: at?.country ?? "",
      precision: at?.precision ?? null,
      radius_m: at?.radius_m ?? 0,
    };
  }

  /** All that the card of an event shows. */
  detail(row) {
    const { columns } = this;
    const at = this.place[row];
    const deaths = columns.fatalities[row];
    return {
      ...this.brief(row),
      admin1: at?.admin1 ?? "",
      admin2: at?.admin2 ?? "",
      quote: columns.quote[row],
      sources: columns.source[row].map((number) => columns.sources[number]),
      actors: columns.actor[row].map((number) => columns.actors[number]),
      fatalities: deaths && { low: deaths[0], best: deaths[1], high: deaths[2] },
      confidence: columns.confidence[row],
      notes: columns.note[row].map((number) => columns.notes[number]),
      tags: columns.tag[row].map((number) => columns.tags[number]),
    };
  }
}
