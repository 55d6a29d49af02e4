"""One invoice in every dialect: bolts by the hundred, an hour and a half of work, freight and a discount on the whole.

Bolts 25.00 and freight 5.00 are taxed with 20 %, the work for 100.00 and the discount of 10.00 with 10 %. ISDOC and
KSeF have no room for what is changed on the whole.
"""

from __future__ import annotations

from tests.documents.einvoices import CII, FATTURA, UBL
from tests.documents.national import FACTURAE, ISDOC, KSEF


def write_cii(code: str = "380") -> str:
    """Factur-X."""

    def line(name: str, count: str, unit: str, price: str, rest: str, rate: str, total: str) -> str:
        return (
            f"<p:IncludedSupplyChainTradeLineItem><p:SpecifiedTradeProduct><p:Name>{name}</p:Name></p:SpecifiedTradeProduct>"
            f"<p:SpecifiedLineTradeAgreement><p:NetPriceProductTradePrice>{price}</p:NetPriceProductTradePrice>"
            f"</p:SpecifiedLineTradeAgreement><p:SpecifiedLineTradeDelivery>"
            f'<p:BilledQuantity unitCode="{unit}">{count}</p:BilledQuantity></p:SpecifiedLineTradeDelivery>'
            f"<p:SpecifiedLineTradeSettlement><p:ApplicableTradeTax><p:TypeCode>VAT</p:TypeCode><p:CategoryCode>S</p:CategoryCode>"
            f"<p:RateApplicablePercent>{rate}.00</p:RateApplicablePercent></p:ApplicableTradeTax>{rest}"
            f"<p:SpecifiedTradeSettlementLineMonetarySummation><p:LineTotalAmount>{total}</p:LineTotalAmount>"
            f"</p:SpecifiedTradeSettlementLineMonetarySummation></p:SpecifiedLineTradeSettlement>"
            f"</p:IncludedSupplyChainTradeLineItem>"
        )

    def change(sign: str, amount: str, reason: str, rate: str) -> str:
        tax = f"<p:CategoryTradeTax><p:RateApplicablePercent>{rate}</p:RateApplicablePercent></p:CategoryTradeTax>"
        return (
            f"<p:SpecifiedTradeAllowanceCharge><p:ChargeIndicator><u:Indicator>{sign}</u:Indicator></p:ChargeIndicator>"
            f"<p:ActualAmount>{amount}</p:ActualAmount>{reason}{tax if rate else ''}</p:SpecifiedTradeAllowanceCharge>"
        )

    def tax(rate: str, base: str, amount: str) -> str:
        return (
            f"<p:ApplicableTradeTax><p:CalculatedAmount>{amount}</p:CalculatedAmount><p:TypeCode>VAT</p:TypeCode>"
            f"<p:BasisAmount>{base}</p:BasisAmount><p:CategoryCode>S</p:CategoryCode>"
            f"<p:RateApplicablePercent>{rate}</p:RateApplicablePercent></p:ApplicableTradeTax>"
        )

    price = '<p:ChargeAmount>12.50</p:ChargeAmount><p:BasisQuantity unitCode="H87">100</p:BasisQuantity>'
    bolts = line("Bolts", "200.0000", "H87", price, "", "20", "25.00")
    off = change("false", "20.00", "<p:Reason>Regular customer</p:Reason>", "")
    work = line("Work", "1.5", "HUR", "<p:ChargeAmount>80.00</p:ChargeAmount>", off, "10", "100.00")
    freight = change("true", "5.00", "<p:ReasonCode>FC</p:ReasonCode><p:Reason>By road</p:Reason>", "20")
    discount = change("false", "10.00", "<p:Reason>Spring sale</p:Reason>", "10")
    return f"""<r:CrossIndustryInvoice xmlns:r="{CII}:CrossIndustryInvoice:100"
 xmlns:p="{CII}:ReusableAggregateBusinessInformationEntity:100" xmlns:u="{CII}:UnqualifiedDataType:100">
<r:ExchangedDocument><p:ID>R-1</p:ID><p:TypeCode>{code}</p:TypeCode><p:IssueDateTime>
<u:DateTimeString format="102">20240314</u:DateTimeString></p:IssueDateTime></r:ExchangedDocument>
<r:SupplyChainTradeTransaction>{bolts}{work}<p:ApplicableHeaderTradeAgreement><p:SellerTradeParty>
<p:Name>Adler Werkzeug</p:Name></p:SellerTradeParty></p:ApplicableHeaderTradeAgreement>
<p:ApplicableHeaderTradeSettlement><p:InvoiceCurrencyCode>EUR</p:InvoiceCurrencyCode>
{tax("20", "30.00", "6.00")}{tax("10", "90.00", "9.00")}{freight}{discount}
<p:SpecifiedTradeSettlementHeaderMonetarySummation><p:LineTotalAmount>125.00</p:LineTotalAmount>
<p:ChargeTotalAmount>5.00</p:ChargeTotalAmount><p:AllowanceTotalAmount>10.00</p:AllowanceTotalAmount>
<p:TaxBasisTotalAmount>120.00</p:TaxBasisTotalAmount><p:TaxTotalAmount currencyID="EUR">15.00</p:TaxTotalAmount>
<p:GrandTotalAmount>135.00</p:GrandTotalAmount><p:DuePayableAmount>135.00</p:DuePayableAmount>
</p:SpecifiedTradeSettlementHeaderMonetarySummation></p:ApplicableHeaderTradeSettlement>
</r:SupplyChainTradeTransaction></r:CrossIndustryInvoice>"""


