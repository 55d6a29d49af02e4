"""Drawn invoices written by the schemas of KSeF, Facturae, ebInterface, ISDOC, Finvoice, FatturaPA and Peppol's UBL."""

from __future__ import annotations

import io
import zipfile

from tests.documents.drawn_invoices import Drawn, cents, escape
from tests.documents.einvoices import FATTURA, UBL

KSEF = {2: "http://crd.gov.pl/wzor/2023/06/29/12648/", 3: "http://crd.gov.pl/wzor/2025/06/25/13775/"}
FACTURAE = {
    "3.2": "http://www.facturae.es/Facturae/2009/v3.2/Facturae",
    "3.2.1": "http://www.facturae.es/Facturae/2014/v3.2.1/Facturae",
    "3.2.2": "http://www.facturae.gob.es/formato/Versiones/Facturaev3_2_2.xml",
}
EBINTERFACE = ("4p0", "4p1", "4p2", "4p3", "5p0", "6p0", "6p1")
ISDOC = "http://isdoc.cz/namespace/2013"
_DSIG = "http://www.w3.org/2000/09/xmldsig#"
_BUCKETS = {"23": "1", "8": "2", "5": "3", "4": "4"}


def element(name: str, value: str | None) -> str:
    """An element, or nothing without a value."""
    return "" if value is None else f"<{name}>{value}</{name}>"


def write_ksef(drawn: Drawn, version: int = 3) -> str:
    """FA(2) or FA(3). A correction states differences; what is added to the amount due are charges to settle."""
    sign = -1 if drawn.is_credit else 1
    rates = ""
    for rate in drawn.rates:
        bucket = _BUCKETS.get(rate.percent, "6_1")
        rates += element(f"P_13_{bucket}", cents(sign * rate.base))
        if rate.percent != "0":
            rates += element(f"P_14_{bucket}", cents(sign * rate.tax))
            if drawn.currency != "PLN":
                rates += element(f"P_14_{bucket}W", cents(sign * rate.tax * 4))
    correction = (
        "<RodzajFaktury>KOR</RodzajFaktury><PrzyczynaKorekty>Zwrot</PrzyczynaKorekty><TypKorekty>2</TypKorekty>"
        "<DaneFaKorygowanej><DataWystFaKorygowanej>2022-11-30</DataWystFaKorygowanej><NrFaKorygowanej>FV/1</NrFaKorygowanej>"
        "<NrKSeFN>1</NrKSeFN></DaneFaKorygowanej>"
    )
    lines = "".join(
        f"<FaWiersz><NrWierszaFa>{number}</NrWierszaFa><P_7>{escape(item)}</P_7><P_8A>szt.</P_8A><P_8B>1</P_8B></FaWiersz>"
        for number, item in enumerate(drawn.items, 1)
    )
    settled = (
        f"<Rozliczenie><Obciazenia><Kwota>{cents(drawn.added)}</Kwota><Powod>Kaucja</Powod></Obciazenia>"
        f"<SumaObciazen>{cents(drawn.added)}</SumaObciazen>"
        + (
            f"<Odliczenia><Kwota>{cents(drawn.prepaid)}</Kwota><Powod>Zaliczka</Powod></Odliczenia>"
            f"<SumaOdliczen>{cents(drawn.prepaid)}</SumaOdliczen>"
            if drawn.prepaid
            else ""
        )
        + f"<DoZaplaty>{cents(drawn.due)}</DoZaplaty></Rozliczenie>"
    )
    paid = ""
    if drawn.feature == "paid in full":
        paid = f"<Zaplacono>1</Zaplacono><DataZaplaty>{drawn.day}</DataZaplaty>"
    elif drawn.prepaid and not drawn.added:
        first = drawn.prepaid // 3
        paid = "<ZnacznikZaplatyCzesciowej>1</ZnacznikZaplatyCzesciowej>" + "".join(
            f"<ZaplataCzesciowa><KwotaZaplatyCzesciowej>{cents(part)}</KwotaZaplatyCzesciowej>"
            f"<DataZaplatyCzesciowej>{drawn.day}</DataZaplatyCzesciowej></ZaplataCzesciowa>"
            for part in (first, drawn.prepaid - first)
        )
    reference = f"<IPKSeF>{drawn.reference}</IPKSeF>" if version == 3 else ""
    return f"""<Faktura xmlns="{KSEF[version]}"><Naglowek>
<KodFormularza kodSystemowy="FA ({version})" wersjaSchemy="1-0E">FA</KodFormularza>
<WariantFormularza>{version}</WariantFormularza><DataWytworzeniaFa>2022-12-01T08:00:00Z</DataWytworzeniaFa></Naglowek>
<Podmiot1><DaneIdentyfikacyjne><NIP>9999999999</NIP><Nazwa>{escape(drawn.seller)}</Nazwa></DaneIdentyfikacyjne>
<Adres><KodKraju>PL</KodKraju><AdresL1>ul. Kwiatowa 1</AdresL1></Adres></Podmiot1>
<Podmiot2><DaneIdentyfikacyjne><NIP>1111111111</NIP><Nazwa>Nabywca S.A.</Nazwa></DaneIdentyfikacyjne></Podmiot2>
<Fa><KodWaluty>{drawn.currency}</KodWaluty><P_1>{drawn.day}</P_1><P_2>{drawn.number}</P_2><P_6>2022-01-01</P_6>
{rates}<P_15>{cents(sign * drawn.total)}</P_15>
<Adnotacje><P_16>2</P_16></Adnotacje>{correction if drawn.is_credit else "<RodzajFaktury>VAT</RodzajFaktury>"}
{lines}{settled if drawn.added else ""}<Platnosc>{paid}
<TerminPlatnosci><Termin>{drawn.due_day}</Termin></TerminPlatnosci><FormaPlatnosci>6</FormaPlatnosci>{reference}</Platnosc></Fa></Faktura>"""


