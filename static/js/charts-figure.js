// The frame of a chart: its title, what it shows, its table, and its data to take away.

import { asCsv, asTabs, download, tableOf } from "./charts-table.js";
import { h } from "./dom.js";
import { say } from "./live.js";

export class Figure {
  /** `name` goes into the names of files; `extra` are further controls in the figure's head. */
  constructor(name, ...extra) {
    this.name = name;
    this.title = h("h3", { id: `chart-${name}-title` });
    this.what = h("p", { class: "chart-what" });
    this.body = h("div", { class: "chart-body" });
    this.table = h("button", { type: "button", class: "link", "aria-pressed": "false", onclick: () => this._turn() }, "Table");
    this.copy = h("button", { type: "button", class: "link", onclick: () => this._copy() }, "Copy");
    const csv = h("button", { type: "button", class: "link", onclick: () => download(`dateline-${name}.csv`, asCsv(this.data), "text/csv") }, "CSV");
    this.tools = h("div", { class: "chart-tools" }, ...extra, h("span", { class: "chart-data" }, this.table, this.copy, csv));
    this.element = h("figure", { class: "chart", "aria-labelledby": this.title.id, "data-chart": name }, h("figcaption", {}, this.title, this.what), this.tools, this.body);
  }

  get asTable() {
    return this.table.getAttribute("aria-pressed") === "true";
  }

  /** `data` as for `tableOf`; `draw()` gives the chart itself; `empty` is said where there is nothing to draw. */
  show({ title, what, data, draw, empty }) {
    Object.assign(this, { data, draw });
    this.title.textContent = title;
    this.what.textContent = what;
    this.tools.hidden = !data.rows.length;
    this.empty = empty;
    this.repaint();
  }

  repaint() {
    if (!this.data) return;
    const held = this._held();
    const scrolled = this.body.firstElementChild?.scrollTop || 0;
    if (!this.data.rows.length) this.body.replaceChildren(h("p", { class: "muted small-text" }, this.empty));
    else this.body.replaceChildren(this.asTable ? tableOf(this.data) : this.draw());
    if (this.asTable && this.body.firstElementChild) this.body.firstElementChild.scrollTop = scrolled;
    if (held >= 0) this._buttons()[Math.min(held, this._buttons().length - 1)]?.focus();
  }

  /** Which of the body's buttons has the focus: an answer draws them anew and must not lose it. */
  _held() {
    return this._buttons().indexOf(document.activeElement);
  }

  _buttons() {
    return [...this.body.querySelectorAll("button, [tabindex]")];
  }

  _turn() {
    this.table.setAttribute("aria-pressed", String(!this.asTable));
    this.repaint();
  }

  async _copy() {
    const said = await navigator.clipboard?.writeText(asTabs(this.data)).then(() => "Copied", () => null);
    this.copy.textContent = said || "Not allowed";
    say(said ? `${this.title.textContent}: data copied.` : "The browser did not allow copying. The CSV file has the same data.");
    setTimeout(() => (this.copy.textContent = "Copy"), 2000);
  }
}
