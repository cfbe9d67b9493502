"""A Dateline server of a benchmark's own: any free port of 127.0.0.1, stopped when the benchmark ends."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HOME = Path(__file__).parent.parent
_ADDRESS = re.compile(r"http://\S+")


@contextmanager
def served(data: Path) -> Iterator[tuple[str, int]]:
    """The address of a server over the data folder, and its process id."""
    command = [sys.executable, "-m", "geodata", "serve", "--port", "0"]
    environment = {**os.environ, "DATELINE_DATA": str(data.resolve())}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    process = subprocess.Popen(command, cwd=HOME, env=environment, **pipes)  # type: ignore[call-overload]
    try:
        for line in process.stdout:
            if found := _ADDRESS.search(line):
                yield found.group(), process.pid
                return
        raise SystemExit("the server says no address; is there a store in the data folder?")
    finally:
        process.terminate()
        process.wait(30)
