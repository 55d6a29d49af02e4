"""Receipts and invoices invented from a seed, in many languages, layouts and currencies, with what they truly say.

A document is a list of texts with their places, in pixels of an upright page; `draw` makes a picture of it.
"""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from PIL import Image, ImageDraw, ImageFont

CENT = Decimal("0.01")
TALL = 24
"""Pixels of a letter's height; a line is half as high again."""


@dataclass(frozen=True)
class Tongue:
    """The wording of papers from one country. `sign` is put before or after the figures."""

    country: str
    currency: str
    sign: str
    rate: int
    day: str
    """The form of a date, as of `strftime`."""
    decimals: str = ","
    thousands: str = "."
    after: bool = True
    digits: int = 2
    words: Mapping[str, str] = field(default_factory=dict)
    sellers: Sequence[str] = ()
    address: Sequence[str] = ()
    items: Sequence[str] = ()
    is_latin: bool = True
    """All its letters are in the font that pictures are drawn with."""


def _words(line: str) -> dict[str, str]:
    keys = "total subtotal net tax cash card change date invoice number due to_pay thanks".split()
    return dict(zip(keys, (part.strip() for part in line.split("|")), strict=True))


TONGUES: tuple[Tongue, ...] = (
    Tongue(
        "Britain",
        "GBP",
        "£",
        20,
        "%d/%m/%Y",
        decimals=".",
        thousands=",",
        after=False,
        sellers=(
            "Harrowgate Books Ltd",
            "Tidewell Grocers Ltd",
        ),
        address=(
            "14 Mill Lane",
            "London W1B 5QH",
            "VAT No GB 123 4567 89",
        ),
        items=(
            "Notebook",
            "Tea towel",
            "Oat biscuits",
        ),
        words=_words(
            "Total|Subtotal|Net|VAT|Cash|Visa debit|Change|Date|Invoice|Invoice No|Due date|Amount due|Thank you"
        ),
    ),
    Tongue(
        "America",
        "USD",
        "$",
        8,
        "%m/%d/%Y",
        decimals=".",
        thousands=",",
        after=False,
        sellers=(
            "Juniper Hill Hardware Inc.",
            "Cobalt Diner LLC",
        ),
        address=(
            "48 Harbor Street",
            "Portland, OR 97201",
            "(503) 555-0142",
        ),
        items=(
            "Wood screws",
            "Paint roller",
            "Duct tape",
        ),
        words=_words(
            "Total|Subtotal|Subtotal|Sales tax|Cash|Mastercard|Change due|Date|Invoice|"
            "Invoice #|Due date|Balance due|Thank you"
        ),
    ),
    Tongue(
        "Canada",
        "CAD",
        "$",
        5,
        "%Y-%m-%d",
        decimals=".",
        thousands=",",
        after=False,
        sellers=("Maple Fern Outfitters Ltd.",),
        address=(
            "210 Granville St",
            "Vancouver BC V6C 1T4",
            "GST No 812345678 RT0001",
        ),
        items=(
            "Wool socks",
            "Camp mug",
            "Tent pegs",
        ),
        words=_words(
            "Total|Subtotal|Subtotal|GST 5%|Cash|Visa|Change|Date|Invoice|Invoice No|Due date|Amount due|Thank you"
        ),
    ),
    Tongue(
        "Australia",
        "AUD",
        "$",
        10,
        "%d/%m/%Y",
        decimals=".",
        thousands=",",
        after=False,
        sellers=("Wattle Creek Nursery Pty Ltd",),
        address=(
            "5 Banksia Road",
            "Brisbane QLD 4000",
            "ABN 51 824 753 556",
        ),
        items=(
            "Potting mix",
            "Seedlings",
            "Garden gloves",
        ),
        words=_words(
            "Total|Subtotal|Net|GST|Cash|Eftpos card|Change|Date|Tax Invoice|Invoice No|Due date|Amount due|Thank you"
        ),
    ),
    Tongue(
        "India",
        "INR",
        "Rs. ",
        18,
        "%d-%m-%Y",
        decimals=".",
        thousands=",",
        after=False,
        sellers=("Saffron Lane Stationers Pvt Ltd",),
        address=(
            "22 MG Road",
            "Bengaluru 560001 India",
            "GSTIN 29ABCDE1234F1Z5",
        ),
        items=(
            "Ledger book",
            "Gel pens",
            "Stapler",
        ),
        words=_words(
            "Grand Total|Sub Total|Taxable value|IGST 18%|Cash|Card|Change|Date|Tax Invoice|"
            "Invoice No|Due date|Amount payable|Thank you"
        ),
    ),
    Tongue(
        "Malaysia",
        "MYR",
        "RM ",
        6,
        "%d/%m/%Y",
        decimals=".",
        thousands=",",
        after=False,
        sellers=("FERNBROOK TRADING SDN BHD",),
        address=(
            "12 Jalan Merpati",
            "50000 Kuala Lumpur, Malaysia",
            "Tel 03-1234 5678",
        ),
        items=(
            "KOPI O",
            "ROTI BAKAR",
            "MEE GORENG",
        ),
        words=_words(
            "Total|Sub Total|Total excl. SST|SST 6%|Cash|Visa|Change|Date|Invoice|Invoice No|"
            "Due date|Amount due|Terima kasih"
        ),
    ),
    Tongue(
        "Germany",
        "EUR",
        "€",
        19,
        "%d.%m.%Y",
        sellers=(
            "Kesselring Werkzeuge GmbH",
            "Blumen Ahrens e.K.",
        ),
        address=(
            "Hauptstraße 7",
            "10115 Berlin",
            "USt-IdNr. DE 123456789",
        ),
        items=(
            "Schrauben",
            "Hammer",
            "Pinsel",
        ),
        words=_words(
            "Summe|Zwischensumme|Netto|MwSt|Bar|Girocard|Rückgeld|Datum|Rechnung|"
            "Rechnungsnummer|Fällig am|Gesamtbetrag|Vielen Dank"
        ),
    ),
    Tongue(
        "Austria",
        "EUR",
        "€",
        20,
        "%d.%m.%Y",
        sellers=("Konditorei Lindner GmbH",),
        address=(
            "Ringstraße 3",
            "1010 Wien",
            "ATU12345678",
        ),
        items=(
            "Melange",
            "Strudel",
            "Semmel",
        ),
        words=_words(
            "Summe|Zwischensumme|Netto|USt|Bar|Maestro|Rückgeld|Datum|Rechnung|Rechnung Nr|"
            "Zahlbar bis|Rechnungsbetrag|Danke"
        ),
    ),
    Tongue(
        "Switzerland",
        "CHF",
        "CHF ",
        8,
        "%d.%m.%Y",
        decimals=".",
        thousands="'",
        after=False,
        sellers=("Bergblick Sport AG",),
        address=(
            "Seestrasse 9",
            "CH-6003 Luzern",
            "CHE-123.456.789 MWST",
        ),
        items=(
            "Socken",
            "Mütze",
            "Wachs",
        ),
        words=_words(
            "Total|Zwischensumme|Netto|MWST|Bar|Visa|Rückgeld|Datum|Rechnung|Rechnung Nr|Zahlbar bis|Total|Vielen Dank"
        ),
    ),
    Tongue(
        "France",
        "EUR",
        "€",
        20,
        "%d/%m/%Y",
        thousands=" ",
        sellers=("Papeterie du Canal SARL",),
        address=(
            "8 rue des Lilas",
            "69002 Lyon",
            "TVA FR 12 345 678 901",
        ),
        items=(
            "Cahier",
            "Stylo bille",
            "Agrafeuse",
        ),
        words=_words(
            "Total TTC|Sous-total|Total HT|TVA|Espèces|Carte bancaire|Rendu|Date|Facture|"
            "Facture No|Échéance|Net à payer|Merci"
        ),
    ),
    Tongue(
        "Italy",
        "EUR",
        "€",
        22,
        "%d/%m/%Y",
        sellers=("Ferramenta Colombo S.r.l.",),
        address=(
            "Via Garibaldi 5",
            "20121 Milano",
            "P.IVA 01234567890",
        ),
        items=(
            "Viti",
            "Vernice",
            "Pennello",
        ),
        words=_words(
            "Totale|Subtotale|Imponibile|IVA|Contanti|Bancomat|Resto|Data|Fattura|Fattura n.|"
            "Scadenza|Totale documento|Grazie"
        ),
    ),
    Tongue(
        "Spain",
        "EUR",
        "€",
        21,
        "%d/%m/%Y",
        sellers=("Librería Atocha S.L.",),
        address=(
            "Calle Mayor 4",
            "28013 Madrid",
            "NIF B12345678",
        ),
        items=(
            "Cuaderno",
            "Lápices",
            "Carpeta",
        ),
        words=_words(
            "Total|Subtotal|Base imponible|IVA|Efectivo|Tarjeta|Cambio|Fecha|Factura|"
            "Factura n.|Vencimiento|Total a pagar|Gracias"
        ),
    ),
    Tongue(
        "Portugal",
        "EUR",
        "€",
        23,
        "%d-%m-%Y",
        sellers=("Mercearia Alfama Lda",),
        address=(
            "Rua Augusta 12",
            "1100-048 Lisboa",
            "NIF 501234567",
        ),
        items=(
            "Azeite",
            "Queijo",
            "Café",
        ),
        words=_words(
            "Total|Subtotal|Base|IVA|Dinheiro|Multibanco|Troco|Data|Fatura|Fatura n.|Vencimento|Total a pagar|Obrigado"
        ),
    ),
    Tongue(
        "Netherlands",
        "EUR",
        "€",
        21,
        "%d-%m-%Y",
        sellers=("Bakkerij De Molen B.V.",),
        address=(
            "Kerkstraat 2",
            "1017 GA Amsterdam",
            "BTW NL123456789B01",
        ),
        items=(
            "Volkoren brood",
            "Krentenbol",
            "Appeltaart",
        ),
        words=_words(
            "Totaal|Subtotaal|Excl. BTW|BTW|Contant|PIN|Wisselgeld|Datum|Factuur|"
            "Factuurnummer|Vervaldatum|Te betalen|Bedankt"
        ),
    ),
    Tongue(
        "Sweden",
        "SEK",
        "kr",
        25,
        "%Y-%m-%d",
        thousands=" ",
        sellers=("Norrskens Bokhandel AB",),
        address=(
            "Storgatan 4",
            "111 22 Stockholm",
            "Org.nr 556123-4567",
        ),
        items=(
            "Anteckningsbok",
            "Penna",
            "Karta",
        ),
        words=_words(
            "Att betala|Delsumma|Netto|Varav moms|Kontant|Kontokort|Växel|Datum|Faktura|"
            "Fakturanummer|Förfallodatum|Att betala|Tack"
        ),
    ),
    Tongue(
        "Denmark",
        "DKK",
        "kr",
        25,
        "%d.%m.%Y",
        sellers=("Havnens Cykler ApS",),
        address=(
            "Havnegade 7",
            "1058 København",
            "CVR 12345678",
        ),
        items=(
            "Cykellygte",
            "Slange",
            "Hjelm",
        ),
        words=_words(
            "I alt|Subtotal|Netto|Heraf moms|Kontant|Dankort|Byttepenge|Dato|Faktura|"
            "Fakturanr.|Forfaldsdato|At betale|Tak"
        ),
    ),
    Tongue(
        "Norway",
        "NOK",
        "kr",
        25,
        "%d.%m.%Y",
        thousands=" ",
        sellers=("Fjellheim Sport AS",),
        address=(
            "Storgata 9",
            "0155 Oslo",
            "Foretaksregisteret 912345678 MVA",
        ),
        items=(
            "Ullsokker",
            "Lue",
            "Votter",
        ),
        words=_words(
            "Å betale|Delsum|Netto|Herav mva|Kontant|BankAxept|Vekslepenger|Dato|Faktura|"
            "Fakturanr.|Forfallsdato|Å betale|Takk"
        ),
    ),
    Tongue(
        "Finland",
        "EUR",
        "€",
        24,
        "%d.%m.%Y",
        thousands=" ",
        sellers=("Kahvila Tuomi Oy",),
        address=(
            "Kirkkokatu 3",
            "00170 Helsinki",
            "Y-tunnus 1234567-8",
        ),
        items=(
            "Kahvi",
            "Pulla",
            "Mehu",
        ),
        words=_words(
            "Yhteensä|Välisumma|Veroton|ALV 24%|Käteinen|Korttimaksu|Vaihtoraha|Päivämäärä|"
            "Lasku|Laskun numero|Eräpäivä|Maksettava|Kiitos"
        ),
    ),
    Tongue(
        "Poland",
        "PLN",
        "zł",
        23,
        "%d.%m.%Y",
        thousands=" ",
        is_latin=False,
        sellers=("Sklep Bursztyn Sp. z o.o.",),
        address=(
            "ul. Długa 5",
            "00-238 Warszawa",
            "NIP 1234567890",
        ),
        items=(
            "Zeszyt",
            "Ołówek",
            "Klej",
        ),
        words=_words(
            "Suma|Suma częściowa|Netto|PTU|Gotówka|Karta|Reszta|Data|Faktura|Faktura nr|"
            "Termin płatności|Do zapłaty|Dziękujemy"
        ),
    ),
    Tongue(
        "Czechia",
        "CZK",
        "Kč",
        21,
        "%d.%m.%Y",
        thousands=" ",
        is_latin=False,
        sellers=("Papírnictví Vlasta s.r.o.",),
        address=(
            "Dlouhá 12",
            "110 00 Praha",
            "DIČ CZ12345678",
        ),
        items=(
            "Sešit",
            "Tužka",
            "Lepidlo",
        ),
        words=_words(
            "Celkem|Mezisoučet|Základ|DPH|Hotovost|Platební karta|Vráceno|Datum|Faktura|"
            "Faktura č.|Datum splatnosti|Celkem k úhradě|Děkujeme"
        ),
    ),
    Tongue(
        "Hungary",
        "HUF",
        "Ft",
        27,
        "%Y.%m.%d.",
        thousands=" ",
        digits=0,
        is_latin=False,
        sellers=("Duna Papír Kft.",),
        address=(
            "Fő utca 3.",
            "1011 Budapest",
            "Adószám 12345678-2-41",
        ),
        items=(
            "Füzet",
            "Ceruza",
            "Ragasztó",
        ),
        words=_words(
            "Összesen|Részösszeg|Nettó|ÁFA|Készpénz|Bankkártya|Visszajáró|Kelt|Számla|"
            "Számlaszám|Fizetési határidő|Fizetendő|Köszönjük"
        ),
    ),
    Tongue(
        "Greece",
        "EUR",
        "€",
        24,
        "%d/%m/%Y",
        is_latin=False,
        sellers=("Βιβλιοπωλείο Αιγαίο ΑΕ",),
        address=(
            "Ερμού 5",
            "10563 Αθήνα",
            "ΑΦΜ 123456789",
        ),
        items=(
            "Τετράδιο",
            "Στυλό",
            "Χάρτης",
        ),
        words=_words(
            "Σύνολο|Μερικό σύνολο|Καθαρή αξία|ΦΠΑ|Μετρητά|Κάρτα|Ρέστα|Ημερομηνία|Τιμολόγιο|"
            "Αρ.|Λήξη|Πληρωτέο|Ευχαριστούμε"
        ),
    ),
    Tongue(
        "Turkey",
        "TRY",
        "₺",
        20,
        "%d.%m.%Y",
        is_latin=False,
        sellers=("Deniz Kırtasiye Ltd. Şti.",),
        address=(
            "Bağdat Cad. 5",
            "34710 İstanbul",
            "VKN 1234567890",
        ),
        items=(
            "Defter",
            "Kalem",
            "Silgi",
        ),
        words=_words(
            "Toplam|Ara toplam|KDV matrahı|KDV|Nakit|Kredi kartı|Para üstü|Tarih|Fatura|"
            "Fatura No|Vade tarihi|Ödenecek tutar|Teşekkürler"
        ),
    ),
    Tongue(
        "Japan",
        "JPY",
        "¥",
        10,
        "%Y年%m月%d日",
        decimals=".",
        thousands=",",
        after=False,
        digits=0,
        is_latin=False,
        sellers=("株式会社 青葉書店",),
        address=(
            "東京都千代田区1-2-3",
            "登録番号 T1234567890123",
        ),
        items=(
            "ノート",
            "えんぴつ",
            "地図",
        ),
        words=_words(
            "合計|小計|税抜|消費税|お預り|クレジット|お釣り|日付|請求書|請求書番号|支払期限|ご請求金額|ありがとうございました"
        ),
    ),
    Tongue(
        "Taiwan",
        "TWD",
        "NT$",
        5,
        "%Y/%m/%d",
        decimals=".",
        thousands=",",
        after=False,
        digits=0,
        is_latin=False,
        sellers=("青山茶行有限公司",),
        address=(
            "台北市中山路5號",
            "統一編號 12345678",
        ),
        items=(
            "紅茶",
            "綠茶",
            "茶杯",
        ),
        words=_words("總計|小計|銷售額|稅額|現金|信用卡|找零|日期|發票|發票號碼|繳費期限|應付金額|謝謝光臨"),
    ),
    Tongue(
        "Korea",
        "KRW",
        "₩",
        10,
        "%Y-%m-%d",
        decimals=".",
        thousands=",",
        after=False,
        digits=0,
        is_latin=False,
        sellers=("주식회사 한빛문구",),
        address=(
            "서울특별시 중구 세종대로 5",
            "사업자번호 123-45-67890",
        ),
        items=(
            "공책",
            "연필",
            "지도",
        ),
        words=_words("합계|소계|공급가액|부가세|현금|신용카드|거스름돈|날짜|청구서|번호|납부기한|청구금액|감사합니다"),
    ),
)


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of text with its left and top, in pixels."""

    text: str
    left: float
    top: float
    tall: int = TALL


@dataclass(frozen=True)
class Invented:
    """A document: its size in pixels, its texts, and what it truly says, by the result's keys."""

    name: str
    width: int
    height: int
    texts: tuple[Text, ...]
    truth: Mapping[str, Any]
    is_latin: bool


