"""Twenty families of invoice, receipt, reminder and card slip, and twenty pairs that only look alike, as lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Words:
    """What the papers of a language print."""

    invoice: str
    receipt: str
    reminder: str
    number: str
    day: str
    net: str
    vat: str
    total: str
    paid: str
    slip: tuple[str, ...]
    currency: str
    comma: bool = True


WORDS = {
    "en": Words(
        "Invoice",
        "Payment receipt",
        "Payment reminder",
        "Invoice number",
        "Date",
        "Subtotal",
        "VAT 20%",
        "Total",
        "Amount paid",
        ("Cardholder copy", "Terminal ID 22081", "Auth code 18823", "AID A0000000031010", "Approved"),
        "GBP",
        comma=False,
    ),
    "de": Words(
        "Rechnung",
        "Quittung",
        "Zahlungserinnerung",
        "Rechnungsnummer",
        "Datum",
        "Nettobetrag",
        "MwSt 19%",
        "Gesamtbetrag",
        "Bezahlt",
        ("Kundenbeleg", "Terminal-ID 5512", "Genehmigungs-Nr 7782", "TA-Nr 00812", "Zahlung erfolgt"),
        "EUR",
    ),
    "fr": Words(
        "Facture",
        "Reçu",
        "Rappel de paiement",
        "Facture n°",
        "Date",
        "Total HT",
        "TVA 20%",
        "Total TTC",
        "Montant payé",
        ("Ticket client", "No terminal 2210", "No autorisation 4451", "Paiement sans contact", "CB EMV"),
        "EUR",
    ),
    "es": Words(
        "Factura",
        "Recibo",
        "Recordatorio de pago",
        "Factura nº",
        "Fecha",
        "Base imponible",
        "IVA 21%",
        "Total",
        "Pagado",
        ("Copia cliente", "Comercio 33120", "Terminal 7", "Autorización 55120", "Venta"),
        "EUR",
    ),
    "it": Words(
        "Fattura",
        "Ricevuta",
        "Sollecito di pagamento",
        "Fattura n.",
        "Data",
        "Imponibile",
        "IVA 22%",
        "Totale",
        "Pagato",
        ("Copia cliente", "Esercente 99312", "Cod. aut. 7712", "Transazione autorizzata", "STAN 00121"),
        "EUR",
    ),
    "nl": Words(
        "Factuur",
        "Kwitantie",
        "Betalingsherinnering",
        "Factuurnummer",
        "Datum",
        "Subtotaal",
        "BTW 21%",
        "Totaal",
        "Betaald",
        ("Kopie kaarthouder", "Terminal 4411", "Autorisatiecode 2213", "Leesmethode chip", "Akkoord"),
        "EUR",
    ),
    "pl": Words(
        "Faktura",
        "Potwierdzenie zapłaty",
        "Wezwanie do zapłaty",
        "Faktura nr",
        "Data",
        "Netto",
        "VAT 23%",
        "Razem",
        "Zapłacono",
        (
            "Potwierdzenie dla klienta",
            "Kod autoryzacji 1182",
            "POS ID 2213",
            "Akceptant 77",
            "Transakcja zaakceptowana",
        ),
        "PLN",
    ),
    "pt": Words(
        "Fatura",
        "Recibo",
        "Lembrete de pagamento",
        "Fatura nº",
        "Data",
        "Subtotal",
        "IVA 23%",
        "Total",
        "Pago",
        ("Via cliente", "Terminal 5510", "Autorização 7731", "Estabelecimento 12", "Transação autorizada"),
        "EUR",
    ),
    "sv": Words(
        "Faktura",
        "Kvitto",
        "Betalningspåminnelse",
        "Fakturanummer",
        "Datum",
        "Netto",
        "Moms 25%",
        "Att betala",
        "Betalt",
        ("Kundens ex", "Term 5512", "Butiksnr 7", "Kontrollnr 8812", "Köp godkänt"),
        "SEK",
    ),
    "da": Words(
        "Faktura",
        "Kvittering",
        "Betalingspåmindelse",
        "Fakturanr.",
        "Dato",
        "Subtotal",
        "Moms 25%",
        "Total",
        "Betalt",
        ("Kundekvittering", "Terminal 8812", "Aut. kode 1182", "Godkendt", "Kortholder"),
        "DKK",
    ),
}


@dataclass(frozen=True)
class Family:
    """A purchase: its language, its seller in four spellings, its number in two, its net sum, and the papers' days."""

    language: str
    sellers: tuple[str, str, str, str]
    address: str
    number: str
    short_number: str
    net: int
    """In cents."""
    first_day: date
    paid_after: int
    reminded_after: int
    is_paid_at_once: bool = False
    """The receipt is of the day of the slip and has its time; else the slip prints the number."""

    def draw(self) -> Mapping[str, list[str]]:
        """Return the lines of each paper, by `invoice`, `receipt`, `reminder`, `slip`."""
        words = WORDS[self.language]
        rate = int("".join(filter(str.isdecimal, words.vat)))
        tax = round(self.net * rate / 100)
        sums = [
            f"{words.net} | {self._money(self.net)}",
            f"{words.vat} | {self._money(tax)}",
            f"{words.total} {words.currency} | {self._money(self.net + tax)}",
        ]
        total = self._money(self.net + tax)
        paid_on = self._write_day(self.paid_after)
        clock = "14:32"
        return {
            "invoice": [
                self.sellers[0],
                self.address,
                words.invoice,
                f"{words.number} {self.number}",
                f"{words.day}: {self._write_day(0)}",
                f"Theodolite | {self._money(self.net)}",
                *sums,
            ],
            "receipt": [
                self.sellers[1],
                self.address,
                words.receipt,
                f"{words.number} {self.short_number}",
                f"{words.day}: {paid_on} {clock}",
                *sums,
                f"{words.paid} | {total}",
            ],
            "reminder": [
                self.sellers[2],
                self.address,
                words.reminder,
                f"{words.number} {self.number}",
                f"{words.day}: {self._write_day(self.reminded_after)}",
                *sums,
            ],
            "slip": [
                self.sellers[3],
                words.slip[0],
                f"{words.day} {paid_on} 14:30",
                *words.slip[1:],
                *([] if self.is_paid_at_once else [f"Ref {self.short_number}"]),
                f"{words.total} {words.currency} | {total}",
            ],
        }

    def _money(self, cents: int) -> str:
        return f"{cents / 100:.2f}".replace(".", "," if WORDS[self.language].comma else ".")

    def _write_day(self, after: int) -> str:
        return (self.first_day + timedelta(days=after)).isoformat()


