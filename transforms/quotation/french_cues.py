"""French verbs and phrases of reporting, as patterns over words as they are printed."""

from __future__ import annotations

import re

_STEMS = """
    accus affirm ajout alert analys annonc apost argu argument articul assur assén attest avanc avou balay bougonn
    chuchot cit claironn clam comment complèt concéd confess confi confirm constat contest cri critiqu demand dict
    déclam déclar décrypt dénonc déplor détaill dévoil enrag espèr espér estim exhort expliqu expos fustig gliss
    grinc grommel gémi hasard implor indign indiqu inform insist interpell interrog ironis jug jur justifi lament
    lanc lâch martel martèl menac mentionn minimis moqu murmur narr not nuanc objec object observ oppos ordonn
    pari parl pest plaid plaisant point pointr poursuiv proclam pronostiqu prophétis propos protest précis
    préconis questionn racont raill rappel rappell rapport redout regrett rembarr renchériss reproch rereconnaiss
    ricann rigol râl récapitul réclam répliqu répond répèt répét résum rétorqu révèl révél salu sembl signal
    souffl souhait soulign soupir stigmatis suggèr suggér suppli tempèr tempér tempêt tonn trait tranch témoign
    vant vitupèr énumèr énumér évoqu
""".split()
# A low line stands for a blank.
_FORMS = """
    dit disait disent disaient dira reconnaît reconnaissait reconnu reconnaissent convient convenu prévient
    prévenu préviennent avertit averti avertissent soutient soutenu soutiennent maintient maintenu admet admis
    admettent promet promis promettent écrit écrivait répond répondu répondent conclut conclu poursuit poursuivi
    reprend repris renchérit renchéri gémit sourit souri rit craint croit pense pensent nie nié nient dément
    démenti démentent s'inquiète inquiété décrit décrivait prédit s'amuse amusé s'emporte emporté s'étonne étonné
    s'agace agacé s'alarme alarmé se souvient souvient souvenu réagit réagi réagissait garantit garanti
    fait_savoir fait_valoir appelle appelé appellent rejette rejeté exige exigé refuse refusé voit considère
    considéré jette défend défendu
""".replace("_", r"\s").split()
_VERB = (
    r"(?:(?:"
    + "|".join(sorted(set(_STEMS), key=len, reverse=True))
    + r")(?:e|é|ée|és|ées|ait|aient|ent|era|it|a|èrent)"
    r"|" + "|".join(sorted(_FORMS, key=len, reverse=True)) + r")"
)
_AUX = (
    r"(?:(?:(?:s['’]|l['’])?(?:est|a|ont|avait|avaient|sont|aurait|auraient|étaient|était)"
    r"(?:-t-(?:il|elle|on)|-(?:ils|elles))?)\s)"
)
_ADVERBS = (
    r"(?:(?:également|aussi|par ailleurs|notamment|encore|ensuite|enfin|même|toujours|déjà|pour sa part|lui-même|"
    r"en outre|ainsi|récemment|[a-zéèê]+ment)\s)"
)
_TAIL = r"(?:(?:-t)?-(?:il|elle|on|ils|elles))?"
CUE = rf"(?:s['’]|se\s)?{_AUX}?{_ADVERBS}?{_VERB}{_TAIL}(?!\w)"
_PARTICIPLE = re.compile(
    r"(?:ée?s?|reconnu|convenu|prévenu|averti|soutenu|maintenu|admis|promis|écrit|répondu|conclu|poursuivi|repris|renchéri|"
    r"souri|démenti|souvenu|réagi|garanti|défendu)$"
)
IS_CUE = re.compile(rf"(?<![\w’'-]){CUE}")
PRONOUN = re.compile(r"-(il|elle|on|ils|elles)\b")
# Behind a closing mark and a comma any verb in the third person reports, if a subject follows it.
INVERTED = re.compile(
    rf"(?:(?:s['’]|se\s|l['’])?(?:{_AUX}{_ADVERBS}?[a-zéèêîôûç]+|[a-zéèêîôûç]+(?:-t)?-(?:il|elle|on|ils|elles)|"
    r"[a-zéèêîôûç]{3,}(?:e|t|d|ait|ent)))(?!\w)"
)
NOT_VERB = frozenset(
    """
    est sont ont dont tandis avant devant durant pendant suivant ce cet cette elle une contre entre
    comme notamment autre quatre selon lorsque quoique puisque sorte et tout toute toutes sauf moins
    dans mais avec pour sans
    """.split()
)
INCISE = re.compile(
    rf",\s+(?P<cue>(?:{CUE})|(?:(?:s['’]|se\s)?[a-zéèêîôûç]+(?:-t)?-(?:il|elle|on)(?:\s[a-zé]+é)?)"
    r"|(?:s['’]|se\s)?[a-zéèêîôûç]{3,}(?:e|it|nd|ut)(?=\s))"
    r"(?P<who>[^,.«»“”\"]{0,60}?)(?P<end>(?:,\s(?:du?\s|des\s|d['’]|de\sl|chef|direct|présid|porte-|médecin|respons)"
    r"[^,.«»]{2,60})?\.?\s*$|,\s+|\.\s+(?=[A-ZÀÉÈÊ]))"
)
SELON = re.compile(r"(?<![\w’'-])(?P<cue>[Ss]elon|[Dd]['’]après|[Aa]ux? (?:yeux|dires) de|[Dd]e source)\s")
POUR = re.compile(r"(?P<cue>Pour)\s")
QUE = re.compile(
    rf"(?<![\w’'-])(?P<cue>(?:{CUE})|(?:ajout|précis|soulign|affirm|indiqu|estim|expliqu|assur|rappel|not|insist)ant"
    r"|(?:reconnaître|affirmer|ajouter|préciser|souligner|admettre|annoncer|assurer))"
    r"(?P<fill>(?:\s(?:dès|lors|sur|à|au|devant|dans|mardi|lundi|mercredi|jeudi|vendredi|samedi|dimanche|hier)"
    r"[^,.;:«»“”]{0,60}?)?)\s(?P<que>que|qu['’])\s?"
)
AVOIR = re.compile(
    r"(?<![\w’'-])(?P<cue>(?:a\s|ont\s|avait\s)?(?:dit|disent|assure|assuré|assurent|affirme|affirmé|affirment|"
    r"reconnaît|reconnu|démenti|dément|démentent|nie|nié|nient|jure|juré|espère|espérer|prétend|promis|promet|admis))"
    r"\s(?=(?:ne pas\s|n['’])?(?:avoir|être|s['’]être|vouloir|pouvoir|disposer)\s)"
)
STANCE = re.compile(
    r"(?<![\w’'-])(?P<cue>(?:a\s|ont\s|avait\s)?(?:également\s|aussi\s)?(?:dénoncé|dénonce|dénoncent|réclamé|réclame|"
    r"réclament|exigé|exige|exigent|promis|promet|redouté|redoute|craint|démenti|dément|nié|nie|nient|rejeté|rejette|"
    r"condamné|condamne|condamnent|déploré|déplore|critiqué|critique|fustigé|salué|salue|saluent|demandé|évoqué|évoque|"
    r"évoquent|jugé|juge|jugent|qualifié|qualifie|appelé|appelle|appellent|accusé|accuse|accusent|exhorté|exhorte|"
    r"accuse|reproché|reproche|proposé|propose|souhaité|souhaite))\s"
)
WRITTEN = re.compile(r"\s*,?\s*(?:est-il|était-il|est|était|sont|étaient)\s(?:écrit|inscrit|gravé|peint|noté)")
BROAD = frozenset("critique salue saluent demandé évoque évoqué évoquent propose proposé juge jugent".split())


def reports(cue: str) -> bool:
    """Whether a cue is a verb that somebody does: no participle alone, no passive (`est accusé`, `est-il écrit`)."""
    if _PARTICIPLE.search(cue) is None:
        return True
    return re.match(r"(?:(?:s|l)['’]|(?:a|ont|avait|avaient|aurait|auraient)\b)", cue) is not None