def write_zugferd1() -> str:
    """ZUGFeRD 1, with its names, and freight as a charge of its own kind."""
    text = write_cii()
    start, end = (
        text.index("<p:SpecifiedTradeAllowanceCharge><p:ChargeIndicator><u:Indicator>true"),
        text.rindex("<p:SpecifiedTradeAllowanceCharge>"),
    )
    freight = (
        "<p:SpecifiedLogisticsServiceCharge><p:Description>By road</p:Description>"
        "<p:AppliedAmount>5.00</p:AppliedAmount>"
        "<p:AppliedTradeTax><p:ApplicablePercent>20</p:ApplicablePercent></p:AppliedTradeTax>"
        "</p:SpecifiedLogisticsServiceCharge>"
    )
    text = text[:start] + freight + text[end:]
    for new, old in (
        ("SpecifiedTradeSettlementLineMonetarySummation", "SpecifiedTradeSettlementMonetarySummation"),
        ("SpecifiedTradeSettlementHeaderMonetarySummation", "SpecifiedTradeSettlementMonetarySummation"),
        ("ApplicableHeaderTrade", "ApplicableSupplyChainTrade"),
        ("SpecifiedLineTrade", "SpecifiedSupplyChainTrade"),
        ("RateApplicablePercent", "ApplicablePercent"),
        ("r:ExchangedDocument", "r:HeaderExchangedDocument"),
        ("r:SupplyChainTradeTransaction", "r:SpecifiedSupplyChainTradeTransaction"),
        ("r:CrossIndustryInvoice", "r:CrossIndustryDocument"),
    ):
        text = text.replace(new, old)
    return text


