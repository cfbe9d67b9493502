// What is open in a map that is one file: the card of one event, or of the events at one spot.

import { Card, sourceLine } from "../card.js";
import { spotTitle } from "../card-spot.js";
import { byId, h } from "../dom.js";
import { theme } from "../theme.js";
import { inView, zoomFor } from "../view.js";

const SPOT_DEG = 0.0005; // a cluster smaller than this (about 50 m) is one spot: it is listed, not zoomed into
const SPOT_PAGE = 50;
const RIM_DEG = 0.00001; // one spot has no width
const CARD_PX = 400; // width that the card takes at the right of a wide map

/** The card of an event without what only a server can do: no judging, no way to its story. */
class FileCard extends Card {
  showEvent(event, colours, focus, listed = false) {
    this.show(event.title || event.sub_type || event.type, [
      listed ? h("button", { type: "button", class: "link back", onclick: () => this.calls.onSpot() }, "Back to the list") : null,
      this._kind(event, colours),
      this._facts(event),
      event.quote ? h("blockquote", { dir: "auto" }, `“${event.quote}”`) : null,
      ...this._notes(event),
      ...event.sources.map(sourceLine),
    ], focus);
  }
}

export class FileOpened {
  /** `page`: { map, layer, list, state, styles, answers, asked(bbox) }. */
  constructor(page) {
    this.page = page;
    this.event = this.spot = this.back = null;
    this.card = new FileCard(page.styles, {
      onHint: (event) => page.layer.setHinted(event),
      onOpen: (event) => this.open(event.id, true, this.spot),
      onSpot: () => this.openSpot(this.spot, this.spot.offset),
      onClose: () => this.close(),
    });
  }

  /** The open card in the page's theme as it is now. */
  repaint() {
    if (this.event) this.card.showEvent(this.event, theme(), false, Boolean(this.spot));
  }

  /** Opens the card of an event; `focus` moves the keyboard into it. `spot`: the list that it was chosen from. */
  open(id, focus, spot = null) {
    const { page } = this;
    if (!spot) this.back = document.activeElement;
    this.spot = spot;
    this.event = page.answers.detail(Number(id));
    page.state.event = id;
    this.card.showEvent(this.event, theme(), focus, Boolean(spot));
    page.layer.setChosen(this.event);
    page.list.mark(id);
    this._bringIntoView(this.event);
  }

  _bringIntoView(event) {
    const { map } = this.page;
    byId("card-zoom").hidden = event.lon === null;
    byId("card-zoom").onclick = () => {
      map.setView([event.lat, event.lon], Math.max(map.getZoom(), zoomFor(event)));
      const { top } = map.getContainer().getBoundingClientRect();
      if (top < 0 || top > innerHeight / 2) byId("main").scrollIntoView({ block: "start" }); // on a phone the list scrolls it away
    };
    if (event.lon === null) return;
    if (!inView(map, event)) map.setView([event.lat, event.lon], Math.max(map.getZoom(), 6));
    else if (map.getSize().x > 900) map.panInside([event.lat, event.lon], { paddingBottomRight: [CARD_PX, 0] });
  }

  /** What a click or Enter on an item of the layer opens. */
  openItem(item) {
    this.back = document.activeElement;
    if (item.kind === "cluster") this._openCluster(item.cluster);
    else if (item.kind === "event" || item.area.event) this.open((item.event || item.area.event).id, true);
    else this.openSpot(item.area);
  }

  _openCluster(cluster) {
    const { map } = this.page;
    const [west, south, east, north] = cluster.bbox;
    if (Math.max(east - west, north - south) < SPOT_DEG || map.getZoom() >= map.getMaxZoom()) {
      this.openSpot(cluster);
      return;
    }
    const zoom = Math.max(map.getZoom() + 1, map.getBoundsZoom([[south, west], [north, east]], false, [60, 60]));
    map.setView([(south + north) / 2, (west + east) / 2], Math.min(zoom, map.getMaxZoom()));
  }

  /** Lists the events at one spot, or of one area, a page at a time. */
  openSpot(spot, offset = 0) {
    const { page } = this;
    const [west, south, east, north] = spot.bbox;
    const box = [west - RIM_DEG, south - RIM_DEG, east + RIM_DEG, north + RIM_DEG];
    const found = page.answers.list("view", page.asked(box), offset, SPOT_PAGE);
    this.event = null;
    this.spot = { ...spot, offset };
    this.card.showSpot({ ...found, title: spotTitle(found.total, spot) }, theme(), (next) => this.openSpot(spot, next));
    byId("card-zoom").hidden = true;
    page.layer.setChosen(found.events[0] || null);
  }

  close() {
    const { page } = this;
    const leads = this.card.holdsFocus();
    const { event } = page.state;
    page.state.event = null;
    this.event = this.spot = null;
    this.card.hide();
    page.layer.setChosen(null);
    page.list.mark(null);
    if (leads && !(event && page.list.focus(event)) && this.back?.isConnected) this.back.focus();
  }
}
