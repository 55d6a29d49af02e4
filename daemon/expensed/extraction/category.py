"""The category: what was bought first, the kind of seller second, by words of the main European languages and Malay."""

from __future__ import annotations

import re
from collections.abc import Sequence

from expensed.extraction.candidates import Candidate, best_first
from expensed.extraction.lines import Row

OTHER = "Other"
_WORDS: dict[str, str] = {
    "Meals & Entertainment": (
        "restaurant restoran ristorante trattoria osteria pizz cafe café kaffee coffee kopi kopitiam bistro brasserie noodle nasi lemak mee goreng "
        "chicken rice burger steak sushi ramen dine-in dinein \\bdine\\b take\\s?away kellner tisch waiter server cheese beer bier wein wine espresso cappuccino latte "
        "tapas menu dessert \\btip\\b gratuity kitchen grill gastro cinema kino theater theatre ticket\\sconcert toast teh\\b milo bakery\\scafe "
        "vegetarian table\\sno guest\\scheck meal mcdonald fries soup kitch"
    ),
    "Groceries": (
        "supermarket supermarkt hypermarket hyper\\s?mart market\\b minimarket mini\\s?mart mart\\b pasaraya pasar\\smini pasar grocer lebensmittel epicerie "
        "alimentari fresh milk milch eggs bananas brot bread käse joghurt gemüse obst kartoffel tomate vegetable fruit cash\\s?&\\s?carry wholesale "
        "confectionery leergut pfand nudeln quark schokolade biscuit snack cookies sugar flour snacks edeka discount\\smarkt 便利商店 convenience "
        "water coke cola juice cereal"
    ),
    "Travel & Lodging": (
        "hotel hostel motel lodge lodging \\binn\\b room\\scharge check-?in check-?out folio flight airline airways boarding itinerary travel\\sagency "
        "reise bahn\\b deutsche\\sbahn train\\sticket sncf visa\\sapplication airbnb nights übernachtung unterkunft albergo"
    ),
    "Transport & Fuel": (
        "petrol diesel fuel benzin unleaded super\\se\\d+ kraftstoff tankstelle \\bpump\\b litre\\b gasoline station-service carburant gasolin parking parkhaus "
        "parkplatz toll\\b maut taxi uber\\b grab\\b bus\\b tram\\b metro\\b transit rail\\b railway mietwagen car\\srental autovermietung garage tyre tire\\b "
        "motor\\soil car\\swash workshop spare\\sparts vehicle reload\\b ron\\s?9\\d"
    ),
    "Office Supplies": (
        "stationer office\\ssuppl schreibwaren papeterie bürobedarf paper\\b pen\\b pens\\b ballpen marker\\b toner ink\\b cartridge envelope notebook\\sa\\d folder\\b "
        "stapler photostat photocopy printing copies postage stamp\\b courier post\\soffice briefmarke deutsche\\spost parcel pos\\slaju poslaju "
        "fotocop ruler tape\\b label\\b a4\\b"
    ),
    "Software & Services": (
        "software subscription abonnement\\slogiciel licen[sc]e hosting cloud domain\\b server\\b saas web\\sservices aws api\\b hosted exchange monthly\\splan "
        "web\\sdesign storage\\b ec2 seats?\\b per\\suser"
    ),
    "Equipment & Hardware": (
        "hardware baumarkt werkzeug tool\\b tools\\b timber papan electrical elektro electric\\b cable\\b kabel plywood cement screw bolt\\b nail\\b paint\\b pipe\\b "
        "socket switch\\b bulb\\b lamp\\b led\\b laptop computer monitor\\b keyboard tablet smartphone phone\\scase headphones ssd\\b hdmi usb machine furniture möbel "
        "drill hammer wrench plumbing pvc\\b brush wire\\b technik baucenter bauhaus printer charger renderoc scraper adapter\\b sink\\b thermostat"
    ),
    "Utilities & Telecom": (
        "electricity strom\\b stromrechnung électricité electricite gas\\b gaz\\b water\\ssupply wasserversorgung stadtwerke internet\\b broadband fibre mobilfunk "
        "telecom telekom prepaid phone\\sbill kwh\\b energy\\b energie abonnements?,?\\sforfaits utility tnb forfait téléphone meter\\sreading"
    ),
    "Rent & Facilities": "rent\\b miete\\b loyer lease cleaning\\sservice reinigung security\\sservice waste\\b müll plumb repair\\b maintenance installed facility",
    "Health & Medical": (
        "pharmacy pharmac farmasi apotheke farmacia clinic klinik doctor arzt dental hospital optic optik medical medicine tablet\\s\\d capsule ibuprofen paracetamol "
        "vitamin supplement health sanitäts 藥 prescription rezept medic"
    ),
    "Clothing & Personal": (
        "clothing fashion mode\\b boutique shoes schuhe shirt t-shirt pullover hose\\b jeans dress\\b jacket tie\\b socks uniform cosmetic beauty parfum hair salon "
        "friseur coiffeur barber jewel watch\\b shampoo lotion makeup skin\\b apparel wear\\b boots safety\\sshoes"
    ),
    "Home & Retail": (
        "household haushalt decor deko\\b gift\\b geschenk toys? spielwaren flower blumen florist department\\sstore warenhaus kitchenware furniture\\shome sport\\b "
        "sports bathroom cleaner mattress pillow curtain garden garten wohn moebel möbel\\shaus hobby craft modelling party\\b balloon rug\\b detergent"
    ),
    "Books & Education": "book\\b books\\b bookstore buchhandlung buch\\b librairie libreria magazine magazin zeitschrift course\\b seminar training school tuition kurs\\b university",
    "Professional Services": (
        "consult beratung legal\\b lawyer rechtsanwalt notar accounting steuerberat audit\\b design\\b freelance honorar labour\\b labor\\b arbeitsstunden hours\\b "
        "services\\srendered professional\\sfee architect agency translation hrs consulting posters advertis"
    ),
    "Insurance & Fees": (
        "insurance versicherung assurance premium\\spolicy bank\\sfee gebühr membership mitgliedsbeitrag donation spende contribution government\\sfee registration\\sfee "
        "licence\\sfee kommunal bussgeld fine\\b"
    ),
}
CATEGORIES = (*_WORDS, OTHER)
_PATTERNS = {
    name: re.compile(r"(?<![^\W\d_])(?:" + "|".join(words.split()) + ")", re.IGNORECASE) for name, words in _WORDS.items()
}
_VENDOR_WEIGHT = 4.0
_HEAD_WEIGHT = 1.0
_HEAD_ROWS = 6
_MOST_TEXT = 12_000


def find_categories(rows: Sequence[Row], vendor: str | None, allowed: Sequence[str]) -> list[Candidate[str]]:
    """The categories that words on the document speak for, best first; only those allowed."""
    head = "\n".join(row.text for row in rows[:_HEAD_ROWS])[:_MOST_TEXT]
    body = "\n".join(row.text for row in rows)[:_MOST_TEXT]
    found = []
    for name, pattern in _PATTERNS.items():
        words = {match.group().lower() for match in pattern.finditer(body)}
        score = float(min(len(words), 5))
        score += _VENDOR_WEIGHT * bool(vendor and pattern.search(vendor))
        score += _HEAD_WEIGHT * bool(pattern.search(head))
        if score and name in allowed:
            found.append(Candidate("category", name, score, why=f"the words {', '.join(sorted(words)[:4])}"))
    return best_first(found)