def write_ubl(root: str = "Invoice") -> str:
    """Peppol."""
    quantity = "CreditedQuantity" if root == "CreditNote" else "InvoicedQuantity"

    def line(name: str, count: str, unit: str, price: str, rest: str, rate: str, total: str) -> str:
        return (
            f'<c:{root}Line><b:{quantity} unitCode="{unit}">{count}</b:{quantity}>'
            f"<b:LineExtensionAmount>{total}</b:LineExtensionAmount>{rest}<c:Item><b:Name>{name}</b:Name>"
            f"<c:ClassifiedTaxCategory><b:ID>S</b:ID><b:Percent>{rate}</b:Percent></c:ClassifiedTaxCategory></c:Item>"
            f"<c:Price>{price}</c:Price></c:{root}Line>"
        )

    def change(sign: str, amount: str, reason: str, rate: str) -> str:
        tax = f"<c:TaxCategory><b:Percent>{rate}</b:Percent></c:TaxCategory>" if rate else ""
        return (
            f"<c:AllowanceCharge><b:ChargeIndicator>{sign}</b:ChargeIndicator>{reason}"
            f"<b:MultiplierFactorNumeric>0.08</b:MultiplierFactorNumeric><b:Amount>{amount}</b:Amount>{tax}</c:AllowanceCharge>"
        )

    def tax(rate: str, base: str, amount: str) -> str:
        return (
            f"<c:TaxSubtotal><b:TaxableAmount>{base}</b:TaxableAmount><b:TaxAmount>{amount}</b:TaxAmount><c:TaxCategory>"
            f"<b:ID>S</b:ID><b:Percent>{rate}</b:Percent><c:TaxScheme><b:ID>VAT</b:ID></c:TaxScheme></c:TaxCategory></c:TaxSubtotal>"
        )

    price = "<b:PriceAmount>12.50</b:PriceAmount><b:BaseQuantity>100</b:BaseQuantity>"
    bolts = line("Bolts", "200", "C62", price, "", "20", "25.00")
    off = change("false", "20.00", "", "")
    work = line("Work", "1.5", "HUR", "<b:PriceAmount>80.00</b:PriceAmount>", off, "10.0", "100.00")
    freight = change(
        "true",
        "5.00",
        "<b:AllowanceChargeReasonCode>FC</b:AllowanceChargeReasonCode>"
        "<b:AllowanceChargeReason>By road</b:AllowanceChargeReason>",
        "20",
    )
    discount = change("false", "10.00", "<b:AllowanceChargeReason>Spring sale</b:AllowanceChargeReason>", "10")
    return f"""<{root} xmlns="{UBL}:{root}-2" xmlns:c="{UBL}:CommonAggregateComponents-2"
 xmlns:b="{UBL}:CommonBasicComponents-2"><b:ID>R-1</b:ID><b:IssueDate>2024-03-14</b:IssueDate>
<b:DocumentCurrencyCode>EUR</b:DocumentCurrencyCode><c:AccountingSupplierParty><c:Party><c:PartyLegalEntity>
<b:RegistrationName>Adler Werkzeug</b:RegistrationName></c:PartyLegalEntity></c:Party></c:AccountingSupplierParty>
{freight}{discount}<c:TaxTotal><b:TaxAmount>15.00</b:TaxAmount>{tax("20", "30.00", "6.00")}{tax("10", "90.00", "9.00")}
</c:TaxTotal><c:LegalMonetaryTotal><b:LineExtensionAmount>125.00</b:LineExtensionAmount>
<b:TaxExclusiveAmount>120.00</b:TaxExclusiveAmount><b:TaxInclusiveAmount>135.00</b:TaxInclusiveAmount>
<b:AllowanceTotalAmount>10.00</b:AllowanceTotalAmount><b:ChargeTotalAmount>5.00</b:ChargeTotalAmount>
<b:PayableAmount>135.00</b:PayableAmount></c:LegalMonetaryTotal>{bolts}{work}</{root}>"""


