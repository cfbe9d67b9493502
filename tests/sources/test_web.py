"""Fetching by address: nothing but public addresses is ever asked, and no server can hold, swell or mislead it."""

import gzip
import ipaddress
import json
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from geodata.errors import GeodataError, OutsideError, UsageError
from geodata.sources.web import Fetcher, Page, Policy, keep_copy, transfer, web_address
from geodata.sources.web.addresses import is_public, resolve
from tests.sources.web_server import Names, Site

HTML = {"Content-Type": "text/html; charset=utf-8"}
BODY = b"<p>A blast hit the port of Odesa on Friday.</p>"


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.close()


def fetcher(site: Site, seconds: float = 5.0, most_bytes: int = 10_000, names: Names | None = None) -> Fetcher:
    return Fetcher((names or Names()).policy(site.port), "desk@example.org", seconds, most_bytes)


def fetch(site: Site, path: str = "/story", **more: object) -> Page:
    return fetcher(site, **more).fetch(site.address(path))  # type: ignore[arg-type]


def test_a_page_comes_with_its_hash_and_time(site: Site) -> None:
    site.pages["/story"] = (200, HTML, BODY)
    page = fetch(site)
    assert (page.body, page.media_type, page.charset, page.name) == (BODY, "text/html", "utf-8", "story.html")
    assert page.retrieved.tzinfo is not None
    assert len(page.sha256) == 64
    assert site.asked == ["/robots.txt", "/story"]
    assert site.hosts == [f"site.test:{site.port}"] * 2  # by name, though the connection went to a number


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ftp://example.org/", "is no address of a web page"),
        ("file:///etc/hostname", "is no address of a web page"),
        ("gopher://example.org/", "is no address of a web page"),
        ("http:///path", "is no address of a web page"),
        ("http://example.org\\@127.0.0.1/", "is no address of a web page"),
        ("http://exa mple.org/", "is no address of a web page"),
        ("http://example.org/a\r\nX-Injected: 1", "is no address of a web page"),
        ("http://example.org/" + "a" * 2_000, "is no address of a web page"),
        ("http://user:secret@example.org/", "has a user name in it"),
        ("http://example.org@127.0.0.1/", "has a user name in it"),
        ("http://2130706433/", "a number in an unusual form"),
        ("http://0177.0.0.1/", "a number in an unusual form"),
        ("http://0x7f000001/", "a number in an unusual form"),
        ("http://0x7f.1/", "a number in an unusual form"),
        ("http://127.1/", "a number in an unusual form"),
        ("http://exam_ple..org/", "is no host name"),
        ("http://[::1/", "cannot be read"),
        ("http://example.org/\udc80", "cannot be read"),
        ("http://example.org:99999/", "cannot be read"),
    ],
)
def test_what_is_no_plain_address_is_refused(text: str, words: str) -> None:
    with pytest.raises(UsageError) as caught:
        web_address(text)
    assert words in str(caught.value)
    assert "accepted: http://" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("HTTP://Example.ORG", "http://example.org/"),
        ("https://example.org:443/a?b=c#d", "https://example.org/a?b=c"),
        ("https://пример.укр/шлях", "https://xn--e1afmkfd.xn--j1amh/%D1%88%D0%BB%D1%8F%D1%85"),
        ("http://[2001:DB8::1]/", "http://[2001:db8::1]/"),
        ("http://93.184.216.34/", "http://93.184.216.34/"),
    ],
)
def test_addresses_are_brought_to_one_form(text: str, normal: str) -> None:
    assert str(web_address(text)) == normal


@pytest.mark.parametrize(
    "text",
    ["127.0.0.1", "127.9.9.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
     "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1",
     "ff02::1", "fec0::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:10.0.0.1", "64:ff9b::7f00:1",
     "192.0.0.192", "168.63.129.16", "64:ff9b::a9fe:a9fe", "2002:7f00:1::",
     "2001:0:7f00:1::", "::127.0.0.1", "2001:db8::1", "64:ff9b:1::1"],
)  # fmt: skip
def test_addresses_that_are_not_public(text: str) -> None:
    assert not is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", ["93.184.216.34", "1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"])
