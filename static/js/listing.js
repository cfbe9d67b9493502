// What the list asks for: the events in view or a tray, fifty at a time, never more of them in the page than it can carry.

import { ask, callOff } from "./api.js";
import { byId } from "./dom.js";

const PAGE = 50;
const MOST_ROWS = 200; // of a longer list the page holds a stretch; the rest is fetched again when asked for
const EMPTY = Object.freeze({ total: 0, offset: 0, events: [] });

export class Listing {
  /** `params(tray)`: the server's parameters, or null where nothing can match. `show(page, how)` draws. */
  constructor(params, show) {
    this.params = params;
    this.show = show;
    this.tray = "view";
    this.page = EMPTY;
    this.asked = "";
    this.refreshing = 0;
  }

  /** Whether nothing has been listed yet. */
  get fresh() {
    return this.asked === "";
  }

  /** The first page of the tray as it is now. */
  async refresh() {
    const asked = this.params(this.tray)?.toString() ?? null;
    this.refreshing += 1;
    const page = await this._ask(asked, 0).finally(() => (this.refreshing -= 1));
    if (this.asked !== asked) byId("events").parentElement.scrollTop = 0;
    this.asked = asked;
    this._set(page, null);
  }

  /** Fifty more at the end; where the page is full, the first fifty go. */
  async more() {
    if (this.refreshing) return; // more of the old question would call off the new one
    const next = await this._ask(this.asked, this.page.offset + this.page.events.length);
    const events = [...this.page.events, ...next.events];
    const gone = Math.max(0, events.length - MOST_ROWS);
    this._set({ total: next.total, offset: this.page.offset + gone, events: events.slice(gone) }, { focus: next.events[0]?.id });
  }

  /** The fifty before those of the page; where it is full, the last go. */
  async earlier() {
    if (this.refreshing) return;
    const from = Math.max(0, this.page.offset - PAGE);
    const before = await this._ask(this.asked, from);
    const events = [...before.events.slice(0, this.page.offset - from), ...this.page.events];
    this._set({ total: before.total, offset: from, events: events.slice(0, MOST_ROWS) }, { focus: this.page.events[0]?.id });
  }

  async _ask(asked, offset) {
    if (asked === null) {
      callOff("list");
      return EMPTY;
    }
    return ask(`/map/list?${asked}&offset=${offset}&limit=${PAGE}`, { kind: "list" });
  }

  _set(page, how) {
    this.page = page;
    byId("events").dataset.total = String(page.total); // of which question these rows are the answer
    this.show(page, how);
  }
}
