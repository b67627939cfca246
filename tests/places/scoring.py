"""How many of the towns are found, and how many of those lie where they are put: ``python -m tests.places.scoring``."""

from __future__ import annotations

from dataclasses import dataclass

from tests.places import LANGUAGES, Case, cases, not_places, towns
from transforms.gazetteer import Gazetteer, PlaceMatch, gazetteer_for
from transforms.geography.entries import Place, kilometres
from transforms.topic import load_topic

NEAR = 10.0  # km


@dataclass(frozen=True)
class Tally:
    asked: int
    lost: list[str]  # spellings that were not found
    astray: list[tuple[str, str]]  # spelling, place found

    @property
    def found(self) -> float:
        return 1 - len(self.lost) / self.asked

    @property
    def placed(self) -> float:
        return 1 - len(self.astray) / max(1, self.asked - len(self.lost))


def over(gazetteer: Gazetteer, case: Case) -> PlaceMatch | None:
    """The match over the town's name, and over no more than an article besides."""
    for match in gazetteer.find(case.text, case.language):
        if match.start <= case.start and match.end >= case.end and match.end - match.start <= case.end - case.start + 4:
            return match
    return None


def is_right(match: PlaceMatch, case: Case) -> bool:
    """Whether the match lies in the right governorate, or within 10 km."""
    here = Place("", None, match.latitude, match.longitude, None, None)
    apart = kilometres(here, Place("", None, case.town.latitude, case.town.longitude, None, None))
    return match.country == "SY" and (match.admin1_code == case.town.admin1 or (apart is not None and apart <= NEAR))


def tally(gazetteer: Gazetteer, language: str) -> Tally:
    """Over all sentences of one language."""
    mine = [case for case in cases() if case.language == language]
    matches = [(case.text[case.start : case.end], case, over(gazetteer, case)) for case in mine]
    lost = [name for name, _, match in matches if match is None]
    astray = [(name, match.name) for name, case, match in matches if match and not is_right(match, case)]
    return Tally(len(mine), lost, astray)


def main() -> None:
    gazetteer = gazetteer_for(load_topic("syria"))
    print(f"{len(towns())} towns\n\n| language | sentences | found | placed right |\n| --- | --: | --: | --: |")
    for language in LANGUAGES:
        one = tally(gazetteer, language)
        print(f"| {language} | {one.asked:,} | {one.found:.3f} | {one.placed:.3f} |")
    others = not_places()
    wrong = sum(
        {match.name for match in gazetteer.find(case.text, case.language) if match.country == "SY"} != case.named
        for case in others
    )
    print(f"\n{len(others)} sentences with words, people or towns elsewhere of the same names: {wrong} mistaken")


if __name__ == "__main__":
    main()
