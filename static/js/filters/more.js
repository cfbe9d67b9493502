// The filters that are asked for less often, folded away: status, how exactly the place is known, source, actor, deaths.

import { ask, wasAborted } from "../api.js";
import { byId, h, settled } from "../dom.js";

const SELECTS = ["status", "precision"];
const SUGGESTED = ["source", "actor"]; // fields whose values /map/names lists

export class MoreFilters {
  /** `onChange(changes)`. */
  constructor(onChange) {
    this.onChange = onChange;
    const [actorSoon, deathsSoon] = ["actor", "deaths"].map(() => settled((changes) => onChange(changes), 250)); // neither calls off the other
    for (const name of SELECTS) byId(name).addEventListener("change", (event) => onChange({ [name]: event.target.value }));
    byId("more-filters-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this._addSource();
    });
    byId("source").addEventListener("change", () => this._addSource());
    byId("actor").addEventListener("input", (event) => actorSoon({ actor: event.target.value.slice(0, 200) }));
    byId("fatalities").addEventListener("input", (event) => deathsSoon({ fatalities: countOf(event.target.value) }));
    for (const name of SUGGESTED) {
      const suggest = settled(() => this._suggest(name), 150);
      byId(name).addEventListener("focus", suggest);
      byId(name).addEventListener("input", suggest);
    }
    this.opened = false;
  }

  /** Fields as the state has them, but the one being typed into; opens once where a link filters by one of them. */
  show(state) {
    this.sources = state.source;
    for (const name of SELECTS) byId(name).value = state[name];
    for (const [name, value] of [["actor", state.actor], ["fatalities", state.fatalities || ""]]) {
      if (byId(name) !== document.activeElement || !value) setUnlessSame(byId(name), String(value));
    }
    const active = SELECTS.filter((name) => state[name]).length + state.source.length + Boolean(state.actor.trim()) + Boolean(state.fatalities);
    byId("more-count").textContent = active ? `(${active})` : "";
    if (active && !this.opened) byId("more-filters").open = true;
    this.opened = true;
  }

  _addSource() {
    const name = byId("source").value.trim();
    if (!name) return;
    byId("source").value = "";
    if (!this.sources.includes(name)) this.onChange({ source: [...this.sources, name] });
  }

  async _suggest(name) {
    const typed = byId(name).value.trim();
    try {
      const { names } = await ask(`/map/names?field=${name}&q=${encodeURIComponent(typed)}`, { kind: `names ${name}` });
      byId(`${name}-names`).replaceChildren(...names.map((item) => h("option", { value: item.name })));
    } catch (error) {
      if (!wasAborted(error)) byId(`${name}-names`).replaceChildren(); // a field without suggestions can still be typed into
    }
  }
}

const countOf = (text) => (/^\d{1,7}$/.test(text) ? Number(text) : 0);

function setUnlessSame(field, value) {
  if (field.value !== value) field.value = value;
}
