"""Labels of sums in smaller European languages and East Asia, and some words that the general rules misjudge.

`labels` covers the larger languages by patterns; these are whole labels with their roles, without accents, spaces and
case, so that short words are not found inside others. A rate, a currency or an ordinal beside them is ignored.
"""

from __future__ import annotations

import re

from expensed.extraction.amount.labels import Role, compact

_WORDS: dict[Role, str] = {
    Role.FINAL: """
        netapayer celkemkuhrade kuhrade kplatbe castkakuhrade celkemkzaplaceni naruhradu nauhradu
        spoluksplatnosti atbetale ialtatbetale betalingialt abetale tilbetaling totaltabetale sumabetale
        attbetala summaattbetala totaltattbetala maksettavaa maksettava maksettavayhteensa loppusumma dozaplaty
        naleznosc razemdozaplaty kwotadozaplaty fizetendo fizetendoosszeg vegosszeg bruttovegosszeg mindosszesen
        γενικοσυνολο πληρωτεο τελικοσυνολο συνολοπληρωμης πληρωτεοποσο geneltoplam odenecek odenecektutar
        odenecektoplam totaldeplata totaldeplatit totaldeplatalei zaplatiti zaplacilo zauplatu sveukupno
        итогокоплате коплате всегокоплате досплати имезаплащане tasuda kokkutasuda apmaksai summaapmaksai moketi
        bendrasuma お会計 ご請求額 請求金額 ご請求金額 お買上計 お買上合計 合計金額 総合計 税込合計 應收金額
        應付金額 实收 实付 实付金额 應收 應付 받을금액 결제금액 청구금액 합계금액
    """,
    Role.TOTAL: """
        celkem celkemsdph celkemvcetnedph spolu spolusdph ialt ialtdkk ialtkr ialtinklmoms totalt totaltkr sum
        sumnok totalsum summa summasek totaltsek yhteensa yhteensaeur yht summayhteensa verollinenyhteensa suma
        sumapln razem ogolem razembrutto wartoscbrutto dozaplatybrutto osszesen osszesenft bruttoosszesen συνολο
        συνολοευρω toplam toplamtutar tutar ukupno ukupnoeur ukupnosapdv skupaj skupajeur skupajzddv итого итог
        всего суммаитого общо общасума сума kokku kopa kopaeur isviso totallei sumatotala tongcong tongtien รวม
        รวมทั้งสิ้น ยอดรวม 総額 お買上げ計 総計 合計 合计 總計 計 總額 합계 총액 총합계 合計額
    """,
    Role.SUBTOTAL: """
        mezisoucet medzisucet mellemsum mellemtotal mellomsum delsum delsumma mellansumma valisumma podsuma
        sumaczesciowa reszosszeg υποσυνολο μερικοσυνολο aratoplam meduzbroj vmesnavsota промежуточныйитог
        подытог подитог vahesumma starpsumma tarpinesuma subtotallei 小計 小计 税抜小計 소계
    """,
    Role.NET: """
        zaklad zakladdane zakladdph bezdph celkembezdph sumabezdph nettobelob belobekslmoms ialteksklmoms
        totaltekslmoms nettosum sumeksmva exklmoms summaexklmoms totaltexklmoms veroton verotonyhteensa
        wartoscnetto razemnetto sumanetto nettoosszesen nettoosszeg καθαρηαξια συνολοκαθαρηςαξιας matrah
        kdvmatrahi kdvharictutar osnovica ukupnobezpdv osnova brezddv безндс суммабезндс fararatva bazatva 税抜
        税抜合計 税抜金額 未稅 銷售額 應稅銷售額 과세물품가액 공급가액 과세공급가액
    """,
    Role.TAX: """
        dph dphcelkem vysedph herafmoms moms momsialt momsbelob herav herafmva heravmva mva mvabelop sumamoms
        summamva varavmoms momsbelopp alv alvyhteensa verojenosuus vero podatekvat kwotavat ptu sumaptu kwotaptu
        sumavat razemvat afa afaosszeg afaosszesen φπα συνολοφπα kdv topkdv toplamkdv kdvtutari hesaplanankdv
        pdv iznospdv ukupnopdv ddv znesekddv skupajddv ндс втчндс втомчислендс суммандс пдв ддс kaibemaks pvn
        pvm dincaretva totaltva tvalei 消費税 消費税等 内消費税 内消費税等 内税 外税 営業税 營業稅 稅額 税額
        부가세 부가가치세 vattongcong
    """,
    Role.CASH: """
        hotovost hotove platbahotove hotovosti hotovo kontant kontanter kontantbetalt betaltkontant kateinen
        kateisella gotowka wplaconogotowka keszpenz keszpenzben μετρητα nakit gotovina numerar placenognotovinom
        наличными наличные получено вброй готівка sularaha skaidranauda grynieji お預り 預現計 预現計 预现计
        現計 现计 お預り金 お預かり お預かり金 預り 現金 收現 收您 實收 收 受領金額 현금 받은금액 받은돈
        mottattkontant entregado entregue
    """,
    Role.CARD: """
        platebnikarta platebnikartou kartou kartapatnicza platobnakarta dankort kortbetaling betalingskort
        kreditkort bankaxept bankkort kontokort kortkop kort kortti korttimaksu pankkikortti maksukortti
        luottokortti kartaplatnicza karta zaplaconokarta bankkartya bankkartyaval κάρτα καρτα πιστωτικηκαρτα
        kredikarti bankakarti kartica platnakartica karticnoplaceno безналичными картой банковскойкартой
        karticom плащанескарта kaardimakse maksekaart maksajumukarte クレジット クレジットカード カード
        電子マネー 信用卡 신용카드 카드 카드결제 multibanco pagamentoelettronico vinti
    """,
    Role.CHANGE: """
        vraceno vratit knavraceni nazpet vydavok vydat byttepenge vekslepenge retur vekslepenger veksel vaxel
        vaxeltillbaka vaxelpengar tillbaka tilbake vaihtoraha takaisin reszta visszajaro ρεστα paraustu povrat
        povratak vracilo restlei restdeplata сдача ресто решта vahetusraha tagasi atlikums grąża graza お釣り
        お釣 おつり 釣銭 つり 釣り 找零 找回 거스름돈 거스름 terug adresser alevere arendre
    """,
    Role.ROUNDING: """
        zaokrouhleni zaokruhlenie afrunding oreafrunding avrunding oreavrunding avrundning oresavrundning
        oresutjamning pyoristys zaokraglenie kerekites στρογγυλοποιηση yuvarlama zaokruzenje zaokrozitev
        округление закръгляване umardus ummardus noapalosana apvalinimas rotunjire 端数
    """,
    Role.DISCOUNT: """
        sleva zlava rabat rabatter kundrabatt alennus alennukset opust rabatt upust kedvezmeny εκπτωση indirim
        iskonto popust скидка отстъпка знижка soodustus atlaide nuolaida reducere 値引 値引き 割引 クーポン 折扣
        折讓 할인 할인금액
    """,
    Role.TIP: """
        spropitne prepitne drikkepenge driks dricks juomaraha tippi napiwek borravalo φιλοδωρημα bahsis
        napojnica napitnina чаевые bacsis
    """,
    Role.COUNT: """
        点数 お買上点数 件數 數量 数量 点 수량
    """,
}
_FOLDED = str.maketrans({"ł": "l", "ø": "o", "æ": "ae", "đ": "d", "ı": "i", "þ": "th", "ς": "σ"})
_END = re.compile(
    r"(?:[0-9]{1,4}|eur|euro|€|kc|czk|dkk|nok|sek|kr|pln|zl|huf|ft|try|tl|lei|ron|din|rsd|bgn|лв|руб|грн|円|元|twd|nt|jpy|krw)+$"
)