def test_addresses_that_are_public(text: str) -> None:
    assert is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "169.254.169.254", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "inner.test", "mixed.test"]
)
def test_private_hosts_are_never_connected_to(site: Site, host: str) -> None:
    names = Names(inner_test=["10.0.0.5"], mixed_test=["93.184.216.34", "127.0.0.1"])
    with pytest.raises(UsageError, match="which is not on the public internet"):
        fetcher(site, names=names).fetch(site.address("/story", host))
    assert site.asked == []


def test_the_system_s_resolver_is_checked_too(site: Site) -> None:
    policy = Policy(ports=frozenset({site.port}))
    with pytest.raises(UsageError, match="which is not on the public internet"):
        Fetcher(policy).fetch(site.address("/", "localhost"))
    assert site.asked == []
    assert resolve("127.0.0.1", 80, 5.0) == ("127.0.0.1",)


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("http://127.0.0.1:{port}/secret", "not on the public internet"),
        ("http://169.254.169.254/latest/meta-data", "not on the public internet"),
        ("http://[::1]:{port}/secret", "not on the public internet"),
        ("//inner.test:{port}/secret", "not on the public internet"),
        ("http://2130706433:{port}/secret", "a number in an unusual form"),
        ("file:///etc/hostname", "is no address of a web page"),
        ("http://a@site.test:{port}/secret", "has a user name in it"),
        ("http://site.test:22/secret", "is on port 22"),
        ("http://[broken", "cannot be read"),
    ],
)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_checked_as_addresses_are(site: Site, target: str, words: str, status: int) -> None:
    site.pages["/story"] = (status, {"Location": target.format(port=site.port)}, b"")
    site.pages["/secret"] = (200, HTML, BODY)
    with pytest.raises(UsageError, match=words):
        fetch(site, names=Names(inner_test=["192.168.0.7"]))
    assert "/secret" not in site.asked


def test_a_redirect_on_the_public_internet_is_followed(site: Site) -> None:
    site.pages["/story"] = (302, {"Location": "/moved?x=1"}, b"")
    site.pages["/moved?x=1"] = (200, HTML, BODY)
    page = fetch(site)
    assert page.body == BODY
    assert (page.asked, page.address) == (site.address("/story"), site.address("/moved?x=1"))


def test_a_redirect_in_plain_utf8_is_followed(site: Site) -> None:
    site.pages["/story"] = (302, {"Location": "/шлях".encode().decode("latin-1")}, b"")
    site.pages["/%D1%88%D0%BB%D1%8F%D1%85"] = (200, HTML, BODY)
    assert fetch(site).body == BODY


def test_redirects_end(site: Site) -> None:
    site.pages["/story"] = (302, {"Location": "/story"}, b"")
    with pytest.raises(OutsideError, match="redirects more than 5 times"):
        fetch(site)


def test_a_name_that_changes_its_address_gains_nothing(site: Site) -> None:
    site.pages["/story"] = (200, HTML, BODY)
    names = Names()
    fetch(site, names=names)
    # once for each request, and never again by the connection: what was checked is what was connected to
    assert names.resolved == ["site.test"] * 2


def test_other_ports_are_refused() -> None:
    with pytest.raises(UsageError, match="is on port 8080; accepted: port 80 or 443"):
        Fetcher(Policy(Names().resolve)).fetch("http://site.test:8080/")


@pytest.mark.parametrize(
    ("status", "text", "fetched"),
    [
        (404, b"", True),
        (200, b"User-agent: *\nDisallow: /other", True),
        (200, b"User-agent: *\nDisallow: /", False),
        (200, b"User-agent: Dateline\nDisallow: /sto*", False),
        (200, b"User-agent: *\nDisallow: /\nAllow: /story", True),
        (200, b"<html>not rules</html>", True),
        (503, b"", False),
    ],
)
def test_robots_txt_is_heeded(site: Site, status: int, text: bytes, fetched: bool) -> None:
    site.pages |= {"/robots.txt": (status, {}, text), "/story": (200, HTML, BODY)}
    if fetched:
        assert fetch(site).body == BODY
    else:
        with pytest.raises(GeodataError, match=r"robots\.txt"):
            fetch(site)
    assert ("/story" in site.asked) is fetched


