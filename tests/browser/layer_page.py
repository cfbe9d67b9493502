"""What the browser tests of the layer share: opening the page, finding places on the screen, reading the canvases."""

from playwright.sync_api import Page

DESK = {"width": 1440, "height": 900}
_PIXELS = """
([canvas, x, y, half]) => {
  const all = [...document.querySelectorAll(".event-canvas")][canvas];
  const box = all.getBoundingClientRect();
  const ratio = all.width / box.width;
  const size = 2 * half * ratio;
  const copy = new OffscreenCanvas(size, size).getContext("2d", { willReadFrequently: true });
  copy.drawImage(all, (half - x + box.x) * ratio, (half - y + box.y) * ratio);
  const data = copy.getImageData(0, 0, size, size).data;
  return data.filter((_, k) => k % 4 === 3).reduce((sum, alpha) => sum + (alpha > 8 ? 1 : 0), 0) / (data.length / 4);
}
"""
_POINT = """
([lon, lat]) => {
  const L = window.L;
  const view = new URLSearchParams(location.search).get("map").split("/").map(Number);
  const at = L.CRS.EPSG3857.latLngToPoint(L.latLng(lat, lon), view[0]);
  const middle = L.CRS.EPSG3857.latLngToPoint(L.latLng(view[1], view[2]), view[0]);
  const box = document.querySelector(".folium-map").getBoundingClientRect();
  return [box.x + box.width / 2 + at.x - middle.x, box.y + box.height / 2 + at.y - middle.y];
}
"""
_CATCH = """
let held;
Object.defineProperty(window, "L", {
  get: () => held,
  set(made) {
    held = made;
    made.Map.addInitHook(function () {
      this.on("layeradd", ({ layer }) => { if (layer.itemAt) window.datelineLayer = layer; });
    });
  },
});
"""
ITEMS = """
() => {
  const box = document.querySelector(".folium-map").getBoundingClientRect();
  const shown = window.datelineLayer.visible();
  return shown.map(({ item, point }) => ({ kind: item.kind, x: box.x + point.x, y: box.y + point.y }));
}
"""
"""What the layer shows, each with its kind and its place on the screen."""


def go(page: Page, address: str) -> None:
    page.add_init_script(_CATCH)
    page.goto(address)
    page.wait_for_selector("body[data-ready]", state="attached")
    page.wait_for_load_state("networkidle")


def point(page: Page, lon: float, lat: float) -> tuple[float, float]:
    """Where a place of the map is on the screen, in pixels."""
    x, y = page.evaluate(_POINT, [lon, lat])
    return x, y


def covered(page: Page, canvas: int, x: float, y: float, half: float) -> float:
    """The share of the pixels around x, y that a canvas of the layer (0 below the names, 1 above) has drawn on."""
    share: float = page.evaluate(_PIXELS, [canvas, x, y, half])
    return share


def until(page: Page, expression: str, seconds: float = 5) -> None:
    """Waits for a JavaScript expression to hold (Playwright's own way evaluates text, which our policy forbids)."""
    for _ in range(int(seconds * 20)):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"did not come true in {seconds} s: {expression}")
