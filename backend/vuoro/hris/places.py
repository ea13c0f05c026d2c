"""Countries by code and name, and the time zone where a country or a city leaves no doubt."""

from functools import lru_cache

from vuoro.hris.header_words import fold

_CODES = (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT "
    "BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH "
    "ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT "
    "HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS "
    "LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI "
    "NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG "
    "SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG "
    "UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW"
)
COUNTRY_CODES = frozenset(_CODES.split())

# Code: its three letters, then the names in English, Finnish and Swedish where they differ.
_NAMES = """
FI: FIN, Finland, Suomi | SE: SWE, Sweden, Ruotsi, Sverige | NO: NOR, Norway, Norja, Norge | DK: DNK, Denmark, Tanska, Danmark
IS: ISL, Iceland, Islanti, Island | EE: EST, Estonia, Viro, Eesti, Estland | LV: LVA, Latvia, Lettland
LT: LTU, Lithuania, Liettua, Litauen | PL: POL, Poland, Puola, Polen, Polska | DE: DEU, Germany, Saksa, Tyskland, Deutschland
NL: NLD, Netherlands, The Netherlands, Alankomaat, Hollanti, Nederländerna, Nederland | BE: BEL, Belgium, Belgia, Belgien
LU: LUX, Luxembourg, Luxemburg | FR: FRA, France, Ranska, Frankrike | AT: AUT, Austria, Itävalta, Österrike, Österreich
CH: CHE, Switzerland, Sveitsi, Schweiz | IT: ITA, Italy, Italia, Italien | ES: ESP, Spain, Espanja, Spanien, España
PT: PRT, Portugal, Portugali | GB: GBR, United Kingdom, UK, Great Britain, England, Iso-Britannia, Yhdistynyt kuningaskunta, Storbritannien
IE: IRL, Ireland, Irlanti, Irland | CZ: CZE, Czechia, Czech Republic, Tšekki, Tjeckien | SK: SVK, Slovakia, Slovakien
HU: HUN, Hungary, Unkari, Ungern | RO: ROU, Romania, Rumänien | BG: BGR, Bulgaria, Bulgarien | GR: GRC, Greece, Kreikka, Grekland
HR: HRV, Croatia, Kroatia, Kroatien | SI: SVN, Slovenia, Slovenien | RS: SRB, Serbia, Serbien | UA: UKR, Ukraine, Ukraina
TR: TUR, Turkey, Türkiye, Turkki, Turkiet | IL: ISR, Israel | IN: IND, India, Intia, Indien | CN: CHN, China, Kiina, Kina
JP: JPN, Japan, Japani | KR: KOR, South Korea, Republic of Korea, Etelä-Korea, Sydkorea | SG: SGP, Singapore
HK: HKG, Hong Kong, Hongkong | TW: TWN, Taiwan | TH: THA, Thailand, Thaimaa | VN: VNM, Vietnam | PH: PHL, Philippines, Filippiinit, Filippinerna
MY: MYS, Malaysia | ID: IDN, Indonesia, Indonesien | AU: AUS, Australia, Australien | NZ: NZL, New Zealand, Uusi-Seelanti, Nya Zeeland
US: USA, United States, United States of America, Yhdysvallat, USA:n, Förenta staterna | CA: CAN, Canada, Kanada
MX: MEX, Mexico, Meksiko, Mexiko | BR: BRA, Brazil, Brasilia, Brasilien | AR: ARG, Argentina, Argentiina | CL: CHL, Chile
ZA: ZAF, South Africa, Etelä-Afrikka, Sydafrika | EG: EGY, Egypt, Egypti, Egypten | KE: KEN, Kenya, Kenia | NG: NGA, Nigeria
AE: ARE, United Arab Emirates, Arabiemiirikunnat, Förenade Arabemiraten | SA: SAU, Saudi Arabia, Saudi-Arabia, Saudiarabien
"""  # noqa: E501 - a table
COUNTRY_NAMES: dict[str, str] = {}
for _entry in _NAMES.replace("\n", "|").split("|"):
    if _entry.strip():
        _code, _names = _entry.split(":", 1)
        COUNTRY_NAMES.update((fold(_name), _code.strip()) for _name in _names.split(","))

