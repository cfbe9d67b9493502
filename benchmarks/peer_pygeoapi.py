"""pygeoapi over the same events, mounted as a Flask blueprint as it is meant to be, served by waitress.

Its environment is made with `uv venv ENV && uv pip install --python ENV/bin/python pygeoapi waitress`. Its providers of
files read all of a million rows at every request, and that of SQLite needs SpatiaLite for boxes; so that it is asked at
its best, a provider is mounted that asks the store's own tables for one page and one count, as ours used to.
"""

import json
import os
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CONFIGURATION = """
server:
  bind: {{host: 127.0.0.1, port: 0}}
  url: http://127.0.0.1
  mimetype: application/json; charset=UTF-8
  encoding: utf-8
  gzip: false
  language: en-US
  cors: true
  pretty_print: false
  limits: {{default_items: 1000, max_items: 10000}}
  map: {{url: "https://tile.example.org/{{z}}/{{x}}/{{y}}.png", attribution: none}}
  admin: false
logging: {{level: ERROR}}
metadata:
  identification:
    {{title: Events, description: Events, keywords: [events], keywords_type: theme, terms_of_service: none,
      url: "http://127.0.0.1"}}
  license: {{name: none, url: "http://127.0.0.1"}}
  provider: {{name: none, url: "http://127.0.0.1"}}
  contact:
    {{name: none, position: none, address: none, city: none, stateorprovince: none, postalcode: none, country: none,
      phone: none, fax: none, email: none, url: "http://127.0.0.1", hours: none, instructions: none, role: none}}
resources:
  events:
    type: collection
    title: Events
    description: Events
    keywords: [events]
    links: []
    extents:
      spatial: {{bbox: [-180, -90, 180, 90], crs: http://www.opengis.net/def/crs/OGC/1.3/CRS84}}
    providers:
      - type: feature
        name: peer_provider.EventProvider
        data: {data}
        id_field: id
"""
PROVIDER = """
import json, sqlite3
from pygeoapi.provider.base import BaseProvider

class EventProvider(BaseProvider):
    def __init__(self, provider_def):
        super().__init__(provider_def)
        self.connection = sqlite3.connect(provider_def["data"] + "/dateline.sqlite", check_same_thread=False)
        self.get_fields()

    def get_fields(self):
        self._fields = {"event_type": {"type": "string"}, "sub_event_type": {"type": "string"},
                "title": {"type": "string"},
                "status": {"type": "string"}}
        return self._fields

    def query(self, offset=0, limit=10, resulttype="results", bbox=[], datetime_=None, properties=[], sortby=[],
              select_properties=[], skip_geometry=False, q=None, **kwargs):
        where, values = ["status <> 'rejected'"], []
        for name, value in properties:
            where.append(f"{name} = ?"); values.append(value)
        if bbox:
            where.append("row_id IN (SELECT row_id FROM event_places WHERE min_lon <= ? AND max_lon >= ?"
                         " AND min_lat <= ? AND max_lat >= ?)")
            values += [bbox[2], bbox[0], bbox[3], bbox[1]]
        said = " AND ".join(where)
        matched = self.connection.execute(f"SELECT count(*) FROM events WHERE {said}", values).fetchone()[0]
        cursor = self.connection.execute(
            f"SELECT * FROM events WHERE {said} ORDER BY start_day DESC NULLS LAST, row_id LIMIT ? OFFSET ?",
            [*values, limit, offset])
        names = [each[0] for each in cursor.description]
        features = []
        for row in cursor:
            held = dict(zip(names, row))
            lon, lat = held.pop("lon"), held.pop("lat")
            features.append({"type": "Feature", "id": held["event_id"], "properties": held,
                             "geometry": None if lon is None else {"type": "Point", "coordinates": [lon, lat]}})
        return {"type": "FeatureCollection", "features": features, "numberMatched": matched,
                "numberReturned": len(features)}

    def get(self, identifier, **kwargs):
        raise NotImplementedError
"""
SERVER = """
import sys, time
begun = time.perf_counter()
from flask import Flask
from pygeoapi.flask_app import BLUEPRINT
app = Flask(__name__)
app.register_blueprint(BLUEPRINT)
from waitress.server import create_server
server = create_server(app, host="127.0.0.1", port=0)
print(f"READY {server.effective_port} {time.perf_counter() - begun}", flush=True)
server.run()
"""


@contextmanager
def pygeoapi(data: Path, environment: Path) -> Iterator[tuple[str, float]]:
    """The address of its server over a data folder, and how many seconds it took to be ready."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "config.yml").write_text(CONFIGURATION.format(data=data.resolve()), encoding="utf-8")
        (home / "peer_provider.py").write_text(PROVIDER, encoding="utf-8")
        (home / "server.py").write_text(SERVER, encoding="utf-8")
        named = {"PYGEOAPI_CONFIG": f"{home}/config.yml", "PYGEOAPI_OPENAPI": f"{home}/openapi.json"}
        env = {**os.environ, **named, "PYTHONPATH": folder}
        python = environment / "bin" / "python"
        made = [str(environment / "bin" / "pygeoapi"), "openapi", "generate", f"{home}/config.yml", "-f", "json"]
        written = subprocess.run(made, env=env, capture_output=True, text=True, check=True)
        (home / "openapi.json").write_text(json.dumps(json.loads(written.stdout)), encoding="utf-8")
        begun = time.perf_counter()
        with subprocess.Popen([str(python), f"{home}/server.py"], env=env, stdout=subprocess.PIPE, text=True) as run:
            try:
                ready = (line.split()[1] for line in run.stdout or () if line.startswith("READY"))
                port = next(ready, "")  # it says other things before
                if not port:
                    raise SystemExit("pygeoapi did not start")
                address = f"http://127.0.0.1:{port}"
                urllib.request.urlopen(f"{address}/conformance").read()  # noqa: S310 - our own server
                yield address, time.perf_counter() - begun
            finally:
                run.terminate()
                run.wait(20)
