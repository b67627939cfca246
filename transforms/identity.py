"""What is one article, and what is a revision of it.

``article_id`` is a hash of the canonical URL, or of feed and GUID where there is no usable URL.
``revision_id`` is a hash of the normalised title and text.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from urllib.parse import unquote, urlsplit

from schemas.records import Entry
from transforms.canonical import canonical_url as canonical_url
from transforms.canonical import is_slug, registered_domain
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
_FRONT = re.compile(r"/?$|/[a-z]{2}/?$|/([a-z]{2}/)?(index|home|front)(\.\w+)?/?$", re.IGNORECASE)
_NO_ARTICLE = re.compile(
    r"/([a-z]{2}/)?(login|log-in|signin|sign-in|register|subscribe|consent|collectconsent|cookies?|privacy|404|error"
    r"|(page-)?not-found)(\.\w+)?(/|$)",
    re.IGNORECASE,
)
_EDITIONS = frozenset(
    "ar arabic en english fr french francais tr turkish turkce fa farsi persian ku kurdish kurdi ckb ru russian es "
    "spanish espanol de german he hebrew ur urdu zh chinese it pt".split()
)
_SUFFIXES = frozenset("html htm shtml php asp aspx jsp cfm".split())
_DOOR = re.compile(r"(consent|login|signin|accounts?|auth|sso|id)\.")


def settled_identity(entry: Entry, declared: str | None, url: str) -> tuple[str | None, str]:
    """Canonical URL and article_id of a page that was found at ``url`` and declares ``declared`` for its canonical URL.

    The entry's own, unless its link belongs to a redirector, or led to another site or to the same site's address for
    that article: then what counts is where the page was found. What a page declares counts where :func:`may_name` says
    so. Home pages, consent and login pages are nobody's article.
    """
    settled = entry.canonical_url
    if settled is None:
        return None, entry.article_id
    found = canonical_url(url) if url else None
    if found and is_article(found):
        moved = not same_site(found, settled) and not _is_section(found, settled)
        if hides_target(settled) or moved or _is_long_form(found, settled):
            settled = found
    if declared and may_name(settled, declared):
        settled = canonical_url(declared)
    if settled is None or settled == entry.canonical_url:
        return entry.canonical_url, entry.article_id
    return settled, article_id(settled, entry.feed_url, entry.guid) or entry.article_id


def may_name(own: str, claim: str) -> bool:
    """Whether a page at ``own`` is believed that its canonical URL is ``claim``.

    Only on the site of the same publisher (the same host, or the same registered domain in the same language: an
    edition in another language has articles of its own); and not where the claim is one that many articles make by
    mistake: the home page, a section above them, the one script that shows them all.
    """
    here, there = canonical_url(own), canonical_url(claim)
    if here is None or there is None or not is_article(there) or not _one_publisher(here, there):
        return False
    return here == there or not _is_section(there, here)


def _one_publisher(one: str, other: str) -> bool:
    languages = [_edition(url) for url in (one, other)]
    if all(path for _, path in languages) and languages[0][1] != languages[1][1]:
        return False
    if same_site(one, other):
        return True
    hosts = [urlsplit(url).netloc.removeprefix("www.") for url in (one, other)]
    domains = [registered_domain(host) if ":" not in host else None for host in hosts]
    if domains[0] is None:
        return False
    return _ALSO.get(domains[0], domains[0]) == _ALSO.get(domains[1] or "", domains[1]) and (
        languages[0][0] == languages[1][0]
    )


def _edition(canonical: str) -> tuple[frozenset[str], str]:
    """The language that the host names, and the one that the path begins with."""
    parts = urlsplit(canonical)
    first = parts.path.lower().split("/", 2)[1:2]
    return _EDITIONS.intersection(parts.netloc.split(".")[:-2]), first[0] if first and first[0] in _EDITIONS else ""


def _is_section(canonical: str, article: str) -> bool:
    """Whether ``canonical`` is of a section or a script that shows ``article`` and others."""
    section, own = urlsplit(canonical), urlsplit(article)
    above, below = ([s for s in parts.path.split("/") if s] for parts in (section, own))
    if section.query or section.fragment:
        return False
    if section.path == own.path:
        return bool(own.query or own.fragment) and not is_slug(above[-1] if above else "")
    if above[-1:] == below[-1:]:  # the same headline in another place
        return False
    if not above or is_slug(above[-1]):
        return False
    return above == below[: len(above)] or (len(above) == 1 < len(below))


_ID = re.compile(r"(?<!\d)(?!(?:19|20)\d{6}(?!\d))\d{5,}(?!\d)")  # no day


def _is_long_form(found: str, asked: str) -> bool:
    """Whether the article at ``found`` is the one that ``asked`` on the same site was redirected from: its number
    was asked for (``/?p=123``), or its headline and number in another place. Dead links that lead to whatever is
    latest stay what they are: many articles would be one.
    """
    there, here = urlsplit(found), urlsplit(asked)
    slug, own = (unquote(parts.path[-2_000:].rpartition("/")[2]) for parts in (there, here))
    if found == asked or not is_slug(slug) or not may_name(asked, found):
        return False
    words, said = ({w for w in re.findall(r"[^\W_]+", text.casefold()) if w not in _SUFFIXES} for text in (slug, own))
    ids, numbers = (set(_ID.findall(parts.path + "?" + parts.query)) for parts in (there, here))
    if ids and numbers:
        return not ids.isdisjoint(numbers)
    if all(word.isdecimal() for word in said) or not is_slug(own):
        return re.search(r"\d", here.path + here.query) is not None and not all(word.isdecimal() for word in words)
    fewer, more = sorted((words, said), key=len)
    return len(fewer) > 1 and fewer <= more


def without_credentials(text: str) -> str:
    """``text`` without the user name and password of a URL that it is."""
    return re.sub(r"^(\s*[a-z][a-z0-9+.-]*:)?(//)[^/?#]*@", r"\1\2", text, flags=re.IGNORECASE)


def is_front(canonical: str) -> bool:
    """Whether a canonical URL is that of a site's, or an edition's, front page, which shows whatever is new."""
    parts = urlsplit(canonical)
    return _FRONT.match(parts.path) is not None and not parts.query and not parts.fragment


def is_article(canonical: str) -> bool:
    """Whether a canonical URL may be an article's: no front door, no consent or login page."""
    parts = urlsplit(canonical)
    return not (_DOOR.match(parts.netloc) or is_front(canonical) or _NO_ARTICLE.match(parts.path))
