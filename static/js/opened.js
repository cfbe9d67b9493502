// What is open on the map page: the card of one event or of the events at one spot, and the zoom into a cluster.

import { ask, wasAborted } from "./api.js";
import { Card } from "./card.js";
import { byId } from "./dom.js";
import { spotTitle } from "./card-spot.js";
import { say } from "./live.js";
import { link } from "./state.js";
import { theme } from "./theme.js";
import { inView, zoomFor } from "./view.js";

const SPOT_DEG = 0.0005; // a cluster smaller than this (about 50 m) is one spot: it is listed, not zoomed into
const SPOT_PAGE = 50;
const CARD_PX = 440; // width that the card takes at the right of a wide map

export class Opened {
  /** `page`: { map, layer, list, state, styles, params(bbox), refresh() }; `onHint(event or null)`. */
  constructor(page, onHint) {
    Object.assign(this, page);
    this.event = null;
    this.spot = null;
    this.card = new Card(this.styles, {
      onHint,
      onOpen: (event) => this.open(event.id, true, this.spot),
      onSpot: () => this.openSpot(this.spot, this.spot.offset),
      onClose: () => this.close(),
      onStatus: (event, status) => this.judge(event, status),
    });
  }

  /** The open card in the page's theme as it is now. */
  repaint() {
    if (this.event) this.card.showEvent(this.event, theme(), false, Boolean(this.spot));
  }

  /** Opens the card of an event; `focus` moves the keyboard into it. `spot`: the list that it was chosen from. */
  async open(eventId, focus, spot = null) {
    if (!spot) this.back = focus ? document.activeElement : null;
    this.spot = spot;
    try {
      const event = await ask(`/events/${encodeURIComponent(eventId)}.json`, { kind: "event" });
      this.event = event;
      this.state.event = event.id;
      this.card.showEvent(event, theme(), focus, Boolean(spot));
      this._showOpened(event);
    } catch (error) {
      if (!wasAborted(error)) this.card.showError(error.message);
    }
    history.replaceState(null, "", link(this.state) || location.pathname);
  }

  _showOpened(event) {
    this.layer.setChosen(event);
    this.list.mark(event.id);
    byId("card-zoom").hidden = event.lon === null;
    byId("card-zoom").onclick = () => {
      this.map.setView([event.lat, event.lon], Math.max(this.map.getZoom(), zoomFor(event)));
      const top = this.map.getContainer().getBoundingClientRect().top;
      if (top < 0 || top > innerHeight / 2) byId("main").scrollIntoView({ block: "start" }); // on a phone the list scrolls it away
    };
    if (event.lon === null) return;
    if (!inView(this.map, event)) this.map.setView([event.lat, event.lon], Math.max(this.map.getZoom(), 6));
    else if (this.map.getSize().x > 900) this.map.panInside([event.lat, event.lon], { paddingBottomRight: [CARD_PX, 0] });
  }

  /** What a click or Enter on an item of the layer opens. */
  openItem(item) {
    this.back = document.activeElement;
    if (item.kind === "cluster") this.openCluster(item.cluster);
    else if (item.kind === "event" || item.area.event) this.open((item.event || item.area.event).id, true);
    else this.openSpot(item.area);
  }

  openCluster(cluster) {
    const [west, south, east, north] = cluster.bbox;
    const span = Math.max((east - west + 360) % 360, north - south);
    if (span < SPOT_DEG || this.map.getZoom() >= this.map.getMaxZoom()) {
      this.openSpot(cluster);
      return;
    }
    const bounds = [[south, west], [north, east < west ? east + 360 : east]];
    const zoom = Math.max(this.map.getZoom() + 1, this.map.getBoundsZoom(bounds, false, [60, 60]));
    this.map.setView([(south + north) / 2, (bounds[0][1] + bounds[1][1]) / 2], Math.min(zoom, this.map.getMaxZoom()));
  }

  /** Lists the events at one spot, or of one area, a page at a time. */
  async openSpot(spot, offset = 0) {
    const [west, south, east, north] = spot.bbox;
    const rim = 0.00001; // one spot has no width: a box around it, wider than what rounding takes off
    const params = this.params([west - rim, south - rim, east + rim, north + rim].map((value) => value.toFixed(6)).join(","));
    params.set("limit", String(SPOT_PAGE));
    params.set("offset", String(offset));
    try {
      const page = await ask(`/map/list?${params}`, { kind: "event" });
      this.event = null;
      this.spot = { ...spot, offset };
      this.card.showSpot({ ...page, offset, title: spotTitle(page.total, spot) }, theme(), (next) => this.openSpot(spot, next));
      byId("card-zoom").hidden = true;
      this.layer.setChosen(page.events[0] || null);
    } catch (error) {
      if (!wasAborted(error)) this.card.showError(error.message);
    }
  }

  close() {
    const { event } = this.state;
    const leads = this.card.holdsFocus();
    this.state.event = null;
    this.event = this.spot = null;
    this.card.hide();
    this.layer.setChosen(null);
    this.list.mark(null);
    history.replaceState(null, "", link(this.state) || location.pathname);
    if (leads && !(event && this.list.focus(event)) && this.back?.isConnected) this.back.focus();
  }

  async judge(event, status) {
    try {
      this.event = await ask(`/events/${encodeURIComponent(event.id)}/status`, { method: "POST", body: { status } });
      this.card.showEvent(this.event, theme(), true, Boolean(this.spot));
      this.layer.setChosen(this.event);
      say(`Saved: ${status}.`);
      await this.refresh();
    } catch (error) {
      if (!wasAborted(error)) this.card.showError(error.message);
    }
  }
}
