"""Words that nearly every bill in a language has some of, which tell whether a page's own text is language at all.

The commonest words of each language with at least three letters, and the words for bill, date, sum, tax, page and the
like. Scripts without blanks between words have pieces of words. No language needs to be complete: a page on which too
few of them are found is read as a picture, which costs time, and is believed if the picture says the same.
"""

from __future__ import annotations

_WORDS_BY_LANGUAGE = {
    "English": """
        the and for with from this that your you are not all our any invoice receipt bill date total amount due
        tax vat number page payment paid order customer price quantity description account bank address phone
        email street road subtotal balance terms company thank please item unit card cash
    """,
    "German": """
        der die das und von für mit auf ist nicht bei den dem des ein eine sie wir ihr ihre rechnung datum
        betrag summe gesamt gesamtbetrag mwst ust steuer nummer seite zahlung kunde kundennummer menge preis
        einzelpreis bezeichnung konto bank straße strasse telefon netto brutto zzgl inkl zahlbar bitte vielen
        dank
    """,
    "French": """
        les des une pour avec dans sur par est pas que qui vous nous votre notre aux facture date montant total
        tva numéro page paiement client quantité prix désignation compte banque adresse rue téléphone net payer
        merci taxe ttc reçu
    """,
    "Spanish": """
        los las una para con por del que sus está factura fecha importe total iva número página pago cliente
        cantidad precio descripción cuenta banco dirección calle teléfono base imponible gracias recibo pesos
    """,
    "Portuguese": """
        dos das uma para com por que não fatura factura data valor total iva número página pagamento cliente
        quantidade preço descrição conta banco rua telefone nota fiscal obrigado recibo
    """,
    "Italian": """
        che del della dei per con una non gli nel fattura data importo totale iva numero pagina pagamento
        cliente quantità prezzo descrizione conto banca indirizzo via telefono imponibile grazie ricevuta euro
    """,
    "Dutch": """
        het een van voor met zijn niet aan uit naar factuur datum bedrag totaal btw nummer pagina betaling klant
        aantal prijs omschrijving rekening bank straat telefoon exclusief inclusief bedankt bon
    """,
    "Swedish": """
        och att som för med den det till inte från faktura datum belopp summa totalt moms nummer sida betalning
        kund antal pris beskrivning konto bank telefon kvitto tack betala
    """,
    "Danish, Norwegian": """
        det som til med den ikke har fra eller ved faktura dato beløb beløp sum total moms mva nummer side
        betaling kunde antal pris beskrivelse konto bank telefon kvittering takk tak betale
    """,
    "Finnish": """
        että oli kun sen myös lasku päivä päiväys summa yhteensä alv numero sivu maksu asiakas määrä hinta
        kuvaus tili pankki puhelin kuitti kiitos eräpäivä maksettava
    """,
    "Estonian, Latvian, Lithuanian": """
        arve kuupäev summa kokku käibemaks number leht makse klient kogus hind konto pank telefon tasuda rēķins
        datums kopā pvn numurs lapa klients daudzums cena konts banka apmaksai sąskaita faktūra suma viso pvm
        numeris puslapis klientas kiekis kaina sąskaitos bankas tel
    """,
    "Polish": """
        nie jest się dla przez oraz jak faktura data kwota suma razem vat numer strona płatność klient ilość
        cena nazwa konto bank ulica telefon netto brutto zapłaty sprzedaży nabywca sprzedawca paragon dziękujemy
    """,
    "Czech, Slovak": """
        pro jako nebo není při faktura datum částka suma celkem spolu dph číslo strana platba zákazník množství
        množstvo cena popis účet banka telefon úhradě úhrade vystavení dodavatel odběratel děkujeme
    """,
    "Hungarian": """
        egy hogy nem van vagy számla dátum kelte összeg összesen áfa szám oldal fizetés fizetendő vevő eladó
        mennyiség egységár megnevezés bank telefon nettó bruttó köszönjük
    """,
    "Romanian": """
        pentru din care este sau factura data suma total tva numar număr pagina plata client cantitate pret preț
        cont banca telefon furnizor cumparator multumim
    """,
    "Croatian, Serbian, Slovene": """
        koji kao nije ili račun racun datum iznos ukupno pdv ddv broj stranica stran plaćanje kupac količina
        cijena cena opis banka telefon znesek skupaj plačilo hvala
    """,
    "Turkish": """
        bir için ile olarak veya fatura tarih tarihi tutar tutarı toplam kdv vergi sayfa ödeme müşteri miktar
        adet fiyat birim açıklama hesap banka adres telefon teşekkür
    """,
    "Greek": """
        και του της των για από στο στην τιμολόγιο απόδειξη ημερομηνία ποσό σύνολο φπα αριθμός σελίδα πληρωμή
        πελάτης ποσότητα τιμή περιγραφή λογαριασμός τράπεζα τηλέφωνο αφμ
    """,
    "Russian, Ukrainian, Bulgarian, Serbian": """
        для что это или при счет счёт рахунок фактура рачун дата сумма сума итого разом всего всього ндс пдв ддс
        инн номер страница оплата клиент количество кількість цена ціна банк адрес телефон чек спасибо дякуємо
        руб датум износ укупно плащане общо
    """,
    "Vietnamese": """
        của cho các không được hóa đơn ngày tháng năm tổng cộng tiền thuế gtgt số trang thanh toán khách hàng
        lượng giá tài khoản ngân địa chỉ điện thoại
    """,
    "Indonesian, Malay": """
        yang dan untuk dari dengan ini tidak faktur invois tanggal tarikh jumlah total pajak cukai nomor nombor
        halaman pembayaran bayaran pelanggan harga rekening akaun bank alamat telepon terima kasih
    """,
    "Swahili, Filipino": "kwa hii tarehe kiasi jumla kodi bei ang mga para petsa halaga kabuuan buwis salamat",
}
_PIECES_BY_LANGUAGE = {
    "Chinese": "合计 合計 总计 金额 金額 小计 小計 日期 发票 發票 税 稅 数量 數量 单价 單價 电话 電話 公司 元 年",
    "Japanese": "請求 領収 合計 小計 金額 税 日付 様 円 株式会社 電話 銀行 数量 です ます",
    "Korean": "합계 금액 세금 일자 날짜 수량 단가 전화 주소 은행 영수증 계산서 원 부가",
    "Thai": "รวม วันที่ ภาษี เลขที่ จำนวน ราคา บริษัท บาท ใบเสร็จ ใบกำกับ โทร ที่",
    "Arabic, Persian, Urdu": "فاتورة التاريخ المجموع الإجمالي المبلغ الضريبة رقم هاتف شركة تاریخ جمع مبلغ",
    "Hebrew": "חשבונית קבלה תאריך סהכ סה״כ סכום מעמ מע״מ טלפון כתובת מספר לתשלום שקל כמות מחיר",
    "Indian languages": "दिनांक कुल राशि कर बिल संख्या তারিখ মোট টাকা தேதி மொத்தம் తేదీ మొత్తం",
    "Georgian, Armenian": "თარიღი ჯამი თანხა სულ ամսաթիվ ընդամենը",
}
WORDS = frozenset(" ".join(_WORDS_BY_LANGUAGE.values()).split())
"""Whole words, in lower case."""
PIECES = frozenset(" ".join(_PIECES_BY_LANGUAGE.values()).split())
"""Pieces of words, in scripts of their own."""
