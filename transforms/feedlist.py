"""The list of feeds to poll: OPML, or plain text with one address a line.

OPML is what every feed reader exports: nested ``outline`` elements, of which those with an ``xmlUrl`` are
feeds. Besides ``text`` and ``title`` (the outlet) three attributes of our own are read: ``country``
(ISO 3166-1 alpha-2), ``language`` (ISO 639-1) and ``dedicated="true"`` (the feed is about the topic as a
whole). An outline with ``isComment="true"`` is switched off with all it holds (OPML 2.0).

Plain text is one address a line, with optional columns after it; a ``#`` at its beginning or after a
blank begins a comment::

    # outlet, country, language, dedicated
    https://example.org/feed/
    https://example.org/syria/feed/ | Example Courier | GB | en | dedicated

A list that cannot be used at all raises :class:`schemas.errors.UserError`. A single bad line among good
ones becomes a :class:`Feed` whose ``problem`` says why it cannot be polled; no password is ever repeated.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from xml.parsers import expat

from schemas.errors import UserError
from schemas.records import Feed

CATALOGUE = Path(__file__).with_name("catalogue.opml")

MAX_BYTES = 32 * 1024 * 1024  # 10,000 feeds are some 2 MB
MAX_URL = 4_000  # characters; servers need to take no more than 8,000 bytes (RFC 9112, section 3)
_SHOWN = 200  # characters of a bad address, or of an outlet's name, that are kept

_BOMS = (  # UTF-32 first: its little-endian mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"""\s*<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
# Codecs that a list may ask for: text in one byte or Unicode. Python has others that are not text, or slow.
_CODECS = re.compile(r"(utf-?8|us-ascii|ascii|iso-?8859-\d{1,2}|windows-125\d|cp125\d|koi8-[ru])\Z", re.I)
_CONTROL = bytes({*range(0x09), *range(0x0E, 0x20)})  # in no text, and many in images and archives
_LINE_END = re.compile(r"\r\n|\r|\n")
_COLUMNS = re.compile(r"(?<!\s)\s+\|")  # from the first blank only: a line of a million of them takes no longer
_COMMENT = re.compile(r"(\A|\s)#.*")
_UNFIT = re.compile(r"""[\s\x00-\x1f\x7f<>"\\^`{}]""")  # never in an address (RFC 3986, appendix A)
_LABEL = r"[^\[\]:/?#@%,;=()!$&'*+|.]+"  # lenient, as names may be international
_HOST = re.compile(rf"(\[[0-9a-f:.]+\]|{_LABEL}(\.{_LABEL})*\.?)(:\d*)?\Z", re.I)
_REMOTE = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")
_TRUE = frozenset({"true", "yes", "1", "dedicated"})


def parse_feeds(data: bytes, name: str) -> list[Feed]:
    """The feeds of a list, in its order, each address once.

    Args:
        data: the bytes of the file: UTF-8, UTF-16 or UTF-32, or OPML in the encoding it declares.
        name: what to call the file in messages.

    Raises:
        UserError: the list as a whole is of no use: empty, binary, not well-formed, or without a usable feed.
    """
    if not data.strip():
        raise UserError(f"{name} is empty: list at least one feed, as OPML or one address a line")
    text = _decode(data, name)
    opml = text.lstrip().startswith("<")
    feeds: dict[str, Feed] = {}
    for feed in _Outlines(text, name).feeds if opml else _lines(text, name):
        feeds.setdefault(_same(feed.url), feed)
    found = list(feeds.values())
    if not found:
        wanted = "outlines with an xmlUrl attribute" if opml else "one http:// or https:// address a line"
        raise UserError(f"{name} has no feed in it: it should have {wanted}")
    if all(feed.problem for feed in found):
        raise UserError(f"{name} has no usable feed in it; the first problem: {found[0].problem}")
    return found


def load_feeds(path: str | None) -> list[Feed]:
    """The feeds of the list at ``path``: a local file or an object store's (``gs://``); None: the catalogue.

    Raises:
        UserError: as :func:`parse_feeds`, and where the file cannot be read.
    """
    if path is None:
        return parse_feeds(_read_local(CATALOGUE, "the catalogue of feeds"), "the catalogue of feeds")
    if not path.strip():
        raise UserError("the feed list has no name: give the path of an OPML or text file")
    scheme = _REMOTE.match(path)
    if scheme is None:
        return parse_feeds(_read_local(Path(path), path), path)
    if scheme[1].lower() in ("http", "https"):
        shown = _without_password(path)
        raise UserError(f"{shown} is a web address: save the list to a file, or put the address into one")
    return parse_feeds(_read_remote(path), path)


