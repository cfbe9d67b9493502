"""Rows of sums, which stand below tables and are no events: their deaths would count twice."""

TOTALS = frozenset({
    "total", "totals", "grand total", "subtotal", "sub-total", "sub total", "sum", "overall", "summe", "gesamt",
    "insgesamt", "somme", "suma", "razem", "totale", "totaal", "toplam", "genel toplam", "всього", "разом", "усього",
    "загалом", "итого", "всего", "المجموع", "الإجمالي", "اجمالي",
})  # fmt: skip
"""What stands in a row of sums below a table, in the languages whose columns are known by name."""


def is_total(cell: str) -> bool:
    """Whether a cell is no more than such a word."""
    return cell.rstrip(" :.=").casefold() in TOTALS
