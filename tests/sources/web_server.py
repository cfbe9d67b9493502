"""A web server on 127.0.0.1 that plays the public site `site.test`, and a resolver that knows only made-up names."""

import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from geodata.sources.web.addresses import IPAddress, Policy, is_public

Reply = tuple[int, Mapping[str, str], bytes]


class Site:
    """`pages` maps a path to (status, headers, body), or to a function that writes to the socket itself."""

    def __init__(self) -> None:
        self.pages: dict[str, Reply | Callable[[socket.socket], None]] = {}
        self.asked: list[str] = []
        self.hosts: list[str] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(self.path)
                site.hosts.append(self.headers["Host"])
                page = site.pages.get(self.path, (404, {}, b""))
                if callable(page):
                    page(self.connection)
                    return
                status, headers, body = page
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port: int = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    def address(self, path: str = "/", host: str = "site.test") -> str:
        return f"http://{host}:{self.port}{path}"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)


class Names:
    """A resolver over a table of names. `site.test` stands for a public site, though it is on this computer."""

    def __init__(self, **names: Sequence[str]) -> None:
        self.table = {name.replace("_", "."): found for name, found in names.items()}
        self.resolved: list[str] = []
        self._is_site = False

    def resolve(self, host: str, port: int, seconds: float) -> Sequence[str]:
        self.resolved.append(host)
        self._is_site = host == "site.test"
        return ["127.0.0.1"] if self._is_site else self.table.get(host, [host])

    def allowed(self, address: IPAddress) -> bool:
        return self._is_site or is_public(address)

    def policy(self, port: int) -> Policy:
        return Policy(self.resolve, self.allowed, frozenset({80, 443, port}))