class FeedList:
    """The feed list of a running pipeline, read again at every call.

    The first read raises what ``load`` raises. After it, a list that is gone or broken leaves the last good
    one in force, and ``problem`` holds one line about it until a read succeeds: a stream outlives a bad edit.
    """

    def __init__(self, path: str | None, load: Callable[[str | None], list[Feed]] = load_feeds) -> None:
        self.path = path
        self.problem: str | None = None
        self._load = load
        self._feeds: list[Feed] | None = None

    def current(self) -> list[Feed]:
        """The feeds of the last list that could be read."""
        try:
            self._feeds = self._load(self.path)
            self.problem = None
        except Exception as error:  # whatever it is: on some runners an exception would end the stream
            if self._feeds is None:
                raise
            self.problem = f"the feed list was kept as it was: {_one_line(error)}"
        return list(self._feeds)


# --- the file ------------------------------------------------------------------------------------------


def _read_local(path: Path, name: str) -> bytes:
    try:
        with path.open("rb") as file:
            return _within_limit(file.read(MAX_BYTES + 1), name)
    except FileNotFoundError:
        raise UserError(f"{name} does not exist: check the path of the feed list") from None
    except IsADirectoryError:
        raise UserError(f"{name} is a directory: give the OPML or text file with the feeds") from None
    except PermissionError:
        raise UserError(f"{name} may not be read: check its permissions") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise UserError(f"{name} cannot be read: {_one_line(error)}") from None


def _read_remote(path: str) -> bytes:
    from apache_beam.io.filesystem import CompressionTypes  # late: lists on disk need no Beam
    from apache_beam.io.filesystems import FileSystems

    try:
        with FileSystems.open(path, compression_type=CompressionTypes.UNCOMPRESSED) as file:
            data: bytes = file.read(MAX_BYTES + 1)
    except Exception as error:  # each store has errors of its own, from credentials to timeouts
        hint = "check the path, and that the credentials in use may read it"
        raise UserError(f"{path} cannot be read: {hint} ({_one_line(error)})") from None
    return _within_limit(data, path)


def _within_limit(data: bytes, name: str) -> bytes:
    if len(data) > MAX_BYTES:
        raise UserError(f"{name} is over {MAX_BYTES >> 20} MB: this is not a feed list, or split it")
    return data


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__


def _decode(data: bytes, name: str) -> str:
    encoding = next((codec for bom, codec in _BOMS if data.startswith(bom)), None)
    if encoding is None and data[:1] and data[1:2] == b"\0":
        encoding = "utf-16-le"
    elif encoding is None and data[:1] == b"\0" and data[1:2] != b"\0":
        encoding = "utf-16-be"
    elif encoding is None:
        declared = _DECLARED.match(data)
        encoding = declared[1].decode("ascii") if declared else "utf-8"
        # Exporters slip here: a declaration in single bytes that says UTF-16 is wrong, or it were not read.
        if encoding.lower().startswith(("utf-16", "utf-32")):
            encoding = "utf-8"
        if not _CODECS.match(encoding):
            raise UserError(f"{name} is in the encoding {encoding}: save it as UTF-8")
        # A control character or two are a bad line's: they stop no other.
        if b"\0" in data or len(data[:4096].translate(None, _CONTROL)) < 0.95 * len(data[:4096]):
            raise UserError(f"{name} is a binary file: give the feeds as OPML, or one address a line")
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        raise UserError(f"{name} is not text in {encoding.upper()}: save the list as UTF-8") from None
    if "\0" in text:
        raise UserError(f"{name} is a binary file: give the feeds as OPML, or one address a line")
    return text.removeprefix("\ufeff")


# --- the two formats -----------------------------------------------------------------------------------


class _Outlines:
    """Reads OPML as a stream of tags; ``feeds`` holds what was found.

    Why not listparser: it keeps address, title and folders only, so country, language and ``dedicated``
    would be lost, and its forgiving HTML parser takes a list cut off in the middle for a short one, where
    we want to be told. Expat opens no other file or address, and entities are refused where they are
    declared, before any could grow.
    """

    def __init__(self, text: str, name: str) -> None:
        self.feeds: list[Feed] = []
        self._name = name
        self._depth = 0
        self._off = 0  # the depth of the outermost outline that is switched off, 0: none
        body = text.lstrip()
        self._above = text[: len(text) - len(body)].count("\n")  # lines left out, as XML begins at once
        # The text is decoded already: the encoding given here overrides the one it declares.
        self._parser = expat.ParserCreate("utf-8")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.EntityDeclHandler = self._entity
        try:
            self._parser.Parse(body.encode("utf-8"), True)
        except expat.ExpatError as error:
            if re.match(r"<!doctype\s+html", body, re.IGNORECASE):  # XML wants it in capitals
                self._depth = 0
                self._start("html", {})
            line = error.lineno + self._above
            what = f"{expat.ErrorString(error.code)}, line {line}"
            hint = "export it again, or write & in an address as &amp;"
            raise UserError(f"{name} begins like XML but is not well-formed ({what}): {hint}") from None

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        tag = _local(tag)
        if self._depth == 1 and tag != "opml":
            hint = "if it is a feed or a page, put its address into a list instead"
            raise UserError(f"{self._name} is not OPML, it begins with <{tag[:40]}>: {hint}")
        if tag != "outline" or self._off:
            return
        # Exporters write xmlUrl, xmlURL and xmlurl.
        given = {_local(key): value for key, value in attributes.items()}
        if given.get("iscomment", "").strip().lower() == "true":
            self._off = self._depth
        elif "xmlurl" in given:
            feed = _feed(
                given["xmlurl"],
                f"{self._name} line {self._parser.CurrentLineNumber + self._above}",
                outlet=given.get("text", "").strip() or given.get("title", ""),
                country=given.get("country", ""),
                language=given.get("language", ""),
                dedicated=given.get("dedicated", ""),
            )
            self.feeds.append(feed)

    def _end(self, _: str) -> None:
        if self._off == self._depth:
            self._off = 0
        self._depth -= 1

    def _entity(self, *_: object) -> None:
        raise UserError(f"{self._name} declares XML entities, not needed in a feed list: remove its DOCTYPE")


