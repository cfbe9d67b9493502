"""Readers of the gazetteer's sources, one file a source: packaged data files -> `Record`s."""
