"""Feeds and pages that claim another outlet's articles: the page's own site and title are what is stored.

Two real sites, the outlet at ``localhost`` and the impostor at ``127.0.0.1``; whoever is polled first.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.harness import Launcher, rows
from tests.tiny_site import STORY, Site, serving

CLAIMS = {
    "canonical": "<link rel='canonical' href='{}'>",
    "og_url": "<meta property='og:url' content='{}'>",
    "json_ld": "<script type='application/ld+json'>{}</script>",
}
ATTACKS = [*CLAIMS, "guid", "false_title", "moved_feed", "moved_page"]


def title(attack: str) -> str:
    return f"Shelling closes the Idlib road at {attack}"


def false(attack: str) -> str:
    return f"Idlib road at {attack} was never closed"


def text(attack: str, shells: str) -> str:
    return STORY.replace("eleven", shells).replace("Saraqib", f"Saraqib and {attack}")


class Scene:
    """For each attack a feed of each site, with one entry."""

    def __init__(self, outlet: Site, impostor: Site) -> None:
        self.outlet, self.impostor, now = outlet, impostor, time.time()
        for name in ATTACKS:
            outlet.story(f"/2026/{name}", title(name), text(name, "eleven"))
            outlet.feeds[f"/{name}.xml"] = [outlet.entry(f"/2026/{name}", now - 3600, title(name))]
            impostor.story(f"/copy/{name}", false(name), text(name, "thirty"))
            impostor.feeds[f"/{name}.xml"] = [impostor.entry(f"/copy/{name}", now - 7200, false(name))]
        for name, head in CLAIMS.items():
            data = json.dumps({"@type": "NewsArticle", "url": self.true(name), "mainEntityOfPage": self.true(name)})
            head = head.format(data if name == "json_ld" else self.true(name))
            page = impostor.pages[f"/copy/{name}"]
            impostor.pages[f"/copy/{name}"] = page.replace("</head>", f"{head}</head>")
        impostor.feeds["/guid.xml"][0]["guid"] = self.true("guid")
        impostor.feeds["/false_title.xml"][0]["link"] = self.true("false_title")
        impostor.moved["/moved_feed.xml"] = f"{outlet.base}/moved_feed.xml"
        impostor.moved["/copy/moved_page"] = self.true("moved_page")

    def true(self, attack: str) -> str:
        return f"{self.outlet.base}/2026/{attack}"

    def copy(self, attack: str) -> str:
        return f"{self.impostor.base}/copy/{attack}"


@pytest.fixture(scope="module", params=["the outlet first", "the impostor first"])
def scene(
    request: pytest.FixtureRequest, launcher: Launcher, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Scene, list[dict[str, Any]]]]:
    """One run over the one, one over the other, and one over both; the articles of all."""
    folder = tmp_path_factory.mktemp("identity")
    with serving(Site(host="localhost")) as outlet, serving(Site()) as impostor:
        made = Scene(outlet, impostor)
        feeds = [[f"{site.base}/{name}.xml" for name in ATTACKS] for site in (outlet, impostor)]
        if "impostor" in request.param:
            feeds.reverse()
        for n, listed in enumerate([*feeds, feeds[0] + feeds[1]]):
            (folder / "feeds.txt").write_text("\n".join(listed))
            argv = ["--feeds", str(folder / "feeds.txt"), "--output", str(folder / "out"), "--annotators", "1"]
            argv += ["--allow_private", "127.0.0.1", "--allow_private", "localhost", "--page_delay", "0", "--force"]
            run = launcher.start(["collect", *argv], folder / f"log{n}")
            assert run.wait() == 0, run.said
        yield made, rows(folder / "out", "articles")


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_outlets_article_is_stored_once_as_its_own_page_tells_it(
    attack: str, scene: tuple[Scene, list[dict[str, Any]]]
) -> None:
    made, articles = scene
    (row,) = [row for row in articles if row["canonical_url"] == made.true(attack)]
    assert row["title"] == title(attack)
    assert "eleven" in row["text"] and "thirty" not in row["text"]


@pytest.mark.parametrize("attack", [*CLAIMS, "guid"])
def test_the_impostors_page_is_an_article_of_the_impostor(
    attack: str, scene: tuple[Scene, list[dict[str, Any]]]
) -> None:
    made, articles = scene
    (row,) = [row for row in articles if row["title"] == false(attack)]
    assert row["url"] == row["canonical_url"] == made.copy(attack)
    assert "thirty" in row["text"]


def test_there_is_no_article_besides(scene: tuple[Scene, list[dict[str, Any]]]) -> None:
    assert len(scene[1]) == len(ATTACKS) + len(CLAIMS) + len(["guid"])