# Only countries whose offices all keep one time.
_COUNTRY_ZONES = (
    "FI Helsinki, SE Stockholm, NO Oslo, DK Copenhagen, EE Tallinn, LV Riga, LT Vilnius, PL Warsaw, DE "
    "Berlin, NL Amsterdam, BE Brussels, LU Luxembourg, FR Paris, AT Vienna, CH Zurich, IT Rome, CZ "
    "Prague, SK Bratislava, HU Budapest, RO Bucharest, BG Sofia, GR Athens, HR Zagreb, SI Ljubljana, RS "
    "Belgrade, IE Dublin, GB London, TR Istanbul"
)
COUNTRY_ZONES = {pair.split()[0]: f"Europe/{pair.split()[1]}" for pair in _COUNTRY_ZONES.split(",")}
COUNTRY_ZONES |= {
    "AX": "Europe/Mariehamn",
    "IS": "Atlantic/Reykjavik",
    "IN": "Asia/Kolkata",
    "JP": "Asia/Tokyo",
    "KR": "Asia/Seoul",
    "SG": "Asia/Singapore",
    "HK": "Asia/Hong_Kong",
    "TW": "Asia/Taipei",
    "TH": "Asia/Bangkok",
    "PH": "Asia/Manila",
    "IL": "Asia/Jerusalem",
    "AE": "Asia/Dubai",
    "SA": "Asia/Riyadh",
    "CN": "Asia/Shanghai",
    "ZA": "Africa/Johannesburg",
    "KE": "Africa/Nairobi",
    "NG": "Africa/Lagos",
    "EG": "Africa/Cairo",
}

_CITIES = {
    "FI": (
        "Helsinki, Helsingfors, Espoo, Esbo, Vantaa, Vanda, Tampere, Tammerfors, Turku, Åbo, Oulu, Uleåborg, "
        "Jyväskylä, Lahti, Lahtis, Kuopio, Pori, Björneborg, Vaasa, Vasa, Rovaniemi, Joensuu, Lappeenranta, "
        "Villmanstrand, Hämeenlinna, Tavastehus, Kouvola, Seinäjoki, Salo, Porvoo, Kajaani, Kokkola, Kotka, "
        "Mikkeli, Rauma"
    ),
    "SE": (
        "Stockholm, Tukholma, Göteborg, Gothenburg, Malmö, Uppsala, Västerås, Örebro, Linköping, Norrköping, "
        "Lund, Umeå, Luleå, Helsingborg, Jönköping, Gävle, Sundsvall, Karlstad, Växjö, Södertälje, Solna, "
        "Kista"
    ),
    "NO": "Oslo, Bergen, Trondheim, Stavanger, Tromsø, Drammen, Kristiansand",
    "DK": "Copenhagen, København, Köpenhamn, Kööpenhamina, Aarhus, Århus, Odense, Aalborg, Ålborg, Esbjerg",
    "IS": "Reykjavik, Reykjavík",
    "EE": "Tallinn, Tallinna, Tartu, Pärnu",
    "LV": "Riga, Riika",
    "LT": "Vilnius, Vilna, Kaunas",
    "PL": "Gdansk, Gdynia, Warsaw, Warszawa, Varsova, Krakow, Krakova, Wroclaw, Poznan, Łódź",
    "IN": "Bengaluru, Bangalore, Mumbai, Hyderabad, Pune, Chennai",
    "US": "Austin",
}
_CITY_ZONES = {"austin": "America/Chicago"}
CITIES: dict[str, tuple[str, str]] = {
    fold(city): (code, _CITY_ZONES.get(fold(city)) or COUNTRY_ZONES[code])
    for code, cities in _CITIES.items()
    for city in cities.split(",")
}


@lru_cache(maxsize=4096)
def city_of(site: str | None) -> tuple[str, str] | None:
    """Return (country, time zone) of the one known city in a site's name ("Factory Oulu"), else None."""
    found = {CITIES[word] for word in fold(site).split() if word in CITIES} if site else set()
    return found.pop() if len(found) == 1 else None


def country_at(site: str | None) -> str | None:
    """Return the country of a site named after a known city."""
    city = city_of(site)
    return city[0] if city else None


def time_zone_at(site: str | None, country: str | None) -> str | None:
    """Return the one time zone of a site or country; a city that contradicts the country is no help."""
    city = city_of(site)
    if city and country in (None, city[0]):
        return city[1]
    return COUNTRY_ZONES.get(country) if country else None
