"""The records that cross the stages of the graph.

Every record is a frozen :class:`msgspec.Struct`. Fields are only ever added, at the end and with a
default, so that a running stream can be replaced by a newer one: old state still decodes.

Times are seconds since the Unix epoch, UTC, as floats, unless a field says otherwise. Offsets count
Unicode code points into ``Article.text``, end exclusive, so that ``text[start:end]`` is the span.
"""

from __future__ import annotations

import msgspec

NEVER = 253_402_300_799.0  # 9999-12-31: when a feed is due that is not asked again


class Record(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """Base of all records: frozen, encoded by position (so: append fields, never reorder)."""


class Feed(Record, frozen=True):
    """One line of a feed list."""

    url: str
    outlet: str | None = None
    country: str | None = None  # ISO 3166-1 alpha-2, of the outlet
    language: str | None = None  # ISO 639-1
    dedicated: bool = False  # the feed is about the topic as a whole: fetch what is too short to tell
    problem: str | None = None  # why this line cannot be polled, in words


class Entry(Record, frozen=True):
    """One entry of a feed, as the feed tells it."""

    article_id: str
    url: str | None  # the link as the feed gave it, made absolute; what is fetched
    canonical_url: str | None
    guid: str | None
    feed_url: str
    outlet: str | None
    outlet_country: str | None
    dedicated: bool
    title: str
    summary: str  # plain text
    content: str  # plain text of the entry's full content, empty if the feed carries none
    author: str | None
    language: str | None  # as declared by entry or feed, two letters
    published: float | None
    updated: float | None
    fingerprint: str  # changes when title, summary, content or `updated` change
    seen_at: float  # the tick that first brought it
    known: bool = False  # an earlier form of it was in the feed's last response: a possible revision
    reduced: list[str] = []  # how it was made safe: of ``schemas.reasons.REDUCED``
    foreign: bool = False  # its link leads to another site than the feed's: what the feed says of it is hearsay


class Page(Record, frozen=True):
    """What became of fetching one entry's page. ``html`` never crosses a shuffle."""

    entry: Entry
    url: str  # after redirects
    html: bytes | None
    charset: str | None  # from HTTP
    attempts: int
    refused: str | None = None  # the page is refused for good: why
    collected_at: float = 0.0  # the tick that fetched it
    was_owed: bool = False  # an earlier tick put it off, and said so in ``rejects``


class Match(Record, frozen=True):
    """A term or place of the topic found in a text."""

    term: str  # the canonical name in the topic
    kind: str  # term, place, person, group
    count: int


class Article(Record, frozen=True):
    """A kept article revision: one row of ``articles``, less what the commit decides."""

    article_id: str
    revision_id: str
    url: str | None
    canonical_url: str | None
    outlet: str | None
    outlet_country: str | None
    feed_url: str
    title: str
    author: str | None
    agency: str | None
    language: str
    published_at: float
    published_from: str  # feed, page, url, collected
    collected_at: float
    text: str
    text_from: str  # page, feed
    word_count: int
    relevance: float  # 0 to 1
    level: str  # core, part
    matched: list[Match]
    mentions_idlib: bool
    entry: Entry  # what brought it; its id differs where the page names another canonical URL
    attempts: int = 1  # how often the page was asked for
    was_owed: bool = False  # see ``Page``
    figures: list[Figure] = []
    truncated: bool = False  # the text went on beyond what is read
    reduced: list[str] = []  # how it was made safe: of ``schemas.reasons.REDUCED``
    story_id: str = ""  # shared by syndicated copies: the article_id of the first that was collected
    signature: bytes = b""  # of the text, for finding copies; empty where it is too short to tell
    revision: int = 1  # 1 for the first form that was stored
    changes: list[Change] = []  # against the revision before it


class Change(Record, frozen=True):
    """What a revision changed: a title, or paragraphs that follow each other."""

    part: str  # title, text
    before: str  # empty: added
    after: str  # empty: taken out


class Figure(Record, frozen=True):
    """A number of people that an article says were killed, wounded, displaced, missing or detained."""

    kind: str
    low: int | None  # what the words allow: null where they set no bound ("up to 40")
    high: int | None  # the same ("at least 12")
    unit: str  # people, families
    part: bool  # of the people of another figure
    text: str  # from the number and its qualifier to the word that tells the kind
    start: int
    end: int
    qualifier: str | None = None  # as printed: at least, nearly, dozens
    what: str | None = None  # who they are, as printed
    place: str | None = None  # name of the entity
    place_entity_id: str | None = None


class Syntax(Record, frozen=True):
    """What spaCy tells of a text, token by token. Where a language has no model, the lists after
    ``words`` are empty; French has ``names`` alone.

    ``language`` says whose labels these are: rules that read ``deps``, ``tags`` or ``lemmas`` are a language's own
    (English), and ask for it. Plain lists: half of the time that rules over a ``Doc`` take goes into making its
    ``Token`` objects.
    """

    text: str
    starts: list[int]  # characters
    words: list[str]
    lemmas: list[str] = []
    pos: list[str] = []  # Universal Dependencies' tags
    tags: list[str] = []  # Penn Treebank's
    deps: list[str] = []  # ClearNLP's labels
    heads: list[int] = []  # tokens; a root is its own
    # Tokens [first, end) of the recogniser's spans, with its labels: OntoNotes' in English, WikiNER's in French.
    names: list[tuple[int, int, str]] = []
    sentences: list[int] = []  # first tokens
    language: str = "en"  # of the model: ISO 639-1, or "xx" where it is a tokenizer alone

    @property
    def english(self) -> bool:
        """Whether there are dependencies that rules over English may read."""
        return self.language == "en" and bool(self.deps)


class Mention(Record, frozen=True):
    start: int
    end: int
    text: str


class Entity(Record, frozen=True):
    """One entity of one article with all its mentions."""

    entity_id: str  # stable over articles: topic id, geonames id, or hash of label and normal name
    name: str  # canonical
    label: str  # PERSON, GROUP, STATE, BODY, NGO, MEDIA, PLACE, OTHER
    mentions: list[Mention]
    geonames_id: int | None = None
    latitude: float | None = None  # degrees north, WGS84
    longitude: float | None = None  # degrees east
    admin1: str | None = None  # governorate or first-level division, in English
    country: str | None = None  # ISO 3166-1 alpha-2
    wikidata_id: str | None = None  # of the topic's people, groups and bodies, where it is known


class Quote(Record, frozen=True):
    """One attributed quotation. ``start`` and ``end`` exclude the quotation marks."""

    quote_id: str  # hash of article_id, revision_id, start, end
    kind: str  # direct, mixed, indirect
    text: str
    start: int
    end: int
    cue: str | None  # the reporting verb or phrase as printed
    cue_start: int | None
    cue_end: int | None
    speaker_text: str | None  # as printed
    speaker_start: int | None
    speaker_end: int | None
    speaker: str | None  # the full name the mention leads to in this article, else None
    speaker_role: str | None
    speaker_entity_id: str | None
    sentence: str  # the sentence, or sentences, that hold quotation and cue
    speaker_affiliation: str | None = None  # the state or body that the role names
    quote_group: str = ""  # the same for the pieces of one utterance: the quote_id of its first
    confidence: float = 0.0  # how often quotations found in this way are right, words and speaker, 0 to 1


class EntitySet(Record, frozen=True):
    """The entities of one article revision: what crosses the join."""

    article_id: str
    revision_id: str
    entities: list[Entity]


class QuoteSet(Record, frozen=True):
    """The quotes of one article revision: what crosses the join."""

    article_id: str
    revision_id: str
    quotes: list[Quote]


class Reject(Record, frozen=True):
    """Something that left the way, and all that is needed to run it again."""

    stage: str
    reason: str
    at: float  # the tick
    input: bytes  # JSON
    error: str | None = None
    article_id: str | None = None
    url: str | None = None
    feed_url: str | None = None
    attempts: int = 0
    retryable: bool = False
    due: float | None = None  # when it will be tried again
    first_at: float | None = None  # when it first failed


class Turn(Record, frozen=True):
    """What one host shard has to do in one tick; without entries it is the heartbeat alone."""

    tick: float
    entries: list[Entry] = []


class Owed(Record, frozen=True):
    """A page that was put off: it failed in passing, or did not get its turn."""

    entry: Entry
    attempts: int
    due: float
    first_at: float
    reason: str
    failed_at: float = 0.0  # its first failure; 0: it has only waited, or an earlier process knew


class OwedPages(Record, frozen=True):
    """State of one host shard's pages."""

    pages: dict[str, Owed] = {}  # by the entry's article_id


class SeenArticles(Record, frozen=True):
    """State of one host shard: article ids with the day (ordinal) they were last met."""

    ids: dict[str, int] = {}
    untold: list[str] = []  # of them, those that only entries brought which do not tell the article themselves


class FeedStates(Record, frozen=True):
    """State of one feed shard, by feed URL."""

    feeds: dict[str, FeedState] = {}


class FeedTurn(Record, frozen=True):
    """The feeds of one shard in one tick."""

    tick: float
    feeds: list[Feed]
    others: list[str] = []  # URLs of the list that other shards poll


class Committed(Record, frozen=True):
    """What a commit acknowledges."""

    articles: int
    entities: int
    quotes: int


class FeedState(Record, frozen=True):
    """What the next poll of a feed needs."""

    etag: str | None = None
    modified: str | None = None
    due: float = 0.0
    failures: int = 0  # in a row
    moved_to: str | None = None  # a permanent redirect under observation
    moved_since: float | None = None
    polled_at: float = 0.0
    changed_at: float = 0.0  # last answer with an entry that had not been seen before
    body_hash: str | None = None
    gone: bool = False
    seen: dict[str, str] = {}  # article_id -> fingerprint, of the last full response
    restated_at: float = 0.0  # when `seen` last stood in a row of polls
    succeeded_at: float = 0.0  # last answer with a feed, or that nothing has changed
    failing_since: float | None = None  # first failure after the last success
    pace: float = 0.0  # seconds between polls that its own news call for; 0: not known yet
    whole_at: float = 0.0  # last unconditional answer
    lied: bool = False  # its validators were shown to lie: they are not sent
    ttl: float = 0.0  # seconds that its document asks to wait (ttl, sy:updatePeriod)
    skip_hours: list[int] = []  # UTC, 0 to 23
    skip_days: list[int] = []  # UTC, 0 Monday to 6
    taken_url: str | None = None  # a permanent redirect that was taken over: asked in the place of the feed's URL
    because: str = ""  # what set `due`, of ``schemas.reasons.PACE``
    gap: float = 0.0  # seconds between two new entries, on average; 0: not known yet
    blind: int = 0  # daily unconditional answers in a row with news that 304 had hidden
    listed_at: float = 0.0  # when the feed's own URL was last asked while `taken_url` is asked in its place


class Sighting(Record, frozen=True):
    """A feed was seen to carry an article: a row of ``sightings``."""

    article_id: str
    feed_url: str
    at: float  # the tick
    outlet: str | None = None
    url: str | None = None  # the link as this feed gives it
    title: str = ""  # as this feed gives it
    published: float | None = None  # as this feed dates it


class Poll(Record, frozen=True):
    """One poll of one feed: a row of ``polls``."""

    feed_url: str
    at: float
    reason: str
    state: FeedState
    status: int | None = None  # HTTP status
    error: str | None = None
    outlet: str | None = None
    entries: int = 0
    new_entries: int = 0
    size: int = 0  # bytes of the body
    elapsed: float = 0.0  # milliseconds
    final_url: str | None = None
    restated: bool = True  # `state.seen` is given, too


class LogRow(Record, frozen=True):
    """One row for ``rejects``, ``polls`` or ``sightings``; none of them is a commit's acknowledgement."""

    reject: Reject | None = None
    poll: Poll | None = None
    sighting: Sighting | None = None


class BatchPart(Record, frozen=True):
    """One input of a commit: an Article, EntitySet or QuoteSet (by its place in the join), encoded.

    One type, so that the join needs one coder; and bytes, since a runner may hold a whole batch at once.
    """

    article_id: str
    revision_id: str
    data: bytes
