"""A page's tree before its text is taken: without what is never text, and in the shapes that trafilatura reads.

Nothing here knows a site. Each step is one pass over elements of a few kinds, in time linear in the tree.
"""

from __future__ import annotations

from itertools import islice
from typing import Any, NamedTuple
from urllib.parse import urlsplit

_NEVER_TEXT = (
    "style", "svg", "template", "iframe", "fencedframe", "aside", "footer", "nav", "noscript", "button",
    "select", "meta", "link", "input", "source", "textarea", "canvas", "object", "embed", "audio", "video",
)  # fmt: skip
_INLINE = frozenset(("strong", "b", "em", "i", "span", "u", "font", "small", "mark"))
_BLOCKS = frozenset((
    "ul", "ol", "dl", "table", "blockquote", "pre", "figure", "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "hr",
    "center", "section", "article", "details",
))  # fmt: skip
_SENTENCES = frozenset(("p", "li", "blockquote", "td", "dd", "figcaption"))  # what holds sentences, and dates in them
_ASIDE = frozenset(("a", "time", "button", "svg"))
_PIECES = 200  # elements of such a block in which words of its own are looked for
_LINKED = frozenset(("p", "li", "div", "h2", "h3", "h4", "h5", "h6", "blockquote", "td", "dd"))
_CARD = 6  # elements of a headline, its picture, day and summary in a list of articles
_HEADLINE = 4  # words: fewer in a link may be a name, an agency, a credit
_PARAGRAPH = 250  # characters: a cell of a table with as much text is a column of a page
INLINE = 10_000  # elements within lines: trafilatura's time grows with their square, and they are no text
LONGEST = 4_000  # characters of an attribute
_OWN_URL = ("data-url", "data-href", "data-permalink", "data-article-url", "itemid")


class Elsewhere(NamedTuple):
    """Blocks that were nothing but a headline that links to another page: their texts; ``teased``: how many had one
    paragraph beside them, as headlines in a list of articles have their summaries."""

    texts: list[str]
    teased: int


def lighten(tree: Any, url: str = "", html: str = "") -> Elsewhere:
    """Make ``tree`` ready for trafilatura, in place; returns what was taken out because it leads elsewhere.

    ``html``: what it was parsed from, in which words are found sooner than in a tree.

    What is never text it drops itself (``MANUALLY_CLEANED`` of its settings), but late: with them gone first it takes a
    third to a half of the time. Menus no longer count when it asks how much of a page it has found.
    """
    from lxml import etree

    for script in list(tree.iter("script")):
        linked = "json" in (script.get("type") or "")  # it looks for articleBody there
        if script.getparent() is not None and not linked:
            script.drop_tree()
    etree.strip_elements(tree, *_NEVER_TEXT, with_tail=False)
    _times(tree)
    if next(islice(tree.iter(*_INLINE), INLINE, None), None) is not None:
        etree.strip_tags(tree, *_INLINE)
    if any(name in html for name in _OWN_URL):
        _only_the_asked(tree, url)
    _captions(tree)
    if next(tree.iter("td"), None) is not None:
        _layout_tables(tree)
    if next(tree.iter("br"), None) is not None:
        _broken_lines(tree)
    return _links_elsewhere(tree, url)


def _times(tree: Any) -> None:
    """Out with ``time`` elements, which say when a page was published; but those within a sentence stay."""
    from lxml import etree

    within: dict[Any, bool] = {}
    for node in tree.iter("time"):
        block = node.getparent()
        while block is not None and (block.tag in _INLINE or block.tag == "a"):
            block = block.getparent()
        if block is None or block.tag not in _SENTENCES:
            continue
        if block not in within:
            within[block] = _says_something(block)
        if within[block]:
            node.tag = "kept"
    etree.strip_elements(tree, "time", with_tail=False)
    etree.strip_tags(tree, "kept")


def _says_something(block: Any) -> bool:
    """Whether there are words beside links and times."""
    asked, left = [block], _PIECES
    while asked:
        node = asked.pop()
        if any(map(str.isalpha, node.text or "")):
            return True
        for child in node:
            left -= 1
            if any(map(str.isalpha, child.tail or "")):
                return True
            if left < 0:
                return False
            if isinstance(child.tag, str) and child.tag not in _ASIDE:
                asked.append(child)
    return False


def bound_attributes(tree: Any) -> None:
    """Take out attributes of more than ``LONGEST`` characters (pictures inline, and attacks): patterns go over them."""
    for node in tree.xpath(f"//*[@*[string-length(.) > {LONGEST}]]"):
        for name, value in node.items():
            if len(value) > LONGEST and node.tag != "meta":
                del node.attrib[name]


def _only_the_asked(tree: Any, url: str) -> None:
    """Of several articles in one page, each of which says its URL, the one that was asked for stays."""
    path = urlsplit(url).path.rstrip("/") if url else ""
    if not path:
        return
    said = tree.xpath("//*[@data-url or @data-href or @data-permalink or @data-article-url or @itemid][.//p]")
    if len(said) < 2:
        return
    own = [node for node in said if any(_path(node.get(name)) == path for name in _OWN_URL)]
    if len(own) != 1:
        return
    within = {*own[0].iterancestors(), *own[0].iterdescendants(), own[0]}
    for node in said:
        if node not in within and node.getparent() is not None:
            node.drop_tree()


