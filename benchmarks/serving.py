"""A Dateline server of a benchmark's own: any free port of 127.0.0.1, stopped when the benchmark ends."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

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


def cpu_s(pid: int) -> float:
    """Processor seconds that the children of a process, and theirs, have taken: from Linux's /proc."""
    taken: dict[int, list[tuple[int, int]]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            said = path.read_text().rsplit(")", 1)[1].split()
        except OSError:  # it has ended
            continue
        taken.setdefault(int(said[1]), []).append((int(path.parent.name), sum(map(int, said[11:15]))))
    waiting, ticks = [pid], 0
    while waiting:
        for child, spent in taken.get(waiting.pop(), []):
            waiting.append(child)
            ticks += spent
    return ticks / os.sysconf("SC_CLK_TCK")


class _Kept(BaseHTTPRequestHandler):
    """Answers by path, or by its last part; all else is empty. A page is asked for anew each time, the rest is kept."""

    answers: ClassVar[Mapping[str, bytes]] = {}
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        body = self.answers.get(path, self.answers.get("/" + path.rsplit("/", 1)[-1], b""))
        kind = "text/html" if path == "/" else "text/css" if path.endswith("css") else "text/javascript"
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store" if path == "/" else "max-age=31536000, immutable")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        return


@contextmanager
def kept(answers: Mapping[str, bytes]) -> Iterator[str]:
    """The address of a server of these answers, on any free port of 127.0.0.1."""
    handler = type("Kept", (_Kept,), {"answers": answers})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
