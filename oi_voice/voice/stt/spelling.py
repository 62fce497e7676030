"""How an English word is probably said, from its letters, for words that no dictionary has.

A few dozen rules of English spelling, longest first: rough, but a grammar only has to tell a word from the others
that may stand in its place.
"""

from __future__ import annotations

import re

# ARPAbet, as in the CMU dictionary. A rule is letters, with ^ and $ for the word's ends, and their sounds.
_RULES = """
    ^kn=N ^gn=N ^wr=R ^ps=S ^x=Z ^y=Y ^wh=W ^who=HH UW ^mc=M AH K ^rh=R ^eu=Y UW
    tion=SH AH N sion=ZH AH N cious=SH AH S tious=SH AH S ture=CH ER ssion=SH AH N cial=SH AH L tial=SH AH L
    ough=AO augh=AO igh=AY eigh=EY tch=CH dge=JH sch=S K ch=CH ck=K sh=SH ph=F th=TH gh=G qu=K W ng=NG
    que$=K gue$=G mb$=M mn$=M ed$=D es$=Z les$=AH L Z le$=AH L tle$=T AH L ely$=L IY
    ju=JH UW ku=K UW
    oo=UW ee=IY ea=IY ai=EY ay=EY au=AO aw=AO oa=OW oe=OW oi=OY oy=OY ou=AW ow=OW ow$=OW ew=UW ue$=UW ie=IY ie$=IY
    ei=EY ey$=IY ui=UW uy=AY eo=IY OW ia=IY AH io=IY OW
    air=EH R ear=IH R eer=IH R oor=AO R our=AO R are$=EH R ire$=AY ER ure$=Y UH R ore$=AO R ere$=IH R
    ar=AA R er=ER ir=ER or=AO R ur=ER yr=ER
    ce=S EH ci=S IH cy=S IY ge=JH EH gi=JH IH gy=JH IY ce$=S ge$=JH se$=Z cc=K ss=S ll=L tt=T pp=P bb=B dd=D ff=F
    gg=G mm=M nn=N rr=R zz=Z kk=K vv=V
    a$=AH e$= i$=IY o$=OW u$=UW y$=IY y=IH
    a=AE b=B c=K d=D e=EH f=F g=G h=HH i=IH j=JH k=K l=L m=M n=N o=AA p=P q=K r=R s=S t=T u=AH v=V w=W x=K S z=Z
"""
_SOUNDS = {letters: sounds.split() for letters, sounds in re.findall(r"(\S+?)=((?:[A-Z]+(?: |$|\n))*)", f"{_RULES}\n")}
_LONG = {"a": "EY", "e": "IY", "i": "AY", "o": "OW", "u": "UW", "y": "AY"}  # before a consonant and a silent e
_LENGTHENED = re.compile(r"([aeiouy])([bcdfgklmnpstvz])e$")
_NAMES = {
    letter: said.strip()
    for letter, said in re.findall(
        r"(\w)=([A-Z ]+)",
        """a=EY b=B IY c=S IY d=D IY e=IY f=EH F g=JH IY h=EY CH i=AY j=JH EY k=K EY l=EH L m=EH M n=EH N o=OW p=P IY
        q=K Y UW r=AA R s=EH S t=T IY u=Y UW v=V IY w=D AH B AH L Y UW x=EH K S y=W AY z=Z IY""",
    )
}


def sounds(word: str) -> str:
    """The word in ARPAbet; empty when it has no letters that we know. Words without a vowel are spelled out."""
    letters = re.sub(r"[^a-z]", "", word.lower())
    if not re.search("[aeiouy]", letters):
        return " ".join(_NAMES[letter] for letter in letters)
    tail: list[str] = []
    if long := _LENGTHENED.search(letters):
        soft = {"c": ["S"], "g": ["JH"]}.get(long[2])
        tail = [_LONG[long[1]], *(soft or _SOUNDS[long[2]])]
        letters = letters[: long.start()]
    return " ".join([*_said(letters, ended=not tail), *tail])


def _said(letters: str, *, ended: bool) -> list[str]:
    text, at, result = f"^{letters}{'$' if ended else ''}", 0, list[str]()
    while at < len(text):
        length = next((size for size in range(5, 0, -1) if text[at : at + size] in _SOUNDS), 0)
        result += _SOUNDS.get(text[at : at + length], [])
        at += max(length, 1)  # a mark that no rule names is passed over
    return result