def write_fattura() -> str:
    """FatturaPA: the discount of a line is that of a unit, that on the whole is a line, and the charge is a fund's."""

    def tax(rate: str, base: str, amount: str) -> str:
        return (
            f"<DatiRiepilogo><AliquotaIVA>{rate}</AliquotaIVA><ImponibileImporto>{base}</ImponibileImporto>"
            f"<Imposta>{amount}</Imposta></DatiRiepilogo>"
        )

    return f"""<p:FatturaElettronica versione="FPR12" xmlns:p="{FATTURA}"><FatturaElettronicaHeader><CedentePrestatore>
<DatiAnagrafici><Anagrafica><Denominazione>Adler Werkzeug</Denominazione></Anagrafica></DatiAnagrafici>
</CedentePrestatore></FatturaElettronicaHeader><FatturaElettronicaBody><DatiGenerali><DatiGeneraliDocumento>
<TipoDocumento>TD01</TipoDocumento><Divisa>EUR</Divisa><Data>2024-03-14</Data><Numero>R-1</Numero>
<DatiCassaPrevidenziale><TipoCassa>TC04</TipoCassa><AlCassa>4.00</AlCassa>
<ImportoContributoCassa>5.00</ImportoContributoCassa><AliquotaIVA>20.00</AliquotaIVA></DatiCassaPrevidenziale>
<ImportoTotaleDocumento>135.00</ImportoTotaleDocumento></DatiGeneraliDocumento></DatiGenerali><DatiBeniServizi>
<DettaglioLinee><Descrizione>Bolts</Descrizione><Quantita>200.00</Quantita><UnitaMisura>PZ</UnitaMisura>
<PrezzoUnitario>0.125</PrezzoUnitario><PrezzoTotale>25.00</PrezzoTotale><AliquotaIVA>20.00</AliquotaIVA></DettaglioLinee>
<DettaglioLinee><Descrizione>Work</Descrizione><Quantita>2.00</Quantita><UnitaMisura>ORE</UnitaMisura>
<PrezzoUnitario>60.00</PrezzoUnitario><ScontoMaggiorazione><Tipo>SC</Tipo><Importo>10.00</Importo></ScontoMaggiorazione>
<PrezzoTotale>100.00</PrezzoTotale><AliquotaIVA>10.00</AliquotaIVA></DettaglioLinee>
<DettaglioLinee><TipoCessionePrestazione>SC</TipoCessionePrestazione><Descrizione>Spring sale</Descrizione>
<PrezzoUnitario>-10.00</PrezzoUnitario><PrezzoTotale>-10.00</PrezzoTotale><AliquotaIVA>10.00</AliquotaIVA></DettaglioLinee>
{tax("20.00", "30.00", "6.00")}{tax("10.00", "90.00", "9.00")}</DatiBeniServizi></FatturaElettronicaBody>
</p:FatturaElettronica>"""


def write_ksef() -> str:
    """FA(3): the second line states its price and its total with tax left out, and what was taken off."""
    return f"""<Faktura xmlns="{KSEF[3]}"><Podmiot1><DaneIdentyfikacyjne><Nazwa>Adler Werkzeug</Nazwa>
</DaneIdentyfikacyjne></Podmiot1><Fa><KodWaluty>PLN</KodWaluty><P_1>2024-03-14</P_1><P_2>R-1</P_2>
<P_13_1>25.00</P_13_1><P_14_1>5.75</P_14_1><P_13_2>100.00</P_13_2><P_14_2>8.00</P_14_2><P_13_7>7.00</P_13_7>
<P_15>145.75</P_15><Adnotacje><Zwolnienie><P_19>1</P_19><P_19A>art. 43</P_19A></Zwolnienie></Adnotacje>
<FaWiersz><P_7>Bolts</P_7><P_8A>szt.</P_8A><P_8B>200</P_8B><P_9A>0.125</P_9A><P_11>25.00</P_11><P_12>23</P_12></FaWiersz>
<FaWiersz><P_7>Work</P_7><P_8A>godz</P_8A><P_8B>1.5</P_8B><P_9A>80.00</P_9A><P_10>20.00</P_10><P_11>100.00</P_11>
<P_12>8</P_12></FaWiersz>
<FaWiersz><P_7>Course</P_7><P_8B>1</P_8B><P_9A>7.00</P_9A><P_11>7.00</P_11><P_12>zw</P_12></FaWiersz>
</Fa></Faktura>"""


