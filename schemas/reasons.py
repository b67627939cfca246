"""The closed lists: every stage, and every reason for which a record leaves the way or a poll ends.

``docs/tables.md`` documents each; a test holds the two together.
"""

from __future__ import annotations

from typing import Final

STAGES: Final[dict[str, str]] = {
    "poll": "asking a feed for what is new",
    "parse": "turning a feed's bytes into entries",
    "seen": "leaving out what is known already",
    "screen": "judging an entry by title and summary",
    "fetch": "asking for an entry's page",
    "extract": "taking the text out of a page",
    "judge": "judging relevance on the full text",
    "commit": "writing the tables",
}

OF_ONE_FEED: Final = ("parse", "screen")
"""Stages that know one feed's telling of an article: another feed may tell more."""

POLL: Final[dict[str, str]] = {
    "ok": "answered with a feed",
    "not_modified": "answered 304: nothing has changed",
    "unchanged": "answered with the same bytes as last time",
    "truncated": "broke off, or holds more than --max_entries (the newest were used) or too many tags",
    "gone": "410: the feed was withdrawn; it is not polled again, unless with --force",
    "not_a_feed": "the answer holds no feed",
    "unasked_304": "answered 304 to a request without validators, which tells nothing",
    "bad_url": "the line of the feed list cannot be polled",
}

ANSWERED: Final = ("ok", "not_modified", "unchanged", "truncated")
"""Of these, how a poll ends that the feed answered as it should."""

TRANSPORT: Final[dict[str, str]] = {
    "timeout": "no complete answer within the time allowed",
    "dns_error": "the host name does not resolve",
    "connection_error": "the connection could not be made, or broke",
    "tls_error": "the certificate or the handshake is not in order",
    "private_address": "the address is private or loopback, and not opened with --allow_private",
    "bad_response": "the answer is not HTTP as it should be",
    "bad_encoding": "the body is not compressed as its server says, breaks off, or comes in more than two layers",
    "too_large": "the body is larger than the limit, or has more tags than a page can have",
    "too_many_redirects": "more redirects than the limit",
    "bad_redirect": "a redirect without a target, or to what is not http or https",
    "host_unresponsive": "the host let several requests in a row run into the time limit; the rest waits",
    "host_busy": "the host asked for a pause (429 or Retry-After); it was not asked meanwhile",
    "http_4xx": "refused: a status from 400 to 499",
    "http_5xx": "the server failed: a status from 500 to 599",
    "http_other": "a status that is no answer to the request",
}

REJECTS: Final[dict[str, str]] = {
    "too_old": "published longer ago than --max_age",
    "no_identity": "an entry with neither a link nor a GUID nor a text",
    "bad_link": "an entry without words of its own whose link is no http(s) address, too long, or has a password in it",
    "no_content": "an entry without a link whose feed carries no text",
    "screened_out": "title and summary do not speak of the topic",
    "waiting": "the page did not get its turn in this tick; it is owed",
    **TRANSPORT,
    "robots_disallowed": "the site's robots.txt asks us to leave the page alone",
    "robots_unreachable": "the site's robots.txt could not be read, and may forbid the page; it is owed",
    "gave_up": "the page failed in passing for 48 hours, or waited for a week; it is not tried again",
    "not_html": "the page is not HTML",
    "no_text": "no article text was found in the page",
    "wall": "the page shows a paywall, a consent question, a login or a robot check, and the feed has too little",
    "not_article": "the page is an error page, or a list of articles",
    "irrelevant": "the full text is not about the topic",
    "passing_mention": "the topic is only mentioned",
    "unchanged_revision": "the page was fetched again and its text is the same, or differs in what is not the article",
    "lesser_revision": "the page is refused or walled by now; the whole text that it had is in the tables, and stays",
    "max_revisions": "the article has changed as often as --max_revisions allows; told once",
}

COUNTED_ONLY: Final[dict[str, str]] = {
    "unchanged_entry": "the feed's last response held the entry in the same form",
    "seen": "the article is in the tables, owed or rejected already",
    "duplicate": "another feed brought the same article in the same tick",
    "stopped": "the feed was withdrawn (410) or its line cannot be polled, as an earlier run found",
    "not_reached": "the feed was due, and --poll_budget was over; the next run asks it first",
    "already_committed": "the commit found the revision in the tables (a retry, or another way to the same page)",
}
"""Reasons that have a counter and no row: they would repeat at every poll."""

REDUCED: Final[dict[str, str]] = {
    "title_cut": "the title was longer than 1,000 characters; its beginning was kept",
    "text_cut": "the text was longer than 100,000 characters; it ends with the last whole paragraph before",
    "control_characters": "control characters, or halves of surrogate pairs, were taken out",
    "runs_cut": "runs of hundreds of characters without a blank, or of marks without a letter, were cut",
    "bytes_replaced": "bytes that are no text in the document's charset were replaced",
    "summary_cut": "the feed's summary was longer than 100,000 characters; its beginning was kept",
    "content_cut": "the feed's content was longer than 100,000 characters; its beginning was kept",
    "author_cut": "the byline was longer than 500 characters; its beginning was kept",
    "link_dropped": "the feed's link was of no use (a front page, a password, too long); its words were kept",
    "charset_guessed": "the document is not in the charset that it declares; it was read in the one that it looks like",
}
"""How an entry or an article was made safe."""

PACE: Final[dict[str, str]] = {
    "interval": "--poll_interval: its news come at least as often",
    "news": "how often it has brought something new",
    "ttl": "its document asks for it: ttl, sy:updatePeriod",
    "cache_control": "its answer may be kept so long: Cache-Control's max-age",
    "expires": "its answer may be kept so long: Expires",
    "retry_after": "its server asks for it: Retry-After",
    "skip": "its document asks to be left alone until then: skipHours, skipDays",
    "failures": "it fails: the more often in a row, the longer the pause",
    "gone": "it was withdrawn (410), or its line cannot be polled: never",
}
"""What sets the time of a feed's next poll."""
