"""All date expressions that are known, by language."""

from geodata.extract import dates_en, dates_slavic, dates_slavic_stretches, dates_stretches

ENGLISH_DATES = (*dates_en.RULES, *dates_stretches.RULES)
SLAVIC_DATES = (*dates_slavic.RULES, *dates_slavic_stretches.RULES)