def write_facturae() -> str:
    """Facturae 3.2.2."""

    def line(name: str, count: str, unit: str, price: str, cost: str, rest: str, gross: str, rate: str) -> str:
        return (
            f"<InvoiceLine><ItemDescription>{name}</ItemDescription><Quantity>{count}</Quantity>"
            f"<UnitOfMeasure>{unit}</UnitOfMeasure><UnitPriceWithoutTax>{price}</UnitPriceWithoutTax>"
            f"<TotalCost>{cost}</TotalCost>{rest}<GrossAmount>{gross}</GrossAmount><TaxesOutputs><Tax>"
            f"<TaxTypeCode>01</TaxTypeCode><TaxRate>{rate}</TaxRate></Tax></TaxesOutputs></InvoiceLine>"
        )

    def tax(rate: str, base: str, amount: str) -> str:
        return (
            f"<Tax><TaxTypeCode>01</TaxTypeCode><TaxRate>{rate}</TaxRate><TaxableBase><TotalAmount>{base}</TotalAmount>"
            f"</TaxableBase><TaxAmount><TotalAmount>{amount}</TotalAmount></TaxAmount></Tax>"
        )

    off = (
        "<DiscountsAndRebates><Discount><DiscountReason>Cliente</DiscountReason><DiscountAmount>20.00</DiscountAmount>"
        "</Discount></DiscountsAndRebates>"
    )
    bolts = line("Bolts", "200", "01", "0.125", "25.00", "", "25.00", "20.00")
    work = line("Work", "1.5", "02", "80.00", "120.00", off, "100.00", "10.00")
    return f"""<f:Facturae xmlns:f="{FACTURAE["3.2.2"]}"><FileHeader/><Parties><SellerParty><LegalEntity>
<CorporateName>Adler Werkzeug</CorporateName></LegalEntity></SellerParty></Parties><Invoices><Invoice><InvoiceHeader>
<InvoiceNumber>R-1</InvoiceNumber></InvoiceHeader><InvoiceIssueData><IssueDate>2024-03-14</IssueDate>
<InvoiceCurrencyCode>EUR</InvoiceCurrencyCode></InvoiceIssueData><TaxesOutputs>
{tax("20.00", "30.00", "6.00")}{tax("10.00", "90.00", "9.00")}</TaxesOutputs><InvoiceTotals>
<TotalGrossAmount>125.00</TotalGrossAmount><GeneralDiscounts><Discount><DiscountReason>Spring sale</DiscountReason>
<DiscountAmount>10.00</DiscountAmount></Discount></GeneralDiscounts><GeneralSurcharges><Charge>
<ChargeReason>Portes</ChargeReason><ChargeAmount>5.00</ChargeAmount></Charge></GeneralSurcharges>
<TotalGeneralDiscounts>10.00</TotalGeneralDiscounts><TotalGeneralSurcharges>5.00</TotalGeneralSurcharges>
<TotalGrossAmountBeforeTaxes>120.00</TotalGrossAmountBeforeTaxes><TotalTaxOutputs>15.00</TotalTaxOutputs>
<InvoiceTotal>135.00</InvoiceTotal><TotalExecutableAmount>135.00</TotalExecutableAmount></InvoiceTotals>
<Items>{bolts}{work}</Items></Invoice></Invoices></f:Facturae>"""


