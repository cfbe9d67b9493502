"""What the browser may load, who may address the server, and who may write: the rules that hold for every page.

A request is refused where its Host is not ours (DNS rebinding) or where it writes and comes from another site.
"""

import re
import secrets
from collections.abc import Sequence
from urllib.parse import urlsplit

from flask import Flask, Response, abort, g, request

from geodata.errors import UsageError, shown
from geodata.settings import Settings

WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
NOBODY = "'none'"
_ORIGIN = re.compile(r"https?://(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?", re.IGNORECASE)
LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
}


def protect(app: Flask, settings: Settings) -> None:
    """Apply the rules to every request and response of `app`, and give templates `csp_nonce()`."""
    hosts = allowed_hosts(settings)
    tiles = tile_origin(settings.tile_url)
    origins = embed_origins(settings)

    @app.before_request
    def check_request() -> None:
        if host_name(request.host) not in hosts:
            abort(403, f"This server does not answer to {request.host!r}. Add the name to DATELINE_ALLOWED_HOSTS.")
        if request.method in WRITING and not same_origin():
            abort(403, "A request that changes something has to come from this site's own pages.")

    @app.after_request
    def add_headers(response: Response) -> Response:
        ancestors = origins if "framed" in g else ()
        for name, value in HEADERS.items():
            if not (ancestors and name == "X-Frame-Options"):  # it knows no list of origins
                response.headers.setdefault(name, value)
        response.headers.setdefault("Content-Security-Policy", content_policy(csp_nonce(), tiles, ancestors))
        return response

    app.jinja_env.globals["csp_nonce"] = csp_nonce


def csp_nonce() -> str:
    """The nonce of this request: scripts without it do not run."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(18)
    return str(g.csp_nonce)


def content_policy(nonce: str, tiles: str = "", ancestors: Sequence[str] = ()) -> str:
    """The Content-Security-Policy; `tiles` is the one other origin that images may come from, or empty; `ancestors` are
    the origins whose pages may show this one in a frame.

    A module's imports carry the nonce of the script that imports them, so 'self' is not needed for scripts.
    """
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'nonce-{nonce}'",
            "style-src 'self'",
            f"img-src 'self' data: blob: {tiles}".strip(),
            "connect-src 'self'",
            "font-src 'self'",
            "manifest-src 'self'",
            "worker-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            f"frame-ancestors {' '.join(ancestors) or NOBODY}",
        )
    )


def allow_frames() -> None:
    """Let pages of the origins that the settings name show this request's answer in a frame."""
    g.framed = True


def embed_origins(settings: Settings) -> tuple[str, ...]:
    """The origins whose pages may embed a map; UsageError for what is no origin."""
    given = [part.strip().rstrip("/") for part in settings.embed_origins.split(",") if part.strip()]
    for origin in given:
        if not _ORIGIN.fullmatch(origin):
            raise UsageError(
                f"DATELINE_EMBED_ORIGINS holds {shown(origin)}; accepted: origins as https://www.example.org, "
                "comma-separated, without a path; https://*.example.org for all hosts below one"
            )
    return tuple(given)


def allowed_hosts(settings: Settings) -> frozenset[str]:
    """Host names, without port, that requests may be addressed to."""
    further = (host_name(part) for part in settings.allowed_hosts.split(",") if part.strip())
    return LOCAL_HOSTS | {settings.host.strip("[]").lower()} | set(further)


def host_name(host: str) -> str:
    """The name in a Host header: no port, no brackets, lower case; empty where it is no host at all."""
    try:
        return (urlsplit(f"//{host.strip()}").hostname or "").lower()
    except ValueError:
        return ""


def same_origin() -> bool:
    """Whether the request comes from our own pages, or from a program that is no browser (it sends neither header)."""
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc.lower() == request.host.lower()


def tile_origin(tile_url: str) -> str:
    """The origin of online tiles as a CSP source (`{s}` becomes `*`), or empty where none is set."""
    parts = urlsplit(tile_url)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return ""
    return f"{parts.scheme}://{parts.netloc.replace('{s}', '*')}"