def invent(seed: int) -> Invented:
    """Return the document for that seed; countries take turns, and so do receipts and invoices."""
    chance = random.Random(seed)
    tongue = TONGUES[seed % len(TONGUES)]
    is_invoice = (seed // len(TONGUES)) % 2 == 1
    return (_Invoice if is_invoice else _Receipt)(tongue, chance, seed).paper()


class _Sheet(ABC):
    """What receipts and invoices share: figures that agree, and how they are written."""

    kind = "receipt"
    width = 620

    def __init__(self, tongue: Tongue, chance: random.Random, seed: int) -> None:
        self.tongue, self.chance, self.seed = tongue, chance, seed
        self.texts: list[Text] = []
        self.top = 40.0
        self.seller = chance.choice(list(tongue.sellers))
        self.day = date(2024, 1, 1) + timedelta(days=chance.randrange(0, 600))
        self.lines = [(item, self._price()) for item in chance.sample(list(tongue.items), chance.randint(2, 3))]
        self.total = sum((price for _, price in self.lines), Decimal(0))
        rate = Decimal(tongue.rate) / 100
        self.tax = (self.total * rate / (1 + rate)).quantize(self._unit)
        self.net = self.total - self.tax

    @property
    def _unit(self) -> Decimal:
        return CENT if self.tongue.digits else Decimal(1)

    def _price(self) -> Decimal:
        cents = self.chance.randrange(60, 900) * 5
        return Decimal(cents) / 100 if self.tongue.digits else Decimal(cents)

    def money(self, amount: Decimal, *, signed: bool = True) -> str:
        """Return the amount as the country writes it."""
        shown = f"{amount:,.{self.tongue.digits}f}"
        shown = shown.translate({ord(","): self.tongue.thousands, ord("."): self.tongue.decimals})
        if not signed:
            return shown
        return f"{shown} {self.tongue.sign}" if self.tongue.after else f"{self.tongue.sign}{shown}"

    def line(self, left: str, right: str = "", tall: int = TALL) -> None:
        """Add a line with a part on each side."""
        self.texts.append(Text(left, 40, self.top, tall))
        if right:
            self.texts.append(Text(right, self.width - 40 - text_width(right, tall), self.top, tall))
        self.top += 1.5 * tall

    def gap(self) -> None:
        """Add an empty line."""
        self.top += TALL

    def paper(self) -> Invented:
        """Return the finished document."""
        truth = self.write()
        truth |= {
            "vendor": self.seller, "amount": str(self.total), "date": self.day.isoformat(),
            "currency": self.tongue.currency, "kind": self.kind, "tax": str(self.tax),
        }  # fmt: skip
        name = f"{self.seed:02}-{self.tongue.country.lower()}-{self.kind}"
        return Invented(name, self.width, int(self.top) + 40, tuple(self.texts), truth, self.tongue.is_latin)

    @abstractmethod
    def write(self) -> dict[str, Any]:
        """Fill in the texts that only this kind of paper has."""

    def rate_label(self) -> str:
        """Return the label of the tax with its rate, which some labels already contain."""
        word = self.tongue.words["tax"]
        return word if "%" in word else f"{word} {self.tongue.rate}%"


class _Receipt(_Sheet):
    """A till receipt, paid in cash or by card."""

    def write(self) -> dict[str, Any]:
        words = self.tongue.words
        self.line(self.seller, tall=TALL + 6)
        for part in self.tongue.address:
            self.line(part)
        self.gap()
        clock = f"{self.chance.randint(8, 20):02}:{self.chance.randint(0, 59):02}"
        self.line(f"{words['date']}: {self.day.strftime(self.tongue.day)}", clock)
        signed = self.chance.random() < 0.5
        for item, price in self.lines:
            self.line(item, self.money(price, signed=signed))
        self.gap()
        self.line(words["total"], self.money(self.total), TALL + 4)
        paid = self._pay(words)
        self.line(self.rate_label(), self.money(self.tax, signed=False))
        self.line(words["thanks"])
        return {"payment_method": paid}

    def _pay(self, words: Mapping[str, str]) -> str | None:
        if self.chance.random() < 0.6:
            step = Decimal(10) if self.tongue.digits else Decimal(1000)
            given = (self.total // step + 1) * step
            self.line(words["cash"], self.money(given))
            self.line(words["change"], self.money(given - self.total))
            return "Cash"
        self.line(words["card"], self.money(self.total))
        self.line("**** **** **** 4821")
        return None


class _Invoice(_Sheet):
    """An invoice on a wide page: number and dates on the right, net and tax above the amount due."""

    kind = "invoice"
    width = 1100

    def write(self) -> dict[str, Any]:
        words = self.tongue.words
        due = self.day + timedelta(days=self.chance.choice((14, 30)))
        number = f"{self.chance.choice(('R', 'INV', 'F'))}-{self.chance.randrange(10_000, 99_999)}"
        self.line(self.seller, words["invoice"], TALL + 8)
        head = [
            f"{words['number']}: {number}",
            f"{words['date']}: {self.day.strftime(self.tongue.day)}",
            f"{words['due']}: {due.strftime(self.tongue.day)}",
        ]
        for position, part in enumerate(head):
            self.line(self.tongue.address[position] if position < len(self.tongue.address) else "", part)
        self.top += 3 * TALL
        for item, price in self.lines:
            self.line(item, self.money(price))
        self.gap()
        self.line(words["net"], self.money(self.net))
        self.line(self.rate_label(), self.money(self.tax))
        self.line(words["to_pay"], self.money(self.total), TALL + 4)
        return {"invoice_number": number, "due_date": due.isoformat()}


def text_width(text: str, tall: int) -> float:
    """Return the width of a text in pixels, accurate enough for all scripts."""
    return sum(tall * (1.0 if ord(sign) > 0x2E80 else 0.56) for sign in text)


def draw(document: Invented) -> Image.Image:
    """Draw it, black on white."""
    picture = Image.new("L", (document.width, document.height), 255)
    pen = ImageDraw.Draw(picture)
    for each in document.texts:
        font = ImageFont.load_default(each.tall)
        is_right = each.left > document.width / 2
        left = document.width - 40 - pen.textlength(each.text, font) if is_right else each.left
        pen.text((left, each.top), each.text, fill=0, font=font)
    return picture