def write_facturae(drawn: Drawn, version: str = "3.2.2", *, withheld: int = 0, enclosed: bool = False) -> str:
    """Facturae, with tax withheld if any; `enclosed` puts it into an enveloping signature, else one is inside."""
    sign = -1 if drawn.is_credit else 1
    total = drawn.total - withheld
    taxes = "".join(
        f"<Tax><TaxTypeCode>01</TaxTypeCode><TaxRate>{rate.percent}</TaxRate>"
        f"<TaxableBase><TotalAmount>{cents(sign * rate.base)}</TotalAmount>{_in_euros(drawn, rate.base)}</TaxableBase>"
        f"<TaxAmount><TotalAmount>{cents(sign * rate.tax)}</TotalAmount>{_in_euros(drawn, rate.tax)}</TaxAmount></Tax>"
        for rate in drawn.rates
    )
    kept = (
        "<TaxesWithheld><Tax><TaxTypeCode>04</TaxTypeCode><TaxRate>15</TaxRate><TaxableBase><TotalAmount>1.00</TotalAmount>"
        f"</TaxableBase><TaxAmount><TotalAmount>{cents(withheld)}</TotalAmount></TaxAmount></Tax></TaxesWithheld>"
    )
    correction = (
        "<Corrective><InvoiceNumber>F-1</InvoiceNumber><ReasonCode>01</ReasonCode><CorrectionMethod>02</CorrectionMethod>"
        "</Corrective>"
    )
    general = ""
    if drawn.allowance:
        general = (
            "<GeneralDiscounts><Discount><DiscountReason>Pronto pago</DiscountReason>"
            f"<DiscountAmount>{cents(drawn.allowance)}</DiscountAmount></Discount></GeneralDiscounts>"
            "<GeneralSurcharges><Charge><ChargeReason>Portes</ChargeReason>"
            f"<ChargeAmount>{cents(drawn.charge)}</ChargeAmount></Charge></GeneralSurcharges>"
            f"<TotalGeneralDiscounts>{cents(drawn.allowance)}</TotalGeneralDiscounts>"
            f"<TotalGeneralSurcharges>{cents(drawn.charge)}</TotalGeneralSurcharges>"
        )
    account = (
        "<PaymentsOnAccount><PaymentOnAccount><PaymentOnAccountDate>2022-12-01</PaymentOnAccountDate>"
        f"<PaymentOnAccountAmount>{cents(drawn.prepaid)}</PaymentOnAccountAmount></PaymentOnAccount></PaymentsOnAccount>"
    )
    exchange = "<ExchangeRateDetails><ExchangeRate>2</ExchangeRate></ExchangeRateDetails>"
    lines = "".join(
        f"<InvoiceLine><ItemDescription>{escape(item)}</ItemDescription></InvoiceLine>" for item in drawn.items
    )
    signature = f'<ds:Signature xmlns:ds="{_DSIG}"><ds:SignedInfo/>OBJECT</ds:Signature>'
    name, given = ("LegalEntity", f"<CorporateName>{escape(drawn.seller)}</CorporateName>")
    text = f"""<fe:Facturae xmlns:fe="{FACTURAE[version]}"><FileHeader><SchemaVersion>{version}</SchemaVersion>
<Modality>I</Modality><InvoiceIssuerType>EM</InvoiceIssuerType><Batch><InvoicesCount>1</InvoicesCount>
<TotalInvoicesAmount><TotalAmount>1.00</TotalAmount></TotalInvoicesAmount></Batch></FileHeader><Parties>
<SellerParty><{name}>{given}</{name}></SellerParty>
<BuyerParty><LegalEntity><CorporateName>Cliente S.A.</CorporateName></LegalEntity></BuyerParty></Parties>
<Invoices><Invoice><InvoiceHeader><InvoiceNumber>{drawn.number}</InvoiceNumber>
<InvoiceDocumentType>FC</InvoiceDocumentType><InvoiceClass>{"OR" if drawn.is_credit else "OO"}</InvoiceClass>
{correction if drawn.is_credit else ""}</InvoiceHeader>
<InvoiceIssueData><IssueDate>{drawn.day}</IssueDate><InvoiceCurrencyCode>{drawn.currency}</InvoiceCurrencyCode>
{exchange if drawn.currency != "EUR" else ""}<TaxCurrencyCode>EUR</TaxCurrencyCode></InvoiceIssueData>
<TaxesOutputs>{taxes}</TaxesOutputs>{kept if withheld else ""}
<InvoiceTotals><TotalGrossAmount>{cents(sign * drawn.lines)}</TotalGrossAmount>{general}
<TotalGrossAmountBeforeTaxes>{cents(sign * drawn.net)}</TotalGrossAmountBeforeTaxes>
<TotalTaxOutputs>{cents(sign * drawn.tax)}</TotalTaxOutputs><TotalTaxesWithheld>{cents(withheld)}</TotalTaxesWithheld>
<InvoiceTotal>{cents(sign * total)}</InvoiceTotal>{account if drawn.prepaid else ""}
<TotalOutstandingAmount>{cents(sign * total - drawn.prepaid)}</TotalOutstandingAmount>
{element("TotalPaymentsOnAccount", cents(drawn.prepaid)) if drawn.prepaid else ""}
<TotalExecutableAmount>{cents(sign * total - drawn.prepaid + drawn.added)}</TotalExecutableAmount>
{element("TotalReimbursableExpenses", cents(drawn.added)) if drawn.added else ""}</InvoiceTotals>
<Items>{lines}</Items><PaymentDetails><Installment><InstallmentDueDate>{drawn.due_day}</InstallmentDueDate>
<InstallmentAmount>{cents(total)}</InstallmentAmount><PaymentMeans>04</PaymentMeans>
<PaymentReconciliationReference>{drawn.reference}</PaymentReconciliationReference></Installment></PaymentDetails>
</Invoice></Invoices>{"" if enclosed else signature.replace("OBJECT", "<ds:Object/>")}</fe:Facturae>"""
    return signature.replace("OBJECT", f"<ds:Object>{text}</ds:Object>") if enclosed else text


