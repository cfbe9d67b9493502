"""Builds the offline basemap: public data that comes in packages -> GeoJSON lines -> one PMTiles file."""
