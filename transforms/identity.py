"""What is one article, and what is a revision of it.

``article_id`` is a hash of the canonical URL, or of feed and GUID where there is no usable URL.
``revision_id`` is a hash of the normalised title and text.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from schemas.records import Entry

# What campaigns, share buttons and click counters add; the names that ClearURLs and courlan agree on.
_TRACKERS = re.compile(
    r"(utm_\w+|fbclid|gclid|dclid|msclkid|yclid|twclid|igshid|mc_cid|mc_eid|cmpid|cmp|ito|ref_?src|ref|xtor|"
    r"ns_\w+|at_\w+|wt_\w+|_ga|_gl|s_cid|smid|partner|ocid|ftag|spm|feature|output|amp|__twitter_impression)",
    re.IGNORECASE,
)
_MOBILE = re.compile(r"^(?:m|mobile|amp)\.(?=[^.]+\.[^.]+)")
_PORTS = {"http": 80, "https": 443}


def canonical_url(url: str) -> str | None:
    """The one spelling of an article's URL, or None where it is no http(s) URL with a host.

    Gone are fragments, tracking parameters, default ports, mobile and AMP variants, a trailing slash;
    host in lower case and IDNA, percent-encoding normal (RFC 3986, 6.2.2), parameters sorted.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
        scheme = parts.scheme.lower()
    except ValueError:
        return None
    if scheme not in _PORTS or not host or parts.username or parts.password:
        return None
    try:
        url.encode()  # a lone surrogate has no bytes
        host = host.rstrip(".").encode("idna").decode() if not host.isascii() else host.rstrip(".")
    except UnicodeError:
        return None
    if not host:
        return None
    host = _MOBILE.sub("", host.lower())
    netloc = f"[{host}]" if ":" in host else host
    if port and port != _PORTS[scheme]:
        netloc += f":{port}"
    segments = re.split("%2f", parts.path, flags=re.IGNORECASE)  # an encoded slash parts no segments
    path = "%2F".join(
        quote(unquote(s, errors="surrogateescape"), safe="/:@!$&'()*+,;=~-._", errors="surrogateescape")
        for s in segments
    )
    path = re.sub(r"/{2,}", "/", path)
    path = re.sub(r"^/amp(?=/)|/amp/?$|\.amp(?=$|\.html$)", "", path).rstrip("/") or "/"
    # Bytes that are no UTF-8 (Windows-1256, say) stay what they are: two such values are not one.
    found = parse_qsl(parts.query, keep_blank_values=True, errors="surrogateescape")
    pairs = sorted((k, v) for k, v in found if not _TRACKERS.fullmatch(k))
    return urlunsplit((scheme, netloc, path, urlencode(pairs, errors="surrogateescape"), ""))


def article_id(canonical: str | None, feed_url: str, guid: str | None) -> str | None:
    """Sixteen hex digits, or None where there is neither URL nor GUID.

    http and https, with and without ``www.``, are one article: sites move between them, and print both.
    """
    if canonical:
        rest = canonical.split("://", 1)[1]
        return digest("url", rest.removeprefix("www."))
    if guid:
        return digest("guid", feed_url, guid)
    return None


def revision_id(title: str, text: str) -> str:
    """Sixteen hex digits over title and text, blind to spacing, case of letters and Unicode forms."""
    return digest("revision", normal(title), normal(text))


def normal(text: str) -> str:
    """``text`` in NFKC, casefolded, with single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def digest(*parts: str) -> str:
    """Sixteen hex digits of a BLAKE2b hash over ``parts``, which cannot run into each other."""
    h = hashlib.blake2b(digest_size=8)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        h.update(len(data).to_bytes(8, "big") + data)
    return h.hexdigest()


def shard_of(name: str, shards: int) -> int:
    """A stable number from 0 to ``shards`` - 1 for ``name``."""
    return (
        int.from_bytes(hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=4).digest(), "big") % shards
    )


# The encodings of the web (encoding.spec.whatwg.org) and their kin. Python knows more, some of them bombs:
# 640 KB said to be punycode take 8 s to decode.
_CHARSET = re.compile(
    r"(utf-?(8|16|32)(-?[lb]e)?(-sig)?|us-ascii|ascii|latin-?[1-9]|iso-?8859-?\d{1,2}(-[ie])?|(windows|cp)-?\d{3,4}"
    r"|koi8-[ru]|mac-?\w+|x-mac-\w+|x-sjis|shift[_-]?jis|euc-?\w{2}|iso-?2022-(jp|kr)|big5(-hkscs)?|gbk|gb2312|gb18030"
    r"|tis-620|johab|ks_c_5601-1987)\Z",
    re.IGNORECASE,
)


def is_charset(name: str) -> bool:
    """Whether a charset that a server names is one that texts come in."""
    return _CHARSET.match(name) is not None


def same_site(url: str, other: str) -> bool:
    """Whether two URLs name the same host, ``www.``, mobile and AMP hosts taken as one."""
    hosts = [
        (urlsplit(u).netloc.lower().removeprefix("www."))
        for u in (canonical_url(url) or "", canonical_url(other) or "")
    ]
    return bool(hosts[0]) and hosts[0] == hosts[1]


def settled_identity(entry: Entry, declared: str | None, url: str) -> tuple[str | None, str]:
    """Canonical URL and article_id: those of the page's rel=canonical where it is on the same site and not the
    home page, else the entry's own."""
    canonical = canonical_url(declared) if declared else None
    if canonical and entry.canonical_url and same_site(canonical, entry.canonical_url):
        path = canonical.split("://", 1)[1].partition("/")[2]
        name = article_id(canonical, entry.feed_url, entry.guid)
        if path and name:
            return canonical, name
    return entry.canonical_url, entry.article_id