def write_ebinterface() -> str:
    """ebInterface 6.1; the discount on the whole is a percentage of its base beside its amount."""

    def line(name: str, count: str, unit: str, price: str, rest: str, rate: str, total: str) -> str:
        return (
            f'<ListLineItem><Description>{name}</Description><Quantity Unit="{unit}">{count}</Quantity>{price}{rest}'
            f"<TaxItem><TaxPercent>{rate}</TaxPercent></TaxItem><LineItemAmount>{total}</LineItemAmount></ListLineItem>"
        )

    def change(name: str, amount: str, reason: str, rate: str) -> str:
        tax = f'<TaxItem><TaxPercent TaxCategoryCode="S">{rate}</TaxPercent></TaxItem>' if rate else ""
        return f"<{name}><BaseAmount>1</BaseAmount><Amount>{amount}</Amount><Comment>{reason}</Comment>{tax}</{name}>"

    def tax(rate: str, base: str, amount: str) -> str:
        return (
            f"<TaxItem><TaxableAmount>{base}</TaxableAmount><TaxPercent>{rate}</TaxPercent><TaxAmount>{amount}</TaxAmount>"
            "</TaxItem>"
        )

    bolts = line("Bolts", "200", "C62", '<UnitPrice BaseQuantity="100">12.50</UnitPrice>', "", "20", "25.00")
    off = change("ReductionListLineItem", "20.00", "Stammkunde", "")
    off = f"<ReductionAndSurchargeListLineItemDetails>{off}</ReductionAndSurchargeListLineItemDetails>"
    work = line("Work", "1.5", "HUR", "<UnitPrice>80.00</UnitPrice>", off, "10", "100.00")
    space = "http://www.ebinterface.at/schema/6p1/"
    return f"""<e:Invoice xmlns:e="{space}" xmlns="{space}" DocumentType="Invoice" InvoiceCurrency="EUR">
<InvoiceNumber>R-1</InvoiceNumber><InvoiceDate>2024-03-14</InvoiceDate><Biller><Address><Name>Adler Werkzeug</Name>
</Address></Biller><Details><ItemList>{bolts}{work}</ItemList></Details><ReductionAndSurchargeDetails>
{change("Surcharge", "5.00", "Versandkosten", "20")}{change("Reduction", "10.00", "Spring sale", "10")}
</ReductionAndSurchargeDetails><Tax>{tax("20", "30.00", "6.00")}{tax("10", "90.00", "9.00")}</Tax>
<TotalGrossAmount>135.00</TotalGrossAmount><PayableAmount>135.00</PayableAmount></e:Invoice>"""


def write_isdoc() -> str:
    """ISDOC 6, with what the second line cost before its discount."""

    def line(name: str, quantity: str, rest: str, price: str, rate: str) -> str:
        return (
            f"<InvoiceLine>{quantity}{rest}<UnitPrice>{price}</UnitPrice><ClassifiedTaxCategory><Percent>{rate}</Percent>"
            f"</ClassifiedTaxCategory><Item><Description>{name}</Description></Item></InvoiceLine>"
        )

    def tax(rate: str, base: str, amount: str, gross: str) -> str:
        return (
            f"<TaxSubTotal><TaxableAmount>{base}</TaxableAmount><TaxAmount>{amount}</TaxAmount><TaxInclusiveAmount>{gross}"
            f"</TaxInclusiveAmount><TaxCategory><Percent>{rate}</Percent></TaxCategory></TaxSubTotal>"
        )

    bolts = line("Bolts", '<InvoicedQuantity unitCode="ks">200</InvoicedQuantity>', element("25.0"), "0.125", "21")
    work = line(
        "Work", '<InvoicedQuantity unitCode="hod">1.5</InvoicedQuantity>', element("100.0", "120.0"), "80.0", "12"
    )
    return f"""<Invoice xmlns="{ISDOC}"><DocumentType>1</DocumentType><ID>R-1</ID><IssueDate>2024-03-14</IssueDate>
<LocalCurrencyCode>CZK</LocalCurrencyCode><AccountingSupplierParty><Party><PartyName><Name>Adler Werkzeug</Name>
</PartyName></Party></AccountingSupplierParty><InvoiceLines>{bolts}{work}</InvoiceLines><TaxTotal>
{tax("21", "25.0", "5.25", "30.25")}{tax("12", "100.0", "12.0", "112.0")}<TaxAmount>17.25</TaxAmount></TaxTotal>
<LegalMonetaryTotal><TaxExclusiveAmount>125.0</TaxExclusiveAmount><TaxInclusiveAmount>142.25</TaxInclusiveAmount>
<PayableAmount>142.25</PayableAmount></LegalMonetaryTotal></Invoice>"""