def _family(
    language: str, sellers: str, address: str, numbers: str, net: int, day: str, after: str, *, at_once: bool = False
) -> Family:
    first, second, third, fourth = sellers.split(" / ")
    number, short = numbers.split(" = ")
    paid, reminded = map(int, after.split())
    names = (first, second, third, fourth)
    return Family(language, names, address, number, short, net, date.fromisoformat(day), paid, reminded, at_once)


FAMILIES = [
    _family(
        "en",
        "Larkspur Hosting Ltd / Larkspur Hosting / LARKSPUR HOSTING LTD / LARKSPUR HOSTING",
        "8 Mill Lane, Leeds LS1 4AB",
        "LH-40871 = LH40871",
        6000,
        "2024-03-04",
        "5 35",
    ),
    _family(
        "en",
        "Pebble & Finch Limited / Pebble and Finch Ltd / Pebble & Finch / PEBBLE FINCH",
        "2 Quay Street, Bristol BS1 2AA",
        "INV/2024/0093 = INV-2024-0093",
        12550,
        "2024-01-11",
        "0 60",
        at_once=True,
    ),
    _family(
        "de",
        "Ahorn Druck GmbH / AHORN DRUCK GMBH / Ahorn Druck / Ahorn Druck GmbH",
        "Lindenweg 4, 50667 Köln",
        "RE-2024-1187 = RE20241187",
        24000,
        "2024-02-15",
        "12 45",
    ),
    _family(
        "de",
        "Steinfeld Werkzeuge e.K. / Steinfeld Werkzeuge / STEINFELD WERKZEUGE / Steinfeld Werkzeuge",
        "Am Markt 9, 01067 Dresden",
        "4471-24 = 447124",
        8990,
        "2024-05-02",
        "0 40",
        at_once=True,
    ),
    _family(
        "fr",
        "Papeterie Vauclair SARL / PAPETERIE VAUCLAIR / Papeterie Vauclair / PAPETERIE VAUCLAIR",
        "14 rue des Tilleuls, 69002 Lyon",
        "F-2024-0551 = F2024 0551",
        15000,
        "2024-04-09",
        "7 58",
    ),
    _family(
        "fr",
        "Atelier Morvan SAS / Atelier Morvan / ATELIER MORVAN SAS / ATELIER MORVAN",
        "3 quai Nord, 44000 Nantes",
        "FA 88213 = FA88213",
        7325,
        "2024-06-20",
        "0 33",
        at_once=True,
    ),
    _family(
        "es",
        "Ferretería Olmedo S.L. / FERRETERIA OLMEDO SL / Ferretería Olmedo / FERRETERIA OLMEDO",
        "Calle Mayor 21, 28013 Madrid",
        "A-2024/318 = A2024318",
        9900,
        "2024-03-18",
        "3 50",
    ),
    _family(
        "es",
        "Imprenta Tejada S.A. / Imprenta Tejada / IMPRENTA TEJADA SA / IMPRENTA TEJADA",
        "Avenida del Puerto 7, 46021 Valencia",
        "FV-20931 = FV20931",
        18240,
        "2024-07-01",
        "0 31",
        at_once=True,
    ),
    _family(
        "it",
        "Cartoleria Bellandi S.r.l. / CARTOLERIA BELLANDI / Cartoleria Bellandi / CARTOLERIA BELLANDI SRL",
        "Via Roma 12, 50123 Firenze",
        "2024/1193 = 2024-1193",
        11000,
        "2024-02-27",
        "10 55",
    ),
    _family(
        "it",
        "Officina Renzulli S.p.A. / Officina Renzulli / OFFICINA RENZULLI SPA / OFFICINA RENZULLI",
        "Corso Italia 88, 20122 Milano",
        "FT-7714-B = FT7714B",
        30500,
        "2024-09-05",
        "0 42",
        at_once=True,
    ),
    _family(
        "nl",
        "Drukkerij Waterman B.V. / Drukkerij Waterman / DRUKKERIJ WATERMAN BV / DRUKKERIJ WATERMAN",
        "Herengracht 40, 1015 BN Amsterdam",
        "F.2024.0771 = F20240771",
        13300,
        "2024-01-22",
        "6 36",
    ),
    _family(
        "nl",
        "Tuincentrum Hoogveld BV / TUINCENTRUM HOOGVELD / Tuincentrum Hoogveld / Tuincentrum Hoogveld",
        "Kerkweg 3, 3511 AB Utrecht",
        "TH-55120 = TH 55120",
        5780,
        "2024-04-30",
        "0 30",
        at_once=True,
    ),
    _family(
        "pl",
        "Papiernia Jodłowski Sp. z o.o. / PAPIERNIA JODŁOWSKI / Papiernia Jodlowski / PAPIERNIA JODLOWSKI",
        "ul. Długa 5, 31-147 Kraków",
        "FV/118/2024 = FV1182024",
        40000,
        "2024-05-14",
        "9 49",
    ),
    _family(
        "pl",
        "Serwis Wilga S.A. / Serwis Wilga / SERWIS WILGA SA / SERWIS WILGA",
        "ul. Polna 17, 00-625 Warszawa",
        "FS-90017 = FS90017",
        22100,
        "2024-08-19",
        "0 37",
        at_once=True,
    ),
    _family(
        "pt",
        "Gráfica Sobral Lda. / GRAFICA SOBRAL LDA / Gráfica Sobral / GRAFICA SOBRAL",
        "Rua do Carmo 9, 1200-093 Lisboa",
        "FT 2024/4410 = FT2024/4410",
        16000,
        "2024-03-25",
        "4 44",
    ),
    _family(
        "pt",
        "Livraria Penedo S.A. / Livraria Penedo / LIVRARIA PENEDO SA / LIVRARIA PENEDO",
        "Rua Direita 50, 4050-120 Porto",
        "FR-33871 = FR33871",
        4990,
        "2024-10-07",
        "0 34",
        at_once=True,
    ),
    _family(
        "sv",
        "Sjövik Papper AB / SJÖVIK PAPPER / Sjövik Papper AB / SJOVIK PAPPER",
        "Storgatan 8, 111 51 Stockholm",
        "2024-77120 = 202477120",
        80000,
        "2024-02-06",
        "8 38",
    ),
    _family(
        "sv",
        "Granholm Verktyg AB / Granholm Verktyg / GRANHOLM VERKTYG AB / GRANHOLM VERKTYG",
        "Hamngatan 2, 411 14 Göteborg",
        "GV-60118 = GV60118",
        32000,
        "2024-06-11",
        "0 41",
        at_once=True,
    ),
    _family(
        "da",
        "Bøgeskov Tryk ApS / BØGESKOV TRYK / Bøgeskov Tryk / BOGESKOV TRYK",
        "Nørregade 14, 1165 København",
        "BT-20241 = BT20241",
        64000,
        "2024-04-16",
        "11 52",
    ),
    _family(
        "da",
        "Havnens Kontor A/S / Havnens Kontor / HAVNENS KONTOR A/S / HAVNENS KONTOR",
        "Strandvejen 30, 2100 København",
        "HK 77-310 = HK77310",
        27500,
        "2024-09-24",
        "0 35",
        at_once=True,
    ),
]

