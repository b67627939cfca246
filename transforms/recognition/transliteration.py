"""When two spellings in Latin letters are one Arabic name: "Mohammed al-Khateeb" and "Muhammad al-Khatib".

Arabic writes no short vowels, and every agency writes the sounds that English lacks in its own way. Phonetic keys such
as Soundex throw vowels away and make one of Omar and Amr, Hassan and Hussein, Saleh and Saleem. So the key here
is closer to a spelling reform: particles are read alike, given names by a table of their spellings, and
letters only where hardly two names differ by them (ou/oo/o/u, ee/i, q/k, ch/sh, ss/s, ay/ei, last y/i). Where names do
differ the spellings stay apart: Salem is not Salim, Khallaf not Khalaf, al-Asaad not al-Assad.

Only names that look Arabic are read so: with a particle (al-, Abu, bin, Abdul) or a given name of the table.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_SPELLINGS = """
muhammad mohammad mohammed mohamed mohamad muhammed muhamad muhamed mouhamad mouhammad mouhamed mohamet
ahmad ahmed ahmet
mahmud mahmoud mahmood mohamud
mustafa mostafa moustafa mustapha moustapha
husayn hussein hussain husain husein hossein houssein hussien hossain husseyn
hassan hasan hassane
ali aly
umar omar omer
amr amro amru
uthman othman osman ousmane
khalid khaled khalled
salih saleh
salim saleem selim
salem
samir sameer
samer
nasir nasser naser nassir
yasir yasser yaser yassir
qasim kassem qassem qasem kasim qassim kassim kasem gassim
tariq tarek tareq tarik tarig tarique
yusuf youssef yousef yousuf youssouf yusef yussef yousif yousaf youcef
ibrahim ebrahim brahim ibraheem
ismail ismael esmail ismaeel ismayil
sulayman suleiman sulaiman soliman suleyman sulieman souleiman souleymane slimane
abdullah abdallah abdulla abdalla
bashar bachar
bashir basheer bachir
faysal faisal feisal feysal faycal
walid waleed oualid
jamal gamal djamal djamel
jamil jameel gamil
karim kareem kerim
rashid rasheed rachid
rashed
hisham hicham hesham
yasin yassin yaseen yassine yaseen
yahya yehia yahia yehya yihya
usama osama oussama ossama ousama
riyad riad riyadh
ziyad ziad
iyad eyad iad
imad emad
wail wael waeil
raid raed
jafar jaafar djaafar jaffar jaafer jafer
haytham haitham haythem haissam
munir mounir muneer moneer
nur nour noor
zayd zaid zeid zeyd
hamza hamzah hamze
fatima fatimah fatma fatema fatemeh
aisha aysha aicha aysheh
maryam mariam meryem
firas feras
fadil fadel fadhil fadhel
adil adel
nabil nabeel
majid
majed
muhannad mohannad mouhannad muhanad mohanad
muadh moaz muaz mouaz muath moath muadh
luay louay loay luai
ayman aiman eymen
anwar anouar anouar
bilal belal bilel
jabir jaber
hatim hatem
hazim hazem
maher mahir
mazin mazen
munzir munther mondher monzer mounzer
nadim nadeem
najib najeeb naguib nagib
qusay kusay qusai
rami ramy
sami samy
shadi chadi shady
taha
wasim waseem
zakariya zakaria zakariyya zakarya
abdulaziz
ghassan ghasan
marwan marouan merwan
said saeed saeid sayeed
saad
saif sayf seif
nidal nedal
ridwan radwan redwan ridouane redouane
salah
salman
suhail suheil suhayl souheil
adnan
fawzi fauzi faouzi fawzy
hadi
issam isam essam issaam
jihad jehad djihad
layla leila laila leyla
mansur mansour mansoor
mazlum mazloum
amin ameen amine
aziz
basil basel bassel
basim bassem bassim
bassam basam
burhan bourhan
diab dhiab
dawud daoud dawood daoud dawoud
fuad fouad foad
ghazi
hamid hameed
hamad
hammad
haidar haydar haider hayder haidar
harun haroun haroon
idris idriss idrees edris
kamal kemal
kamel
issa isa eissa essa
faris fares
hilal helal
badr bader
khadija khadijah khadidja
khalil khaleel
latif lateef
malik malek
muin mouin moueen
nizar
qadir kader qader kadir
rafiq rafik rafeeq
sabri sabry
shakir shaker chaker
sharif shareef cherif sherif
tawfiq tawfik toufic tawfeeq taoufik
zahir zaher
zuhair zuhayr zouhair zoheir zuheir
"""
_GIVEN = {form: line.split()[0] for line in _SPELLINGS.strip().splitlines() for form in line.split()}
# Given names by which a name is known for Arabic, and of which the letters tell the spellings.
_GIVEN |= {
    name: name
    for name in (
        "abdo afaf akram alaa amal amina amira anas asma ashraf awad ayham bahaa farid fahd fawaz ghada habib "
        "hala hanan hana hanin hasna hassoun hayat hiba hikmat huda husam ibtisam ihsan iman intisar jalal "
        "jana jihan jumana kawthar khairi lina lubna mahdi maysa mayada mona muna nada nadia nahla nawal "
        "nawaf rana randa rania rasha rawan reem rima rula safa safwan sahar salma salwa samar samira sana "
        "shatha sihem siham suad sufyan suhad taha talal taleb thaer wafa wafiq ward wisam yara yazan yusra "
        "zahra zaki zeina zeinab ziyada"
    ).split()
    if name not in _GIVEN
}
_FATHERS = frozenset("abu abou abo ebu umm um".split())
_SONS = {"bin": "bin", "ibn": "bin", "ben": "bin"}
_ARTICLES = frozenset("al el ul".split())
# "ash-Sharaa": the article as it sounds before the sun letters; without its hyphen it may be a word.
_SOUNDED = re.compile(r"(?<![^\W_])(?:a|e|u)(?:l|s|sh|ch|d|dh|n|r|t|th|z)-(?=[^\W\d_])")
_SERVANT = re.compile(  # Abdul Rahman, Abdelrahman, Abd al-Rahman, Abdurrahman
    r"\babd(?:[aeou]?[lrsndzt]?)? ?(?:(?:al|el|ul) )?"
    r"(rahman|rahmane|rahim|raheem|aziz|azeez|karim|kareem|salam|halim|haleem|hamid|hameed|hadi|qader|kader|qadir|kadir"
    r"|latif|lateef|majid|malik|malek|nasser|nasir|razzaq|razaq|razak|wahab|wahhab|basit|baset|basset|ghani|ghany|hakim"
    r"|hakeem|jabbar|jalil|jaleel|khaliq|khalek|rauf|raouf|sattar|wahid|fattah|hay|muti|moti|hafiz|hafez)\b"
)
_STEPS = [
    (re.compile(old), new)
    for old, new in (
        ("kh", "x"),
        ("tch", "c"),  # no Arabic sound: kept apart
        ("ch", "sh"),
        ("dj", "j"),
        ("dh", "d"),
        ("q", "k"),
        ("^ou(?=[aei])", "w"),
        ("ou|oo", "u"),
        ("o", "u"),
        ("ee", "i"),
        ("[ae][iy](?=[^aeiou]|$)", "ai"),
        ("iy+(?=a)", "i"),
        ("y$|iy$|ie$", "i"),
        ("ss", "s"),
        ("aa$|ah$", "a"),
        ("(?<=[aiu]n)e$", ""),
    )
]
_DOUBLED = re.compile(r"([^\Waeiou\d_])\1")
# Hammad and Hamad, Khallaf and Khalaf: here the doubled letter makes another name.
_TELLING_DOUBLE = re.compile(r"^(?:[^aeiou]|sh|gh|th)a([^aeiou])\1a[^aeiou]$")


@lru_cache(maxsize=4096)
def key_words(name: str) -> tuple[str, ...]:
    """The words of a person's ``name`` for comparing: the same for all its spellings.

    Caseless, without marks. Of a name that looks Arabic the article is left out, unless it makes a family name of a
    given name ("al-Hassan"). Other names keep all their words as they are spelled.
    """
    plain = _plain(name)
    words = plain.split()
    return _folded(plain) if _looks_arabic(name, words) else tuple(words)


@lru_cache(maxsize=4096)
def as_arabic(name: str) -> tuple[str, ...]:
    """As :func:`key_words` for a name of which one knows that it is Arabic: a last name alone."""
    return _folded(_plain(name))


def is_given(word: str) -> bool:
    """Whether a word in small letters is one of the first names known here."""
    return word in _GIVEN


def _plain(name: str) -> str:
    name = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    name = name.replace("'", "").replace("’", "").replace("‘", "").replace("ʿ", "").replace("ʼ", "")
    return " ".join(re.findall(r"[^\W_]+", _SOUNDED.sub("al ", name)))


def _looks_arabic(name: str, words: list[str]) -> bool:
    if not plain_latin(words):
        return False
    inner = words[1:-1]  # "Al Gore" begins so too
    return (
        any(word in _ARTICLES or word in _SONS for word in inner)
        or (words[:1] != [] and words[0] in _FATHERS and len(words) > 1)
        or any(word in _GIVEN for word in words)
        or _SERVANT.search(" ".join(words)) is not None
        or _SOUNDED.match(name.casefold()) is not None
    )


def plain_latin(words: list[str]) -> bool:
    """Whether all of ``words`` are letters of the Latin alphabet."""
    return bool(words) and all(word.isascii() and word.isalpha() for word in words)


def _folded(plain: str) -> tuple[str, ...]:
    words = _SERVANT.sub(lambda match: "abd" + _letters(match[1]), plain).split()
    found: list[str] = []
    for at, word in enumerate(words):
        after = words[at + 1] if at + 1 < len(words) else ""
        if word in _ARTICLES and after:
            if after in _GIVEN and at:
                found.append("al")
        elif word in _FATHERS and after:
            found.append("umm" if word.startswith("um") else "abu")
        elif word in _SONS and at and after:
            found.append("bin")
        elif word.startswith("abd") and word not in _GIVEN:
            found.append(word)
        else:
            if at and re.match("al(?:kh|sh|gh)", word):  # Alkhatib
                word = word[2:]
            found.append(_letters(word))
    return tuple(found)


def _letters(word: str) -> str:
    if word in _GIVEN:
        return _GIVEN[word]
    for old, new in _STEPS:
        word = old.sub(new, word)
    return word if _TELLING_DOUBLE.match(word) else _DOUBLED.sub(r"\1", word)
