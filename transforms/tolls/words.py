"""The words that tell of dead, wounded, displaced, missing and detained people, and of who is counted."""

from __future__ import annotations

KILLED, WOUNDED, DISPLACED, MISSING, DETAINED = KINDS = ("killed", "wounded", "displaced", "missing", "detained")


def _forms(kind: str, words: str) -> dict[str, str]:
    return dict.fromkeys(words.split(), kind)


# What is done to people: they are its object, or the subject of its passive.
DONE = {
    **_forms(
        KILLED,
        "kill kills killed killing slay slain slew slaying execute executes executed executing behead beheads beheaded "
        "beheading massacre massacres massacred massacring assassinate assassinates assassinated assassinating murder "
        "murders murdered murdering hanged lynched martyred slaughter slaughters slaughtered slaughtering",
    ),
    **_forms(
        WOUNDED,
        "wound wounds wounded wounding injure injures injured injuring hurt hurts hurting maim maims maimed maiming",
    ),
    **_forms(DISPLACED, "displace displaces displaced displacing uproot uproots uprooted uprooting"),
    **_forms(
        DETAINED,
        "detain detains detained detaining arrest arrests arrested arresting jailed jailing imprisoned imprisoning",
    ),
}
# What people do themselves.
DOING = {
    **_forms(KILLED, "die dies died dying perish perishes perished perishing drown drowned drowning"),
    **_forms(DISPLACED, "flee flees fled fleeing"),
}
# What people are.
BEING = {
    **_forms(KILLED, "dead"),
    **_forms(WOUNDED, "wounded injured hurt"),
    **_forms(DISPLACED, "displaced homeless uprooted"),
    **_forms(MISSING, "missing"),
}
STATES = {**BEING, **DONE}
# What is counted instead of people.
EVENTS = {
    **_forms(KILLED, "death deaths fatality fatalities killing killings murder murders execution executions massacre"),
    **_forms(WOUNDED, "injury injuries"),
    **_forms(DISPLACED, "displacement displacements idps"),
    **_forms(DETAINED, "arrest arrests detention detentions"),
}
# Those that say nothing without a further word: "the death toll", "lost their lives", "shot dead", "driven from".
HINTS = frozenset("toll lives life casualties victims lost homes forced drove driven driving forcing force".split())
DRIVEN = frozenset(
    "force forces forced forcing drive drives drove driven driving compel compels compelled compelling push pushed "
    "pushing prompt prompted prompting cause caused causing lead led leading oblige obliged make made".split()
)
HOMES = frozenset("home homes house houses village villages town towns land lands area areas city cities".split())

TRIGGERS = frozenset(
    form for word in (*DONE, *DOING, *BEING, *EVENTS, *HINTS) for form in (word, word.capitalize(), word.upper())
)

LIVES = frozenset(("life", "lives"))
COLLECTIVE = frozenset("family group staff crew team unit police force people personnel".split())
FAMILIES = frozenset("family families household households".split())
PERSONS = frozenset(
    "person man woman child boy girl baby infant toddler teenager youth civilian resident villager citizen soldier "
    "serviceman servicewoman fighter rebel militant insurgent gunman sniper officer general colonel captain lieutenant "
    "commander policeman policewoman guard medic paramedic doctor nurse surgeon midwife pharmacist rescuer volunteer "
    "worker driver journalist reporter photographer cameraman correspondent teacher student pupil pilot sailor "
    "fisherman farmer shepherd trader shopkeeper baker activist protester demonstrator prisoner detainee hostage "
    "refugee migrant mother father son daughter brother sister wife husband grandmother grandfather uncle aunt cousin "
    "nephew niece couple sibling twin bystander passer-by pedestrian passenger shopper worshipper imam priest monk "
    "judge lawyer engineer mechanic mayor official employee contractor aide adviser bodyguard jihadist peacekeeper "
    "marine ranger trooper conscript recruit deserter smuggler suspect suspected attacker bomber assailant victim "
    "american briton turk syrian russian iranian iraqi lebanese jordanian israeli palestinian kurd".split()
)
KIN = frozenset(
    "mother father son daughter brother sister wife husband grandmother grandfather uncle aunt cousin nephew niece "
    "child baby driver bodyguard aide deputy".split()
)
FORCES = frozenset(
    "man soldier fighter troop militant rebel trooper officer guard person member worker volunteer".split()
)  # "lost 30 men"

# What can be killed, hurt, arrested or lost, and is nobody.
NOBODY = frozenset(
    "percent % per cent pct year month week day night hour minute second time times decade kilometre kilometer km mile "
    "metre meter m hectare acre tonne ton litre barrel dollar euro pound lira ruble cent sheep goat cow cattle horse "
    "donkey camel dog cat bird chicken hen pig bee animal livestock fish tree job deal bill plan project hope chance "
    "vehicle car tank truck lorry bus ambulance plane aircraft jet drone helicopter ship boat vessel missile rocket "
    "shell bomb mine weapon gun house home building apartment flat shop school hospital clinic village town city camp "
    "tent road bridge base post position checkpoint attack strike airstrike raid blast explosion shot round hit "
    "incident case report vote point seat goal match game law measure storey story floor stage part step reason "
    "country province district area region province front side occasion body corpse".split()
)
TIMES = frozenset("day week month year night hour minute second morning evening decade".split())
PLURALS = {
    "men": "man", "women": "woman", "children": "child", "people": "person", "persons": "person",
    "policemen": "policeman", "policewomen": "policewoman", "gunmen": "gunman", "fishermen": "fisherman",
    "servicemen": "serviceman", "cameramen": "cameraman", "wives": "wife", "babies": "baby", "families": "family",
    "buses": "bus", "lorries": "lorry", "countries": "country", "cities": "city", "storeys": "storey",
    "bodies": "body",
}  # fmt: skip


def singular(noun: str) -> str:
    """A small-letter noun as the lists have it."""
    return PLURALS.get(noun) or (noun[:-1] if noun.endswith("s") and len(noun) > 2 else noun)
