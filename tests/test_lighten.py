"""Pages in shapes that cost them order or words before their text was taken."""

from __future__ import annotations

import pytest

from transforms.pagetext import read_page

FIRST = "The bakers of Binnish lit their ovens again on Tuesday, after nine days in which no lorry with flour had come to the town."
SECOND = "Four of them said that the council had promised fuel until the spring, and that they had heard such promises before."
THIRD = (
    "In the queue before the oldest of the ovens, people counted what they had and what a bag of bread would cost them."
)


def text_of(body: str) -> list[str]:
    html = f"<html lang='en'><head><meta charset='utf-8'><title>x</title></head><body>{body}</body></html>".encode()
    return read_page(html, "utf-8", "http://quay.example/2026/ovens").text.split("\n\n")


@pytest.mark.parametrize(
    ("block", "lines"),
    [
        ("<ul><li>Two ovens in Binnish</li><li>One in Sarmin</li></ul>", ["- Two ovens in Binnish", "- One in Sarmin"]),
        ("<ol><li>Deux fours à Binnish</li><li>Un à Sarmin</li></ol>", ["- Deux fours à Binnish", "- Un à Sarmin"]),
        ("<table><tr><td>Binnish</td><td>2</td></tr><tr><td>Sarmin</td><td>1</td></tr></table>", ["| Binnish | 2 |", "| Sarmin | 1 |"]),
        ("<blockquote>We baked at night.</blockquote>", ["We baked at night."]),
        ("<h3>أفران أخرى</h3>", ["أفران أخرى"]),
        ("<h2>Öbür fırınlar</h2>", ["Öbür fırınlar"]),
    ],
)  # fmt: skip
def test_blocks_among_broken_lines_stay_at_their_place(block: str, lines: list[str]) -> None:
    found = text_of(f"<div class='post'>{FIRST}<br><br>{SECOND}<br><br>{block}{THIRD}<br><br>He left.</div>")
    assert [line for line in found if not line.startswith("|--")] == [FIRST, SECOND, *lines, THIRD, "He left."]


def test_a_list_right_behind_a_line() -> None:
    found = text_of(
        f"<div class='post'>{FIRST}<br><br>{SECOND}<br>They are:<ul><li>Two in Binnish</li><li>One in Sarmin</li></ul><br><br>{THIRD}</div>"
    )
    assert found == [FIRST, f"{SECOND} They are:", "- Two in Binnish", "- One in Sarmin", THIRD]


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("The truce of <time>15 March</time> ended on <time datetime='2026-11-22'>Sunday</time> at noon.", "The truce of 15 March ended on Sunday at noon."),
        ("La trêve du <time>15 mars</time> a pris fin.", "La trêve du 15 mars a pris fin."),
        ("انتهت هدنة <time>15 آذار</time> ظهر الأحد.", "انتهت هدنة 15 آذار ظهر الأحد."),
        ("<b><time>15 Mart</time></b> ateşkesi bitti.", "15 Mart ateşkesi bitti."),
    ],
)  # fmt: skip
def test_a_date_within_a_sentence_is_a_part_of_it(sentence: str, text: str) -> None:
    assert text_of(f"<article><p>{FIRST}</p><p>{sentence}</p><p>{SECOND}</p></article>") == [FIRST, text, SECOND]


def test_a_date_beside_the_headline_or_a_link_is_none_of_the_text() -> None:
    more = "".join(
        f"<li><a href='/{n}'><i></i>Lorries wait on the road to Binnish {n}</a> <time>{n} hours</time></li>"
        for n in (2, 3)
    )
    body = f"<article><h1>Ovens</h1><div><time>23 November</time></div><p>{FIRST}</p><p>{SECOND}</p><ul>{more}</ul></article>"
    assert text_of(body) == [FIRST, SECOND]
