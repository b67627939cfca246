"""Items into entries: what they are called, what is kept of them, and how they were made safe."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urljoin, urlsplit

import msgspec

from schemas.records import Entry, Feed, Reject
from transforms import identity
from transforms.asjson import to_json
from transforms.dates import credible
from transforms.formats.clean import clean, cut
from transforms.formats.document import MAX_AUTHOR, MAX_TITLE, MAX_URL, MAX_WORDS, Item
from transforms.formats.site import own_sites, site_of
from transforms.redirectors import resolved

MAX_GUID = 1_000  # characters that are kept; an entry's identity is of all of them
_LETTERS = re.compile(r"[a-z]{2}(?![a-z])")
_SECRET = re.compile(r"//[^/?#\s]{0,2000}@")
_WEB = ("http://", "https://")


def make_entries(
    items: Sequence[Item], base: str, feed: Feed, language: str | None, at: float
) -> tuple[list[Entry], list[Reject]]:
    """The entries of one response, which came from ``base`` at time ``at``, and a reject for each item that is none."""
    links = [_link(item, base) for item in items]
    own = own_sites(feed.url, (link for link, _ in links if link))
    links = [
        (None, "a link to a front page") if link and (item.summary or item.content) and _is_front(link) else (link, no)
        for item, (link, no) in zip(items, links, strict=True)
    ]
    shared = _shared_guids(item for item, (link, _) in zip(items, links, strict=True) if link is None)
    entries, rejects = [], []
    for item, (link, refused) in zip(items, links, strict=True):
        entry = _entry(item, link, refused, feed, language, at, item.guid in shared)
        if isinstance(entry, str):
            rejects.append(_reject(item, entry, refused, feed, at))
        else:
            foreign = link is not None and site_of(link) not in own
            entries.append(msgspec.structs.replace(entry, foreign=True) if foreign else entry)
    return entries, rejects


def same_as_before(entries: Sequence[Entry], seen: Mapping[str, str]) -> list[Entry]:
    """``entries`` with the ids by which they are known.

    ``seen`` holds what the feed's last response did: ids and fingerprints. Entries that share a link are told apart
    by their GUIDs. An entry that no link tells, whose id is not among them, but whose words are, under an id that the
    feed has given up, is that entry: some feeds give new GUIDs with each answer. Where a link tells, it is the link
    that counts, whatever the GUID does.
    """
    entries = _told_apart(entries, seen)
    if all(entry.canonical_url or entry.article_id in seen for entry in entries):
        return entries
    here = {entry.article_id for entry in entries}
    left = {fingerprint: name for name, fingerprint in seen.items() if name not in here}
    found = []
    for entry in entries:
        if entry.canonical_url is None and entry.article_id not in seen and entry.fingerprint in left:
            entry = msgspec.structs.replace(entry, article_id=left.pop(entry.fingerprint))
        found.append(entry)
    return found


def _told_apart(entries: Sequence[Entry], seen: Mapping[str, str]) -> list[Entry]:
    """``entries`` with ids of their own where several of other GUIDs and other titles share a link: live blogs and
    pages of notices, whose posts are fragments. One that stood beside others in the last response keeps its id when it
    stands alone, and so does, beside others, one that stood alone. Not another site's articles: there it is the page
    that tells, however many entries lead to it.
    """
    sharing: dict[str, dict[str, str]] = {}  # id by the link: title: the least of its GUIDs
    for entry in entries:
        if entry.canonical_url and not entry.foreign:
            marks = sharing.setdefault(entry.article_id, {})
            title = _heading(entry.title or entry.summary or entry.content)
            marks[title] = min(_mark(entry), marks.get(title) or _mark(entry))
    found = []
    for entry in entries:
        if entry.canonical_url and not entry.foreign:
            marks = sharing[entry.article_id]
            beside = len(set(marks.values())) > 1
            mark = marks[_heading(entry.title or entry.summary or entry.content)]
            name = identity.article_id(None, entry.feed_url, mark) if beside or seen else None
            alone = beside and seen.get(entry.article_id) == entry.fingerprint
            if name and (name in seen or (beside and not alone)):
                entry = msgspec.structs.replace(entry, article_id=name, canonical_url=None)
        found.append(entry)
    return found


def _mark(entry: Entry) -> str:
    return entry.guid or entry.url or ""


def _heading(words: str) -> str:
    return identity.normal(words[:MAX_TITLE])


def _entry(
    item: Item, link: str | None, refused: str, feed: Feed, language: str | None, at: float, shared: bool
) -> Entry | str:
    reduced = set(item.reduced)
    title = _kept(item.title, MAX_TITLE, "title_cut", reduced)
    summary = _kept(item.summary, MAX_WORDS, "summary_cut", reduced)
    content = _kept(item.content, MAX_WORDS, "content_cut", reduced)
    author = _kept(item.author, MAX_AUTHOR, "author_cut", reduced)
    guid, guid_kept = clean(item.guid.strip())[0], None
    if guid:
        guid_kept = guid[:MAX_GUID] if not _SECRET.search(guid) else None
    if content == summary:
        summary = ""
    if link is None and refused and not (summary or content):
        return "bad_link"
    canonical = identity.canonical_url(link) if link else None
    # Without a link there is no page that a moved `updated` could say anything of: the words alone count.
    updated = item.updated if canonical else None
    by_words = shared or not guid
    name = identity.article_id(canonical, feed.url, None if by_words else guid)
    if name is None and by_words and (summary or content):
        name = identity.digest("words", feed.url, identity.normal(title), identity.normal(summary or content))
    if name is None:
        return "no_identity"
    if refused and canonical is None:
        reduced.add("link_dropped")
    published = item.published if item.published is not None else (item.updated if item.title else None)
    return Entry(
        article_id=name,
        url=link if canonical else None,
        canonical_url=canonical,
        guid=guid_kept,
        feed_url=feed.url,
        outlet=feed.outlet,
        outlet_country=feed.country,
        dedicated=feed.dedicated,
        title=title,
        summary=summary,
        content=content,
        author=author or None,
        language=two_letters(item.language) or language,
        published=credible(published, at),
        updated=credible(item.updated, at),
        fingerprint=identity.digest("entry", title, summary, content, repr(updated)),
        seen_at=at,
        reduced=sorted(reduced),
    )


def _kept(text: str, most: int, name: str, reduced: set[str]) -> str:
    text, kinds = clean(text)
    reduced |= kinds
    if len(text) > most:
        reduced.add(name)
        return cut(text, most)
    return text


def _link(item: Item, base: str) -> tuple[str | None, str]:
    """An item's link made absolute, or None and why not; the GUID's where it is one and there is no other."""
    told = item.link.strip()
    guid = item.guid.strip()
    if not told and item.permalink and guid.lower().startswith(_WEB):
        told = guid
    if not told:
        return None, ""
    link, refused = _usable(told, base)
    if (link is None or _is_front(link)) and item.permalink and guid.lower().startswith(_WEB):
        link = _usable(guid, base)[0] or link
    return link, "" if link else refused


def _is_front(link: str) -> bool:
    return urlsplit(link).path.count("/") < 4 and identity.is_front(identity.canonical_url(link) or "")


def _usable(told: str, base: str) -> tuple[str | None, str]:
    if len(told) > MAX_URL:
        return None, f"a link of {len(told)} characters"
    try:
        link = resolved(urljoin(base, clean(told)[0]))  # a redirector's own page is nobody's article
        netloc = urlsplit(link).netloc
    except ValueError:
        return None, "a link that is no address"
    if "@" in netloc or _SECRET.search(link.partition("?")[0]):
        return None, "a link with a user name or password in it"
    if not link.lower().startswith(_WEB) or identity.canonical_url(link) is None:
        return None, "a link that is not http or https"
    return link, ""


def _shared_guids(items: Iterable[Item]) -> set[str]:
    """GUIDs that more than one of ``items``, which no link tells, has with other words: they name none of them."""
    titles: dict[str, str] = {}
    shared = set()
    for item in items:
        if item.guid:
            told = _heading(item.title or item.summary or item.content)
            if titles.setdefault(item.guid, told) != told:
                shared.add(item.guid)
    return shared


def _reject(item: Item, reason: str, refused: str, feed: Feed, at: float) -> Reject:
    told = {"title": clean(item.title)[0][:500], "summary": clean(item.summary)[0][:2000]}
    return Reject(stage="parse", reason=reason, at=at, input=to_json(told), error=refused or None, feed_url=feed.url)


def two_letters(tag: object) -> str | None:
    """``en`` of ``en-GB``; None where there is no language tag."""
    found = _LETTERS.match(str(tag or "")[:50].strip().lower())
    return found[0] if found else None
