"""Flask blueprints: each view parses a query, asks the workspace, renders."""