def test_a_redirect_to_a_page_that_robots_txt_closes(site: Site) -> None:
    site.pages |= {
        "/robots.txt": (200, {}, b"User-agent: *\nDisallow: /closed"),
        "/story": (302, {"Location": "/closed"}, b""),
        "/closed": (200, HTML, BODY),
    }
    with pytest.raises(UsageError, match="asks programs not to fetch '/closed'"):
        fetch(site)
    assert site.asked == ["/robots.txt", "/story"]


def chunks_without_end(peer: socket.socket) -> None:
    peer.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    send(peer, b"400\r\n" + b"a" * 1024 + b"\r\n", 1_000, 0)


def send(peer: socket.socket, piece: bytes, times: int, pause_s: float) -> None:
    for _ in range(times):
        try:
            peer.sendall(piece)
        except OSError:
            return  # the reader has gone
        time.sleep(pause_s)


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ((200, HTML, b"a" * 10_001), "is larger than 10,000 bytes"),
        (chunks_without_end, "is larger than 10,000 bytes"),
        ((200, {"Content-Encoding": "gzip"}, gzip.compress(b"a" * 5_000_000)), "is larger than 10,000 bytes"),
        ((200, {"Content-Encoding": "gzip"}, gzip.compress(b"abc " * 900)[:-20]), "broke off in the middle"),
        ((200, {"Content-Encoding": "gzip"}, b"not gzip"), "did not answer as a web server does"),
        ((200, {"Content-Encoding": "br"}, b"x"), "packed as br"),
        ((200, {"Content-Length": "500"}, b"short"), "broke off in the middle"),
        ((200, {"Content-Length": "\xb2"}, b"a" * 10_001), "is larger than 10,000 bytes"),
        ((500, HTML, BODY), "answered 500, not with a page"),
        ((404, HTML, BODY), "answered 404, not with a page"),
        ((200, HTML, b" "), "answered with an empty page"),
        (lambda peer: peer.sendall(b"rubbish\r\n\r\n"), "did not answer as a web server does"),
        (lambda peer: peer.sendall(b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 300), "did not answer as a web server does"),
        (lambda peer: peer.close(), "did not answer as a web server does"),
    ],
    ids=["large", "endless", "gzip bomb", "gzip cut off", "no gzip", "brotli", "short", "no number", "500", "404",
         "empty", "rubbish", "many headers", "hangs up"],
)  # fmt: skip
def test_bad_answers_are_told(site: Site, page: object, words: str) -> None:
    site.pages["/story"] = page  # type: ignore[assignment]
    with pytest.raises(GeodataError) as caught:
        fetch(site)
    assert words in str(caught.value)


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n"])
def test_a_server_that_drips_is_given_up_in_time(site: Site, head: bytes) -> None:
    def drip(peer: socket.socket) -> None:
        peer.sendall(head)
        send(peer, b"a", 100, 0.05)

    site.pages["/story"] = drip
    started = time.monotonic()
    with pytest.raises(OutsideError, match=r"it took longer than 0\.4 s"):
        fetch(site, seconds=0.4)
    assert time.monotonic() - started < 3


def test_a_server_that_drips_redirects_has_one_clock_for_all(site: Site) -> None:
    def slow(peer: socket.socket) -> None:
        time.sleep(0.25)
        peer.sendall(b"HTTP/1.1 302 Found\r\nLocation: /story\r\nContent-Length: 0\r\n\r\n")

    site.pages["/story"] = slow
    with pytest.raises(OutsideError, match=r"it took longer than 0\.6 s"):
        fetch(site, seconds=0.6)


def test_a_handshake_that_never_ends_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        names, port = Names(), server.getsockname()[1]
        with pytest.raises(OutsideError, match=r"it took longer than 0\.3 s"):
            Fetcher(names.policy(port), seconds=0.3).fetch(f"https://site.test:{port}/")


