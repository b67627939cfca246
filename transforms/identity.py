"""What is one article, and what is a revision of it.

``article_id`` is a hash of the canonical URL, or of feed and GUID where there is no usable URL.
``revision_id`` is a hash of the normalised title and text.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from urllib.parse import urlsplit

from schemas.records import Entry
from transforms.canonical import canonical_url as canonical_url
from transforms.redirectors import hides_target

# Outlets that print one article under two domains.
_ALSO = {"bbc.co.uk": "bbc.com"}


def article_id(canonical: str | None, feed_url: str, guid: str | None) -> str | None:
    """Sixteen hex digits, or None where there is neither URL nor GUID.

    http and https, with and without ``www.``, are one article: sites move between them, and print both.
    """
    if canonical:
        rest = canonical.split("://", 1)[1].removeprefix("www.")
        host, slash, path = rest.partition("/")
        return digest("url", _ALSO.get(host, host) + slash + path)
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


# What stands where an article should: front doors, consent and login pages.
_NO_ARTICLE = re.compile(
    r"/?$|/([a-z]{2}/)?(index|home|front|login|log-in|signin|sign-in|register|subscribe|consent|collectconsent|cookies?"
    r"|privacy|404|error|not-found)(\.\w+)?(/|$)",
    re.IGNORECASE,
)
_DOOR = re.compile(r"(consent|login|signin|accounts?|auth|sso|id)\.")


def settled_identity(entry: Entry, declared: str | None, url: str) -> tuple[str | None, str]:
    """Canonical URL and article_id of a page that was found at ``url`` and declares ``declared`` for its canonical URL.

    The entry's own, unless its link belongs to a redirector or led to another site: then what counts is where the page
    was found. What a page declares counts on its own site alone, so that no page can claim another outlet's
    article. Home pages, consent and login pages are nobody's article.
    """
    settled = entry.canonical_url
    if settled is None:
        return None, entry.article_id
    found = canonical_url(url) if url else None
    if found and _is_article(found) and (hides_target(settled) or not same_site(found, settled)):
        settled = found
    canonical = canonical_url(declared) if declared else None
    if canonical and same_site(canonical, settled) and _is_article(canonical):
        settled = canonical
    if settled == entry.canonical_url:
        return settled, entry.article_id
    return settled, article_id(settled, entry.feed_url, entry.guid) or entry.article_id


def _is_article(canonical: str) -> bool:
    parts = urlsplit(canonical)
    if _DOOR.match(parts.netloc):
        return False
    return bool(parts.query or parts.fragment) if parts.path in {"", "/"} else not _NO_ARTICLE.match(parts.path)
