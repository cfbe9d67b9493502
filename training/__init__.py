"""How the small models are made: one script each, run by `make train`. Never imported by the application."""
