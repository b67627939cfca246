"""robots.txt as the weapon: files that hang, never end, blow up, or lead elsewhere. The page beside it is ordinary.

``kept``: the file forbids nothing that can be read of it, or is as good as not there (RFC 9309, 2.3.1).
"""

from __future__ import annotations

import gzip
from collections.abc import Callable

from tests.hostile.server import Kind, Peer
from tests.hostile.transport import dripping, endless, redirect, zeros

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"


def robots(name: str, answer: Callable[[Peer], None], *ends: str, note: str = "") -> Kind:
    return Kind(f"robots_{name}", "robots", answer, frozenset(ends), note)


def file(name: str, body: Callable[[], bytes | str], *ends: str, note: str = "") -> Kind:
    return robots(name, lambda peer: peer.reply(body(), kind="text/plain"), *ends, note=note)


def status(code: str, *headers: str) -> Callable[[Peer], None]:
    return lambda peer: peer.reply(b"no", code, *headers)


UNKNOWN = "robots_unreachable"

KINDS = [
    # what keeps an answer from coming: not now
    robots("hangs", Peer.hang, UNKNOWN),
    robots("drips", dripping(OK + b"Content-Length: 99999\r\n\r\n", b"#"), UNKNOWN),
    robots("drips_headers", dripping(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"), UNKNOWN),
    robots("closes_at_once", lambda peer: None, UNKNOWN),
    robots("breaks_off", lambda peer: peer.send(OK + b"Content-Length: 5000\r\n\r\nUser-agent: *\n"), UNKNOWN),
    robots("fails", status("503 Busy"), UNKNOWN),
    robots("asks_for_an_eternity", status("503 Busy", "Retry-After: 1000000000000000000"), UNKNOWN),
    robots("slows_us_down", status("429 Slow"), UNKNOWN, "host_busy"),
    robots("is_no_http", lambda peer: peer.send(b"SSH-2.0-OpenSSH_9.6\r\n"), UNKNOWN),
    robots("redirects_inside", redirect("http://127.0.0.2:22/robots.txt"), UNKNOWN),
    robots("redirects_to_metadata", redirect("http://169.254.169.254/latest/meta-data/"), UNKNOWN),
    # what is as good as no file
    robots("is_gone", status("410 Gone"), "kept"),
    robots("is_forbidden", status("403 Forbidden"), "kept"),
    robots("redirects_to_itself", redirect("/robots.txt"), "kept"),
    robots("redirects_to_a_file", redirect("file:///etc/hostname"), "kept"),
    # what is read as far as 500 KiB
    robots("endless", endless(OK + b"\r\n", b"Disallow: /private\n" * 3000), "kept"),
    robots("endless_line", endless(OK + b"\r\nUser-agent: *\nDisallow: /", b"a" * 60_000), "kept"),
    robots(
        "bomb",
        lambda peer: peer.reply(zeros(), "200 OK", "Content-Encoding: gzip", kind="text/plain"),
        "kept",
    ),
    robots(
        "bomb_of_rules",
        lambda peer: peer.reply(
            gzip.compress(b"User-agent: *\nDisallow: /x\n" * 3_000_000, 1), "200 OK", "Content-Encoding: gzip"
        ),
        "kept",
    ),
    file("a_million_rules", lambda: "User-agent: *\n" + "".join(f"Disallow: /{n}\n" for n in range(1_000_000)), "kept"),
    file("a_million_groups", lambda: "".join(f"User-agent: a{n}\nDisallow: /\n" for n in range(250_000)), "kept"),
    file("stars", lambda: f"User-agent: *\nDisallow: /{'*a' * 8000}$\n" * 20, "kept"),
    file("stars_for_every_rule", lambda: "User-agent: *\n" + "".join(f"Disallow: /*{n}*p*a*g*$\n" for n in range(20_000)),
         "kept", "robots_disallowed"),
    file("percent_signs", lambda: "User-agent: *\nDisallow: /" + "%2" * 200_000, "kept"),
    file("waits_for_ages", lambda: "User-agent: *\nCrawl-delay: 1000000000\n", "kept", note="one page has no pause before it"),
    file("delay_is_no_number", lambda: "User-agent: *\nCrawl-delay: 1e999\nCrawl-delay: nan\nCrawl-delay: -5\n", "kept"),
    file("is_a_page", lambda: "<!doctype html><title>Not here</title><p>Disallow: /", "kept"),
    file("is_noise", lambda: bytes((n * 7919 + n // 251) % 256 for n in range(500_000)), "kept"),
    file("is_zeros", lambda: bytes(500_000), "kept"),
    file("escapes", lambda: "User-agent: *\x1b[2J\nDisallow: /\x1b]0;\r\n\x00\n", "kept", "robots_disallowed"),
    # what it says in earnest
    file("forbids_all", lambda: "User-agent: *\nDisallow: /\n", "robots_disallowed"),
    file("forbids_all_in_utf_16", lambda: "User-agent: *\nDisallow: /\n".encode("utf-16"), "robots_disallowed"),
    file("forbids_all_before_a_flood", lambda: "User-agent: *\nDisallow: /\n" + "# words\n" * 500_000, "robots_disallowed"),
]  # fmt: skip
