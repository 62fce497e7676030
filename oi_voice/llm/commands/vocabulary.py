"""The words a free slot hears through the grammar, and how to say what the dictionary lacks."""

from __future__ import annotations

WORDS = tuple(
    """
    a about accept account add address after again agenda all also always an and another any apple apply are as ask
    at attach back bad be because bed before begin best better big bird birthday black blue book bread budget
    business button buy by call can cancel car careful cat chapter chat check city class clean clear close coffee
    cold color come computer contact continue copy could country create cup daily day dear default delete
    description did different dinner document dog done door down download draft drink drive early east easy edit
    eight email empty end enter evening every example exit export family far fast father favorite feel file find
    fine first five flower folder food for forget forward four friday friend from front full game garden general get
    girl give go good great green group had happy hard has have he head hear heart hello help her here high him his
    holiday home hope hot hour house how hundred i icon idea if image import important in inbox information install
    is it item job journal just keep key kind kitchen know language large last late later learn leave left letter
    life light like line link list little live local log login long look lost love low lunch mail main make man many
    map march maybe me meeting memory menu message middle minute monday money month more morning most mother move
    much music my name need never new news next nice night nine no north not note notes nothing now number of office
    old on once one only open option options or orange order other our out over page paper part party password paste
    people person phone photo picture pictures place plan play please point preview print private problem profile
    program project projects properties public put python question quick quiet quit rain read ready really recipe
    recipes red remove reply report restart right river room run said same saturday save say school science search
    second see send september settings seven share she shopping short show sign simple six sleep small so some song
    soon sorry sound south spring start stop store story street student submit summer sun sunday system table tea
    team tell ten test text thank thanks that the their them then there these thing things think third this three
    thursday time title to today together tomorrow tools top town train travel tree true try tuesday tutorial
    tutorials two under undo update upload us use user very video view visit wait walk want warm was watch water way
    we weather wednesday week weekend welcome well were west what when where which white who why will window winter
    with woman word work world would write year yellow yes yesterday you young your zero
    """.split()
)

NOUNS = tuple(
    """
    accounts agenda backup birthday book budget chapter contacts diary draft essay games history holiday house ideas
    invoice journal letter list meeting memo music notes old password photos pictures plan poem private projects
    recipes report school shopping songs story summary test text todo travel videos work
    """.split()
)
"""What files and folders are called."""

PRONUNCIATIONS = {
    "backspace": "B AE K S P EY S",
    "unmute": "AH N M Y UW T",
}
"""ARPAbet, as in the CMU dictionary."""
