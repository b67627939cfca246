"""Redirectors that carry their target in their own URL: search engines, share buttons, AMP viewers and caches.

Those that hide it (t.co, FeedBurner, Google News) are resolved by asking them; where the page is found is what counts.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qs, unquote, urlsplit

# Host, path, and the parameters that may hold the target.
_BY_PARAMETER = [
    (re.compile(host), re.compile(path), names.split())
    for host, path, names in (
        (r"(www\.)?google(\.[a-z]{2,3}){1,2}", r"/url", "q url"),
        (r"(l|lm)\.(facebook|messenger)\.com", r"/l\.php", "u"),
        (r"l\.instagram\.com", r"/?", "u"),
        (r"(www\.)?bing\.com", r"/news/apiclick\.aspx", "url"),
        (r"(www\.)?youtube\.com", r"/redirect", "q"),
        (r"out\.reddit\.com", r"/.*", "url"),
        (r"(www\.)?vk\.com", r"/away\.php", "to"),
        (r"t\.umblr\.com", r"/redirect", "z"),
        (r"(www\.)?duckduckgo\.com", r"/l/?", "uddg"),
        (r"\w+\.safelinks\.protection\.outlook\.com", r"/.*", "url"),
        (r"getpocket\.com", r"/redirect", "url"),
    )
]
_KNOWN = re.compile(
    r"google\.|facebook|messenger|instagram|bing|youtube|reddit|vk\.com|umblr|duckduckgo|outlook|pocket|yahoo|ampproject"
)
_VIEWER = re.compile(r"(www\.)?google(\.[a-z]{2,3}){1,2}")
_CACHE = re.compile(r"[\w-]+\.(cdn\.ampproject\.org|bing-amp\.com)")
_HIDDEN = re.compile(
    r"t\.co|bit\.ly|ow\.ly|tinyurl\.com|goo\.gl|buff\.ly|dlvr\.it|ift\.tt|trib\.al|is\.gd|lnkd\.in|fb\.me|wp\.me|reut\.rs"
    r"|bbc\.in|nyti\.ms|feedproxy\.google\.com|feeds\.feedblitz\.com|rss\.app|news\.google\.com"
)


def target(url: str) -> str | None:
    """Where a redirector's URL leads, by what stands in it; None where it is none, or hides it."""
    if not _KNOWN.search(url):
        return None
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"}:
        return None
    for known, path, names in _BY_PARAMETER:
        if known.fullmatch(host) and path.fullmatch(parts.path):
            values = parse_qs(parts.query)
            return next((v for name in names for v in values.get(name, ()) if _is_address(v)), None)
    if _CACHE.fullmatch(host):
        return _of_viewer(r"/[a-z]/(s/)?(.+)", parts.path, parts.query)
    if _VIEWER.fullmatch(host):
        return _of_viewer(r"/amp/(s/)?(.+)", unquote(parts.path) if "%3f" in parts.path.lower() else parts.path, "")
    if host.endswith("rd.yahoo.com"):
        found = re.search(r"\*(https?://.+)", url)
        return found[1] if found else None
    if host == "r.search.yahoo.com":
        found = re.search(r"/RU=([^/]+)/", url)
        return unquote(found[1]) if found and _is_address(unquote(found[1])) else None
    return None


def resolved(url: str) -> str:
    """Where a redirector's URL leads, through several of them too; any other URL as it is."""
    for _ in range(4):
        led = target(url)
        if led is None:
            break
        url = led
    return url


def hides_target(url: str) -> bool:
    """Whether a URL is of a redirector that must be asked where it leads."""
    try:
        return _HIDDEN.fullmatch((urlsplit(url).hostname or "").rstrip(".")) is not None
    except ValueError:
        return False


def _of_viewer(form: str, path: str, query: str) -> str | None:
    found = re.fullmatch(form, path)
    if found is None:
        return None
    address = f"http{'s' if found[1] else ''}://{found[2]}"
    return f"{address}?{query}" if query else address


def _is_address(value: str) -> bool:
    return re.match(r"https?://[^/]", value, re.IGNORECASE) is not None
