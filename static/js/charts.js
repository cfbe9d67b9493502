// The charts beside the map: events over time by type, the places and the sources with the most events. They show what
// the map shows, are asked for only while they are open, and a click on a bar, a place or a source filters by it.

import { ask, callOff, wasAborted } from "./api.js";
import { Figure } from "./charts-figure.js";
import { rankedList } from "./charts-ranked.js";
import { TimeChart } from "./charts-time.js";
import { byId, h, settled } from "./dom.js";
import { fromDay, joined, country, plural, range, toDay } from "./format.js";
import { showsNone } from "./state.js";
import { theme } from "./theme.js";
import { binOf, labelOf, startOf, endOf } from "./timeline-bins.js";

const QUIET_MS = 120; // after the map has been repainted
const DRAWN = 10; // rows of a list of the most; its table has all that the server names
const SPOT_KM = 1; // a place chosen from its bar: what is told of the same point

export class Charts {
  /** `page`: the map page: { options, state, styles, timeline, params(), change(changes), address, view }. */
  constructor(page) {
    this.page = page;
    this.box = byId("charts");
    this.button = byId("charts-toggle");
    this.time = new TimeChart({ onBin: (bin) => this._pickBin(bin), onType: (name) => this._pickType(name) });
    this.time.onWay = () => this._showTime(this.bins);
    this.figures = { time: new Figure("time", this.time.ways), places: new Figure("places"), sources: new Figure("sources") };
    this.sentence = h("p", { class: "charts-sentence", dir: "auto" });
    this.problem = h("p", { class: "complaint", role: "status", hidden: true });
    const close = h("button", { type: "button", class: "link", onclick: () => this.turn(false) }, "Close");
    byId("charts-body").replaceChildren(h("div", { class: "charts-head" }, h("h2", {}, "Charts"), close), this.sentence, this.problem, ...Object.values(this.figures).map(({ element }) => element));
    this.soon = settled(() => this._refresh(), QUIET_MS);
    this.button.addEventListener("click", () => this.turn(!this.open));
    this.width = 0; // measured when they open: to ask for it lays the page out
    new ResizeObserver(() => this._resized()).observe(this.box);
    this._showOpen(page.state.charts);
  }

  get open() {
    return !this.box.hidden;
  }

  /** Opens or closes the charts; the link remembers it. */
  turn(open) {
    this._showOpen(open);
    this.page.state.charts = open;
    this.page.address.keep();
    if (!open) this.button.focus();
    else if (this.page.view) this.changed();
  }

  /** What the map shows has changed. */
  changed() {
    if (!this.open) return;
    this.sentence.textContent = showsNone(this.page.state) ? "" : this.page.view.sentence;
    this.soon();
  }

  repaint() {
    if (this.open) for (const figure of Object.values(this.figures)) figure.repaint();
  }

  _showOpen(open) {
    this.box.hidden = !open;
    this.button.setAttribute("aria-expanded", String(Boolean(open)));
    if (!open) callOff("charts");
  }

  _width() {
    return Math.max(200, Math.round(byId("charts-body").clientWidth));
  }

  _resized() {
    if (!this.open) return;
    const width = this._width();
    if (width === this.width) return;
    this.width = width;
    this.repaint();
  }

  async _refresh() {
    if (!this.open) return;
    const params = this.page.params();
    this.width = this._width();
    this.page.timeline.ask(params, this.width);
    try {
      const none = showsNone(this.page.state); // the server reads "no type" as all of them
      this._show(none ? NOTHING : read(await ask(`/map/charts?${params}`, { kind: "charts" }), this.page.options.types));
      this.problem.hidden = true;
    } catch (error) {
      if (wasAborted(error)) return;
      this.problem.textContent = error.message;
      this.problem.hidden = false;
    }
  }

  _show(found) {
    this._showTime(found.bins);
    this._showPlaces(found.places);
    this._showSources(found.sources);
  }

  _showTime(bins) {
    this.bins = bins;
    const { types, unit, start, counts } = bins;
    const shown = plural(counts.reduce((sum, count) => sum + count, 0), "event");
    this.figures.time.show({
      title: `Events per ${unit}, by type`,
      what: `${shown} ${this._days(bins)}, each counted on its first possible day. ${this.time.scale}`,
      data: {
        caption: `Events per ${unit} by type`,
        times: true,
        columns: [capital(unit), ...types.map(({ style }) => style.name), "All"],
        rows: counts.map((count, k) => ({ head: labelOf(start + k, unit), key: fromDay(startOf(start + k, unit)), cells: [...types.map((type) => type.counts[k]), count], pick: () => this._pickBin(start + k) })),
      },
      draw: () => this.time.draw(bins, this._chosen(), theme(), this.width),
      empty: "No dated events to count.",
    });
  }

