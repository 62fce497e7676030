"""How units, currencies, months, signs and abbreviations are said, in English and German: tables."""

from __future__ import annotations

import re

_EN = """
KB kilobyte | kB kilobyte | MB megabyte | GB gigabyte | TB terabyte | PB petabyte
KiB kibibyte | MiB mebibyte | GiB gibibyte | TiB tebibyte
kbps kilobit per second=kilobits per second | Mbps megabit per second=megabits per second
Mbit/s megabit per second=megabits per second | Gbit/s gigabit per second=gigabits per second
MB/s megabyte per second=megabytes per second | GB/s gigabyte per second=gigabytes per second
ns nanosecond | µs microsecond | ms millisecond | s second | sec second | min minute | h hour | hr hour | hrs hour
mm millimeter | cm centimeter | m meter | km kilometer | mi mile | ft foot=feet
m² square meter | m2 square meter | km² square kilometer | cm² square centimeter | m³ cubic meter
mg milligram | g gram | kg kilogram | lb pound | lbs pound | oz ounce | ml milliliter | mL milliliter | l liter
L liter
°C degree Celsius=degrees Celsius | °F degree Fahrenheit=degrees Fahrenheit | ° degree
Hz hertz=hertz | kHz kilohertz=kilohertz | MHz megahertz=megahertz | GHz gigahertz=gigahertz
W watt | kW kilowatt | MW megawatt | kWh kilowatt hour | V volt | mAh milliamp hour | mA milliamp
km/h kilometer per hour=kilometers per hour | mph mile per hour=miles per hour
m/s meter per second=meters per second
px pixel | dpi dots per inch=dots per inch | fps frame per second=frames per second
rpm revolution per minute=revolutions per minute
dB decibel | % percent=percent | ‰ per mille=per mille
"""
_DE = """
KB Kilobyte | kB Kilobyte | MB Megabyte | GB Gigabyte | TB Terabyte | PB Petabyte
KiB Kibibyte | MiB Mebibyte | GiB Gibibyte | TiB Tebibyte
kbps Kilobit pro Sekunde | Mbps Megabit pro Sekunde | Mbit/s Megabit pro Sekunde | Gbit/s Gigabit pro Sekunde
MB/s Megabyte pro Sekunde | GB/s Gigabyte pro Sekunde
ns Nanosekunde=Nanosekunden | µs Mikrosekunde=Mikrosekunden | ms Millisekunde=Millisekunden | s Sekunde=Sekunden
sec Sekunde=Sekunden | min Minute=Minuten | h Stunde=Stunden | hr Stunde=Stunden | hrs Stunde=Stunden
mm Millimeter | cm Zentimeter | m Meter | km Kilometer | mi Meile=Meilen | ft Fuß
m² Quadratmeter | m2 Quadratmeter | km² Quadratkilometer | cm² Quadratzentimeter | m³ Kubikmeter
mg Milligramm | g Gramm | kg Kilogramm | lb Pfund | lbs Pfund | oz Unze=Unzen | ml Milliliter | mL Milliliter
l Liter | L Liter | °C Grad Celsius | °F Grad Fahrenheit | ° Grad
Hz Hertz | kHz Kilohertz | MHz Megahertz | GHz Gigahertz
W Watt | kW Kilowatt | MW Megawatt | kWh Kilowattstunde=Kilowattstunden | V Volt
mAh Milliamperestunde=Milliamperestunden
mA Milliampere | km/h Kilometer pro Stunde | mph Meile pro Stunde=Meilen pro Stunde | m/s Meter pro Sekunde
px Pixel | dpi Punkt pro Zoll=Punkte pro Zoll | fps Bild pro Sekunde=Bilder pro Sekunde
rpm Umdrehung pro Minute=Umdrehungen pro Minute | dB Dezibel | % Prozent | ‰ Promille
"""


def _table(text: str, plural: str) -> dict[str, tuple[str, str]]:
    result = {}
    for entry in re.split(r"[|\n]", text):
        if entry.strip():
            unit, name = entry.strip().split(maxsplit=1)
            one, several, many = name.partition("=")
            result[unit] = (one, many if several else one + plural if not one.startswith("degree ") else many)
    return result


