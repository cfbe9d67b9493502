"""Folium layers whose template is a single call; the JavaScript itself lives in static/js."""
