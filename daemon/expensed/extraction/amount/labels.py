"""Tell from the words beside an amount what it is: total, tax, cash, change, ... in the main European languages.

Words are compared as compact text (lower case, no accents, no spaces), because OCR splits and joins words. The rules
are tried in order: whatever must not be taken for a total comes before the totals.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from expensed.languages.scripts import fold_variants, unify_letters
from expensed.model.text import fold_letters


class Role(StrEnum):
    """The meaning of an amount, by its label."""

    FINAL = "final"
    """The total labelled as final: grand total, amount due, after rounding, to pay."""
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
    """Cash handed over; equals the total only without change."""
    CARD = "card"
    CHANGE = "change"
    BALANCE = "balance"
    """A previous or remaining balance, savings, points: money that is not part of this purchase."""
    COUNT = "count"
    FOREIGN = "foreign"
    """The total again in another currency."""
    NONE = "none"


_TOTAL = r"(?:[til1][o0cau][til1][aeo][l1i|!t]|tota|totl|ttl|otal|totaal|summe?|gesamt)"
_BEFORE_TAX = (
    r"(?:exc?l(?!u?ent)|exclu|befored?tax|beforegst|withouttax|untaxed|taxable|horst|horstaxe|sanstva|ohnemwst|"
    r"ohneust|netto|imponibile|baseimp|siniva|ht$|totalht|montantht|liquido|exbtw|zzgl)"
)

_RULES: dict[Role, tuple[str, ...]] = {
    Role.COUNT: (
        r"qty|quantit|qnty|(?:no|nr|num|number)of|items?(?:sold|count|total)?$|#items|itemcount|pcs|pieces",
        r"anzahl(?!ung)|nombre|nbre|articles?$|unitssold|guest|covers|persons?",
    ),
    Role.BALANCE: (
        r"saving|yousaved?|gespart|ersparnis|points?|punkte|previous|unpaid|anzahlung|prepaid|deposit|acompte|vorauszahlung|begbal|endbal|balancebefore|balanceafter",
        r"prevbal|openingbal|voucherno|stand|earned|redeem(?!ed)|bonus|cashback|minimum|guthaben|reload(?!fee)",
        r"arrears|broughtforward|^ubertrag|availablebal|cardbalance|limit$|creditlimit|spendmore|rrp|regprice|suggest",
    ),
    Role.FOREIGN: (r"totalineuro?$|totalinusd|ineuro?$|exchangerate|wechselkurs|umrechnung|kurs|fxrate",),
    Role.CHANGE: (
        r"(?<!ex)chang[ec](?!d)|chang$|changedue|ruckgeld|rueckgeld|wechselgeld|zuruck|ausbezahlt|rendu|monnaie",
        r"cambio|vuelto|resto$|^resto|wisselgeld|vaxel|tilbage|troco|baki|reszta|balancereturn",
    ),
    Role.ROUNDING: (
        r"roun?d(?!ed?t)(?!edamt)(?!edtotal)(?!total)|rndadj|^rnd|arrondi(?!e)|rundung|redondeo|afronding|avrunding",
        r"arrotond|pembulatan|bundaran|adjust(?:ment)?$|ingadj",
    ),
    Role.FINAL: (
        rf"grand{_TOTAL}|grandt|{_TOTAL}(?:amount)?(?:due|payable|topay)|amount(?:due|payable|tobepaid|topay|paid)",
        rf"payable|balance(?:due|topay|owing)|{_TOTAL}round|rounded?{_TOTAL}|after(?:rnd|round)|at[tf]rnd|aftrnd",
        rf"net{{1,2}}(?:{_TOTAL}|amt|amount)$|{_TOTAL}nett?$|zuzahlen|nochzahlen|zahlbetrag|zahlungsbetrag",
        r"zubezahlen|gesamtbetrag|rechnungsbetrag|endbetrag|endsumme|gesamtsumme|rechnungssumme|rechnungsbeitrag|brutto(?:betrag|summe)|netapayer|apayer",
        r"totalttc|montantttc|ttc$|montantdu|totalapagar|importetotal|totalfactura|totalgeneral|dapagare",
        r"totaledocumento|totalecomplessivo|totalefattura|importopagato|tebetalen|totaalbedrag|attbetala|tilbetaling",
        r"atbetale|apagar|dozaplaty|razem|pleasepay|paythisamount|invoicetotal|billtotal|ordertotal|checktotal",
        r"bill(?:amount|amt)|totalcharge|jumlahbesar|jumlahperlu|total(?:paid|payment)$|totalsalesamount",
        r"^(?:youpay|topay)|^siezahlen|^vouspayez|^ustedpaga",
        r"合計|総計|總計|应付|應付|总计|총액",
    ),
    Role.SUBTOTAL: (
        rf"sub.?{_TOTAL}|sub.?tot[a1]?|subt$|^sub$|substotal|zwischen(?:summe|total)|soustotal|subtotaal|totaleparziale",
        r"teilsumme|positionssumme|zws|小計|小计|subjumlah|delsumma",
    ),
    Role.DISCOUNT: (
        r"disc(?!ount[ae]ble)|rabatt|nachlass|remise|descuento|desconto|sconto|korting|coupon|voucher|promo|less",
        r"gutschein|offer|折扣|diskaun|avslag",
    ),
    Role.TIP: (r"^tips?$|gratuity|trinkgeld|pourboire|propina|mancia|^tip[^a-z]",),
    Role.SERVICE: (
        r"ser?vi?ce?(?:charge|chg|fee)|srv(?:chg|charge)|svc(?:chg|charge)?|bedienung|coperto|deliveryfee|shipping",
        r"versand|lieferkosten|fraisdeport|portokosten|freight|handling|cartage|frete",
    ),
    Role.NET: (
        rf"{_TOTAL}(?:sales?|amount|amt)?.{{0,14}}{_BEFORE_TAX}|(?:amt|amount|sales?|price|value).{{0,8}}exc?l",
        rf"^{_BEFORE_TAX}|am.{{0,3}}t.{{0,6}}exc?(?:l|gst|vat|tax)|^net$|netamount$|baseimponible|netmount|netvalue",
    ),
    Role.TOTAL: (
        rf"{_TOTAL}.{{0,16}}(?:incl|inc[.l]|inc(?:gst|vat|tax)|ink?l|withgst|withtax|including|ttc)|incl?(?:uding|usive)?.{{0,6}}{_TOTAL}",
        r"am.{0,3}t.{0,6}inc(?:l(?!udes)|gst|vat|tax)|saleincl|al.{0,3}inclusive",
    ),
    Role.TAX: (
        rf"gst|(?<![a-z])vat|vat(?:amount|total)?$|^tax|salestax|{_TOTAL}tax|tax(?:amount|amt|total)|taxes|mwst|must",
        r"ust(?:$|[^a-z])|umsatzsteuer|steuer|tva|iva(?:$|[^a-z])|btw|moms|mva(?:$|[^a-z])|sst(?!a)|cukai",
        r"[hpq]st(?![a-z]|\d[a-z])|[ics]gst|稅|税|statetax|countytax|se?rvi?(?:ces?)?tax",
    ),
    Role.CARD: (
        r"visa|master(?:card)?|amex|americanexp|maestro|debit|credit(?!note)|girocard|girokarte|kreditkarte|^ec$|^ec[^a-z]",
        r"eccash|eckarte|karte(?!n?n)|kartenzahlung|vpay|eft|cartebancaire|^cb$|^cbemv|tarjeta|bancomat|^pin$|mcard",
        r"^card(?:payments?|sales?|amount)?$|amountcharged|chargedto|paypal|applepay|googlepay|tng|touchngo|grabpay|boost|twint|^nets|discovertend|electron|giro",
    ),
    Role.CASH: (
        r"cash(?!ier|bill|sales?|rec|inv|&|and|carry|less|desk|mem|back|disc|regis|point)|tender|tendl|tend$|^paid",
        r"payment(?!mode|method|is|meth|term)|received|gegeben|(?<![a-z])bar(?![a-z])|^bar|bargeld|especes|efectivo",
        r"^accepted(?:t[o0a]ta[l1i]|amount|sum)?$|^inserted|eingeworfen|contant[ei]?|kontant|tunai|dinheiro|gotowka|現金|现金|given|recu$",
    ),
}
_LAST_RULE = (
    rf"{_TOTAL}(?!ly)|^gross(?:amount|amt)?$|^amount$|^amt$|^betrag|^montant|^importe|^importo|^summa|jumlah|^suma$|^valor$|bedrag|"
    r"zahlung|总额|金额|[計计]$|^balance$"
)
_COMPILED = (
    *((role, re.compile("|".join(patterns))) for role, patterns in _RULES.items()),
    (Role.TOTAL, re.compile(_LAST_RULE)),
)
_EXCLUDING = re.compile(_BEFORE_TAX)
_NETT = re.compile(r"nett(?!o(?!tal))")
_OF_EXTRAS = re.compile(r"zuschlag|surcharge|aufschlag")
_OF_ALLOWANCES = re.compile(r"abschlag|allowance")
_TAX_FIRST = re.compile(r"gst|vat|tax(?!inv)|mwst|ust|tva|iva|sst")
_ADDED_TAX = re.compile(r"(?:zzgl|zuzuglich)(?:[0-9]|mwst|ust|umsatz|mehrwert)")
"""A tax that is added, not a sum before it."""
_INCLUDES = re.compile(r"includes?.{0,12}of$")
_LAST_WORD = re.compile(r"after|^(?!.*(?:adj|rounding))")
_OCR_LETTERS = str.maketrans("01", "ol")
_LONGEST_LABEL = 80


@lru_cache(maxsize=4096)
def compact(text: str) -> str:
    """Compact text: no accents, spaces or most punctuation, so `Sub-Total (GST) :` becomes `subtotalgst`.

    Letters that OCR takes for others of the same shape are one letter here.
    """
    return fold_variants(fold_letters(unify_letters(text[-_LONGEST_LABEL:]), keep="#€&"))


def role_of(label: str) -> Role:
    """Return the role that a label gives its amount; NONE if it is not known."""
    text = compact(label)
    for form in (text, _without_digits(text)):
        for role, pattern in _COMPILED:
            if pattern.search(form):
                return _refined(role, form)
    return Role.NONE


def _without_digits(text: str) -> str:
    """Turn digits inside words back into the letters they were misread from, and drop all other digits."""
    mended = re.sub(r"(?<=[a-z])[01](?=[a-z])", lambda match: match[0].translate(_OCR_LETTERS), text)
    return re.sub(r"\d", "", mended)


def _refined(role: Role, text: str) -> Role:
    """Refine the role by the whole label: `GST payable` is a tax, `Total Rounded` the final total."""
    if role in (Role.FINAL, Role.TOTAL) and _OF_EXTRAS.search(text):
        return Role.SERVICE
    if role in (Role.FINAL, Role.TOTAL) and _OF_ALLOWANCES.search(text):
        return Role.DISCOUNT
    if role is Role.FINAL and _TAX_FIRST.match(text):
        return Role.TAX
    if role is Role.FINAL and _EXCLUDING.search(text) and "incl" not in text and not _NETT.search(text):
        return Role.NET
    if role is Role.ROUNDING and "total" in text and _LAST_WORD.search(text):
        return Role.FINAL
    if role is Role.NET and _ADDED_TAX.match(text):
        return Role.TAX
    if role is Role.TOTAL and _INCLUDES.search(text):
        return Role.TAX
    if role is Role.TOTAL and text.endswith("ht"):
        return Role.NET
    return role
