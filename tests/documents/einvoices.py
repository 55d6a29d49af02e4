"""E-invoices that the tests write themselves, in every dialect, and PDFs that carry one."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pypdfium2 as pdfium  # type: ignore[import-untyped]

Item = tuple[str, str]
ITEMS: tuple[Item, ...] = (("Filter coffee", "30.00"), ("Croissants", "20.00"))
CII = "urn:un:unece:uncefact:data:standard"
UBL = "urn:oasis:names:specification:ubl:schema:xsd"
FATTURA = "http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fatture/v1.2"


def write_cii(
    *,
    seller: str = "Kesselring Werkzeuge GmbH",
    code: str = "380",
    day: str = '<udt:DateTimeString format="102">20240314</udt:DateTimeString>',
    currency: str = "EUR",
    net: str = "50.00",
    tax: str = "9.50",
    total: str = "59.50",
    due: str = "59.50",
    more_sums: str = "",
    prefix: str = "ram",
    items: Sequence[Item] = ITEMS,
) -> str:
    """A Factur-X or XRechnung in CII. `prefix` names the namespace of most elements."""
    lines = "".join(
        f"<p:IncludedSupplyChainTradeLineItem><p:SpecifiedTradeProduct><p:Name>{name}</p:Name></p:SpecifiedTradeProduct>"
        "<p:SpecifiedLineTradeSettlement><p:SpecifiedTradeSettlementLineMonetarySummation>"
        f"<p:LineTotalAmount>{amount}</p:LineTotalAmount></p:SpecifiedTradeSettlementLineMonetarySummation>"
        "</p:SpecifiedLineTradeSettlement></p:IncludedSupplyChainTradeLineItem>"
        for name, amount in items
    )
    text = f"""<rsm:CrossIndustryInvoice xmlns:rsm="{CII}:CrossIndustryInvoice:100"
 xmlns:p="{CII}:ReusableAggregateBusinessInformationEntity:100" xmlns:udt="{CII}:UnqualifiedDataType:100">
<rsm:ExchangedDocument><p:ID>R-77</p:ID><p:TypeCode>{code}</p:TypeCode><p:IssueDateTime>{day}</p:IssueDateTime>
</rsm:ExchangedDocument>
<rsm:SupplyChainTradeTransaction>{lines}
<p:ApplicableHeaderTradeAgreement>
<p:SellerTradeParty><p:Name>{seller}</p:Name></p:SellerTradeParty>
<p:BuyerTradeParty><p:Name>Example Customer AG</p:Name></p:BuyerTradeParty>
</p:ApplicableHeaderTradeAgreement>
<p:ApplicableHeaderTradeSettlement><p:InvoiceCurrencyCode>{currency}</p:InvoiceCurrencyCode>
<p:SpecifiedTradeSettlementPaymentMeans><p:TypeCode>58</p:TypeCode></p:SpecifiedTradeSettlementPaymentMeans>
<p:ApplicableTradeTax><p:CalculatedAmount>{tax}</p:CalculatedAmount><p:BasisAmount>{net}</p:BasisAmount>
</p:ApplicableTradeTax>
<p:SpecifiedTradePaymentTerms><p:DueDateDateTime><udt:DateTimeString format="102">20240414</udt:DateTimeString>
</p:DueDateDateTime></p:SpecifiedTradePaymentTerms>
<p:SpecifiedTradeSettlementHeaderMonetarySummation><p:TaxBasisTotalAmount>{net}</p:TaxBasisTotalAmount>
<p:TaxTotalAmount currencyID="EUR">{tax}</p:TaxTotalAmount><p:GrandTotalAmount>{total}</p:GrandTotalAmount>
{more_sums}<p:DuePayableAmount>{due}</p:DuePayableAmount></p:SpecifiedTradeSettlementHeaderMonetarySummation>
</p:ApplicableHeaderTradeSettlement></rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>"""
    return text.replace("<p:", f"<{prefix}:").replace("</p:", f"</{prefix}:").replace("xmlns:p=", f"xmlns:{prefix}=")


def write_zugferd1(*, total: str = "59.50", day: str = "20240314") -> str:
    """The first ZUGFeRD, whose elements have other names."""
    return f"""<rsm:CrossIndustryDocument xmlns:rsm="urn:ferd:CrossIndustryDocument:invoice:1p0"
 xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:12"
 xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:15">
