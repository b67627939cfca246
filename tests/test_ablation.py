"""The rules of the ablation: each is there, and does something."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from benchmarks import ablation, stories, systems
from benchmarks.rules import RULES, Rule, without
from benchmarks.systems import annotated
from pipelines.annotate import answer
from tests.stories import load
from transforms.given import Given


@pytest.fixture(scope="module", autouse=True)
def _parsed_once() -> Iterator[None]:
    with systems.parsed_once():
        yield


def found_in(text: str) -> dict[str, Any]:
    return answer(annotated([Given("a", text, "", "en")])[0])


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.where.rpartition('.')[2]}.{rule.name}")
def test_without_the_rule_something_else_is_found_in_its_example(rule: Rule) -> None:
    assert hasattr(rule.holder(), rule.name), (
        f"{rule.where} has no {rule.name} any more: mend or strike it in benchmarks/rules.py"
    )
    whole = found_in(rule.example)
    with without(rule):
        assert found_in(rule.example) != whole
    assert found_in(rule.example) == whole


def test_each_rule_is_told_once() -> None:
    assert len(RULES) >= 20
    assert len({rule.what for rule in RULES}) == len({(rule.where, rule.name) for rule in RULES}) == len(RULES)


def test_the_table_shows_what_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    two = load()[:2]
    pronouns = [rule for rule in RULES if rule.name in ("_pronoun", "_must_close")]
    monkeypatch.setattr(stories, "load", lambda: two)
    monkeypatch.setattr(ablation, "RULES", pronouns)
    lines = ablation.show([]).splitlines()
    assert lines[-3].startswith("| (nothing: all rules) |")
    assert lines[-2].startswith("| pronouns lead to a name |") and "−" in lines[-2]
    assert lines[-1].startswith("| repeated marks") and "−" not in lines[-1]
