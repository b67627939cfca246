"""First names that tell whether "he" or "she" may mean a person: those frequent in copy on Syria and its neighbours,
and in the diplomacy around it. A name that both bear (Nour, Jihan, Sami in some places) is in neither list."""

from __future__ import annotations

MALE = frozenset(
    """
    abbas abdallah abdel abdelrahman abdo abdul abdulaziz abdulkarim abdullah abdulrahman abed abu adel adham
    adib adnan adrian afif ahmad ahmed ahmet akram alaa alain alan albert alexander alexei ali alistair amer
    amin amir amjad ammar anas anatoly anders andreas andrei andrew anthony antoine anton antonin antonio
    ashraf asim assad ayman aziz badr bahaa bandar bashar basil basim bassam bassel ben benjamin bernard bilal
    bill boris boutros brian bruce burhan carlos charles chris christoph christopher daniel daoud david denis
    dennis dieter diyar dmitry dominic donald douglas edward elias emad emmanuel emre enrico eric erik ernst
    fadel fadi fahd fahed faisal farid faris farouk faruq fateh fathi fawaz fayez ferdinand ferhat fethi
    filippo firas francesco francis francois frank fuad fyodor gabriel gary geir geoffrey george georges
    ghaith ghanem ghassan giorgio gleb gordon graham greg gregory guillaume habib hadi hafez haitham hakan
    hakim halil hamad hamdi hamid hamza hani hans harald harun hasan hashem hassan hatem haydar haytham hazem
    henri henry hicham hisham hossein hugo husam huseyin hussein ian ibrahim idris igor ihab imad imran isa
    ismail issa ivan iyad jaber jack jacob jacques jad jafar jalal jamal james jamil jan jason jean jeff
    jeffrey jens jeremy jerry jihad jim jiri joachim joe john jonas jonathan jorg jose joseph juan julian
    kamal kamil kareem karim karl keith kemal kenan kenneth kevin khairi khaled khalid khalil klaus konstantin
    larry lars laurent lawrence leonid levent louay louis luay luca lukas maan mahdi maher mahmoud mahmut majd
    majed malek manaf mansour marc marco mario mark martin marwan matteo matthew maurice mazen mazloum mehmet
    michael michel miguel mike mikhail moataz moayad moaz mohamad mohamed mohammad mohammed mohsen monzer
    mostafa mousa muhammad muhannad muhsin munther murad murat musa mustafa mutaz nabil nadim naji najib nasr
    nasser nawaf nayef neil nicholas nick nicolas niels nikolai nizar olaf oleg oliver omar omer orhan osama
    oscar osman oussama pascal patrick paul pavel pedro peter philip philippe pierre pieter qasim qusai rached
    radwan raed rafik ragnar rahim rajab ralph ramadan rami ramzi rashed rashid raymond recep riad richard
    riyad robert roberto roger roland ron ronald roy ruben rustam saad sabri sadiq saed saeed safwan said
    salah salam salem salim salman samer sami samir samuel sargon scott serge sergei sergey serhat shadi
    sharif sherif simon sinan soren stefan stephane stephen steve steven sufyan suhail suleiman sultan taha
    tahir talal tamer tamim tarek tariq taufik tayyip ted thaer theo thomas tim timothy tobias todd tom tomasz
    tony ubaida usama vadim vasily victor viktor vincent vladimir wael wahid waleed walid walter wasim wassim
    werner wilhelm william wisam wissam yahya yaser yasin yasser yassin yazan yousef youssef yuri yusuf zaher
    zaid zakaria zayed ziad zuhair
    """.split()
)
FEMALE = frozenset(
    """
    abeer adele adriana afaf agnes aicha aida aisha alena alexandra alia alice aline aliya alma amal amanda
    amani amina amira amna amy andrea angela anita anna anne annika antonia arwa ashley asma asmaa astrid aya
    ayat ayse aysha azza bahia barbara basma batoul beatrice beatrix bettina birgit brenda bushra camilla
    carla carmen carol caroline catherine cecilia chantal charlotte cheryl christina christine claire clara
    claudia colette cristina cynthia dalal dalia dana danielle deborah delphine diana diane dima dina
    dominique donna doris dorothy dunya ebru eleanor elena elif elisabeth elise elizabeth ella ellen emilia
    emily emine emma esra eva evelyn fadia fadwa faten fatima fatma fatmeh federica feride fidan flavia
    florence frances francoise freya frida gabriela genevieve gerda ghada ghazal gisela giulia gloria grace
    greta hadeel hafsa hala hana hanan hanna hannah hatice hayat heather heba heidi helen helena helene hiba
    hilde hillary hind huda ida ilham iman inas ingeborg ingrid irene irina iris isabel isabelle jacqueline
    jamila jana jane janet jennifer jessica jill joan johanna josephine joumana joyce judith judy julia
    juliana julie karen karin karoline katarina kate katherine kathleen kathryn kelly khadija khawla kimberly
    kristin laila lama lamia lana laura layal layla leena leila leyla lina linda lisa loubna louise lubna
    lucia lucie lucy luna madeleine maha mahasen mai maisa majida malak manal manar margaret margarita margot
    marguerite maria mariam mariana marie marina marit marta martha martine mary maryam maya maysoon mayyada
    megan melissa meryem michelle mireille mona monica monika muna nada nadia nadine nahla naima najah najat
    najla najwa nancy narges natalia natalie nawal nazik nergis nermin nesrin nicole nihad nina nisreen noha
    nora noura nuha olga olivia oya pamela paola patricia paula pauline petra rabia rachel rafah rahaf raja
    rana randa rania rasha rawan razan rebecca reem renata rhoda rihab rima rosa rose rouba roula ruba ruqaya
    ruth sabine sabrina safa safaa sahar salma salwa samah samantha samar samia samira sana sandra sara sarah
    selin selma serap sevgi shahd shaima sharon sheila shereen shirley sibel siham silvia simone sofia sonia
    sophie stephanie suad suha suheir sumaya susan susanne suzan svetlana sylvie tamara tania tatiana teresa
    theresa therese thuraya ursula valentina valerie vanessa vera veronica victoria virginia wafaa warda widad
    yara yasmin yasmine yelena yvonne zahra zainab zeina zeinab zeynep zubaida
    """.split()
)
# Words that tell it, beside a name or in a role.
MEN = frozenset(
    "mr sir king prince sheikh imam father brother lord spokesman businessman congressman chairman "
    "husband son man boy uncle grandfather".split()
)
WOMEN = frozenset(
    "mrs ms miss queen princess lady mother sister spokeswoman businesswoman congresswoman chairwoman "
    "wife daughter woman girl aunt grandmother midwife".split()
)


def gender(name: str) -> str:
    """ "m" or "f" where ``name``, in small letters without marks, is a first name known here; else empty."""
    return "m" if name in MALE else "f" if name in FEMALE else ""
