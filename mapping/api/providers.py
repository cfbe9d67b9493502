"""The parts of the API that describe their own routes: a new part is a file and a line here."""

from mapping.api.definition import PathProvider
from mapping.api.feature_paths import feature_paths
from mapping.api.tile_paths import tile_paths
from mapping.api.writing_paths import following_paths, writing_paths

PROVIDERS: tuple[PathProvider, ...] = (feature_paths, tile_paths, writing_paths, following_paths)