<rsm:HeaderExchangedDocument><ram:ID>Z-1</ram:ID><ram:TypeCode>380</ram:TypeCode>
<ram:IssueDateTime><udt:DateTimeString format="102">{day}</udt:DateTimeString></ram:IssueDateTime>
</rsm:HeaderExchangedDocument><rsm:SpecifiedSupplyChainTradeTransaction>
<ram:ApplicableSupplyChainTradeAgreement><ram:SellerTradeParty><ram:Name>Nordlicht
 Kaffee e.K.</ram:Name></ram:SellerTradeParty></ram:ApplicableSupplyChainTradeAgreement>
<ram:ApplicableSupplyChainTradeSettlement><ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
<ram:SpecifiedTradeSettlementMonetarySummation><ram:LineTotalAmount currencyID="EUR">50.00</ram:LineTotalAmount>
<ram:TaxBasisTotalAmount currencyID="EUR">50.00</ram:TaxBasisTotalAmount>
<ram:TaxTotalAmount currencyID="EUR">9.50</ram:TaxTotalAmount>
<ram:GrandTotalAmount currencyID="EUR">{total}</ram:GrandTotalAmount>
</ram:SpecifiedTradeSettlementMonetarySummation></ram:ApplicableSupplyChainTradeSettlement>
<ram:IncludedSupplyChainTradeLineItem><ram:SpecifiedTradeProduct><ram:Name>Espresso</ram:Name>
</ram:SpecifiedTradeProduct></ram:IncludedSupplyChainTradeLineItem>
</rsm:SpecifiedSupplyChainTradeTransaction></rsm:CrossIndustryDocument>"""


def write_ubl(
    *,
    root: str = "Invoice",
    seller: str = "Birkenhof Bakery Ltd",
    trade_name: str = "",
    day: str = "2024-03-14",
    currency: str = "GBP",
    net: str = "50.00",
    tax: str = "10.00",
    total: str = "60.00",
    due: str = "60.00",
    more_sums: str = "",
    more: str = "",
    items: Sequence[Item] = ITEMS,
) -> str:
    """An XRechnung or Peppol invoice (or credit note) in UBL."""
    line = "CreditNoteLine" if root == "CreditNote" else "InvoiceLine"
    lines = "".join(
        f'<cac:{line}><cbc:LineExtensionAmount currencyID="{currency}">{amount}</cbc:LineExtensionAmount>'
        f"<cac:Item><cbc:Name>{name}</cbc:Name></cac:Item></cac:{line}>"
        for name, amount in items
    )
    code = f"<cbc:{root}TypeCode>{'381' if root == 'CreditNote' else '380'}</cbc:{root}TypeCode>"
    trading = f"<cac:PartyName><cbc:Name>{trade_name}</cbc:Name></cac:PartyName>" if trade_name else ""
    legal = f"<cbc:RegistrationName>{seller}</cbc:RegistrationName>" if seller else ""
    return f"""<{root} xmlns="{UBL}:{root}-2" xmlns:cac="{UBL}:CommonAggregateComponents-2"
 xmlns:cbc="{UBL}:CommonBasicComponents-2"><cbc:ID>U-9</cbc:ID><cbc:IssueDate>{day}</cbc:IssueDate>
