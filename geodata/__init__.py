"""Dated, typed, located events out of news stories and event tables; usable without the web."""
