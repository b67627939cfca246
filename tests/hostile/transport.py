"""Harm below the document: sockets, TLS, HTTP's framing, redirects, Content-Encoding and headers."""

from __future__ import annotations

import functools
import gzip
import socket
import struct
import zlib
from collections.abc import Callable

import brotli

from tests.hostile.server import Kind, Peer

FEED = (
    b"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>Ghab Courier</title>"
    b"<link>http://ghab.example/</link><description>d</description><item><title>Rain floods tents</title>"
    b"<link>http://ghab.example/rain</link><guid>http://ghab.example/rain</guid><description>Rain.</description>"
    b"</item></channel></rss>"
)
CHUNKED = ("Content-Type: application/rss+xml", "Transfer-Encoding: chunked")
FAR_TOO_MUCH = 64 << 20  # bytes: more than any limit lets pass


def feed(name: str, answer: Callable[[Peer], None], *ends: str, note: str = "", tls: str = "") -> Kind:
    return Kind(name, "feed", answer, frozenset(ends), note, tls)


def raw(data: bytes) -> Callable[[Peer], None]:
    return lambda peer: peer.send(data)


def endless(start: bytes, piece: bytes) -> Callable[[Peer], None]:
    def answer(peer: Peer) -> None:
        peer.send(start)
        for _ in range(FAR_TOO_MUCH // len(piece)):
            peer.send(piece)

    return answer


def dripping(start: bytes, piece: bytes) -> Callable[[Peer], None]:
    def answer(peer: Peer) -> None:
        peer.send(start)
        while True:
            peer.drip(piece, 0.1, len(piece))

    return answer


def encoded(coding: str, body: Callable[[], bytes]) -> Callable[[Peer], None]:
    return lambda peer: peer.feed(body(), f"Content-Encoding: {coding}")


def with_headers(*headers: str, status: str = "200 OK") -> Callable[[Peer], None]:
    return lambda peer: peer.reply(FEED, status, *headers, kind="application/rss+xml")


def redirect(location: str | None, status: str = "302 Found") -> Callable[[Peer], None]:
    return lambda peer: peer.reply(b"", status, *([] if location is None else [f"Location: {location}"]))


def resets(peer: Peer) -> None:
    peer.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.sock.close()


def next_hop(peer: Peer) -> None:
    number = int(peer.path.rpartition("/")[2]) if peer.path[-1].isdigit() else 0
    peer.reply(b"", "301 Moved", f"Location: /hop/{number + 1}")


def to_and_fro(peer: Peer) -> None:
    peer.reply(b"", "302 Found", f"Location: {'/feed' if peer.path == '/other' else '/other'}")


def chunks(size: int, extension: bytes = b"", body: bytes = FEED) -> bytes:
    pieces = (body[n : n + size] for n in range(0, len(body), size))
    return b"".join(b"%x%s\r\n%s\r\n" % (len(p), extension, p) for p in pieces) + b"0\r\n\r\n"


def chunked(data: bytes) -> Callable[[Peer], None]:
    def answer(peer: Peer) -> None:
        peer.head("200 OK", *CHUNKED)
        peer.send(data)

    return answer


def one_byte_a_packet(peer: Peer) -> None:
    peer.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    peer.head("200 OK", *CHUNKED)
    for n in range(len(FEED)):
        peer.send(b"1\r\n%c\r\n" % FEED[n])
    peer.send(b"0\r\n\r\n")


@functools.cache
def zeros(megabytes: int = 48) -> bytes:
    return gzip.compress(bytes(megabytes << 20), 1)


def layers(count: int) -> bytes:
    return functools.reduce(lambda data, _: gzip.compress(data), range(count), FEED)


OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n"
RAW_DEFLATE = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
DEFLATED = RAW_DEFLATE.compress(FEED) + RAW_DEFLATE.flush()
zeros()  # made once, before anybody waits for it
# Nine bytes: the frame of a zstd stream; it is not read on.
ZSTD = b"\x28\xb5\x2f\xfd\x04\x00\x01\x00\x00"

KINDS: list[Kind] = [
    # --- the connection ---
    feed("never_answers", Peer.hang, "timeout"),
    feed("closes_at_once", lambda peer: None, "connection_error"),
    feed("resets", resets, "connection_error"),
    feed("tls_wrong_host", with_headers(), "tls_error", tls="wrong_host"),
    feed("tls_expired", with_headers(), "tls_error", tls="expired"),
    feed("tls_self_signed", with_headers(), "tls_error", tls="self_signed"),
    feed("tls_handshake_never_ends", with_headers(), "timeout", tls="hang"),
    # --- time ---
    feed("drips_body", dripping(OK + b"Content-Length: 9999\r\n\r\n", b"<"), "timeout"),
    feed("drips_headers", dripping(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"), "timeout", "bad_response"),
    feed("drips_one_header", dripping(b"HTTP/1.1 200 OK\r\nX: ", b"y"), "timeout"),
    feed("drips_interim_answers", dripping(b"", b"HTTP/1.1 102 Processing\r\n\r\n"), "timeout", "bad_response"),
    feed("drips_chunk_size", dripping(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"0"), "timeout", "bad_response"),
    # --- length ---
    feed("closes_in_mid_body", raw(OK + b"Content-Length: 5000\r\n\r\n" + FEED), "connection_error"),
    feed("length_too_short", lambda p: p.send(OK + b"Content-Length: 260\r\n\r\n" + FEED), "bad_response", "truncated", "ok", "not_a_feed"),
    feed("length_negative", raw(OK + b"Content-Length: -5\r\n\r\n" + FEED), "bad_response"),
    feed("length_twice", raw(OK + b"Content-Length: 5\r\nContent-Length: 500\r\n\r\n" + FEED), "bad_response"),
    feed("length_beyond_64_bits", raw(OK + b"Content-Length: 99999999999999999999\r\n\r\n" + FEED), "bad_response"),
    feed("length_of_an_exabyte", raw(OK + b"Content-Length: 1000000000000000000\r\n\r\n" + FEED), "connection_error"),
    feed("length_and_chunks", raw(OK + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks(9)), "bad_response"),
    feed("second_answer_behind_the_first",
         raw(OK + b"Content-Length: %d\r\n\r\n" % len(FEED) + FEED + b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"), "ok"),
    # --- without end ---
    feed("endless_body", endless(OK + b"\r\n", b"<a>" * 20_000), "too_large"),
    feed("endless_chunks", endless(OK + b"Transfer-Encoding: chunked\r\n\r\n", (b"ea60\r\n" + b"x" * 60_000 + b"\r\n")), "too_large"),
    feed("endless_chunks_of_a_byte", endless(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n" * 10_000), "too_large", "timeout"),
    feed("endless_headers", endless(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n" * 1000), "bad_response"),
    feed("endless_header", endless(b"HTTP/1.1 200 OK\r\nX-A: ", b"b" * 9999), "bad_response"),
    feed("endless_header_name", endless(b"HTTP/1.1 200 OK\r\n", b"b" * 9999), "bad_response"),
    feed("endless_folded_header", endless(b"HTTP/1.1 200 OK\r\nX-A: b", b"\r\n b" * 3000), "bad_response"),
    feed("endless_status_line", endless(b"HTTP/1.1 200 ", b"OK" * 5000), "bad_response"),
    feed("endless_interim_answers", endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000), "bad_response"),
    feed("endless_trailers", endless(OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X-A: b\r\n" * 1000), "bad_response"),
    feed("endless_chunk_extension", endless(OK + b"Transfer-Encoding: chunked\r\n\r\n5;a=", b"b" * 60_000), "too_large", "bad_response"),
    feed("endless_chunk_size", endless(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"0" * 9999), "too_large", "bad_response"),
    feed("endless_empty_lines", endless(b"", b"\r\n" * 5000), "too_large", "bad_response"),
    # --- framing ---
    feed("chunks_of_a_byte", chunked(chunks(1)), "ok"),
    feed("packets_of_a_byte", one_byte_a_packet, "ok"),
    feed("chunk_extensions", chunked(chunks(50, b";name=value;other=\"quoted\"")), "ok"),
    feed("chunk_size_is_no_number", chunked(b"zz\r\nabc\r\n0\r\n\r\n"), "bad_response"),
    feed("chunk_size_negative", chunked(b"-5\r\nabcde\r\n0\r\n\r\n"), "bad_response"),
    feed("chunk_size_of_an_exabyte", chunked(b"fffffffffffffff\r\nabcde\r\n"), "connection_error", "bad_response"),
    feed("chunk_size_beyond_64_bits", chunked(b"f" * 40 + b"\r\nabcde\r\n"), "bad_response"),
    feed("chunk_longer_than_it_says", chunked(b"3\r\nabcdefgh\r\n0\r\n\r\n"), "bad_response"),
    feed("chunks_without_their_end", chunked(chunks(50)[:-5]), "connection_error"),
    feed("http_0_9", raw(FEED), "bad_response"),
    feed("http_9_9", raw(b"HTTP/9.9 200 OK\r\n\r\n" + FEED), "bad_response"),
    feed("status_is_no_number", raw(b"HTTP/1.1 2x0 OK\r\n\r\n"), "bad_response"),
    feed("status_of_four_digits", raw(b"HTTP/1.1 2000 OK\r\n\r\n"), "bad_response"),
    feed("status_999", with_headers(status="999 What"), "http_other"),
    feed("speaks_ssh", raw(b"SSH-2.0-OpenSSH_9.6\r\n"), "bad_response"),
    feed("zeros_for_an_answer", raw(bytes(4096)), "bad_response"),
    feed("header_without_colon", raw(b"HTTP/1.1 200 OK\r\nnothing here\r\n\r\n" + FEED), "bad_response"),
    feed("header_with_zero_byte", raw(b"HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n" + FEED), "bad_response"),
    feed("reason_phrase_with_escapes", raw(b"HTTP/1.1 500 \x1b[31mred\x07\r\nContent-Length: 0\r\n\r\n"), "http_5xx", "bad_response"),
    # --- statuses that nobody asked for ---
    feed("switches_protocols", with_headers("Upgrade: websocket", "Connection: upgrade", status="101 Switching"), "http_other"),
    feed("part_of_a_body", with_headers("Content-Range: bytes 0-9/99", status="206 Partial"), "http_other"),
    feed("not_modified_at_first", raw(b"HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n\r\n"), "unasked_304"),
    feed("no_content", raw(b"HTTP/1.1 204 No Content\r\n\r\n"), "not_a_feed"),
    feed("not_found_without_end", endless(b"HTTP/1.1 404 Not Found\r\n\r\n", b"x" * 60_000), "http_4xx"),
    feed("not_found_that_drips", dripping(b"HTTP/1.1 404 Not Found\r\nContent-Length: 9999\r\n\r\n", b"x"), "http_4xx"),
    feed("not_found_in_a_bomb", lambda p: p.reply(zeros(), "404 Not Found", "Content-Encoding: gzip"), "http_4xx"),
    feed("failure_that_breaks_off", raw(b"HTTP/1.1 500 Oh\r\nContent-Length: 9999\r\n\r\nhalf"), "http_5xx"),
    # --- redirects ---
    feed("redirects_100_times", next_hop, "too_many_redirects"),
    feed("redirects_to_and_fro", to_and_fro, "too_many_redirects"),
    feed("redirects_to_itself", redirect("/feed"), "too_many_redirects"),
    feed("redirects_nowhere", redirect(None), "bad_redirect"),
    *(feed(f"redirects_to_{scheme}", redirect(location), "bad_redirect") for scheme, location in [
        ("file", "file:///etc/hostname"), ("ftp", "ftp://127.0.0.1/feed"), ("gopher", "gopher://127.0.0.1:70/_x"),
        ("data", "data:text/xml,<rss/>"), ("javascript", "javascript:alert(1)"), ("password", "http://me:secret@127.0.0.1/"),
        ("half_a_host", "http://["),
    ]),
    feed("redirects_to_metadata", redirect("http://169.254.169.254/latest/meta-data/"), "private_address"),
    feed("redirects_to_another_loopback", redirect("http://127.0.0.2:22/"), "private_address"),
    feed("redirects_to_a_megabyte", redirect("/" + "a" * 30_000), "bad_redirect"),
    # --- Content-Encoding ---
    feed("gzip_bomb", encoded("gzip", zeros), "too_large"),
    feed("deflate_bomb", encoded("deflate", lambda: zlib.compress(bytes(64 << 20))), "too_large"),
    feed("br_bomb", encoded("br", lambda: brotli.compress(bytes(64 << 20), quality=1)), "too_large"),
    feed("zstd_unasked", encoded("zstd", lambda: ZSTD), "bad_encoding"),
    feed("bomb_in_a_bomb", encoded("gzip, gzip", lambda: gzip.compress(zeros())), "too_large"),
    feed("bomb_of_nothing", encoded("gzip, gzip", lambda: gzip.compress(gzip.compress(b"") * 3_000_000, 1)), "too_large"),
    feed("many_empty_streams", encoded("gzip", lambda: gzip.compress(b"") * 40_000), "too_large"),
    feed("two_layers", encoded("gzip, gzip", lambda: layers(2)), "ok"),
    feed("forty_layers", encoded(", ".join(["gzip"] * 40), lambda: layers(40)), "bad_encoding"),
    feed("forty_layers_in_headers",
         lambda p: p.feed(layers(40), *["Content-Encoding: gzip"] * 40), "bad_encoding"),
    feed("gzip_cut", encoded("gzip", lambda: gzip.compress(FEED * 50)[:-60]), "bad_encoding"),
    feed("br_cut", encoded("br", lambda: brotli.compress(FEED * 50)[:-20]), "bad_encoding"),
    feed("gzip_broken", encoded("gzip", lambda: gzip.compress(FEED)[:40] + b"!" * 200), "bad_encoding"),
    feed("plain_that_says_gzip", encoded("gzip", lambda: FEED), "ok", note="a proxy undid it and left the header"),
    feed("plain_that_says_br", encoded("br", lambda: FEED), "bad_encoding"),
    feed("deflate_without_its_header", encoded("deflate", lambda: DEFLATED), "ok"),
    feed("encoding_of_a_charset", encoded("UTF-8", lambda: FEED), "ok"),
    feed("encoding_unknown", encoded("x-" + "y" * 5000, lambda: FEED), "bad_encoding"),
    feed("bomb_as_the_body", lambda p: p.feed(zeros()), "not_a_feed", note="it is not undone"),
    # --- headers that are promises ---
    feed("cookie_flood", with_headers(*(f"Set-Cookie: c{n}={'v' * 4000}" for n in range(100))), "ok"),
    feed("cookie_flood_without_end", endless(b"HTTP/1.1 200 OK\r\n", b"Set-Cookie: a=b\r\n" * 500), "bad_response"),
    feed("evil_etag", raw(OK + b"ETag: \"a\x01b\x1b[2J\"\r\nContent-Length: %d\r\n\r\n" % len(FEED) + FEED), "ok", "bad_response"),
    feed("etag_of_30_kb", with_headers(f'ETag: "{"e" * 30_000}"'), "ok"),
    feed("etag_of_bytes", raw(OK + b"ETag: \"\xff\xfe\"\r\nContent-Length: %d\r\n\r\n" % len(FEED) + FEED), "ok"),
    feed("retry_after_an_eternity", with_headers("Retry-After: 1000000000000000000", status="429 Slow"), "http_4xx"),
    feed("retry_after_negative", with_headers("Retry-After: -5", status="503 Busy"), "http_5xx"),
    feed("retry_after_words", with_headers("Retry-After: soon, " + "x" * 5000, status="503 Busy"), "http_5xx"),
    # --- the same, of pages ---
    Kind("page_never_answers", "page", Peer.hang, frozenset({"timeout"})),
    Kind("page_gzip_bomb", "page", lambda p: p.reply(zeros(), "200 OK", "Content-Encoding: gzip"), frozenset({"too_large"})),
    Kind("page_forty_layers", "page",
         lambda p: p.reply(layers(40), "200 OK", "Content-Encoding: " + ",".join(["gzip"] * 40)), frozenset({"bad_encoding"})),
    Kind("page_endless", "page", endless(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", b"<p>Idlib " * 5000), frozenset({"too_large"})),
    Kind("page_part", "page", with_headers("Content-Range: bytes 0-9/99", status="206 Partial"), frozenset({"http_other"})),
    Kind("page_not_modified", "page", raw(b"HTTP/1.1 304 Not Modified\r\n\r\n"), frozenset({"http_other"})),
    Kind("page_redirects_100_times", "page", next_hop, frozenset({"too_many_redirects"})),
    Kind("page_redirects_to_metadata", "page", redirect("http://169.254.169.254/"), frozenset({"private_address"})),
    Kind("page_redirects_to_a_file", "page", redirect("file:///etc/hostname"), frozenset({"bad_redirect"})),
]  # fmt: skip