def test_a_name_that_nobody_answers_for() -> None:
    def silent(host: str, port: int, seconds: float) -> list[str]:
        raise OutsideError(f"the host {host} was not found")

    with pytest.raises(OutsideError, match="was not found"):
        Fetcher(Policy(silent)).fetch("http://nowhere.test/")


@pytest.fixture
def secure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], int]]:
    """Starts a TLS server whose certificate is for a name and which we trust; gives its port."""
    if not shutil.which("openssl"):
        pytest.skip("no openssl here to make a certificate")
    stops: list[Callable[[], None]] = []

    def start(name: str) -> int:
        key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
        make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}"]
        made = [*make, "-addext", f"subjectAltName=DNS:{name}", "-keyout", str(key), "-out", str(cert)]
        subprocess.run(made, check=True, capture_output=True)
        trust = ssl.create_default_context(cafile=str(cert))
        monkeypatch.setattr(transfer, "_trust", lambda: trust)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cert, key)
        server = socket.create_server(("127.0.0.1", 0))

        def answer() -> None:
            while True:
                try:
                    plain, _ = server.accept()
                    with context.wrap_socket(plain, server_side=True) as peer:
                        asked = peer.recv(4096)
                        status = b"404 Not Found" if b"robots" in asked else b"200 OK"
                        peer.sendall(b"HTTP/1.1 %s\r\nContent-Length: 2\r\n\r\nok" % status)
                except ssl.SSLError:
                    continue
                except OSError:
                    return

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        stops.append(lambda: (server.shutdown(socket.SHUT_RDWR), server.close(), thread.join(5))[0])
        return int(server.getsockname()[1])

    yield start
    for stop in stops:
        stop()


def test_tls_is_checked_against_the_name_not_the_number(secure: Callable[[str], int]) -> None:
    port = secure("site.test")
    assert Fetcher(Names().policy(port), seconds=5).fetch(f"https://site.test:{port}/").body == b"ok"


def test_a_certificate_for_another_name_is_refused(secure: Callable[[str], int]) -> None:
    port = secure("other.test")
    with pytest.raises(OutsideError, match=r"the certificate of site\.test is not valid"):
        Fetcher(Names().policy(port), seconds=5).fetch(f"https://site.test:{port}/")


def test_a_copy_is_kept_with_its_record(site: Site, tmp_path: Path) -> None:
    site.pages["/story"] = (200, HTML, BODY)
    page = fetch(site)
    place = keep_copy(page, tmp_path)
    assert keep_copy(page, tmp_path) == place
    assert (tmp_path / place).read_bytes() == BODY
    assert place.name == f"{page.sha256}.html"
    records = [json.loads(line) for line in (tmp_path / place).with_suffix(".jsonl").read_text().splitlines()]
    assert len(records) == 2
    assert records[0]["address"] == site.address("/story")
    assert records[0]["sha256"] == page.sha256


@pytest.mark.parametrize("end", [".jsonl", "." + "x" * 300, ".a b", ""])
def test_a_copy_is_never_mixed_with_its_record(tmp_path: Path, end: str) -> None:
    page = Page("a", f"https://example.org/feed{end}", "application/json", "", datetime.now(UTC), b"{}")
    place = keep_copy(page, tmp_path)
    assert (tmp_path / place).read_bytes() == b"{}"
    assert place.suffix == ".bin"


@pytest.mark.parametrize("charset", ["punycode", "idna", "unicode_escape", "a\0b", "base64", "no-such"])
def test_what_is_no_encoding_of_pages_is_passed_over(charset: str) -> None:
    body = b"abc-" + b"abcdefghij" * 100_000  # minutes, as punycode
    assert Page("a", "a", "text/html", charset, datetime.now(UTC), body).readable is body


def test_the_server_s_word_on_the_encoding_is_heeded(site: Site) -> None:
    text = "Вибух у порту Одеси стався в п'ятницю."
    site.pages["/story"] = (200, {"Content-Type": "text/plain; charset=windows-1251"}, text.encode("cp1251"))
    assert fetch(site).readable.decode("utf-8-sig") == text
