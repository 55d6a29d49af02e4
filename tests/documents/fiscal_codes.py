"""Fiscal codes of invented receipts, one writer for each dialect, with what each of them holds."""

from __future__ import annotations

import base64
import hashlib
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

_FIRST, _LAST = date(2021, 1, 1), date(2024, 5, 31)
_CENTS = Decimal("0.01")


Share = tuple[Decimal | None, Decimal | None, Decimal | None, Decimal | None]
"""One tax: rate, net, tax and gross, None for what neither the code nor its rate says."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The text of a code and what it holds; `total` None where the dialect holds none."""

    dialect: str
    text: str
    day: date | None
    total: Decimal | None
    currency: str | None
    seller_tax_id: str | None = None
    taxes: tuple[Share, ...] = ()


def _money(chance: random.Random, most: int = 30_000) -> Decimal:
    return Decimal(chance.randint(100, most)) * _CENTS


def _day(chance: random.Random) -> date:
    return _FIRST + timedelta(days=chance.randrange((_LAST - _FIRST).days))


def _within(gross: Decimal, rate: int | None) -> Share:
    """What a rate makes of a gross amount, in whole cents and rounded half up."""
    if rate is None:
        return None, None, None, gross
    cents = int(gross * 100)
    tax = Decimal((2 * cents * rate + 100 + rate) // (2 * (100 + rate))) * _CENTS
    return Decimal(rate), gross - tax, tax, gross


def _digits(chance: random.Random, count: int) -> str:
    return "".join(chance.choices("0123456789", k=count))


def _base64(chance: random.Random, count: int) -> str:
    return base64.b64encode(chance.randbytes(count)).decode()


def _hex(chance: random.Random, count: int) -> str:
    return chance.randbytes(count // 2).hex()


def _clock(chance: random.Random) -> tuple[int, int, int]:
    return chance.randint(8, 21), chance.randrange(60), chance.randrange(60)


def write_german(chance: random.Random) -> Sample:
    day, (hour, minute, second) = _day(chance), _clock(chance)
    parts = [_money(chance), _money(chance) if chance.random() < 0.5 else Decimal("0.00")]
    total = sum(parts, Decimal(0))
    begin = datetime(day.year, day.month, day.day, hour - 2, minute, second, tzinfo=UTC)
    stamps = ";".join(f"{each:%Y-%m-%dT%H:%M:%S}.000Z" for each in (begin, begin + timedelta(seconds=20)))
    sums = "_".join(f"{each:.2f}" for each in (*parts, *[Decimal(0)] * 3))
    text = (
        f"V0;KASSE-{chance.randrange(99)};Kassenbeleg-V1;Beleg^{sums}^{total}:{chance.choice(['Bar', 'Unbar'])};"
        f"{chance.randrange(9999)};{chance.randrange(99999)};{stamps};ecdsa-plain-SHA256;unixTime;"
        f"{_base64(chance, 64)};{_base64(chance, 65)}"
    )
    taxes = tuple(_within(part, rate) for part, rate in zip(parts, (19, 7), strict=True) if part)
    return Sample("Germany (TSE)", text, day, total, "EUR", taxes=taxes)


def write_austrian(chance: random.Random) -> Sample:
    day, (hour, minute, second) = _day(chance), _clock(chance)
    parts = [_money(chance), _money(chance), Decimal("0.00"), Decimal("0.00"), Decimal("0.00")]
    chance.shuffle(parts)
    sums = "_".join(f"{each:.2f}".replace(".", ",") for each in parts)
    text = (
        f"_R1-AT1_KASSE{chance.randrange(99)}_{chance.randrange(99999)}_{day}T{hour:02}:{minute:02}:{second:02}_{sums}"
        f"_{_base64(chance, 8)}_{_hex(chance, 8)}_{_base64(chance, 8)}_{_base64(chance, 64)}"
    )
    taxes = tuple(_within(part, rate) for part, rate in zip(parts, (20, 10, 13, 0, None), strict=True) if part)
    return Sample("Austria (RKSV)", text, day, sum(parts, Decimal(0)), "EUR", taxes=taxes)


def _nif(chance: random.Random) -> str:
    body = "5" + _digits(chance, 7)
    rest = sum(int(digit) * (9 - place) for place, digit in enumerate(body)) % 11
    return body + str(0 if rest < 2 else 11 - rest)


def write_portuguese(chance: random.Random) -> Sample:
    day, seller = _day(chance), _nif(chance)
    lines, nets, taxes = [], Decimal(0), Decimal(0)
    shares: list[Share] = []
    for fields, rate in (("34", "0.06"), ("56", "0.13"), ("78", "0.23")):
        if chance.random() < 0.7 or rate == "0.23":
            net = _money(chance)
            tax = (net * Decimal(rate)).quantize(_CENTS)
            lines.append(f"I{fields[0]}:{net}*I{fields[1]}:{tax}")
            nets, taxes = nets + net, taxes + tax
            shares.append((Decimal(rate) * 100, net, tax, net + tax))
    number = chance.randrange(99999)
    text = (
        f"A:{seller}*B:999999990*C:PT*D:{chance.choice(['FS', 'FT', 'FR'])}*E:N*F:{day:%Y%m%d}*G:FS A/{number}"
        f"*H:CDF7T5HD-{number}*I1:PT*{'*'.join(lines)}*N:{taxes}*O:{nets + taxes}*Q:YhGV*R:9999"
    )
    return Sample("Portugal (ATCUD)", text, day, nets + taxes, "EUR", seller, tuple(shares))


def _spanish_company(chance: random.Random) -> str:
    body = _digits(chance, 7)
    doubled = [int(digit) * 2 for digit in body[::2]]
    rest = (sum(each // 10 + each % 10 for each in doubled) + sum(map(int, body[1::2]))) % 10
    return f"B{body}{(10 - rest) % 10}"


def write_spanish(chance: random.Random) -> Sample:
    day, total, seller = _day(chance), _money(chance), _spanish_company(chance)
    text = (
        f"https://www2.agenciatributaria.gob.es/wlpl/TIKE-CONT/ValidarQR?nif={seller}"
        f"&numserie=A%2F{chance.randrange(99999)}&fecha={day:%d-%m-%Y}&importe={total}"
    )
    return Sample("Spain (VERI*FACTU)", text, day, total, "EUR", seller)


def _crc8(text: str) -> int:
    value = 0
    for byte in text.encode():
        for place in range(7, -1, -1):
            is_odd = bool(value & 0x80) != bool(byte >> place & 1)
            value = (value << 1 & 0xFF) ^ (0x07 if is_odd else 0)
    return value


def write_basque(chance: random.Random) -> Sample:
    day, total, seller = _day(chance), _money(chance), _spanish_company(chance)
    start = f"TBAI-{seller}-{day:%d%m%y}-{_hex(chance, 14)[:13]}-"
    text = f"https://batuz.eus/QRTBAI/?id={start}{_crc8(start):03}&s=T&nf={chance.randrange(99999)}&i={total}"
    return Sample("Spain (TicketBAI)", f"{text}&cr={_crc8(text):03}", day, total, "EUR", seller)


def write_croatian(chance: random.Random) -> Sample:
    day, total, (hour, minute, _) = _day(chance), _money(chance), _clock(chance)
    jir = "-".join(_hex(chance, count) for count in (8, 4, 4, 4, 12))
    text = f"https://porezna.gov.hr/rn?jir={jir}&datv={day:%Y%m%d}_{hour:02}{minute:02}&izn={int(total * 100)}"
    return Sample("Croatia", text, day, total, "HRK" if day.year < 2023 else "EUR")


def write_taxcore(
    moment: datetime,
    total: Decimal,
    *,
    kind: int = 0,
    refund: int = 0,
    seed: int = 1,
    host: str = "suf.purs.gov.rs",
) -> str:
    """The address of a Serbian receipt, or of one from Republika Srpska, made as TaxCore's documentation says."""
    chance = random.Random(seed)
    data = b"\x03" + b"AB12CD34" * 2 + (4711).to_bytes(4, "little") + (4000).to_bytes(4, "little")
    data += int(total * 10_000).to_bytes(8, "little") + int(moment.timestamp() * 1000).to_bytes(8, "big")
    data += bytes((kind, refund, 0)) + chance.randbytes(256) + chance.randbytes(256)
    data += hashlib.md5(data, usedforsecurity=False).digest()
    encoded = base64.b64encode(data).decode().replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")
    return f"https://{host}/v/?vl={encoded}"


def write_serbian(chance: random.Random) -> Sample:
    day, total, (hour, minute, second) = _day(chance), _money(chance, 900_000), _clock(chance)
    moment = datetime(day.year, day.month, day.day, hour - 2, minute, second, tzinfo=UTC)
    text = write_taxcore(moment, total, seed=chance.randrange(10**6))
    return Sample("Serbia (SUF)", text, day, total, "RSD")


def write_srpska(chance: random.Random) -> Sample:
    day, total, (hour, minute, second) = _day(chance), _money(chance, 900_000), _clock(chance)
    moment = datetime(day.year, day.month, day.day, hour - 2, minute, second, tzinfo=UTC)
    text = write_taxcore(moment, total, seed=chance.randrange(10**6), host="suf.poreskaupravars.org")
    return Sample("Republika Srpska (SUF)", text, day, total, "BAM")


def write_slovenian(chance: random.Random) -> Sample:
    day, (hour, minute, second), seller = _day(chance), _clock(chance), _digits(chance, 8)
    body = f"{chance.randrange(1 << 128):039}{seller}{day:%y%m%d}{hour:02}{minute:02}{second:02}"
    return Sample("Slovenia (FURS)", f"{body}{sum(map(int, body)) % 10}", day, None, None, seller)


def _nip(chance: random.Random) -> str:
    while True:
        body = _digits(chance, 9)
        rest = sum(int(digit) * weight for digit, weight in zip(body, (6, 5, 7, 2, 3, 4, 5, 6, 7), strict=True)) % 11
        if rest < 10:
            return f"{body}{rest}"


def write_polish(chance: random.Random) -> Sample:
    day, seller = _day(chance), _nip(chance)
    mark = base64.urlsafe_b64encode(chance.randbytes(32)).decode().rstrip("=")
    text = f"https://qr.ksef.mf.gov.pl/invoice/{seller}/{day:%d-%m-%Y}/{mark}"
    return Sample("Poland (KSeF)", text, day, None, None, seller)


def write_russian(chance: random.Random) -> Sample:
    day, total, (hour, minute, _) = _day(chance), _money(chance, 900_000), _clock(chance)
    text = (
        f"t={day:%Y%m%d}T{hour:02}{minute:02}&s={total}&fn=9{_digits(chance, 15)}&i={chance.randint(1, 99999)}"
        f"&fp={chance.randint(1, 4_000_000_000)}&n=1"
    )
    return Sample("Russia", text, day, total, "RUB")


def write_zatca(*fields: str) -> bytes:
    """Tag, length and value of each field."""
    coded = [each.encode() for each in fields]
    return b"".join(bytes((tag, len(each))) + each for tag, each in enumerate(coded, 1))


def write_saudi(chance: random.Random) -> Sample:
    day, total, (hour, minute, second) = _day(chance), _money(chance), _clock(chance)
    seller = f"3{_digits(chance, 13)}3"
    name = chance.choice(["متجر الاختبار", "Palm Bakery", "مكتبة المثال"])
    stamp = f"{day}T{min(hour, 20):02}:{minute:02}:{second:02}Z"
    tax = (total * 3 / 23).quantize(_CENTS)
    data = write_zatca(name, seller, stamp, f"{total}", f"{tax}")
    taxes = ((Decimal(15), total - tax, tax, total),)
    return Sample("Saudi Arabia (ZATCA)", base64.b64encode(data).decode(), day, total, "SAR", seller, taxes)


def write_egyptian(chance: random.Random) -> Sample:
    day, total, (hour, minute, second) = _day(chance), _money(chance), _clock(chance)
    seller = f"1{_digits(chance, 8)}"
    text = (
        f"https://invoicing.eta.gov.eg/receipts/search/{_hex(chance, 64)}/share/"
        f"{day}T{min(hour, 20):02}:{minute:02}:{second:02}Z#Total:{total},IssuerRIN:{seller}"
    )
    return Sample("Egypt (ETA)", text, day, total, "EGP", seller)


def write_indonesian(chance: random.Random) -> Sample:
    seller = _digits(chance, 15)
    text = f"http://svc.efaktur.pajak.go.id/validasi/faktur/{seller}/{_digits(chance, 13)}/{_hex(chance, 64)}"
    return Sample("Indonesia (e-Faktur)", text, None, None, None, seller)


def _cnpj(chance: random.Random) -> str:
    body = _digits(chance, 12)
    for _ in range(2):
        weighted = sum(int(digit) * (2 + place % 8) for place, digit in enumerate(reversed(body))) % 11
        body += str(0 if weighted < 2 else 11 - weighted)
    return body


def write_access_key(chance: random.Random, day: date, model: str = "65") -> str:
    """A Brazilian access key with its check digit."""
    body = f"41{day:%y%m}{_cnpj(chance)}{model}001{chance.randrange(10**9):09}1{_digits(chance, 8)}"
    rest = sum(int(digit) * (2 + place % 8) for place, digit in enumerate(reversed(body))) % 11
    return f"{body}{0 if rest < 2 else 11 - rest}"


def write_brazilian(chance: random.Random) -> Sample:
    day, total = _day(chance), _money(chance)
    key = write_access_key(chance, day)
    text = (
        f"http://www.fazenda.pr.gov.br/nfce/qrcode?p={key}|2|1|{day:%d}|{total}|{_hex(chance, 56)}|1"
        f"|{_hex(chance, 40).upper()}"
    )
    return Sample("Brazil (NFC-e, offline)", text, day, total, "BRL", key[6:20])


def write_brazilian_online(chance: random.Random) -> Sample:
    key = write_access_key(chance, _day(chance))
    text = f"http://www.fazenda.pr.gov.br/nfce/qrcode?p={key}|2|1|1|{_hex(chance, 40).upper()}"
    return Sample("Brazil (NFC-e)", text, None, None, None, key[6:20])


def write_sat(chance: random.Random) -> Sample:
    day, total, (hour, minute, second) = _day(chance), _money(chance), _clock(chance)
    body = write_access_key(chance, day, "59")
    text = f"{body}|{day:%Y%m%d}{hour:02}{minute:02}{second:02}|{total}||{_base64(chance, 256)}"
    return Sample("Brazil (CF-e SAT)", text, day, total, "BRL", body[6:20])


def write_taiwanese(chance: random.Random) -> Sample:
    day, total, seller = _day(chance), Decimal(chance.randint(20, 9000)), _digits(chance, 8)
    net = int(total / Decimal("1.05"))
    text = (
        f"AB{_digits(chance, 8)}{day.year - 1911}{day:%m%d}{_digits(chance, 4)}{net:08x}{int(total):08x}"
        f"00000000{seller}"
        f"{_base64(chance, 16)}:**********:2:2:1:乾電池:1:105:口罩:1:{int(total)}"
    )
    return Sample("Taiwan", text, day, total, "TWD", seller, ((Decimal(5), Decimal(net), total - net, total),))


def write_chinese(chance: random.Random) -> Sample:
    day, total = _day(chance), _money(chance)
    text = f"01,32,,24{_digits(chance, 18)},{total},{day:%Y%m%d},,{_hex(chance, 4).upper()}"
    return Sample("China (digital fapiao)", text, day, total, "CNY")


def write_older_chinese(chance: random.Random) -> Sample:
    day, net = _day(chance), _money(chance)
    text = (
        f"01,10,0{_digits(chance, 11)},{_digits(chance, 8)},{net},{day:%Y%m%d},{_digits(chance, 20)}"
        f",{_hex(chance, 4).upper()},"
    )
    return Sample("China (older fapiao)", text, day, None, None)


def write_montenegrin(chance: random.Random) -> Sample:
    day, total, (hour, minute, second) = _day(chance), _money(chance), _clock(chance)
    seller = _digits(chance, 8)
    text = (
        f"https://mapr.tax.gov.me/ic/#/verify?iic={_hex(chance, 32).upper()}&tin={seller}"
        f"&crtd={day}T{hour:02}:{minute:02}:{second:02}+02:00&ord={chance.randrange(9999)}&bu=sc782yk198&cr=pe967bd413"
        f"&sw=qo391jt923&prc={total}"
    )
    return Sample("Montenegro", text, day, total, "EUR", seller)


def write_albanian(chance: random.Random) -> Sample:
    """A cash receipt, or a short address as printed for an invoice without a cash register."""
    day, total, (hour, minute, second) = _day(chance), _money(chance, 900_000), _clock(chance)
    seller = f"L{_digits(chance, 8)}{chance.choice('ABCDEFGHIJKLMNOPQRSTUVWXYZ')}"
    zone = chance.choice(["+02:00", "%2B02:00", "%2001:00"])
    till = f"&ord={chance.randrange(9999)}&bu=ab123cd456&cr=ef123gh456&sw=ij123kl456" if chance.random() < 0.7 else ""
    text = (
        f"https://efiskalizimi-app.tatime.gov.al/invoice-check/#/verify?iic={_hex(chance, 32).upper()}&tin={seller}"
        f"&crtd={day}T{hour:02}:{minute:02}:{second:02}{zone}{till}&prc={total}"
    )
    return Sample("Albania", text, day, total, "ALL", seller)


def write_bulgarian(chance: random.Random) -> Sample:
    day, total, (hour, minute, second) = _day(chance), _money(chance), _clock(chance)
    text = f"{_digits(chance, 8)}*{chance.randint(1, 9_999_999):07}*{day}*{hour:02}:{minute:02}:{second:02}*{total}"
    return Sample("Bulgaria", text, day, total, "BGN")


def write_turkish(chance: random.Random) -> Sample:
    day, total, seller = _day(chance), _money(chance, 900_000), _digits(chance, 10)
    net = (total / Decimal("1.2")).quantize(_CENTS)
    ettn = "-".join(_hex(chance, count) for count in (8, 4, 4, 4, 12))
    text = (
        f'{{"vkntckn":"{seller}","avkntckn":"{_digits(chance, 10)}","senaryo":"EARSIVFATURA","tip":"SATIS",'
        f'"tarih":"{day}","no":"ABC{day.year}{_digits(chance, 9)}","ettn":"{ettn}","parabirimi":"TRY",'
        f'"malhizmettoplam":"{net}","kdvmatrah(20)":"{net}","hesaplanankdv(20)":"{total - net}",'
        f'"vergidahil":"{total}","odenecek":"{total}"}}'
    )
    taxes = ((Decimal(20), net, total - net, total),)
    return Sample("Turkey (e-Fatura)", text, day, total, "TRY", seller, taxes)


def write_argentine_object(*, seller: str, day: str, amount: str, kind: int | str = 6, currency: str = "PES") -> str:
    """The address of an Argentine invoice."""
    content = (
        f'{{"ver":1,"fecha":"{day}","cuit":{seller},"ptoVta":10,"tipoCmp":{kind},"nroCmp":94,"importe":{amount},'
        f'"moneda":"{currency}","ctz":65,"tipoDocRec":80,"nroDocRec":20000000001,"tipoCodAut":"E","codAut":70417054367476}}'
    )
    return f"https://www.afip.gob.ar/fe/qr/?p={base64.b64encode(content.encode()).decode()}"


def _cuit(chance: random.Random) -> str:
    while True:
        body = f"30{_digits(chance, 8)}"
        rest = (
            -sum(int(digit) * weight for digit, weight in zip(body, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2), strict=True)) % 11
        )
        if rest < 10:
            return f"{body}{rest}"


def write_argentine(chance: random.Random) -> Sample:
    day, total, seller = _day(chance), _money(chance, 900_000), _cuit(chance)
    text = write_argentine_object(seller=seller, day=f"{day}", amount=f"{total}")
    return Sample("Argentina", text, day, total, "ARS", seller)


WRITERS: tuple[Callable[[random.Random], Sample], ...] = (
    write_german,
    write_austrian,
    write_portuguese,
    write_spanish,
    write_basque,
    write_croatian,
    write_serbian,
    write_montenegrin,
    write_slovenian,
    write_polish,
    write_russian,
    write_saudi,
    write_egyptian,
    write_indonesian,
    write_brazilian,
    write_brazilian_online,
    write_sat,
    write_taiwanese,
    write_chinese,
    write_older_chinese,
    write_bulgarian,
    write_turkish,
    write_argentine,
)
KIN: tuple[Callable[[random.Random], Sample], ...] = (write_albanian, write_srpska)
"""Dialects of the same form as another one's, Montenegro's and Serbia's: their codes look alike and are not drawn."""