#: Symbol to its name for one and for many.
UNITS = {"en": {**_table(_EN, "s")}, "de": {**_table(_DE, "")}}
CURRENCIES = {
    "en": {
        "$": ("dollar", "dollars"), "€": ("euro", "euros"), "£": ("pound", "pounds"), "¥": ("yen", "yen"),
        "USD": ("US dollar", "US dollars"), "EUR": ("euro", "euros"), "GBP": ("pound", "pounds"),
        "CHF": ("Swiss franc", "Swiss francs"),
    },
    "de": {
        "$": ("Dollar", "Dollar"), "€": ("Euro", "Euro"), "£": ("Pfund", "Pfund"), "¥": ("Yen", "Yen"),
        "USD": ("US-Dollar", "US-Dollar"), "EUR": ("Euro", "Euro"), "GBP": ("Pfund", "Pfund"),
        "CHF": ("Franken", "Franken"),
    },
}  # fmt: skip
MONTHS = {
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
    "de": ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
           "Dezember"),
}  # fmt: skip
#: Words that the rules need.
WORDS = {
    "en": {
        "in": "in", "dot": "dot", "point": "point", "to": "to", "at": "at", "number": "number",
        "thousand": "thousand", "million": "million", "billion": "billion", "Mio.": "million", "Mrd.": "billion",
        "1/2": "one half", "1/3": "one third", "2/3": "two thirds", "1/4": "one quarter", "3/4": "three quarters",
    },
    "de": {
        "in": "in", "dot": "Punkt", "point": "Punkt", "to": "bis", "at": "um", "number": "Nummer",
        "thousand": "Tausend", "million": "Millionen", "billion": "Milliarden", "Mio.": "Millionen",
        "Mrd.": "Milliarden",
        "1/2": "ein halb", "1/3": "ein Drittel", "2/3": "zwei Drittel", "1/4": "ein Viertel", "3/4": "drei Viertel",
    },
}  # fmt: skip
#: Signs, and what is said for them.
SIGNS = {
    "en": {
        " <= ": " is at most ", " >= ": " is at least ", " != ": " is not ", " == ": " equals ", " = ": " equals ",
        " < ": " is less than ", " > ": " is greater than ", " ≤ ": " is at most ", " ≥ ": " is at least ",
        "±": " plus or minus ", "×": " times ", "÷": " divided by ", "≈": " about ", " & ": " and ", " + ": " plus ",
    },
    "de": {
        " <= ": " ist höchstens ", " >= ": " ist mindestens ", " != ": " ist nicht ", " == ": " ist gleich ",
        " = ": " ist gleich ", " < ": " ist kleiner als ", " > ": " ist größer als ", " ≤ ": " ist höchstens ",
        " ≥ ": " ist mindestens ", "±": " plus minus ", "×": " mal ", "÷": " geteilt durch ", "≈": " ungefähr ",
        " & ": " und ", " + ": " plus ",
    },
}  # fmt: skip


def _patterns(table: dict[str, str]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(rf"(?<!\w){written}"), said) for written, said in table.items())


ABBREVIATIONS = {
    "en": _patterns({
        r"[eE]\.\s?g\.,?": "for example", r"[iI]\.\s?e\.,?": "that is", r"etc\.(?=[,;)\s]+\S)": "et cetera",
        r"vs\.(?=\s)": "versus", r"approx\.(?=\s)": "approximately", r"w/(?=\s)": "with", r"w/o(?=\s)": "without",
        r"~(?=\d)": "about ",
    }),
    "de": _patterns({
        r"[zZ]\.\s?B\.": "zum Beispiel", r"[dD]\.\s?h\.": "das heißt", r"[uU]\.\s?a\.": "unter anderem",
        r"bzw\.": "beziehungsweise", r"usw\.(?=[,;)\s]+\S)": "und so weiter", r"ca\.(?=\s)": "circa",
        r"ggf\.": "gegebenenfalls", r"evtl\.": "eventuell", r"inkl\.": "inklusive", r"Mio\.(?=\s(?!€))": "Millionen",
        r"Mrd\.(?=\s(?!€))": "Milliarden", r"~(?=\d)": "etwa ",
    }),
}  # fmt: skip