<cbc:DueDate>2024-04-14</cbc:DueDate>{code}<cbc:DocumentCurrencyCode>{currency}</cbc:DocumentCurrencyCode>{more}
<cac:AccountingSupplierParty><cac:Party>{trading}<cac:PartyLegalEntity>{legal}</cac:PartyLegalEntity></cac:Party>
</cac:AccountingSupplierParty><cac:AccountingCustomerParty><cac:Party><cac:PartyLegalEntity>
<cbc:RegistrationName>Example Customer Inc.</cbc:RegistrationName></cac:PartyLegalEntity></cac:Party>
</cac:AccountingCustomerParty><cac:PaymentMeans><cbc:PaymentMeansCode>48</cbc:PaymentMeansCode></cac:PaymentMeans>
<cac:TaxTotal><cbc:TaxAmount currencyID="{currency}">{tax}</cbc:TaxAmount></cac:TaxTotal>
<cac:LegalMonetaryTotal><cbc:TaxExclusiveAmount currencyID="{currency}">{net}</cbc:TaxExclusiveAmount>
<cbc:TaxInclusiveAmount currencyID="{currency}">{total}</cbc:TaxInclusiveAmount>{more_sums}
<cbc:PayableAmount currencyID="{currency}">{due}</cbc:PayableAmount></cac:LegalMonetaryTotal>{lines}</{root}>"""


def write_fattura(
    *,
    prefix: str = "p",
    kind: str = "TD01",
    who: str = "<Denominazione>Trattoria Lucciola S.r.l.</Denominazione>",
    total: str | None = "61,00",
    net: str = "50,00",
    tax: str = "11,00",
    more: str = "",
    bodies: int = 1,
) -> str:
    """A FatturaPA; an element without a prefix has no namespace, as its schema requires."""
    whole = f"<ImportoTotaleDocumento>{total}</ImportoTotaleDocumento>" if total is not None else ""
    body = f"""<FatturaElettronicaBody><DatiGenerali><DatiGeneraliDocumento><TipoDocumento>{kind}</TipoDocumento>
<Divisa>EUR</Divisa><Data>2024-03-14</Data><Numero>NUMERO</Numero>{more}{whole}
</DatiGeneraliDocumento></DatiGenerali><DatiBeniServizi>
<DettaglioLinee><Descrizione>Cena di lavoro</Descrizione><PrezzoTotale>{net}</PrezzoTotale></DettaglioLinee>
<DatiRiepilogo><ImponibileImporto>{net}</ImponibileImporto><Imposta>{tax}</Imposta></DatiRiepilogo></DatiBeniServizi>
<DatiPagamento><DettaglioPagamento><ModalitaPagamento>MP08</ModalitaPagamento>
<DataScadenzaPagamento>2024-04-14</DataScadenzaPagamento><ImportoPagamento>61.00</ImportoPagamento>
</DettaglioPagamento></DatiPagamento></FatturaElettronicaBody>"""
    name = f"{prefix}:FatturaElettronica" if prefix else "FatturaElettronica"
    space = f'xmlns:{prefix}="{FATTURA}"' if prefix else ""
    return f"""<{name} versione="FPR12" {space}><FatturaElettronicaHeader><CedentePrestatore><DatiAnagrafici>
<Anagrafica>{who}</Anagrafica></DatiAnagrafici></CedentePrestatore><CessionarioCommittente><DatiAnagrafici>
<Anagrafica><Denominazione>Cliente Esempio</Denominazione></Anagrafica></DatiAnagrafici></CessionarioCommittente>
</FatturaElettronicaHeader>{"".join(body.replace("NUMERO", f"F-{n}") for n in range(1, bodies + 1))}</{name}>"""


def encode_xml(text: str, encoding: str = "utf-8", declared: str | None = None) -> bytes:
    """The XML with its declaration, in that encoding; `declared` is what the declaration says instead."""
    return f'<?xml version="1.0" encoding="{declared or encoding}"?>\n{text}'.encode(encoding)


def attach(pdf: bytes, *files: tuple[str, bytes]) -> bytes:
    """The PDF with these files attached."""
    document = pdfium.PdfDocument(pdf)
    for name, content in files:
        document.new_attachment(name).set_data(content)
    out = io.BytesIO()
    document.save(out)
    document.close()
    return out.getvalue()
