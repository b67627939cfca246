"""The one spelling of an article's URL.

Why not a library: of the 174 pairs of tests/urls/pairs.txt that are one article, courlan's ``clean_url`` splits 131,
w3lib's ``canonicalize_url`` 141, url-normalize 149 and yarl 151: they know no AMP caches, mobile hosts or redirectors.
And of the 101 pairs that are two articles courlan makes 17 one: it takes away ``?cid=``, ``?uid=`` and whatever begins
like a tracker (``?gallery=``, ``?refid=``). What a public suffix is comes from ``tld``.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from transforms.redirectors import resolved

PORTS = {"http": 80, "https": 443}
# Names that only count clicks: of campaigns, share buttons, mailings, caches against which they stand.
_TRACKERS = re.compile(
    r"(utm_\w+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|y?s?clid|yclid|twclid|ttclid|igsh(id)?|mibextid"
    r"|mc_[ce]id|_hs(enc|mi)|mkt_tok|vero_(id|conv)|cmpid|cmp|ito|ref_?src|xtor|xts|xtref"
    r"|ns_(mchannel|source|campaign|linkname|fee)|at_(medium|campaign(_type|_group)?|custom\d+|link_?\w*|format|creation|variant|network|platform|term|channel"
    r"|audience|emailtype|send_date|send_time|recipient_\w+|\w+_placement|bbc_\w+|ptr_\w+)|wt[._]\w+|WT\.mc_id"
    r"|_g[al]|s_cid|smid|srnd|ocid|ftag|spm|__twitter_impression|__cft__.*|__tn__|__xts__.*|(pk|mtm|piwik|matomo)_\w+"
    r"|gaa_\w+|guccounter|guce_\w+|intlink_\w+|link_location|traffic_source|feed(type|name)|taid|eref|hpt"
    r"|_szc_\w+|ab_channel|usqp|amp_js_v|amp_gsa|phpsessid|jsessionid|aspsessionid\w*|cftoken"
    r"|(no)?amp|replytocom|showcomments?|comments?_?view)",
    re.IGNORECASE,
)
_CHANNEL = (
    r"rss\d*|feeds?|atom|xml|twitter|x|facebook|fb|telegram|whatsapp|instagram|linkedin|reddit|email|e?mail|newsletter"
    r"|social|share|google(news)?|flipboard|pocket|app|home(page)?|mobile|tw|wa|tg|vk|viber|pinterest|hp|ob|nl|push"
    r"|top|top_?stor(y|ies)|menu|sidebar|ticker|related|most_?read|widget|headlines?|breaking(news)?"
)
# Names that decide the article on one site and count clicks on another: the value tells.
_BY_VALUE: dict[str, list[re.Pattern[str]]] = {}
for _names, _values in (
    ("ref feature iid source src from xml share via medium origin partner", _CHANNEL),
    ("feature", r"youtu\.be|emb_\w+|player_\w+|related|search|shared|oembed"),
    ("rss", r"|1|true|yes"),
    ("print printable nb", r"|1|true|yes|y|print|printer"),
    ("_", r"\d{10,}"),  # the time, against caches
    ("maca", r"\w\w-.+"),
    ("output outputtype view format layout", r"amp|print|printer|mobile|desktop"),
    ("mobile m", r"[01]|true|false"),  # Blogspot's ?m=1; WordPress's ?m=201809 is a month
    ("tmpl", r"component|print"),
):
    for _name in _names.split():
        _BY_VALUE.setdefault(_name, []).append(re.compile(_values, re.IGNORECASE))
# Names that count clicks, or change the view, where something else tells the article: its path, or for some another
# parameter; alone behind a script they are all that tells it.
_BESIDE = re.compile(r"print|printable|nb|partner|il|oc|_|maca", re.IGNORECASE)
_ON_SLUG = re.compile(r"ref|iid", re.IGNORECASE)
_SCRIPT = re.compile(r"\.(php\d?|aspx?|jsp|cfm|cgi|pl)$", re.IGNORECASE)
_DATED = re.compile(r"/(19|20)\d\d/(\d\d?|[a-z]{3})/\d\d?/[^/]+")
# Hosts below these belong to different people, though the public suffix list does not say so.
_SHARED = frozenset(
    "wordpress.com medium.com substack.com livejournal.com tumblr.com over-blog.com over-blog.net canalblog.com"
    " eklablog.com typepad.com blogs.com blog.com blogger.com ghost.io weebly.com webnode.com webnode.page"
    " jimdo.com jimdofree.com wix.com squarespace.com strikingly.com site123.me yolasite.com 000webhostapp.com"
    " ucoz.com ucoz.net ucoz.ru narod.ru free.fr altervista.org tripod.com angelfire.com 50webs.com byethost.com"
    " infinityfreeapp.com hpage.com webs.com bravesites.com beehiiv.com buttondown.email hatenablog.com dreamwidth.org"
    " blogspirit.com skyrock.com blogcu.com tr.gg maktoobblog.com blogfa.com mihanblog.com persianblog.ir".split()
)
_OWN_HOSTS = frozenset(["", "www", "m", "mobile", "amp"])  # of the domain itself
_BLOGSPOT = re.compile(r"blogspot(\.[a-z]{2,3}){1,2}")  # .com, .fr, .co.uk
_MOBILE = re.compile(r"^(www\.)?(?:m|mobile|mobil|wap|touch|amp)\.(?=[^.]+\.)|(?<=\.)(?:m|mobile)\.(?=[^.]+\.)")
_DEFAULT_DOCUMENT = re.compile(r"/(index\.(s?html?|php\d?|aspx?|jsp|cfm)|default\.(aspx?|html?))$", re.IGNORECASE)
_SESSION = re.compile(r";jsessionid=[^/?]*|(?<=/)\([SFA]\([a-z0-9]{24}\)\)/", re.IGNORECASE)
_AMP = re.compile(r"^/amp(?=/)|/amp(?=/?$)|(?<=[^/])/amp\.html$|\.amp(?=$|\.html$)")
_AMP_INSIDE = re.compile(r"/amp(?=/([^/]+)$)")  # before an article's own name: /news/amp/world-45484112
_PRINT = re.compile(r"(?<=[^/])/print$|^/print(?=/node/\d+$)")
_UNSEEN = "\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
_ROUTE = re.compile(r"!.|/.")  # of pages that a script builds: "#!/article/731", "#!article/731"
_VIDEO = re.compile(r"/(?:embed|shorts|live|v)/([\w-]{11})")
_SAFE = "/:@!$&'()*+,;=~-._"


def canonical_url(url: str) -> str | None:
    """The one spelling of an article's URL, or None where it is no http(s) URL with a host, or has a password in it.

    Gone are fragments (but for routes of scripts), tracking parameters, sessions, default ports and documents, mobile,
    AMP and print variants, a trailing slash; host in lower case and IDNA, path without dot segments and in NFC,
    percent-encoding normal (RFC 3986, 6.2.2), parameters sorted. A redirector's URL is that of its target,
    where the target stands in it.
    """
    url = url.strip().strip(_UNSEEN).strip()
    if not url.isprintable():  # browsers pass over these, too (url.spec.whatwg.org, 4.4)
        url = re.sub(r"[\t\r\n]", "", url)
    url = resolved(url)
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
        scheme = parts.scheme.lower()
    except ValueError:
        return None
    if scheme not in PORTS or not host or parts.username or parts.password:
        return None
    try:
        url.encode()  # a lone surrogate has no bytes
        host = host.rstrip(".").encode("idna").decode() if not host.isascii() else host.rstrip(".")
    except UnicodeError:
        return None
    host = _site(host.lower())
    if not host:
        return None
    netloc = f"[{host}]" if ":" in host else host
    if port and port != PORTS[scheme]:
        netloc += f":{port}"
    # Bytes that are no UTF-8 (Windows-1256, say) stay what they are: two such values are not one.
    pairs = [
        (name.removeprefix("amp;"), value)  # "&amp;" escaped once too often
        for name, value in parse_qsl(parts.query, keep_blank_values=True, errors="surrogateescape")
    ]
    path = _path(parts.path)
    pairs = sorted(_telling(pairs, path)) if pairs else pairs
    route = parts.fragment if _ROUTE.match(parts.fragment) else ""
    return _of_platform(scheme, netloc, path, pairs, route)


def _site(host: str) -> str:
    """The host without what marks its mobile and AMP forms; a domain that is called so keeps its name."""
    found = _MOBILE.search(host)
    if found is None:
        return host
    rest = host[: found.start()] + host[found.end() :]
    return rest if registered_domain(rest) else host


@lru_cache(maxsize=10_000)
def registered_domain(host: str) -> str | None:
    """The domain that somebody has registered: ``bbc.co.uk`` of ``news.bbc.co.uk``; None for an address, a public
    suffix, or a bare name. What ends with no suffix that is known counts by its last two labels; below a domain whose
    hosts belong to different people the host is the domain: ``orontes.substack.com``."""
    from tld import get_fld  # a list of 10,000 suffixes: where it is needed

    if not re.search(r"[^\d.:\[\]]", host):
        return None
    below = get_fld(f"x.{host}", fix_protocol=True, fail_silently=True)
    if below is None:
        labels = host.split(".")
        below = None if len(labels) < 2 or "" in labels else ".".join(labels[-2:])
    elif below == f"x.{host}":
        return None
    if below is None or not is_shared(below):
        return below
    name = host[: -len(below) - 1].rpartition(".")[2]
    return below if name in _OWN_HOSTS else f"{name}.{below}"


def is_shared(domain: str) -> bool:
    """Whether the hosts below ``domain`` belong to different people, which the public suffix list does not say."""
    return domain in _SHARED or _BLOGSPOT.fullmatch(domain) is not None


def _telling(pairs: list[tuple[str, str]], path: str) -> list[tuple[str, str]]:
    """The parameters that tell the article."""
    pairs = [(name, value) for name, value in pairs if not _counts_clicks(name, value)]
    if not any(_BESIDE.fullmatch(name) or _ON_SLUG.fullmatch(name) for name, _ in pairs):
        return pairs
    last = path.rpartition("/")[2]
    told = not _SCRIPT.search(last) and (is_slug(last) or _DATED.search(path) is not None)
    if told:
        pairs = [(name, value) for name, value in pairs if not _ON_SLUG.fullmatch(name) or value.isdecimal()]
    others = [(name, value) for name, value in pairs if not _BESIDE.fullmatch(name)]
    return others if told or others else pairs


def _counts_clicks(name: str, value: str) -> bool:
    if _TRACKERS.fullmatch(name):
        return True
    return any(values.fullmatch(value) for values in _BY_VALUE.get(name.lower(), ()))


def is_slug(segment: str) -> bool:
    """Whether a path's segment is a headline or a number, as articles have, and no word or two, as sections have."""
    plain = unquote(segment[:2_000])
    return re.search(r"\d{3}", plain) is not None or len(re.findall(r"[^\W_]+", plain)) > 2


