"""Vector tiles of the events."""