ORDERS = (
    ("invoice", "receipt", "reminder", "slip"),
    ("slip", "receipt", "invoice", "reminder"),
    ("receipt", "slip", "invoice", "reminder"),
    ("reminder", "slip", "receipt", "invoice"),
)
"""In which order the papers may come; a reminder that comes first waits for a person."""


def _till(*more: str, seller: str = "Nordlicht Coffee", day: str = "2024-03-14", total: str = "3.80") -> list[str]:
    return [
        seller,
        "12 Market Street, London",
        f"Date: {day}",
        f"Flat white | GBP {total}",
        f"TOTAL | GBP {total}",
        *more,
    ]


def _bill(
    *more: str, seller: str = "Larkspur Hosting Ltd", title: str = "Invoice", day: str = "2024-03-04"
) -> list[str]:
    sums = ["Team plan | 60.00", "Subtotal | 60.00", "VAT 20% | 12.00", "Total GBP | 72.00"]
    return [seller, "8 Mill Lane, Leeds LS1 4AB", title, f"Date: {day}", *more, *sums]


def _slip(clock: str, day: str = "2024-03-14") -> list[str]:
    terminal = ["Terminal ID 22081", "Auth code 18823", "AID A0000000031010", "Approved"]
    return ["NORDLICHT COFFEE", "Cardholder copy", f"Date {day} {clock}", *terminal, "Total GBP | 3.80"]


