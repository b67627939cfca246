"""Which rejects are asked for to be run again. Beam is not imported here."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.errors import UserError
from schemas.reasons import REJECTS, STAGES

# What nobody judged: the page did not come, or held no article.
_TECHNICAL = frozenset({"fetch", "extract"})
_JUDGED = frozenset({"too_old", "no_content"})
_WITHOUT_ARTICLE = frozenset({"no_identity"})


@dataclass(frozen=True)
class Wanted:
    """Which rejects are asked for. Without ``reasons`` and ``stages``: those that failed for technical reasons.

    Raises ``UserError`` for a name that is not of the lists.
    """

    reasons: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for option, given, known in (("--reason", self.reasons, REJECTS), ("--stage", self.stages, STAGES)):
            for name in given:
                if name in _WITHOUT_ARTICLE:
                    raise UserError(f"{option} {name}: such an entry names no article, and cannot be run again")
                if name not in known:
                    names = ", ".join(n for n in known if n not in _WITHOUT_ARTICLE)
                    raise UserError(f"{option} {name!a}: is none of {names}")

    def takes(self, stage: str, reason: str) -> bool:
        if not self.reasons and not self.stages:
            return stage in _TECHNICAL and reason not in _JUDGED
        return (not self.reasons or reason in self.reasons) and (not self.stages or stage in self.stages)
