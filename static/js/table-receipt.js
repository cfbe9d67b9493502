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
export function problemList(job) {
  if (!job.problems.length) return h("p", { class: "muted" }, "Every row was taken as it stands.");
  const line = (problem) => h("li", {}, problem.line ? h("b", {}, `Line ${number(problem.line)}`) : null, problem.line ? ` ${problem.message}` : problem.message);
  const more = job.problem_count - Math.min(SHOWN, job.problems.length);
  return h("div", { class: "table-problems" },
    h("h3", {}, "Not taken as they stand"),
    h("ul", { class: "import-lines" }, ...job.problems.slice(0, SHOWN).map(line)),
    more > 0 ? h("p", { class: "muted" }, `And ${plural(more, "more row", "more rows")}; the receipt has them all.`) : null);
}

/** Links to the receipt, whole or only the rows that can be mended and sent again. */
export function receiptLinks(file) {
  const mend = file.rejected || file.changed || file.problems;
  return h("p", { class: "import-actions" },
    h("a", { class: "button", href: file.receipt_url, download: true }, "Download the receipt"),
    mend ? h("a", { class: "button", href: `${file.receipt_url}?rows=to-mend`, download: true }, "Only the rows to mend") : null);
}