def _path(link: str | None) -> str | None:
    try:
        return urlsplit(link).path.rstrip("/") if link else None
    except ValueError:
        return None


def _captions(tree: Any) -> None:
    """A gallery's captions are its text: where they hold more than the paragraphs, they become paragraphs."""
    captions = list(tree.iter("figcaption"))
    if len(captions) < 2:
        return
    told = sum(len(c.text_content()) for c in captions)
    if told <= sum(len(text) for text in tree.xpath("//p[not(ancestor::figure)]//text()")):
        return
    for caption in captions:
        caption.tag = "div" if len(caption) and caption.find("p") is not None else "p"
        figure = next(caption.iterancestors("figure"), None)
        if figure is not None:
            figure.tag = "div"
            figure.attrib.clear()
            slide = figure.getparent()
            if slide is not None and slide.tag == "li":
                slide.tag = "div"
                slide.attrib.clear()


def _layout_tables(tree: Any) -> None:
    """Tables that lay out a page become what they are: blocks. A table of figures stays."""
    for cell in tree.xpath("//td[h1 or h2 or p or div or table or br]"):
        if not _long(cell):
            continue
        for node in (cell, *cell.iterancestors()):
            if node.tag not in ("td", "tr", "tbody", "table"):
                break
            node.tag = "div"
            if node is not cell:
                for other in node:
                    if other.tag in ("td", "tr", "tbody"):
                        other.tag = "div"


def _broken_lines(tree: Any) -> None:
    """Blocks whose paragraphs two line ends part."""
    parted = {}
    for end in tree.iter("br"):
        after = end.getnext()
        if after is not None and after.tag == "br" and not (end.tail or "").strip():
            parted[end.getparent()] = True
    for node in parted:
        if node.tag == "div" and node.find("p") is None and node.find("div") is None:
            _broken(node)


def _long(cell: Any) -> bool:
    size = 0
    for text in cell.itertext():
        size += len(text.strip())
        if size > _PARAGRAPH:
            return True
    return False


def _broken(node: Any) -> None:
    """Paragraphs that two line ends part become elements; lists, tables and other blocks stay where they are."""
    parts: list[list[Any]] = [[]]  # texts and elements
    ends = 0
    if node.text:
        parts[-1].append(node.text)
    for child in list(node):
        tail = child.tail
        if child.tag == "br":
            ends += 1
            if ends == 2:
                parts.append([])
        elif child.tag in _BLOCKS:
            ends, child.tail = 0, None
            parts += [[child], []]
        else:
            ends = 0
            child.tail = None
            parts[-1].append(child)
        if tail and tail.strip():
            parts[-1].append(tail if ends != 1 or not parts[-1] else f" {tail}")
            ends = 0
    for child in list(node):
        node.remove(child)
    node.text = None
    for part in parts:
        if part:
            node.append(_paragraph(part))


def _paragraph(part: list[Any]) -> Any:
    """Texts and elements as one element: a block is one already."""
    from lxml import etree

    if not isinstance(part[0], str) and part[0].tag in _BLOCKS:
        return part[0]
    made, last = etree.Element("p"), None
    for piece in part:
        if not isinstance(piece, str):
            made.append(piece)
            last = piece
        elif last is not None:
            last.tail = (last.tail or "") + piece
        else:
            made.text = (made.text or "") + piece
    return made


def _links_elsewhere(tree: Any, url: str) -> Elsewhere:
    """Take out blocks that are nothing but a headline that links to another page."""
    blocks: dict[Any, int] = {}
    for anchor in tree.iter("a"):
        href = anchor.get("href") or ""
        if not href or href.startswith("#"):
            continue
        block = anchor.getparent()
        while block is not None and block.tag in _INLINE:
            block = block.getparent()
        if block is not None and block.tag in _LINKED:
            blocks[block] = blocks.get(block, 0) + len(_words(anchor))
    path = urlsplit(url).path if url else ""
    dropped, teased = [], 0
    for block, linked in blocks.items():
        if linked < _HEADLINE or block.getparent() is None or _holds_more(block, linked):
            continue
        text = block.text_content().strip()
        hrefs = [_path(a.get("href")) for a in block.iter("a")]
        if text.endswith((".", "…", "»", "”")) or (path and path.rstrip("/") in hrefs):
            continue
        dropped.append(text)
        teased += _has_a_summary(block)
        block.drop_tree()
    return Elsewhere(dropped, teased)


def _has_a_summary(block: Any) -> bool:
    """Whether a block and one that says something are all that stands in the element around them."""
    around = block.getparent()
    for _ in range(3):
        if around is None or len(around) > 1:
            break
        block, around = around, around.getparent()
    if around is None or len(around) > _CARD:
        return False
    others = [node for node in around if node is not block and node.tag in ("p", "div")]
    return len(others) == 1 and _holds_more(others[0], _HEADLINE)


def _words(node: Any) -> list[str]:
    return " ".join(node.itertext()).split()


def _holds_more(block: Any, linked: int) -> bool:
    """Whether there are words beside those of the links; those of a long block are not counted to the end."""
    count = 0
    for text in block.itertext():
        count += len(text.split())
        if count > linked:
            return True
    return False