def _path(path: str) -> str:
    path = _SESSION.sub("", path)
    segments = re.split("%2f", path, flags=re.IGNORECASE)  # an encoded slash parts no segments
    plain = [unicodedata.normalize("NFC", unquote(s, errors="surrogateescape")) for s in segments]
    path = _without_dots(re.sub(r"/{2,}", "/", "\0".join(plain)))
    path = "%2F".join(quote(s, safe=_SAFE, errors="surrogateescape") for s in path.split("\0"))
    path = _AMP.sub("", path).rstrip("/")
    if (inside := _AMP_INSIDE.search(path)) and is_slug(inside[1]):
        path = path[: inside.start()] + path[inside.end() :]
    path = _PRINT.sub("", path)
    return _DEFAULT_DOCUMENT.sub("", path).rstrip("/") or "/"


def _without_dots(path: str) -> str:
    """RFC 3986, 5.2.4."""
    if "/." not in path:
        return path
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del kept[max(1, len(kept) - 1) :]  # above the root is the root
        elif segment != ".":
            kept.append(segment)
    return "/".join(kept)


def _of_platform(scheme: str, netloc: str, path: str, pairs: list[tuple[str, str]], route: str) -> str:
    """Platforms whose posts have several addresses; what is no post of theirs stays as it is."""
    site = netloc.removeprefix("www.")
    if site in {"youtube.com", "youtube-nocookie.com", "youtu.be"}:
        found = _VIDEO.fullmatch(path) or (re.fullmatch(r"/([\w-]{11})", path) if site == "youtu.be" else None)
        video = found[1] if found else dict(pairs).get("v") if path == "/watch" else None
        if video:
            return f"https://www.youtube.com/watch?v={quote(video, safe='', errors='surrogateescape')}"
    elif site in {"twitter.com", "x.com"} and (post := re.match(r"/\w+/status/\d+", path)):
        return f"https://x.com{post[0]}"
    elif site == "t.me" and (post := re.fullmatch(r"(?:/s)?(/\w+/\d+)", path)):
        return f"https://t.me{post[1]}"
    return urlunsplit((scheme, netloc, path, urlencode(pairs, errors="surrogateescape"), route))