def _in_euros(drawn: Drawn, amount: int) -> str:
    return "" if drawn.currency == "EUR" else element("EquivalentInEuros", cents(amount // 2))


def write_ebinterface(drawn: Drawn, version: str = "6p1") -> str:
    """ebInterface; before 4.3, what was prepaid stands below the line. Attributes have a prefix in 4.x."""
    is_old = version.startswith("4")
    prefix = "eb:" if is_old else ""
    taxes = "".join(
        f"<VATItem><TaxedAmount>{cents(rate.base)}</TaxedAmount><VATRate>{rate.percent}</VATRate>"
        f"<Amount>{cents(rate.tax)}</Amount></VATItem>"
        if is_old
        else f"<TaxItem><TaxableAmount>{cents(rate.base)}</TaxableAmount>"
        f'<TaxPercent TaxCategoryCode="S">{rate.percent}</TaxPercent>'
        f"{element('TaxAmount', cents(rate.tax)) if rate.percent != '0' else ''}</TaxItem>"
        for rate in drawn.rates
    )
    lines = "".join(
        f"<ListLineItem><Description>{escape(item)}</Description><LineItemAmount>1.00</LineItemAmount></ListLineItem>"
        for item in drawn.items
    )
    sums = element("TotalGrossAmount", cents(drawn.total))
    below = ""
    if is_old and drawn.prepaid:
        below = (
            "<BelowTheLineItem><Description>Anzahlung</Description>"
            f"<LineItemAmount>{cents(drawn.prepaid)}</LineItemAmount></BelowTheLineItem>"
        )
    if not is_old:
        sums += element("PrepaidAmount", cents(drawn.prepaid)) + element("RoundingAmount", cents(drawn.added))
    due = element("PayableAmount", cents(drawn.due))
    method = (
        "<PaymentMethod><UniversalBankTransaction><BeneficiaryAccount><IBAN>AT611904300234573201</IBAN></BeneficiaryAccount>"
        f"<PaymentReference>{drawn.reference}</PaymentReference></UniversalBankTransaction></PaymentMethod>"
    )
    if version == "4p0":
        taxes = taxes.replace("VATItem>", "Item>").replace("VATRate>", "TaxRate>")
        due = ""
        method = (
            '<PaymentMethod xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
            ' xsi:type="eb:UniversalBankTransactionType">'
            f"<PaymentReference>{drawn.reference}</PaymentReference></PaymentMethod>"
        )
    namespace = f"http://www.ebinterface.at/schema/{version}/"
    kind = "CreditMemo" if drawn.is_credit else "Invoice"
    changes = "".join(
        f"<{name}><BaseAmount>1.00</BaseAmount><Amount>{cents(amount)}</Amount></{name}>"
        for name, amount in (("Reduction", drawn.allowance), ("Surcharge", drawn.charge))
        if amount
    )
    return f"""<eb:Invoice xmlns:eb="{namespace}" xmlns="{namespace}" {prefix}GeneratingSystem="drawn"
 {prefix}DocumentType="{kind}" {prefix}InvoiceCurrency="{drawn.currency}" {prefix}Language="de">
<InvoiceNumber>{drawn.number}</InvoiceNumber><InvoiceDate>{drawn.day}</InvoiceDate>
<Delivery><Date>2022-01-01</Date></Delivery>
<Biller><VATIdentificationNumber>ATU00000006</VATIdentificationNumber><Address><Name>{escape(drawn.seller)}</Name>
<Town>Wien</Town></Address></Biller>
<InvoiceRecipient><Address><Name>Kunde AG</Name></Address></InvoiceRecipient>
<Details><ItemList>{lines}</ItemList>{below}</Details>{element("ReductionAndSurchargeDetails", changes or None)}
<Tax>{element("VAT", taxes) if is_old else taxes}</Tax>{sums}{due}
{method}
<PaymentConditions><DueDate>{drawn.due_day}</DueDate></PaymentConditions></eb:Invoice>"""


def write_isdoc(drawn: Drawn, *, deposits_negative: bool = False) -> str:
    """ISDOC 6; in a foreign currency every sum also stands there in crowns, 25 times as large."""
    is_foreign = drawn.currency != "CZK"
    sign = -1 if drawn.is_credit else 1

    def sums(name: str, amount: int) -> str:
        if not is_foreign:
            return element(name, cents(sign * amount))
        return element(f"{name}Curr", cents(sign * amount)) + element(name, cents(sign * amount * 25))

    claimed = drawn.prepaid // 2
    deposits = drawn.prepaid - claimed
    rates = "".join(
        f"<TaxSubTotal>{sums('TaxableAmount', rate.base)}{sums('TaxAmount', rate.tax)}"
        f"{sums('TaxInclusiveAmount', rate.base + rate.tax)}{sums('AlreadyClaimedTaxableAmount', 0)}"
        f"{sums('DifferenceTaxAmount', rate.tax)}"
        f"<TaxCategory><Percent>{rate.percent}</Percent></TaxCategory></TaxSubTotal>"
        for rate in drawn.rates
    )
    lines = "".join(
        f"<InvoiceLine><ID>{number}</ID><Item><Description>{escape(item)}</Description></Item></InvoiceLine>"
        for number, item in enumerate(drawn.items, 1)
    )
    foreign = (
        f"<ForeignCurrencyCode>{drawn.currency}</ForeignCurrencyCode><CurrRate>25</CurrRate>" if is_foreign else ""
    )
    return f"""<Invoice xmlns="{ISDOC}" version="6.0.2"><DocumentType>{2 if drawn.is_credit else 1}</DocumentType>
<ID>{drawn.number}</ID><UUID>7B4C5BE0-288C-11D2-8E62-004095452B84</UUID><IssueDate>{drawn.day}</IssueDate>
<TaxPointDate>2022-01-01</TaxPointDate><VATApplicable>true</VATApplicable><LocalCurrencyCode>CZK</LocalCurrencyCode>
{foreign}<AccountingSupplierParty><Party><PartyIdentification><ID>12345678</ID></PartyIdentification>
<PartyName><Name>{escape(drawn.seller)}</Name></PartyName></Party></AccountingSupplierParty>
<AccountingCustomerParty><Party><PartyName><Name>Odběratel a.s.</Name></PartyName></Party></AccountingCustomerParty>
<InvoiceLines>{lines}</InvoiceLines><TaxTotal>{rates}{sums("TaxAmount", max(0, drawn.tax - claimed // 6))}</TaxTotal>
<LegalMonetaryTotal>{sums("TaxExclusiveAmount", drawn.net)}{sums("TaxInclusiveAmount", drawn.total)}
{sums("AlreadyClaimedTaxExclusiveAmount", claimed - claimed // 6)}{sums("AlreadyClaimedTaxInclusiveAmount", claimed)}
{sums("DifferenceTaxInclusiveAmount", drawn.total - claimed)}{sums("PayableRoundingAmount", drawn.added)}
{sums("PaidDepositsAmount", -deposits if deposits_negative else deposits)}{sums("PayableAmount", drawn.due)}
</LegalMonetaryTotal><PaymentMeans><Payment><PaidAmount>{cents(drawn.due)}</PaidAmount>
<PaymentMeansCode>42</PaymentMeansCode><Details><PaymentDueDate>{drawn.due_day}</PaymentDueDate>
<IBAN>CZ6508000000192000145399</IBAN><VariableSymbol>{drawn.reference}</VariableSymbol></Details></Payment></PaymentMeans>
</Invoice>"""


def pack_isdocx(invoice: bytes) -> bytes:
    """An ISDOCX archive with the manifest, a rendered page and the invoice."""
    manifest = (
        b'<manifest xmlns="http://isdoc.cz/namespace/2013/manifest"><maindocument filename="a.isdoc"/></manifest>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (("manifest.xml", manifest), ("a.pdf", b"%PDF-1.4"), ("a.isdoc", invoice)):
            archive.writestr(name, content)
    return out.getvalue()


def write_finvoice(drawn: Drawn) -> str:
    """Finvoice 3.0: a decimal comma, dates without hyphens, and minus signs in a credit note."""
    sign = -1 if drawn.is_credit else 1

    def amount(name: str, value: int) -> str:
        return f'<{name} AmountCurrencyIdentifier="{drawn.currency}">{cents(value, point=",")}</{name}>'

    def day(name: str, value: object) -> str:
        return f'<{name} Format="CCYYMMDD">{str(value).replace("-", "")}</{name}>'

    rates = "".join(
        f"<VatSpecificationDetails>{amount('VatBaseAmount', sign * rate.base)}"
        f"<VatRatePercent>{rate.percent.replace('.', ',')}</VatRatePercent><VatCode>S</VatCode>"
        f"{amount('VatRateAmount', sign * rate.tax)}</VatSpecificationDetails>"
        for rate in drawn.rates
    )
    rows = "".join(f"<InvoiceRow><ArticleName>{escape(item)}</ArticleName></InvoiceRow>" for item in drawn.items)
    changes = ""
    if drawn.allowance:
        changes = amount("DiscountsTotalVatExcludedAmount", drawn.allowance)
        changes += amount("ChargesTotalVatExcludedAmount", drawn.charge)
    return f"""<Finvoice Version="3.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xsi:noNamespaceSchemaLocation="Finvoice3.0.xsd"><SellerPartyDetails><SellerPartyIdentifier>1234567-1</SellerPartyIdentifier>
<SellerOrganisationName>{escape(drawn.seller)}</SellerOrganisationName></SellerPartyDetails>
<BuyerPartyDetails><BuyerOrganisationName>Ostaja Oy</BuyerOrganisationName></BuyerPartyDetails>
<InvoiceDetails><InvoiceTypeCode>{"INV02" if drawn.is_credit else "INV01"}</InvoiceTypeCode>
<InvoiceTypeCodeUN>{381 if drawn.is_credit else 380}</InvoiceTypeCodeUN><InvoiceTypeText>LASKU</InvoiceTypeText>
<OriginCode>Original</OriginCode><InvoiceNumber>{drawn.number}</InvoiceNumber>{day("InvoiceDate", drawn.day)}
{amount("RowsTotalVatExcludedAmount", sign * drawn.lines)}{changes}
{amount("InvoiceTotalVatExcludedAmount", sign * drawn.net)}{amount("InvoiceTotalVatAmount", sign * drawn.tax)}
{amount("InvoiceTotalVatIncludedAmount", sign * drawn.total)}
{amount("InvoiceTotalRoundoffAmount", drawn.added) if drawn.added else ""}
{amount("InvoicePaidAmount", drawn.prepaid) if drawn.prepaid else ""}{rates}
<PaymentTermsDetails>{day("InvoiceDueDate", drawn.due_day)}</PaymentTermsDetails></InvoiceDetails>{rows}
<EpiDetails><EpiIdentificationDetails>{day("EpiDate", "2022-01-01")}<EpiReference/></EpiIdentificationDetails>
<EpiPartyDetails><EpiBfiPartyDetails/></EpiPartyDetails><EpiPaymentInstructionDetails>
<EpiRemittanceInfoIdentifier IdentificationSchemeName="SPY">{drawn.reference}</EpiRemittanceInfoIdentifier>
{amount("EpiInstructedAmount", sign * drawn.due)}<EpiCharge ChargeOption="SHA">SHA</EpiCharge>
{day("EpiDateOptionDate", drawn.due_day)}<EpiPaymentMeansCode>58</EpiPaymentMeansCode></EpiPaymentInstructionDetails>
</EpiDetails></Finvoice>"""


def write_peppol(drawn: Drawn, *, accounting: str = "EUR") -> str:
    """A Peppol invoice or credit note in UBL; in a foreign currency its tax is stated again in the country's own."""
    root = "CreditNote" if drawn.is_credit else "Invoice"

    def amount(name: str, value: int, currency: str = drawn.currency) -> str:
        text = str(value // 100) if currency == "JPY" else cents(value)
        return f'<cbc:{name} currencyID="{currency}">{text}</cbc:{name}>'

    rates = "".join(
        f"<cac:TaxSubtotal>{amount('TaxableAmount', rate.base)}{amount('TaxAmount', rate.tax)}<cac:TaxCategory>"
        f"<cbc:ID>S</cbc:ID><cbc:Percent>{rate.percent}</cbc:Percent></cac:TaxCategory></cac:TaxSubtotal>"
        for rate in drawn.rates
    )
    again = ""
    if drawn.currency != accounting:
        again = f"<cac:TaxTotal>{amount('TaxAmount', drawn.tax * 3, accounting)}</cac:TaxTotal>"
    sums = amount("LineExtensionAmount", drawn.lines) + amount("TaxExclusiveAmount", drawn.net)
    sums += amount("TaxInclusiveAmount", drawn.total)
    for name, value in (
        ("AllowanceTotalAmount", drawn.allowance),
        ("ChargeTotalAmount", drawn.charge),
        ("PrepaidAmount", drawn.prepaid),
        ("PayableRoundingAmount", drawn.added),
    ):
        sums += amount(name, value) if value else ""
    lines = "".join(
        f"<cac:{root}Line><cbc:ID>{number}</cbc:ID><cac:Item><cbc:Name>{escape(item)}</cbc:Name></cac:Item></cac:{root}Line>"
        for number, item in enumerate(drawn.items, 1)
    )
    due = f"<cbc:DueDate>{drawn.due_day}</cbc:DueDate>" if root == "Invoice" else ""
    due_by_means = f"<cbc:PaymentDueDate>{drawn.due_day}</cbc:PaymentDueDate>" if root == "CreditNote" else ""
    return f"""<{root} xmlns="{UBL}:{root}-2" xmlns:cac="{UBL}:CommonAggregateComponents-2"
 xmlns:cbc="{UBL}:CommonBasicComponents-2">
<cbc:CustomizationID>urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0</cbc:CustomizationID>
<cbc:ID>{drawn.number}</cbc:ID><cbc:IssueDate>{drawn.day}</cbc:IssueDate>{due}
<cbc:{root}TypeCode>{381 if drawn.is_credit else 380}</cbc:{root}TypeCode>
<cbc:DocumentCurrencyCode>{drawn.currency}</cbc:DocumentCurrencyCode><cac:AccountingSupplierParty><cac:Party>
<cac:PartyName><cbc:Name>Trading as</cbc:Name></cac:PartyName><cac:PartyLegalEntity>
<cbc:RegistrationName>{escape(drawn.seller)}</cbc:RegistrationName></cac:PartyLegalEntity></cac:Party>
</cac:AccountingSupplierParty><cac:AccountingCustomerParty><cac:Party><cac:PartyLegalEntity>
<cbc:RegistrationName>Customer Ltd</cbc:RegistrationName></cac:PartyLegalEntity></cac:Party>
</cac:AccountingCustomerParty><cac:PaymentMeans><cbc:PaymentMeansCode>30</cbc:PaymentMeansCode>{due_by_means}
<cbc:PaymentID>{drawn.reference}</cbc:PaymentID></cac:PaymentMeans>{again}
<cac:TaxTotal>{amount("TaxAmount", drawn.tax)}{rates}</cac:TaxTotal>
<cac:LegalMonetaryTotal>{sums}{amount("PayableAmount", drawn.due)}</cac:LegalMonetaryTotal>{lines}</{root}>"""


def write_drawn_fattura(drawn: Drawn) -> str:
    """FatturaPA; it states the payments to come, so what was prepaid is only missing from them."""
    rates = "".join(
        f"<DatiRiepilogo><AliquotaIVA>{rate.percent}.00</AliquotaIVA>"
        f"<ImponibileImporto>{cents(rate.base)}</ImponibileImporto><Imposta>{cents(rate.tax)}</Imposta></DatiRiepilogo>"
        for rate in drawn.rates
    )
    lines = "".join(
        f"<DettaglioLinee><Descrizione>{escape(item)}</Descrizione></DettaglioLinee>" for item in drawn.items
    )
    return f"""<p:FatturaElettronica versione="FPR12" xmlns:p="{FATTURA}"><FatturaElettronicaHeader><CedentePrestatore>
<DatiAnagrafici><Anagrafica><Denominazione>{escape(drawn.seller)}</Denominazione></Anagrafica></DatiAnagrafici>
</CedentePrestatore></FatturaElettronicaHeader><FatturaElettronicaBody><DatiGenerali><DatiGeneraliDocumento>
<TipoDocumento>{"TD04" if drawn.is_credit else "TD01"}</TipoDocumento><Divisa>{drawn.currency}</Divisa>
<Data>{drawn.day}</Data><Numero>{drawn.number}</Numero>
<ImportoTotaleDocumento>{cents(drawn.total)}</ImportoTotaleDocumento></DatiGeneraliDocumento></DatiGenerali>
<DatiBeniServizi>{lines}{rates}</DatiBeniServizi><DatiPagamento><DettaglioPagamento>
<ModalitaPagamento>MP05</ModalitaPagamento><DataScadenzaPagamento>{drawn.due_day}</DataScadenzaPagamento>
<ImportoPagamento>{cents(drawn.due)}</ImportoPagamento><CodicePagamento>{drawn.reference}</CodicePagamento>
</DettaglioPagamento></DatiPagamento></FatturaElettronicaBody></p:FatturaElettronica>"""