PAIRS = {
    "consecutive invoices of a day": (_bill("Invoice number LH-40871"), _bill("Invoice number LH-40872")),
    "consecutive invoices, one digit more": (_bill("Invoice number LH-4087"), _bill("Invoice number LH-40871")),
    "invoices whose prefix differs": (_bill("Invoice number LA-40871"), _bill("Invoice number LB-40871")),
    "consecutive receipts": (_till("Receipt no. 00417"), _till("Receipt no. 00418")),
    "receipts of another till": (_till("Receipt no. 1-0417"), _till("Receipt no. 2-0417")),
    "an invoice and a reminder of the one before": (
        _bill("Invoice number LH-40871"),
        _bill("Invoice number LH-40870", title="Payment reminder", day="2024-03-20"),
    ),
    "coffees a minute apart": (_till("10:24"), _till("10:25")),
    "coffees of morning and afternoon": (_till("Time 08:05:11"), _till("Time 16:40:02")),
    "coffees of two days": (_till("10:24"), _till("10:24", day="2024-03-15")),
    "coffees at two shops": (_till("10:24"), _till("10:24", seller="Bakery Lindgren")),
    "other cash and change": (_till("CASH | 5.00", "CHANGE | 1.20"), _till("CASH | 10.00", "CHANGE | 6.20")),
    "other cash and change in one minute": (
        _till("10:24", "CASH | 4.00", "CHANGE | 0.20"),
        _till("10:24", "CASH | 20.00", "CHANGE | 16.20"),
    ),
    "a subscription of two months": (
        _bill("Invoice number LH-40871"),
        _bill("Invoice number LH-41220", day="2024-04-04"),
    ),
    "a subscription without numbers": (_bill(), _bill(day="2024-04-04")),
    "a subscription and the receipt of the next month": (
        _bill("Invoice number LH-40871"),
        _bill("Invoice number LH-41220", title="Payment receipt", day="2024-04-06"),
    ),
    "instalments of one invoice": (
        _bill("Invoice number LH-40871", "Instalment 1 of 3"),
        _bill("Invoice number LH-40871", "Instalment 2 of 3", day="2024-04-04"),
    ),
    "instalments, written with a stroke": (
        _bill("Rechnungsnummer LH-40871", "Rate 1/4", title="Rechnung"),
        _bill("Rechnungsnummer LH-40871", "Rate 2/4", title="Rechnung", day="2024-04-04"),
    ),
    "an invoice and its credit note": (
        _bill("Invoice number LH-40871"),
        _bill("Invoice number LH-40871", title="Credit note", day="2024-03-09"),
    ),
    "the same number of another seller": (
        _bill("Invoice number 2024-0417"),
        _bill("Invoice number 2024-0417", seller="Castellan Hardware Ltd"),
    ),
    "a receipt and the slip of an hour later": (_till("10:24"), _slip("11:31")),
}
"""Two purchases each, that share seller, amount, day or number."""
