"""Scripts, styles and fonts as parts of one page, without a build step.

Modules keep being modules: each becomes a data: URL of an import map under its path, and imports the others by theirs.
Browsers give an import the nonce of the script that asks for it, so the page's policy holds for them too.
"""

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from geodata.errors import SetupError
from mapping.modules import modules_of, resolved

_SPECIFIER = re.compile(
    r"""(?P<head>^\s*(?:import|export)\b[^"';]*?)(?P<mark>["'])(?P<address>\.{1,2}/[^"']+\.js)(?P=mark)""", re.MULTILINE
)
_URL = re.compile(r"""url\(\s*["']?(?P<address>[^"')]+)["']?\s*\)""")
_AS_IS = " !$&'()*+,-./:;=?@[]_~{}|"
"""Characters that a data: URL holds as they are; line ends and others that a URL would lose are escaped."""


def import_map(static: Path, entry: str) -> Mapping[str, str]:
    """Every module of an entry, and itself, as path -> data: URL."""
    return {name: data_url(_bare(static / name, name)) for name in modules_of(static, entry, "")}


def data_url(script: str) -> str:
    return f"data:text/javascript;charset=utf-8,{quote(script, safe=_AS_IS)}"


def _bare(path: Path, name: str) -> str:
    """A module whose relative imports name paths: a data: URL has no folder that they could be relative to."""
    folder = PurePosixPath(name).parent

    def bare(match: re.Match[str]) -> str:
        return f"{match['head']}{match['mark']}{resolved(folder, match['address'])}{match['mark']}"

    return _SPECIFIER.sub(bare, path.read_text(encoding="utf-8"))


def script(static: Path, name: str) -> str:
    """A classic script as it can stand inside a script element. SetupError where it is not there."""
    text = _read(static, name)
    return re.sub(r"<(?=/script|!--|script)", r"\\x3c", text, flags=re.IGNORECASE)


def styles(static: Path, names: Sequence[str]) -> str:
    """Style sheets with their fonts in them; pictures, which only unused parts of Leaflet want, are left out."""
    return "\n".join(_sheet(static, name) for name in names)


def _sheet(static: Path, name: str) -> str:
    return _URL.sub(lambda match: _inlined(static, name, match["address"]), _read(static, name))


def _inlined(static: Path, sheet: str, address: str) -> str:
    if address.startswith(("data:", "#")):
        return f"url({address})"
    path = static / resolved(PurePosixPath(sheet).parent, address)
    if path.suffix != ".woff2":
        return "none"
    if not path.is_file():  # the letters are then those of the system
        return "url(data:,)"
    return f"url(data:font/woff2;base64,{b64encode(path.read_bytes()).decode('ascii')})"


def _read(static: Path, name: str) -> str:
    path = static / name
    if not path.is_file():
        raise SetupError(f"the page's own files are not complete: {path} is missing; `make setup` brings them")
    return path.read_text(encoding="utf-8")