def element(total: str, before: str = "") -> str:
    """The total of a line in ISDOC, and what it was before a discount."""
    more = f"<LineExtensionAmountBeforeDiscount>{before}</LineExtensionAmountBeforeDiscount>" if before else ""
    return f"<LineExtensionAmount>{total}</LineExtensionAmount>{more}"


def write_finvoice() -> str:
    """Finvoice 3.0; the discount of the second row is a percentage only, and a third row only says something."""

    def row(name: str, quantity: str, price: str, rest: str, rate: str, total: str) -> str:
        return (
            f"<InvoiceRow><ArticleName>{name}</ArticleName>{quantity}<UnitPriceAmount>{price}</UnitPriceAmount>{rest}"
            f"<RowVatRatePercent>{rate}</RowVatRatePercent><RowVatExcludedAmount>{total}</RowVatExcludedAmount></InvoiceRow>"
        )

    def tax(rate: str, base: str, amount: str) -> str:
        return (
            f"<VatSpecificationDetails><VatBaseAmount>{base}</VatBaseAmount><VatRatePercent>{rate}</VatRatePercent>"
            f"<VatCode>S</VatCode><VatRateAmount>{amount}</VatRateAmount></VatSpecificationDetails>"
        )

    bolts = row(
        "Bolts",
        '<DeliveredQuantity QuantityUnitCode="kpl">200,00</DeliveredQuantity>',
        "12,50",
        "<UnitPriceBaseQuantity>100</UnitPriceBaseQuantity>",
        "20",
        "25,00",
    )
    work = row(
        "Work",
        '<InvoicedQuantity QuantityUnitCode="tunti" QuantityUnitCodeUN="HUR">1,5</InvoicedQuantity>',
        "80,00",
        "<RowDiscountPercent>16,666667</RowDiscountPercent>",
        "10",
        "100,00",
    )
    return f"""<Finvoice Version="3.0"><SellerPartyDetails>
<SellerOrganisationName>Adler Werkzeug</SellerOrganisationName></SellerPartyDetails>
<InvoiceDetails><InvoiceTypeCode>INV01</InvoiceTypeCode><InvoiceNumber>R-1</InvoiceNumber>
<InvoiceDate Format="CCYYMMDD">20240314</InvoiceDate><RowsTotalVatExcludedAmount>125,00</RowsTotalVatExcludedAmount>
<DiscountsTotalVatExcludedAmount>10,00</DiscountsTotalVatExcludedAmount>
<ChargesTotalVatExcludedAmount>5,00</ChargesTotalVatExcludedAmount>
<InvoiceTotalVatExcludedAmount>120,00</InvoiceTotalVatExcludedAmount><InvoiceTotalVatAmount>15,00</InvoiceTotalVatAmount>
<InvoiceTotalVatIncludedAmount AmountCurrencyIdentifier="EUR">135,00</InvoiceTotalVatIncludedAmount>
{tax("20", "30,00", "6,00")}{tax("10", "90,00", "9,00")}<DiscountDetails><FreeText>Spring sale</FreeText>
<Amount>10,00</Amount><VatRatePercent>10</VatRatePercent></DiscountDetails><ChargeDetails>
<ReasonText>By road</ReasonText><ReasonCode>FC</ReasonCode>
<Amount>5,00</Amount><VatRatePercent>20</VatRatePercent></ChargeDetails></InvoiceDetails>
{bolts}{work}<InvoiceRow><RowFreeText>Thank you</RowFreeText></InvoiceRow></Finvoice>"""
