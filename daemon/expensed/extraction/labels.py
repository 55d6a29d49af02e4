"""What the words beside an amount say it is: total, tax, cash, change, ... in the main European languages.

Words are compared as compact text (lower case, no accents, no spaces), because OCR breaks words apart and joins them.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum


class Role(StrEnum):
    """What an amount is, by its label."""

    FINAL = "final"
    """The total said to be the last word: grand total, amount due, after rounding, to pay."""
    TOTAL = "total"
    SUBTOTAL = "subtotal"
    NET = "net"
    """Without tax."""
    TAX = "tax"
    SERVICE = "service"
    DISCOUNT = "discount"
    ROUNDING = "rounding"
    TIP = "tip"
    CASH = "cash"
    """Handed over, or paid by card: equals the total only without change."""
    CARD = "card"
    CHANGE = "change"
    BALANCE = "balance"
    """A previous or remaining balance, savings, points: money that is not this purchase's."""
    COUNT = "count"
    FOREIGN = "foreign"
    """The total once more in another currency."""
    NONE = "none"


_TOTAL = r"(?:[til1][o0cau][til1][aeo][l1i|!t]|tota|totl|ttl|otal|totaal|summe?|gesamt)"
_BEFORE_TAX = (
    r"exc?l(?!u?ent)|exclu|befored?tax|beforegst|withouttax|untaxed|taxable|horst|horstaxe|sanstva|ohnemwst|ohneust|"
    r"netto|nettobetrag|imponibile|baseimp|sinиva|siniva|hoht|ht$|totalht|montantht|liquido|exbtw|exclbtw|zzgl"
)
_RULES: tuple[tuple[Role, str], ...] = (
    (
        Role.COUNT,
        r"qty|quantit|qnty|(?:no|nr|num|number)of|items?(?:sold|count|total)?$|#items|itemcount|pcs|pieces|artikelanzahl|anzahl|"
        r"nombre|nbre|articles?$|totalitems?$|unitssold|guest|covers|persons?",
    ),
    (
        Role.BALANCE,
        r"saving|yousaved?|gespart|ersparnis|points?|punkte|previous|unpaid|begbal|endbal|balancebefore|balanceafter|"
        r"prevbal|openingbal|voucherno|stand|earned|redeem(?!ed)|bonus|cashback|tolose|minimum|guthaben|reload(?!fee)|"
        r"availablebal|cardbalance|limit|creditlimit|spendmore|rrp|regprice|suggest|gratuity(?:guide|sugg)",
    ),
    (Role.FOREIGN, r"totalineuro?$|totalineur|totalinusd|ineuro$|exchangerate|wechselkurs|umrechnung|kurs|fxrate"),
    (Role.CHANGE, r"(?<!ex)chang[ec](?!d)|chang$|changedue|ruckgeld|rueckgeld|wechselgeld|ausbezahlt|rendu|monnaie|"
        r"cambio|vuelto|resto$|^resto|wisselgeld|vaxel|tilbage|troco|baki|reszta|balancereturn"),
    (Role.ROUNDING, r"roun?d(?!ed?t)(?!edamt)(?:ing|adj|ingadj|off|ed$)?(?!edtotal)(?!total)|rndadj|^rnd|arrondi(?!e)|"
        r"rundung|redondeo|afronding|avrunding|arrotond|pembulatan|bundaran|adjust(?:ment)?$|roundingadj|ingadj"),
    (
        Role.FINAL,
        rf"grand{_TOTAL}|grandt|{_TOTAL}(?:amount)?(?:due|payable|topay)|amount(?:due|payable|tobepaid|topay|paid)|payable|"
        rf"balance(?:due|topay|owing)|{_TOTAL}round|rounded?{_TOTAL}|after(?:rnd|round)|a[tf]{{2}}rnd|aftrnd|net{{1,2}}(?:{_TOTAL}|amt|amount)$|"
        rf"{_TOTAL}(?:nett?)$|(?:zu|noch)zahlen|zuzahlen|zahlbetrag|zahlungsbetrag|gesamtbetrag|rechnungsbetrag|"
        r"endbetrag|endsumme|gesamtsumme|rechnungssumme|bruttobetrag|netapayer|apayer|totalttc|montantttc|ttc$|"
        r"montantdu|totalapagar|importetotal|totalfactura|totalgeneral|dapagare|totaledocumento|totalecomplessivo|"
        r"totalefattura|importopagato|tebetalen|totaalbedrag|attbetala|tilbetaling|atbetale|apagar|valorapagar|"
        r"dozaplaty|razem|pleasepay|paythisamount|invoicetotal|billtotal|ordertotal|checktotal|bill(?:amount|amt)|"
        r"totalcharge|jumlahbesar|jumlahperlu|total(?:paid|payment)$|totalsalesamount|合計|総計|總計|应付|應付|总计|총액"
    ),
    (Role.SUBTOTAL, rf"sub.?{_TOTAL}|sub.?tota|subt$|^sub$|subs?total|substotal|zwischensumme|soustotal|subtotaal|totaleparziale|"
        r"teilsumme|zws|小計|小计|subjumlah|delsumma"),
    (Role.DISCOUNT, r"disc(?!ount[ae]ble)|rabatt|nachlass|remise|descuento|desconto|sconto|korting|coupon|voucher|promo|less|"
        r"gutschein|offer|折扣|diskaun|avslag"),
    (Role.TIP, r"^tips?$|gratuity|trinkgeld|pourboire|propina|mancia|^tip[^a-z]"),
    (Role.SERVICE, r"ser?vi?ce?(?:charge|chg|fee)|srv(?:chg|charge)|svc(?:chg|charge)?|bedienung|coperto|"
        r"deliveryfee|shipping|versand|lieferkosten|fraisdeport|portokosten|freight|handling|cartage|frete"),
    (Role.NET, rf"{_TOTAL}(?:sales?|amount|amt)?.{{0,14}}(?:{_BEFORE_TAX})|(?:amt|amount|sales?|price|value).{{0,8}}exc?l|^(?:{_BEFORE_TAX})|"
        r"^netto|^net$|nettosumme|netamount$|taxableamount|^ht$|montantht|baseimponible|netmount|netvalue"),
    (
        Role.TOTAL,
        rf"{_TOTAL}.{{0,16}}(?:incl|inc[.l]|ink?l|inklusive|inkl|withgst|withtax|including|ttc)|incl?(?:uding|usive)?.{{0,6}}{_TOTAL}|"
        r"am(?:oun)?tpaid.?inc?[lg]|saleincl|al.{0,3}inclusive",
    ),
    (Role.TAX, rf"gst|(?<![a-z])vat|vat(?:amount|total)?$|^tax|salestax|{_TOTAL}tax|tax(?:amount|amt|total)|taxes|mwst|must|"
        r"ust(?:$|[^a-z])|umsatzsteuer|steuer|tva|iva(?:$|[^a-z])|btw|moms|mva(?:$|[^a-z])|sst(?!a)|cukai|hst(?![a-z])|pst(?![a-z])|qst|igst|cgst|"
        r"sgst|稅|税|消費税|taxinv(?!oice)|statetax|countytax"),
    (Role.CARD, r"visa|master(?:card)?|amex|amexco|americanexp|maestro|debit|credit(?!note)|creditcard|girocard|girokarte|kreditkarte|"
        r"^ec|eccash|eckarte|karte(?!n?n)|kartenzahlung|vpay|eft|cartebancaire|^cb$|^cbemv|tarjeta|bancomat|pinpas|^pin$|mcard|"
        r"paypal|applepay|googlepay|tng|touchngo|grabpay|boost|twint|^nets|discovertend|electron|giro"),
    (
        Role.CASH,
        r"cash(?!ier|bill|sales?|rec|inv|&|and|carry|less|desk|mem|back|disc|regis|point)|tender|tendl|tend$|^paid|amtpaid|payment(?!mode|method|is|meth|term)|"
        r"received|gegeben|(?<![a-z])bar(?![a-z])|^bar|bargeld|especes|efectivo|contant[ei]?|kontant|kontan|tunai|dinheiro|gotowka|"
        r"現金|现金|given|recu$",
    ),
    (Role.TOTAL, rf"{_TOTAL}(?!ly)|^amount$|^amt$|^betrag|^montant|^importe|^importo|^summa|jumlah|^suma$|^valor$|bedrag|"
        r"zahlung|total€|总额|金额|[計计]$|^balance$"),
)
_COMPILED = tuple((role, re.compile(pattern)) for role, pattern in _RULES)
_EXCLUDING = re.compile(rf"(?:{_BEFORE_TAX})")
_OCR_LETTERS = str.maketrans("01|!", "olll")
_LONGEST_LABEL = 80


