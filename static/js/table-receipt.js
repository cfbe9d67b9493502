// What became of a table's rows: the counts, the first rows that were not taken as they stood, and the receipt to keep.

import { h } from "./dom.js";
import { number, plural } from "./format.js";

const OUTCOMES = [
  ["added", "added"],
  ["changed", "changed"],
  ["unchanged", "unchanged"],
  ["kept", "left as people made them"],
  ["merged", "merged: their id was there before"],
  ["rejected", "rejected"],
];
const SHOWN = 20;
const LINES = 6; // named of those that have the same wrong

/** The rows of a file by what became of them. */
export function counts(file, receipt) {
  const lines = OUTCOMES.filter(([name]) => file[name]).map(([name, words]) => h("div", { class: name === "rejected" ? "bad-text" : "" }, h("dt", {}, words), h("dd", {}, number(file[name]))));
  const doubt = receipt ? [["undated", "without a date"], ["unplaced", "without a place"]].filter(([name]) => receipt[name]) : [];
  return h("dl", { class: "table-counts" },
    h("div", { class: "all" }, h("dt", {}, "rows"), h("dd", {}, number(file.rows))),
    ...lines,
    ...doubt.map(([name, words]) => h("div", { class: "muted" }, h("dt", {}, words), h("dd", {}, number(receipt[name])))));
}

/** The first rows that were rejected or changed, with their lines. */
export function problemList(job, level = "h3", id = null) {
  if (!job.problems.length) return h("p", { class: "muted" }, "Every row was taken as it stands.");
  const same = new Map(); // lines by what is said of them
  for (const { line, message } of job.problems) same.set(message, [...(same.get(message) || []), line]);
  const lines = (at) => `${at.length > 1 ? "Lines" : "Line"} ${at.slice(0, LINES).map(number).join(", ")}${at.length > LINES ? ` and ${number(at.length - LINES)} more` : ""}`;
  const item = ([message, at]) => h("li", {}, at[0] ? h("b", {}, lines(at)) : null, at[0] ? `: ${message}` : message);
  const told = [...same].slice(0, SHOWN);
  const more = job.problem_count - told.reduce((sum, [, at]) => sum + at.length, 0);
  return h("div", { class: "table-problems" },
    h(level, { id }, "Not taken as they stand"),
    h("ul", { class: "import-lines" }, ...told.map(item)),
    more > 0 ? h("p", { class: "muted" }, `And ${plural(more, "more row", "more rows")}; the receipt has them all.`) : null);
}

/** Links to the receipt, whole or only the rows that can be mended and sent again. */
export function receiptLinks(file) {
  const mend = file.rejected || file.changed || file.problems;
  return h("p", { class: "import-actions" },
    h("a", { class: "button", href: file.receipt_url, download: true }, "Download the receipt"),
    mend ? h("a", { class: "button", href: `${file.receipt_url}?rows=to-mend`, download: true }, "Only the rows to mend") : null);
}