_LATIN = frozenset("abcdefghijklmnopqrstuvwxyz")
_STRAY = re.compile(r"[\u2e80-\u9fff]")
"""Characters that engines produce for letters they do not know."""


def _folded(text: str) -> str:
    return compact(text).translate(_FOLDED)


_BY_WORD = {_folded(word): role for role, words in _WORDS.items() for word in words.split()}
_FUZZY = 6
"""The letters a word needs to be recognised with one of them misread or lost, as happens with accents."""
_LONGEST = 30


def _shortened(word: str) -> list[str]:
    """Return the word without one of its letters, for each letter."""
    return [word[:place] + word[place + 1 :] for place in range(len(word))]


def _misread() -> dict[str, Role]:
    """Return the words that lost a letter, with their roles; words with two roles are left out."""
    found: dict[str, set[Role]] = {}
    for word, role in _BY_WORD.items():
        if len(word) >= _FUZZY and word.isascii():
            for short in _shortened(word):
                found.setdefault(short, set()).add(role)
    return {short: roles.pop() for short, roles in found.items() if len(roles) == 1}


_BY_MISREAD = _misread()


def role_in_tongues(label: str) -> Role:
    """Return the role of a label in one of these languages; NONE if none of its words is known.

    `Celkem k úhradě Kč` and `Sum å betale` mean FINAL, `SUMA PTU` TAX, `Mellansumma` SUBTOTAL.
    """
    text = _folded(label)
    bare = _END.sub("", text.lstrip("0123456789"))
    if any(sign in _LATIN for sign in bare):
        bare = _STRAY.sub("", bare)
    for form in (text, bare):
        if form in _BY_WORD:
            return _BY_WORD[form]
    if _FUZZY - 1 <= len(bare) <= _LONGEST:
        for form in (bare, *(_shortened(bare) if len(bare) >= _FUZZY else ())):
            if form in _BY_MISREAD:
                return _BY_MISREAD[form]
    return Role.NONE