def compact(text: str) -> str:
    """Lower case, without accents, spaces and most punctuation: `Sub-Total (GST) :` becomes `subtotalgst`."""
    folded = unicodedata.normalize("NFKD", text[-_LONGEST_LABEL:].casefold())
    return "".join(sign for sign in folded if sign.isalnum() or sign in "#€&")


def role_of(label: str) -> Role:
    """The role that a label gives its amount; NONE where it says nothing known."""
    text = compact(label)
    for form in (text, _without_digits(text)):
        for role, pattern in _COMPILED:
            if pattern.search(form):
                return _refined(role, form)
    return Role.NONE


def _without_digits(text: str) -> str:
    """Digits inside words as the letters they were misread for; all other digits dropped."""
    mended = re.sub(r"(?<=[a-z])[01](?=[a-z])", lambda match: match[0].translate(_OCR_LETTERS), text)
    return re.sub(r"\d", "", mended)


def _refined(role: Role, text: str) -> Role:
    if role is Role.FINAL and re.match(r"gst|vat|tax(?!inv)|mwst|ust|tva|iva|sst", text):
        return Role.TAX
    if role is Role.FINAL and _EXCLUDING.search(text) and "incl" not in text and "nett" not in text:
        return Role.NET
    if role is Role.ROUNDING and "total" in text and "adj" not in text and "rounding" not in text:
        return Role.FINAL
    if role is Role.TOTAL and re.search(r"includes?.{0,12}of$", text):
        return Role.TAX
    if role is Role.TOTAL and text.endswith("ht"):
        return Role.NET
    return role
