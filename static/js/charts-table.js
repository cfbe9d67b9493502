// The data behind a chart: as a table on the page, as text for a spreadsheet, as a CSV file.

import { h } from "./dom.js";
import { number } from "./format.js";

const RISKY = /^\s*[=+\-@]|^[\t\r]/; // what a spreadsheet would run as a formula

/**
 * `data`: { caption, columns: [text], rows: [{ head, cells: [number], pick }], times }; `pick()` (optional) filters by the
 * row; `times`: the heads are dates.
 */
export function tableOf({ caption, columns, rows, times }) {
  const head = (row) => (row.pick ? h("button", { type: "button", class: "link", onclick: row.pick }, row.head) : row.head);
  return h("div", { class: "chart-table", tabindex: "0", role: "region", "aria-label": caption, "data-times": times },
    h("table", {},
      h("caption", { class: "quiet" }, caption),
      h("thead", {}, h("tr", {}, ...columns.map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", {}, ...rows.map((row) => h("tr", {},
        h("th", { scope: "row", dir: "auto" }, head(row)),
        ...row.cells.map((value) => h("td", {}, typeof value === "number" ? number(value) : value)))))));
}

const cell = (value) => {
  const text = String(value);
  return typeof value === "string" && RISKY.test(text) ? `'${text}` : text;
};

const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
const lines = ({ columns, rows }) => [columns, ...rows.map((row) => [row.key ?? row.head, ...row.cells])];

/** RFC 4180, with the mark that makes spreadsheets read UTF-8. */
export const asCsv = (data) => `\ufeff${lines(data).map((line) => line.map((value) => quoted(cell(value))).join(",")).join("\r\n")}\r\n`;

/** Columns by tabs: what spreadsheets paste. */
export const asTabs = (data) => lines(data).map((line) => line.map((value) => cell(value).replaceAll(/[\t\r\n]+/g, " ")).join("\t")).join("\n");

/** Hands `text` to the person as a file. */
export function download(name, text, type) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const anchor = h("a", { href: url, download: name });
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
