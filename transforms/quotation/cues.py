"""Words that report speech, in the four languages, as lemmas (English) or printed forms (the others).

The lists are our own, grouped by what may be read from them: a verb of ``SAYING`` introduces both marked
quotations and clauses; one of ``QUOTING`` only counts beside marked words; one of ``ASKING`` reports an
infinitive ("urged the council to act").
"""

from __future__ import annotations

SAYING = frozenset(
    "say tell add note announce warn claim insist argue report acknowledge explain declare write assert "
    "confirm deny "
    "state stress predict suggest admit allege reply respond recall remark contend complain caution concede "
    "maintain testify tweet reveal disclose estimate conclude reiterate emphasize emphasise boast joke "
    "lament observe "
    "assure inform remind charge counter quip vow promise pledge swear mention "
    "ask wonder advise comment indicate signal agree affirm proclaim profess opine".split()
)
QUOTING = frozenset(
    "call describe dub label brand term continue begin read shout yell cry ask "
    "urge demand accuse praise denounce condemn criticize criticise blast slam dismiss mock "
    "exclaim chant sing whisper laugh sigh go characterize characterise refer label "
    "post insist retort plead recount tell warn think believe express cite decry question chide blame "
    "hail defend rail thunder implore answer conclude summarise summarize interject murmur mutter growl snap "
    "muse vent scream concur finish proceed promise signal portray deride accept beg appeal "
    "advise order compare".split()
)
ASKING = frozenset("ask urge tell promise vow pledge threaten call beg order advise demand propose offer swear".split())
HEARD = frozenset("tell inform remind assure advise warn ask notify urge promise".split())  # their object is who hears
ACCORDING = frozenset(["according"])
# Nouns by which somebody speaks: "in a statement saying ..." leads on to whose statement it is.
VESSELS = frozenset(
    "statement interview post tweet letter speech email e-mail message memo comment remark address note "
    "conference "
    "briefing video article op-ed column essay testimony".split()
)
# Words that may stand between a cue and the words it introduces.
COMMON_PERSONS = frozenset(
    "resident witness official spokesman spokeswoman spokesperson source doctor nurse teacher mother father "
    "farmer "
    "driver shopkeeper activist aide adviser advisor diplomat officer soldier fighter commander man woman "
    "boy girl "
    "person analyst expert researcher professor lawyer judge minister envoy ambassador president governor "
    "senator "
    "mayor director head chief leader manager worker volunteer medic trader merchant baker neighbour "
    "neighbor "
    "survivor student economist author writer reporter journalist editor critic supporter voter candidate "
    "chairman "
    "chairwoman secretary coordinator engineer priest imam sheikh elder pharmacist surgeon "
    "businessman".split()
)

# Relatives speak, too; without a name of their own they stand for nobody that a pronoun may mean.
RELATIVES = frozenset(
    "husband wife son daughter brother sister uncle aunt cousin grandmother grandfather widow friend "
    "colleague neighbour neighbor twin niece nephew parent child".split()
)

FRENCH = (
    "dit|disait|déclare|déclaré|affirme|affirmé|explique|expliqué|ajoute|ajouté|précise|précisé|indique|"
    "indiqué|"
    "souligne|souligné|estime|estimé|assure|assuré|raconte|raconté|confie|confié|annonce|annoncé|répond|"
    "répondu|"
    "rappelle|rappelé|poursuit|poursuivi|conclut|conclu|regrette|regretté|témoigne|témoigné|soupire|soupiré|"
    "lance|lancé|insiste|insisté|prévient|prévenu|reconnaît|reconnu|dénonce|dénoncé|martèle|martelé|"
    "résume|résumé|note|noté|avertit|averti|plaide|plaidé|écrit|demande|demandé|promet|promis|constate|"
    "constaté|"
    "détaille|détaillé|admet|admis|accuse|accusé|s'inquiète|inquiété|réclame|réclamé|glisse|glissé|résumait|"
    "expliquait|ajoutait|affirmait|racontait|déclarait|commente|commenté|observe|observé"
)
TURKISH = (
    "dedi|diyor|söyledi|söylüyor|belirtti|açıkladı|ifade etti|vurguladı|kaydetti|anlattı|aktardı|ekledi|"
    "uyardı|"
    "konuştu|bildirdi|savundu|yanıtladı|yanıtını verdi|ifadelerini kullandı|ifadesini kullandı|"
    "değerlendirmesinde bulundu|"
    "şeklinde konuştu|yazdı|duyurdu|sordu|devam etti|dile getirdi|dediler|dile getirdiler|çağrısında bulundu"
)
TURKISH_PARTICIPLES = "diyen|söyleyen|belirten|ifade eden|vurgulayan|kaydeden|anlatan|ekleyen|konuşan|açıklayan"
ARABIC = (
    "قال|قالت|يقول|تقول|أضاف|أضافت|أكد|أكدت|أوضح|أوضحت|صرح|صرحت|ذكر|ذكرت|أعلن|أعلنت|أشار|أشارت|لفت|لفتت|"
    "تابع|تابعت|شدد|شددت|حذر|حذرت|روى|روت|كتب|كتبت|ختم|ختمت|بين|بينت|اعتبر|اعتبرت|نفى|نفت|سأل|سألت|"
    "حذّر|حذّرت|شدّد|شدّدت|صرّح|صرّحت|بيّن|بيّنت|يضيف|تضيف|يروي|تروي|يؤكد|تؤكد|يوضح|توضح|قالوا|"
    "علق|علقت|علّق|علّقت|رد|ردت|ردّ|ردّت|استدرك|استدركت|طالب|طالبت"
)
