"""The documents of the OGC API: OpenAPI definition, schemas, conformance. The routes are in mapping/views."""