  _showPlaces(places) {
    const { near } = this.page.state;
    const same = (place) => near && near.km <= SPOT_KM && near.lon.toFixed(4) === place.lon.toFixed(4) && near.lat.toFixed(4) === place.lat.toFixed(4);
    const rows = places.map((place) => ({ name: placeWords(place), count: place.count, chosen: same(place), pick: () => this._pick({ near: same(place) ? null : { lon: place.lon, lat: place.lat, km: SPOT_KM } }) }));
    this._ranked("places", rows, {
      title: "Top places",
      what: `The ${most(rows, "place")} with the most events ${this._filtered()}. Areas known only as a whole count at their middle.`,
      columns: ["Place", "Events", "Longitude", "Latitude"],
      cells: (row, k) => [row.count, places[k].lon.toFixed(4), places[k].lat.toFixed(4)],
      empty: "No events with a place match.",
    });
  }

  _showSources(sources) {
    const { source } = this.page.state;
    const rows = sources.map(({ name, count }) => ({ name: name || "No publisher named", count, chosen: source.includes(name), pick: name ? () => this._pick({ source: source.includes(name) ? [] : [name] }) : null }));
    this._ranked("sources", rows, {
      title: "Top sources",
      what: `The ${most(rows, "publisher")} that most events are from, ${this._filtered()}.`,
      columns: ["Source", "Events"],
      cells: (row) => [row.count],
      empty: "No events with a source match.",
    });
  }

  _ranked(name, rows, { title, what, columns, cells, empty }) {
    this.figures[name].show({
      title,
      what: rows.length ? what : "",
      data: { caption: title, columns, rows: rows.map((row, k) => ({ head: row.name, cells: cells(row, k), pick: row.pick })) },
      draw: () => rankedList(rows.slice(0, DRAWN), this.width),
      empty,
    });
  }

  // What the charts say

  _days({ unit, start, counts }) {
    if (!counts.length) return "in all";
    return `from ${range(fromDay(startOf(start, unit)), fromDay(endOf(start + counts.length - 1, unit)))}`;
  }

  /** "in this view, 1 to 30 Nov 2023". */
  _filtered() {
    const { from, to } = this.page.state;
    return from ? `in this view, ${range(from, to)}` : "in this view, all dates";
  }

  _chosen() {
    const { from, to } = this.page.state;
    return from ? [toDay(from), toDay(to) + 1] : null;
  }

  // What a click filters

  _pickBin(bin) {
    const { unit } = this.bins;
    const [from, to] = [startOf(bin, unit), endOf(bin, unit)];
    const { chosen } = this.page.timeline;
    if (chosen && chosen.from <= from && chosen.to >= to && chosen.to - chosen.from === to - from) this.page.timeline.restore(null);
    else this.page.timeline.choose(from, to, { keep: true });
  }

  _pickType(name) {
    const { types } = this.page.state;
    this._pick({ types: types?.length === 1 && types[0] === name ? null : [name], subTypes: null });
  }

  _pick(changes) {
    this.page.change(changes);
  }
}

const NOTHING = { bins: { unit: "month", start: 0, counts: [], types: [] }, places: [], sources: [] };
/** "place", "7 places", "10 places". */
const most = (rows, one) => (rows.length === 1 ? one : `${Math.min(DRAWN, rows.length)} ${one}s`);
const capital = (text) => text[0].toUpperCase() + text.slice(1);
const placeWords = ({ name, admin1, country: code }) => joined([name, admin1, country(code)]) || "A place without a name";

/** The server's answer, its types in the order of the legend; types without events are left out. */
function read({ histogram, places, sources }, styles) {
  const { unit, start, counts, by_type: byType } = histogram;
  const types = styles.filter(({ name }) => byType[name]).map((style) => ({ style, counts: byType[style.name], total: byType[style.name].reduce((sum, count) => sum + count, 0) }));
  const dated = types.length > 0;
  return { bins: { unit, start: start ? binOf(toDay(start), unit) : 0, counts: dated ? counts : [], types }, places, sources };
}
