"""The tables: one Arrow schema each, with the meaning, unit and null of every column.

``docs/tables.md`` is held to these by a test. Timestamps are UTC microseconds. Tables are partitioned
Hive-style by ``date``: the day of publication (UTC), or for ``rejects`` and ``polls`` the day they happened.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pyarrow as pa

SCHEMA_VERSION: Final = "1"
TIME: Final = pa.timestamp("us", tz="UTC")
ARTICLES, ENTITIES, QUOTES, REJECTS, POLLS = "articles", "entities", "quotes", "rejects", "polls"


@dataclass(frozen=True)
class Column:
    """One column: its Arrow type, what it means, and when it is null (empty: never)."""

    name: str
    type: pa.DataType
    meaning: str
    null_when: str = ""


_MATCH = pa.struct([("term", pa.string()), ("kind", pa.string()), ("count", pa.int32())])
_MENTION = pa.struct([("start", pa.int32()), ("end", pa.int32()), ("text", pa.string())])

_FIGURE = pa.struct([
    ("kind", pa.string()), ("low", pa.int64()), ("high", pa.int64()), ("unit", pa.string()), ("part", pa.bool_()),
    ("qualifier", pa.string()), ("what", pa.string()), ("place", pa.string()), ("place_entity_id", pa.string()),
    ("text", pa.string()), ("start", pa.int32()), ("end", pa.int32()),
])  # fmt: skip

_FIGURES = (
    "counts of people (English): kind (killed, wounded, displaced, missing, detained); low and high, what the words "
    "allow, one of them null where they set one bound; unit (people, families); part: of the people of another figure; "
    "qualifier and what (who they are), as printed or null; place and its entity_id, where the sentence puts it there; "
    "text, start, end"
)

_KINDS = (
    "direct (in quotation marks), mixed (partly), or indirect: reported without marks, be it a clause "
    '("said that …") or what somebody announces, rejects, fears or calls something'
)

_OWN = "the state or body that the role, or an unnamed speaker's description, names: a French envoy's France (English)"
_IDS = "stable over articles: topic:…, geonames:… or name:… (by label and name, which namesakes share)"
_CONFIDENCE = "how often quotations found by the same rules are right, words and speaker, 0 to 1 (docs/quality.md)"

_ARTICLE_COLUMNS = [
    Column(
        "article_id",
        pa.string(),
        "the article: hash of its canonical URL, or of feed and GUID; 16 hex digits",
    ),
    Column("revision_id", pa.string(), "the revision: hash of normalised title and text; 16 hex digits"),
    Column("outlet", pa.string(), "name of the outlet, from the feed list, else the feed's title", "neither says"),
    Column("language", pa.string(), "language of the text, ISO 639-1"),
    Column("published_at", TIME, "when the article was published, decided once and kept by its revisions"),
]

TABLES: Final[dict[str, list[Column]]] = {
    ARTICLES: [
        *_ARTICLE_COLUMNS[:2],
        Column("url", pa.string(), "where the text was fetched, after redirects", "the entry has no link"),
        Column("canonical_url", pa.string(), "the one URL, without trackers, mobile, AMP", "the entry has no link"),
        _ARTICLE_COLUMNS[2],
        Column("outlet_country", pa.string(), "the outlet's country, ISO 3166-1 alpha-2", "the feed list does not say"),
        Column("feed_url", pa.string(), "the feed that brought it first"),
        Column("title", pa.string(), "headline, as the feed gives it"),
        Column("author", pa.string(), "byline, as printed", "none was found"),
        Column("agency", pa.string(), "AFP, AP, Reuters, Anadolu, SANA, dpa or EFE", "none of them is credited"),
        *_ARTICLE_COLUMNS[3:],
        Column("published_from", pa.string(), "where published_at is from: feed, page, url (a day in it) or collected"),
        Column("collected_at", TIME, "the tick that fetched this revision"),
        Column("text", pa.string(), "full text, paragraphs parted by a blank line; offsets count code points into it"),
        Column("text_from", pa.string(), "page; feed where it carries the whole article or the page is refused"),
        Column("word_count", pa.int32(), "words in text, by white space"),
        Column("relevance", pa.float32(), "how much the article is about the topic, 0 to 1"),
        Column("level", pa.string(), "core: about the topic; part: a sizeable part of it is"),
        Column("matched", pa.list_(_MATCH), "terms, places, people and groups of the topic that were found"),
        Column("mentions_idlib", pa.bool_(), "the topic's focus (Idlib province, or a place in it) is named"),
        Column("entry_id", pa.string(), "article_id by the feed's link, where the page names another canonical URL"),
        Column("batch_id", pa.string(), "the batch that wrote the row; it ends the names of the batch's files"),
        Column("figures", pa.list_(_FIGURE), _FIGURES),
        Column("truncated", pa.bool_(), "the page has more than text: cut at a paragraph before 100,000 characters"),
    ],
    ENTITIES: [
        Column("entity_id", pa.string(), _IDS),
        Column("name", pa.string(), "canonical name"),
        Column("label", pa.string(), "PERSON, GROUP, STATE, BODY, NGO, MEDIA, PLACE or OTHER"),
        Column("mentions", pa.list_(_MENTION), "each mention: start, end (code points into articles.text) and text"),
        Column("count", pa.int32(), "number of mentions"),
        Column("geonames_id", pa.int64(), "GeoNames id of a place", "not a populated place of GeoNames"),
        Column("latitude", pa.float64(), "degrees north, WGS84", "not a place with coordinates"),
        Column("longitude", pa.float64(), "degrees east, WGS84", "not a place with coordinates"),
        Column("admin1", pa.string(), "governorate, in the topic's countries", "not a place there, or not known"),
        Column("country", pa.string(), "country of a place, ISO 3166-1 alpha-2", "not a place of the gazetteer"),
        *_ARTICLE_COLUMNS,
        Column("wikidata_id", pa.string(), "Wikidata item of a name of the topic: Q42", "not one, or not known"),
    ],
    QUOTES: [
        Column("quote_id", pa.string(), "hash of article, revision and offsets; 16 hex digits"),
        Column("kind", pa.string(), _KINDS),
        Column("text", pa.string(), "the words, without quotation marks"),
        Column("start", pa.int32(), "offset of the first character in articles.text"),
        Column("end", pa.int32(), "offset after the last character"),
        Column("cue", pa.string(), "the reporting verb or phrase, as printed", "none was found"),
        Column("cue_start", pa.int32(), "offset of the cue", "no cue"),
        Column("cue_end", pa.int32(), "offset after the cue", "no cue"),
        Column("speaker_text", pa.string(), "who speaks, as printed there", "no speaker was found"),
        Column("speaker_start", pa.int32(), "offset of speaker_text", "no speaker"),
        Column("speaker_end", pa.int32(), "offset after speaker_text", "no speaker"),
        Column("speaker", pa.string(), "the fullest name that the article gives", "the text does not say who it is"),
        Column("speaker_role", pa.string(), "role as the article gives it", "it gives none"),
        Column("speaker_entity_id", pa.string(), "entity_id of the speaker", "the speaker is no entity of the article"),
        Column("sentence", pa.string(), "the sentence or sentences that hold the quotation and its cue"),
        Column("speaker_affiliation", pa.string(), _OWN, "it names none"),
        Column("quote_group", pa.string(), "the same for the pieces of one utterance: the quote_id of its first"),
        Column("confidence", pa.float32(), _CONFIDENCE),
        *_ARTICLE_COLUMNS,
    ],
    REJECTS: [
        Column("reject_id", pa.string(), "hash of stage, reason, subject and tick; 16 hex digits"),
        Column("stage", pa.string(), "where it left the way: a stage of docs/tables.md"),
        Column("reason", pa.string(), "why: a reason of docs/tables.md"),
        Column("error", pa.string(), "what was said, for people, one line", "the reason says all"),
        Column("article_id", pa.string(), "the article", "an entry without identity"),
        Column("url", pa.string(), "what was asked for", "the entry has no link"),
        Column("feed_url", pa.string(), "the feed that brought it", "not known"),
        Column("input", pa.binary(), "JSON of the entry: enough to run it again"),
        Column("attempts", pa.int32(), "how often the page was asked for"),
        Column("retryable", pa.bool_(), "it is owed: it will be tried again when due"),
        Column("due", TIME, "when it will be tried again", "not retryable"),
        Column("first_at", TIME, "when it was first owed", "it never was"),
        Column("at", TIME, "the tick in which it happened"),
    ],
    POLLS: [
        Column("poll_id", pa.string(), "hash of feed and tick; 16 hex digits"),
        Column("feed_url", pa.string(), "the feed, as the feed list names it"),
        Column("outlet", pa.string(), "name of the outlet", "the feed list does not say"),
        Column("at", TIME, "the tick in which it was polled"),
        Column("status", pa.int32(), "HTTP status", "no answer came"),
        Column("reason", pa.string(), "how it ended: a reason of docs/tables.md"),
        Column("error", pa.string(), "what was said, for people, one line", "reason and status say all"),
        Column("entries", pa.int32(), "entries in the answer"),
        Column("new_entries", pa.int32(), "of these, new or changed since the last answer"),
        Column("bytes", pa.int64(), "size of the body, decompressed"),
        Column("milliseconds", pa.float64(), "time of request and answer"),
        Column("etag", pa.string(), "validator for the next poll, as sent", "the feed sends none"),
        Column("last_modified", pa.string(), "validator for the next poll, as sent", "the feed sends none"),
        Column("next_due", TIME, "not polled before this", "withdrawn (gone) or cannot be polled"),
        Column("redirect", pa.string(), "where the answer came from, if elsewhere", "no redirect"),
        Column("failures", pa.int32(), "polls in a row that failed"),
        Column("state", pa.binary(), "all that the next poll needs (msgpack, schemas.records.FeedState)"),
        Column("restated", pa.bool_(), "state holds the ids of the last full answer too"),
        Column("due_because", pa.string(), "what set next_due: a reason of docs/tables.md"),
    ],
}  # fmt: skip

SORTED_BY: Final[dict[str, list[str]]] = {
    ARTICLES: ["published_at", "article_id", "revision_id"],
    ENTITIES: ["article_id", "revision_id", "entity_id"],
    QUOTES: ["article_id", "revision_id", "start", "end", "quote_id"],
    REJECTS: ["at", "stage", "reason", "reject_id"],
    POLLS: ["at", "feed_url"],
}


def _schema(table: str) -> pa.Schema:
    fields = [pa.field(c.name, c.type, nullable=bool(c.null_when)) for c in TABLES[table]]
    return pa.schema(fields, metadata={"idlib-watch.table": table, "idlib-watch.schema_version": SCHEMA_VERSION})


SCHEMAS: Final[dict[str, pa.Schema]] = {table: _schema(table) for table in TABLES}
