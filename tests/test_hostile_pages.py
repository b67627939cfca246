"""Pages made to exhaust us: each ends in time as an article safely reduced, or in a reason; and so does all that follows."""

from __future__ import annotations

import time
import tracemalloc

import pytest

from schemas import reasons
from schemas.records import Article, Page
from tests.hostile.pages import KINDS, PAGES, HostilePage
from tests.samples import NOON, an_entry
from transforms.batch import batch_file
from transforms.coders import encode
from transforms.extract import Extracted, to_article
from transforms.pagetext import MAX_ATTRIBUTES, MAX_TEXT, MAX_TITLE, too_large

SECONDS = 10.0  # of processor time: three times what the slowest takes on a machine at rest
MEMORY = 160 << 20  # bytes that Python takes for a page


def read(name: str) -> Extracted:
    made: HostilePage = PAGES[name]
    charset = made.content_type.partition("charset=")[2] or None
    data = made.body()
    page = Page(entry=an_entry(), url="http://a.example/1", html=data, charset=charset, attempts=1, collected_at=NOON)
    return to_article(page)


@pytest.mark.parametrize("name", PAGES)
def test_it_ends(name: str) -> None:
    start = time.process_time()
    found = read(name)
    assert time.process_time() - start < SECONDS
    made = PAGES[name]
    assert (found.reason or "kept") in made.ends
    if found.article is None:
        assert found.reason in reasons.REJECTS
    else:
        sound(found.article)
        assert made.reduced <= set(found.article.reduced)


def sound(article: Article) -> None:
    """It can be written, and nothing in it is longer than it may be."""
    assert len(article.text) <= MAX_TEXT and len(article.title) <= MAX_TITLE and len(article.author or "") <= 300
    assert set(article.reduced) <= set(reasons.REDUCED)
    assert not any(c < " " and c != "\n" for c in article.text + article.title)
    (article.text + article.title + (article.author or "")).encode()
    encode(article)
    assert batch_file("articles", [article], {}, "b")[1] == 1


@pytest.mark.parametrize(
    "name", ["one line of megabytes", "linked data without a page", "pictures in text", "sixty thousand tags"]
)
def test_memory(name: str) -> None:
    data = PAGES[name].body()
    tracemalloc.start()
    try:
        to_article(
            Page(entry=an_entry(), url="http://a.example/1", html=data, charset="utf-8", attempts=1, collected_at=NOON)
        )
        assert tracemalloc.get_traced_memory()[1] < MEMORY
    finally:
        tracemalloc.stop()


def test_nothing_is_read_from_elsewhere() -> None:
    for name in ("an external entity", "entities"):
        article = read(name).article
        assert article is not None and "root:" not in article.text and "lollol" not in article.text


MANY = MAX_ATTRIBUTES + 10


@pytest.mark.parametrize(
    "tag",
    [
        "<p " + "a " * MANY, "<p" + "/a" * MANY, "<p " + " ".join(f"a{n}=1" for n in range(MANY)), "<p " + 'a=">" ' * MANY,
        "<p " + 'a=">"' * MANY, "<p a = '<b>' " + "a " * MANY, 'it"s <p ' + "a " * MANY, "<script>x = \"</script><p " + "a " * MANY,
    ],
    ids=["bare", "slashes", "valued", "ends in values", "no blanks", "a tag in a value", "after a mark", "after a script's mark"],
)  # fmt: skip
def test_tags_with_too_many_attributes_are_not_read(tag: str) -> None:
    padding = "<p class='it&apos;s'>Rain fell.</p>" * 2_000
    assert too_large(f"{padding}{tag}>words") is not None
    assert too_large(padding + f'<img src="data:{"a" * 50_000}"><p title="a > b">words') is None


def test_each_is_served() -> None:
    assert {kind.name.removeprefix("page: ") for kind in KINDS} == set(PAGES)


@pytest.mark.parametrize("name", ["a title of a megabyte", "surrogates", "nulls", "control characters"])
def test_a_title_of_the_page_is_safe(name: str) -> None:
    made = PAGES[name]
    page = Page(
        entry=an_entry(title=""),
        url="http://a.example/1",
        html=made.body(),
        charset="utf-8",
        attempts=1,
        collected_at=NOON,
    )
    article = to_article(page).article
    assert article is not None and article.title
    sound(article)


@pytest.mark.parametrize("name", ["linked data without a page", "rows", "right to left", "links"])
def test_what_follows_takes_time_as_for_any_text(name: str) -> None:
    """The longest of what passes, through verdict, parse and rules: in proportion to its length."""
    from transforms.annotate import Annotated
    from transforms.branches import entities_of, figures_of, quotes_of
    from transforms.gazetteer import gazetteer_for
    from transforms.parsing import parse_texts
    from transforms.relevance import judge
    from transforms.topic import load_topic

    topic, article = load_topic("syria"), read(name).article
    assert article is not None
    judge("", "Idlib waited.", "en", topic, gazetteer_for(topic))
    parse_texts(["Idlib waited."], "en")  # what is made once
    start = time.process_time()
    judge(article.title, article.text, "en", topic, gazetteer_for(topic))
    annotated = Annotated(article, parse_texts([article.text], "en")[0])
    for branch in (entities_of, quotes_of, figures_of):
        branch(annotated, topic)
    assert time.process_time() - start < 1 + 0.0006 * len(article.text)  # seconds; prose takes a quarter of it