def _local(name: str) -> str:
    return name.rpartition(":")[2].lower()


def _lines(text: str, name: str) -> Iterator[Feed]:
    for number, line in enumerate(_LINE_END.split(text), start=1):
        line = _COMMENT.sub("", line, count=1).strip()
        if not line:
            continue
        address, *rest = _COLUMNS.split(line, maxsplit=1)
        columns = rest[0].split("|") if rest else []
        outlet, country, language, dedicated = [*columns, "", "", "", ""][:4]
        yield _feed(address, f"{name} line {number}", outlet, country, language, dedicated)


# --- one line ------------------------------------------------------------------------------------------


def _feed(address: str, where: str, outlet: str, country: str, language: str, dedicated: str) -> Feed:
    """One feed. What is not a code is left out of country and language: it stops nobody from polling."""
    address = address.strip()
    problem = address_problem(address)
    country, language = country.strip().upper(), re.split("[-_]", language.strip().lower())[0]
    return Feed(
        url=normalise(address) if problem is None else _without_password(address)[:_SHOWN],
        outlet=" ".join(outlet.split())[:_SHOWN] or None,
        country=country if re.fullmatch("[A-Z]{2}", country) else None,
        language=language if re.fullmatch("[a-z]{2}", language) else None,
        dedicated=dedicated.strip().lower() in _TRUE,
        problem=None if problem is None else f"{where}: {problem}",
    )


def address_problem(address: str) -> str | None:
    """Why ``address`` cannot be polled, in words that repeat none of it; None if it can."""
    if not address:
        return "the address is missing"
    if len(address) > MAX_URL:
        return f"the address has over {MAX_URL:,} characters"
    if not address.lower().startswith(("http://", "https://")):
        return "the address does not begin with http:// or https://"
    if "|" in address:
        return "the address has a | in it: begin a column with a blank before the |, or write %7C in an address"
    if _UNFIT.search(address):
        return "the address has a blank or another character in it that must be percent-encoded"
    try:
        parts = urlsplit(address)
        if "@" in parts.netloc:
            return "the address has a user name or password in it: such feeds are not polled, remove it"
        if not _HOST.match(parts.netloc):
            return "the address has no valid host"
        _ = parts.port  # raises beyond 65535
    except ValueError:
        return "the address has no valid host or port"
    return None


def normalise(address: str) -> str:
    """``address`` with what never matters made equal (RFC 3986, section 6.2): case of scheme and host, the
    default port, an empty path; the fragment, which is not sent, goes. ``address`` has no problem."""
    parts = urlsplit(address)
    host = parts.netloc.lower().removesuffix(":443" if parts.scheme == "https" else ":80").removesuffix(":")
    return urlunsplit((parts.scheme, host, parts.path or "/", parts.query, ""))


def _same(address: str) -> str:
    """What two spellings of one feed share beyond ``normalise``: an international host's name in IDNA, without the
    dot of the root. The address itself stays as the list has it: what is stored of a feed goes by it."""
    authority, _, rest = address.partition("://")[2].partition("/")
    if authority.isascii() and not authority.partition(":")[0].endswith("."):
        return address
    host, colon, port = authority.partition(":")
    try:
        host = host.encode("idna").decode().lower().rstrip(".")
    except UnicodeError:
        return address
    return f"{address.partition('://')[0]}://{host}{colon}{port}/{rest}"


def _without_password(address: str) -> str:
    """A bad address, fit to be shown: of what stands before its last @ only the scheme is left."""
    before, at, after = address.rpartition("@")
    if not at:
        return address
    scheme = _REMOTE.match(before)
    return f"{scheme[0] if scheme else ''}***@{after}"
