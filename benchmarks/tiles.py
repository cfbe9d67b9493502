"""Vector tiles of a million events: how long one takes by zoom, how large it is, and beside it mapbox-vector-tile.

    python -m benchmarks.tiles /tmp/million            the data folder of benchmarks.make_events

The peer (the package mapbox-vector-tile, of requirements-dev) writes the very same points and properties; that is the
encoding alone, without finding and counting them. Processor time, the least of several runs.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click
import mapbox_vector_tile

from geodata.allowed import Release
from geodata.answers import TileAt
from geodata.query import EventQuery
from geodata.settings import Settings
from geodata.workspace import open_workspace
from mapping.asking import Asking
from mapping.tiles.events import tile_bytes

TILES = (
    TileAt(0, 0, 0),
    TileAt(3, 4, 2),
    TileAt(5, 18, 11),
    TileAt(6, 37, 22),
    TileAt(8, 150, 88),
    TileAt(11, 1200, 700),
)
T = TypeVar("T")


@click.command(help=__doc__)
@click.argument("data", type=click.Path(exists=True, path_type=Path))
def main(data: Path) -> None:
    workspace = open_workspace(Settings(data=data))
    now, release = Asking(workspace).now(), Release()
    click.echo(
        f"{'tile':>14}{'events':>9}{'points':>8}{'found ms':>10}{'ids ms':>8}{'written ms':>11}{'peer ms':>9}{'kB':>7}"
    )
    for at in TILES:
        found_ms, rows = _least(lambda at=at: now.tile(EventQuery(), release, at))  # type: ignore[misc]
        ids_ms, ids = _least(lambda rows=rows: workspace.store.event_ids(rows.rows))  # type: ignore[misc]
        written_ms, data_ = _least(lambda rows=rows, ids=ids: tile_bytes(rows, ids))  # type: ignore[misc]
        layer = mapbox_vector_tile.decode(data_, default_options={"y_coord_down": True})["events"] if data_ else {}
        features = [
            {"geometry": "POINT({} {})".format(*each["geometry"]["coordinates"]), "properties": each["properties"]}
            for each in layer.get("features", [])
        ]
        peer_ms, _ = _least(lambda all_=features: mapbox_vector_tile.encode([{"name": "events", "features": all_}]))  # type: ignore[misc]
        name = f"{at.z}/{at.x}/{at.y}"
        click.echo(
            f"{name:>14}{rows.total:9,}{len(features):8,}{found_ms:10.1f}{ids_ms:8.1f}{written_ms:11.1f}{peer_ms:9.1f}"
            f"{len(data_) / 1000:7.0f}"
        )
    workspace.close()


def _least(work: Callable[[], T], runs: int = 5) -> tuple[float, T]:
    times = []
    for _ in range(runs):
        begun = time.process_time()
        found = work()
        times.append(1000 * (time.process_time() - begun))
    return min(times), found


if __name__ == "__main__":
    main()
