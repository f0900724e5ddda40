"""First names that the same person uses for one another: a line each, the name on a birth certificate first."""

from __future__ import annotations

from typing import Final

_LINES: Final = """
abigail abi abbie gail
albert bert al bertie
alexander alex sandy alec xander
alexandra alex sandra lexi
alfred alf alfie fred
amanda mandy
andrew andy drew
anne ann anna annie nan
anthony tony antony
barbara barb babs
benjamin ben benny
bernard bernie
bridget biddy bridie
caroline carol caz
catherine kate cathy katie kathy kath kitty katherine kathryn catharine
charles charlie chas chuck
charlotte lottie charlie lotte
christina chris tina christine
christopher chris kit topher
daniel dan danny
david dave davey
deborah debbie deb debra
donald don donnie
dorothy dot dottie dolly
edward ed eddie ted teddy ned
eleanor ellie nell nora elinor
elizabeth liz beth betty lizzie eliza elsie libby betsy lisa bess
emily em emmie millie
eric rick
florence flo florrie flossie
frances fran frankie
francis frank frankie
frederick fred freddie
gabriel gabe
geoffrey geoff jeff jeffrey
george georgie
gerald gerry jerry
gregory greg
harold harry hal
helen nell nellie
henry harry hal hank
isabella bella izzy isobel isabel
jacqueline jackie jacqui
james jim jimmy jamie jem
jane janie jenny
janet jan
jennifer jenny jen
jessica jess jessie
joan joanie
joanna jo joanne
john jack johnny jon
jonathan jon jonny
joseph joe joey
josephine jo josie
joshua josh
judith judy jude
kenneth ken kenny
lawrence larry laurie laurence
leonard len lenny
lewis lew louis
lillian lily lil
louise lou
lucy lou lulu
malcolm mal
margaret maggie meg peggy marge peg greta rita madge daisy
martha marty mattie
martin marty
mary molly polly may mae
matilda tilly mattie
matthew matt
michael mike mick micky
mohammed muhammad mohamed mohammad mo
nathaniel nathan nat
nicholas nick nicky
nicola nicky nic
oliver ollie
pamela pam
patricia pat patsy tricia trish paddy
patrick pat paddy
penelope penny
peter pete
philip phil pip phillip
raymond ray
rebecca becky becca
reginald reg reggie
richard dick rick ricky rich richie
robert bob rob bobby robbie bert
roger rog
ronald ron ronnie
rosemary rose rosie
samantha sam sammy
samuel sam sammy
sandra sandy
sarah sally sadie sara
sidney sid sydney
simon si
stanley stan
stephanie steph
stephen steve stevie steven
stuart stu stewart
susan sue susie suzie susanna suzanne
teresa terry tess theresa
terence terry
thomas tom tommy
timothy tim
valerie val
veronica ronnie vera
victor vic
victoria vicky tori
vincent vin vince
virginia ginny
walter wally walt
wilfred wilf
william bill will billy liam willie
winifred win winnie
zachary zach zak
"""

GROUPS: Final = tuple(tuple(line.split()) for line in _LINES.strip().split("\n"))
_NAMES: Final[dict[str, frozenset[str]]] = {}
for _group in GROUPS:
    for _name in _group:
        _NAMES[_name] = _NAMES.get(_name, frozenset()) | {_group[0]}


def formal(first: str) -> str:
    """The formal name that a first name may stand for, in lower case; of several the first in the alphabet; else itself."""
    return min(_NAMES.get(first, {first}))


def interchangeable(one: str, other: str) -> bool:
    """Whether two first names, in lower case, may be the same person's: `bill` and `will`, `jack` and `john`."""
    return bool(_NAMES.get(one, frozenset({one})) & _NAMES.get(other, frozenset({other})))
