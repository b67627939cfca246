"""The rules of quotations and entities, and how each is switched off: the table of ``benchmarks/ablation.py``.

A rule is a function (or a list of words) at the place where it is used; what stands in for it does nothing. Each
has an example: a text of which something else is found without it.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from transforms.quotation import firstnames


@dataclass(frozen=True)
class Rule:
    """``where``: module, or module and class; ``name``: what is replaced there by ``by``."""

    what: str
    where: str
    name: str
    by: Any
    example: str

    def holder(self) -> Any:
        """The module, or the class in it, that holds what is replaced; AttributeError or ImportError where it is gone."""
        module, _, cls = self.where.partition(":")
        held = importlib.import_module(module)
        return getattr(held, cls) if cls else held


@contextmanager
def without(*rules: Rule) -> Iterator[None]:
    """While it lasts, the rules are not there."""
    with ExitStack() as stack:
        for rule in rules:
            stack.enter_context(patch.object(rule.holder(), rule.name, rule.by))
        yield


def _gives(value: Any) -> Callable[..., Any]:
    return lambda *_args, **_more: value


def _keeps(n: int) -> Callable[..., Any]:
    """What was given in the ``n``-th place."""
    return lambda *given, **_more: given[n]


def _nothing(*_args: Any, **_more: Any) -> list[Any]:
    return []


def _nobody(*given: Any, **_more: Any) -> Any:
    from transforms.quotation.attribution import Tied

    return Tied(given[1], None, "none", None)


_NEVER = re.compile("(?!)")


_QUOTES = "transforms.quotes"
_TIES = "transforms.quotation.attribution"
_CLAUSES = "transforms.quotation.clauses"
_CUES = "transforms.quotation.reporting"
_MARKS = "transforms.quotation.marks"
_STANCES = "transforms.quotation.stances"
_SIGNS = "transforms.quotation.signatures"
_WHO = "transforms.quotation.people"
_PEOPLE = f"{_WHO}:People"
_ENTITIES = "transforms.entities"
_SAME = "transforms.recognition.coreference"

RULES = (
    # --- which words -------------------------------------------------------------------------------------------
    Rule("clauses that a verb reports", _QUOTES, "clauses", _nothing,
         "Salma Haddar said that the road to the mill was closed."),
    Rule("what is announced, feared or rejected, without a clause", _QUOTES, "stances", _nothing,
         "Salma Haddar denounced the raid on the flour depot."),
    Rule("something under a name: called it a crime", _STANCES, "_NAMING", frozenset(),
         "Salma Haddar called the new flour tax “a theft in daylight” on Sunday."),
    Rule("who is judged, and what for: accused her of theft", _STANCES, "_JUDGING", frozenset(),
         "Salma Haddar accused the council of hiding the maps."),
    Rule("the lines of a transcript", _QUOTES, "transcript", _nothing,
         "SOLH: Are the ovens cold?\n\nHADDAR: They are cold since Friday.\n\nSOLH: And the flour?"),
    Rule("no report that keeps the writer's I or you", _QUOTES, "speaks_as_i", _gives(False),
         "Let's say you call the office on a Friday and nobody answers."),
    Rule("no words that hold their own speaker", _QUOTES, "_holds_speaker", _gives(False),
         "Several bakers of the town have cited the coming winter as a reason to open the mill."),
    Rule("titles of works are no quotations", _QUOTES, "_is_title", _gives(False),
         "“We wait,” said Salma Haddar. “The Long Road Home” was on her table, said Karim Solh."),
    Rule("a statement whose end alone is marked", _QUOTES, "_said_from", lambda *given: given[1].quoted.start,
         "Not paying for flour ''makes me smart,'' Karim J. Solh said last week."),
    Rule("marked sentences behind a colon or stop stand by themselves", _QUOTES, "_is_statement", _gives(False),
         "Salma Haddar said she wrote to the council of the town on Friday: “We have no flour and no oil.”"),
    Rule("a marked sentence before the writer's own words", _QUOTES, "_stands_alone", _gives(False),
         "Salma Haddar said, “We will bake for all of them,” meaning the league of mills."),
    Rule("what the writer hangs on behind a comma", _CLAUSES, "_without_narration", _keeps(2),
         "Salma Haddar said the soldiers had burnt the mill, adding that the depot was safe."),
    Rule("a comment of the writer: echoing, citing", _CLAUSES, "_COMMENTING", frozenset(),
         "Salma Haddar said the road to the mill was closed, echoing what the drivers had said."),
    Rule("the speaker's next act of speech behind and", _CLAUSES, "_goes_on_reporting", _gives(False),
         "Salma Haddar said the road was closed and urged drivers to wait."),
    Rule("clauses whose subject the parse made an object", _CLAUSES, "_widened", _keeps(2),
         "Solh tried on Friday to make the case that this was small, explaining the losses amounted to 1 percent of the mill’s 100,000 sacks."),
    Rule("clauses with that which the parse hung elsewhere", _CLAUSES, "_unattached", _nothing,
         "The army’s general command announced in a statement that it would respect the “pause in combat operations”."),
    Rule("words before “, she said”", _CLAUSES, "_before", _nothing,
         "The road to the mill was closed on Friday, Salma Haddar said."),
    Rule("the rest of the sentence behind “, she said,”", _CLAUSES, "_resumed", _nothing,
         "In most villages, Salma Haddar said, the bakeries had closed."),
    Rule("name and verb between commas", _CLAUSES, "_parenthetic", _gives(False),
         "In most villages, Salma Haddar said, the bakeries had closed."),
    Rule("“Asked about it, she said” tells when", _CLAUSES, "_is_aside", _gives(False),
         "Asked what the town needed most, she replied, “A mill.”"),
    Rule("according to", _CLAUSES, "_according", _nothing,
         "The road was closed on Sunday, according to Salma Haddar."),
    Rule("who is urged belongs to what is urged", _CLAUSES, "_addressed", _nothing,
         "Salma Haddar urged the council of the town to open the road."),
    # --- whose they are ----------------------------------------------------------------------------------------
    Rule("the verb right behind the marks", _TIES, "_near", _gives(None),
         "“Does anybody know where the flour of this town is?” Salma Haddar asked."),
    Rule("any verb behind a comma in the marks", _TIES, "any_verb", _gives(None),
         "“The ovens are cold,” Salma Haddar shot back."),
    Rule("a new sentence behind the marks has its own speaker", _TIES, "_new_sentence", _gives(False),
         "“We waited,” said Salma Haddar. “The ovens are cold.” Karim Solh said the road was closed."),
    Rule("the subject before a colon", _TIES, "_sentence_subject", _gives(None),
         "Salma Haddar was short: “We have no flour for the town.”"),
    Rule("a signature behind a dash", _TIES, "signature", _gives(None),
         "“We bake at night now, when nobody counts.” — Salma Haddar"),
    Rule("a signature on a line of its own", _SIGNS, "_BELOW", _NEVER,
         "“We bake at night, when nobody counts.”\n- Salma Haddar"),
    Rule("a name and a colon before the marks", _SIGNS, "_BEFORE", _NEVER,
         "Salma Haddar (Hama): “We bake at night, when nobody counts.”"),
    Rule("a quotation by itself: not of a verb of a side clause", _TIES, "_SUBORDINATE", frozenset(),
         "“We waited,” said Salma Haddar. She left after Karim Solh told her the mill was shut. “Nobody came with the keys.”"),
    Rule("a quotation by itself has the speaker before it", _TIES, "_from_context", _nobody,
         "“We waited,” said Salma Haddar. “Nobody came with the keys of the mill.”"),
    Rule("a quotation by itself: of the last verb that reports", _TIES, "_last_cue", _gives(None),
         "“The ovens are cold,” said Salma Haddar. Karim Solh said so too. “Nobody came with the keys of the mill.”"),
    Rule("a quotation by itself: of whom the last sentence is about", _TIES, "_last_sentence_subject", _gives(None),
         "Salma Haddar runs a bakery.\n\n“Nobody came with the keys of the mill.”"),
    Rule("the last sentence is about somebody who can speak", _TIES, "_who_speaks", _keeps(1),
         "The mill burnt for nine days.\n\n“Nobody came with the keys of the mill.”"),
    Rule("speakers behind their verb", _CUES, "_run_after", _gives(None),
         "“We have no flour,” shouts a baker of the town, and nobody answers."),
    Rule("speakers before their verb where the parse has none", _CUES, "_run_before", _gives(None),
         "In a March 2016 meeting with the board of the Orontes Post Haddar said that the flour may need to be weighed."),
    Rule("who is quoted speaks, not who quotes", _CUES, "_quoted_as", _gives(None),
         "A newspaper quoted Salma Haddar as saying that the road was closed."),
    Rule("who said the one did the other too", _CUES, "_outer_subject", _gives(None),
         "Salma Haddar said the mill had been shut by the army and urged drivers to wait."),
    Rule("who is told does not speak", _CUES, "_HEARD", frozenset(),
         "Salma Haddar was told that nobody would be harmed at the crossing."),
    Rule("days do not speak", _CUES, "_is_time", _gives(False),
         "“The ovens are cold,” said Salma Haddar Friday."),
    Rule("repeated marks at a paragraph's end close", _MARKS, "_must_close", _gives(False),
         'Salma Haddar was short. "He told me, "We have no flour today."'),
    # --- who that is -------------------------------------------------------------------------------------------
    Rule("pronouns lead to a name", _PEOPLE, "_pronoun", _gives(None),
         "Salma Haddar runs a bakery. “The ovens are cold,” she said."),
    Rule("subjects before others for a pronoun", _WHO, "is_subject", _gives(False),
         "Salma Haddar met Rana Qasim. “The ovens are cold,” she said."),
    Rule("no pronoun past an unnamed person", _PEOPLE, "_rival_between", _gives(False),
         "Salma Haddar runs a bakery. A merchant asked for a chair. “The oil has no passport,” she said."),
    Rule("no pronoun to who is named in marks", _PEOPLE, "_quoted", _gives(False),
         "Salma Haddar runs a bakery. “Rana Qasim sold it to the council of the town.” The ovens are cold, she said."),
    Rule("first names tell he from she", _WHO, "firstnames",
         SimpleNamespace(gender=_gives(""), MEN=firstnames.MEN, WOMEN=firstnames.WOMEN),
         "Two bakers, Jamil Solh and his sister Salma Solh, worked in a cellar. “We bake at night,” she said."),
    Rule("two who speak together are both named", _PEOPLE, "_joined", _nothing,
         "“The ovens are cold,” said Salma Haddar and Talal Nassan."),
    Rule("the two said: those named last", _PEOPLE, "_both", _nothing,
         "Salma Haddar and Talal Nassan met in Hama. “The ovens are cold,” the two said."),
    Rule("titles lead to a name: the governor", _PEOPLE, "_titled", _gives(None),
         "Governor Salma Haddar came on Friday. “The ovens are cold,” the governor said."),
    Rule("the name in apposition is the speaker", _PEOPLE, "_apposed", lambda *given: (given[1], None),
         "A spokeswoman for the bakers, Salma Haddar, said that the road was closed."),
    Rule("ages lead to a name: the 52-year-old", _PEOPLE, "_aged", _gives(None),
         "Salma Haddar, 52, runs a bakery. “The ovens are cold,” said the 52-year-old."),
    Rule("whom a role belongs to: the Turkish envoy", "transforms.quotation.record", "affiliation", _gives(None),
         "“The ovens are cold,” said Turkish envoy Salma Haddar."),
    Rule("roles before a name", _WHO, "role_before", _gives(None),
         "“The ovens are cold,” said aid worker Salma Haddar."),
    Rule("roles behind a name", _WHO, "role_after", _gives(None),
         "“The ovens are cold,” said Salma Haddar, a pharmacist in Saraqib."),
    # --- names and entities ------------------------------------------------------------------------------------
    Rule("persons that the recogniser passed over", _ENTITIES, "missed_persons", _nothing,
         "On Monday, the Syrian lawmaker Ishtar Yazdani wrote, “A closed mill is a broken promise.”"),
    Rule("names with particles: van den, bin, al-", _ENTITIES, "particled_persons", _nothing,
         "The mill was closed, said analyst Hugo van den Berg. Van den Berg said that it would open."),
    Rule("what speaks and lies on no map is a person", _ENTITIES, "speaking_places", _gives(set()),
         "“The ovens of the town are cold today,” Nervo wrote."),
    Rule("full names by surname", f"{_SAME}:_People", "_bearers", _gives(set()),
         "Salma Haddar runs a bakery. Haddar said that she would close it."),
    Rule("surnames of several words: al-Homsi, van den Berg", f"{_SAME}:_People", "_owner_of",
         lambda *given: (given[1][0], given[1][-1]),
         "Hugo van den Akker came to the mill. Van den Akker said that the ovens were cold."),
    Rule("surnames that no source saw", _ENTITIES, "add_missed_surnames", _gives(None),
         "“We wait,” said baker Annelies de Wilde.\n\n“They have asked four times,” de Wilde said."),
    Rule("one label for a name in an article", _SAME, "_usual_labels", _gives({}),
         "The Saraqib Mill Company met. Orontes Mill is small. The Orontes Mill of Hama closed."),
    Rule("names that the topic knows", _ENTITIES, "_topic_spans", _nothing,
         "Hayat Tahrir al-Sham said that it held the road."),
    Rule("places of the gazetteer", _ENTITIES, "_place_spans", _nothing,
         "The road from Saraqib to Maarrat al-Numan was closed, Salma Haddar said."),
)  # fmt: skip
