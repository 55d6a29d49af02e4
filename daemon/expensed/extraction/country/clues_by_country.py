"""Clues to each country as patterns: names, phone numbers, tax words, post codes, and so on."""

from __future__ import annotations

STATE_AND_ZIP = (
    r"\b(?:(?:CT|MA|ME|NH|NJ|RI|VT),? 0\d|(?:NY|PA),? 1\d|DE,? 19|(?:DC|MD|NC|SC|VA|WV),? 2\d|(?:AL|FL|GA|MS|TN),? 3\d"
    r"|(?:IN|KY|MI|OH),? 4\d|(?:IA|MN|MT|ND|SD|WI),? 5\d|(?:IL|KS|MO|NE),? 6\d|(?:AR|LA|OK|TX),? 7\d"
    r"|(?:AZ|CO|ID|NM|NV|UT|WY),? 8\d|(?:AK|CA|HI|OR|WA),? 9\d)\d{3}(?:-\d{4})?\b"
)
"""A US state in capitals with a ZIP code that lies in it."""

Kinds = dict[str, str]
"""Patterns by the kind of clue: name, city, form, tax, phone, post, web, language."""
COUNTRIES: tuple[tuple[str, str, Kinds], ...] = (
    (
        "Malaysia",
        "MYR",
        {
            "name": "malaysia",
            "city": (
                r"kuala ?lumpur|selangor|\bjohor|penang|petaling|shah alam|melaka|\bipoh\b|kuching|sabah|"
                "sarawak|putrajaya"
            ),
            "form": r"\bs[do0]n\.?\s?b[hn][do0]|\bs/b\b|\bberhad\b",
            "tax": (
                r"\bsst\b|\bgst ?(?:id|no|reg)\D{0,6}00\d{8,10}|cukai|\bss?r? ?@? ?6 ?%.{0,40}\bgst\b|"
                r"\bgst ?@? ?6 ?%|\b6 ?% ?gst"
            ),
            "phone": r"\+60[\s-]?\d|\b0[3-9]-\d{4} ?\d{4}\b",
            "post": r"\bjalan\b|\bjln\b|\btaman\b|\blorong\b|\bbandar\b|\bpersiaran\b|\bseksyen\b|\bkampung\b",
            "web": "my",
            "language": r"\b(?:jumlah|tunai|terima kasih|resit|kedai|restoran|syarikat|perniagaan)\b",
        },
    ),
    (
        "Singapore",
        "SGD",
        {
            "name": "singapore",
            "form": r"\bpte\.?\s?ltd",
            "phone": r"\+65[\s-]?\d{4}",
            "web": "sg",
            "tax": r"\buen\b|\bgst reg\.? ?(?:no)?\.?\W{0,3}[m2]\w?[\d-]{8}",
        },
    ),
    (
        "Switzerland",
        "CHF",
        {
            "name": "schweiz|suisse|svizzera|switzerland",
            "tax": (
                r"\bche[-\s]?\d{3}\.?\d{3}|\b(?:mwst|tva|iva)\b.{0,16}\b(?:8[.,]1|7[.,]7)\b|\b(?:8[.,]1|"
                r"7[.,]7)0? ?%.{0,6}\b(?:mwst|tva)"
            ),
            "city": r"zürich|genève|\bbasel\b|\blausanne\b|\bluzern\b|\bbern\b|winterthur|\blugano\b|st\. ?gallen",
            "phone": r"\+41[\s(]?\d|\b0041\b",
            "post": r"\bch[- ]\d{4}\b",
            "web": "ch",
            "language": r"\bfr\.\s?\d",
        },
    ),
    (
        "Germany",
        "EUR",
        {
            "name": "deutschland|germany",
            "form": r"\bgmbh\b|\be\.\s?k\.|\bohg\b|\bug \(haftungs",
            "city": (
                r"\bberlin\b|hamburg|münchen|\bköln\b|frankfurt|stuttgart|düsseldorf|dortmund|\bessen\b|"
                "leipzig|bremen|dresden|hannover"
            ),
            "tax": (
                r"\bde\s?\d{9}\b|ust[.-]?\s?id|steuer-?\s?n|\bst\.?-?\s?nr|\b(?:mwst|ust)\b.{0,16}\b19\b|"
                r"\b19[.,0]* ?%.{0,6}\b(?:mwst|ust)"
            ),
            "phone": r"\+49[\s(]?\d|\b0049\b",
            "post": r"str(?:aße|asse|\.)\s?\d|\bd-\d{5}\b",
            "web": "de",
            "language": (
                r"\b(?:summe|betrag|rechnung|vielen dank|einkauf|bezahlt|steuer|netto|brutto|datum|uhrzeit|"
                r"kartenzahlung)\b"
            ),
        },
    ),
    (
        "Austria",
        "EUR",
        {
            "name": "österreich|austria",
            "city": r"\bwien\b|salzburg|innsbruck|\bgraz\b|\blinz\b|klagenfurt",
            "tax": r"\batu\s?\d{7,8}|\buid-?nr",
            "phone": r"\+43[\s(]?\d|\b0043\b",
            "post": r"\ba-\d{4}\b",
            "web": "at",
            "language": r"\b(?:summe|betrag|rechnung|vielen dank|einkauf|bezahlt|netto|brutto|datum)\b",
        },
    ),
    (
        "France",
        "EUR",
        {
            "name": r"\bfrance\b",
            "city": r"\bparis\b|\blyon\b|marseille|toulouse|bordeaux|\blille\b|strasbourg|nantes",
            "form": r"\bs\.?a\.?r\.?l\b|\bs\.?a\.?s\b",
            "tax": r"\btva\b|siret|\bsiren\b|\brcs\b|\bnaf\b|\bfr\s?\d{2}\s?\d{3}\s?\d{3}\s?\d{3}\b|\bttc\b",
            "phone": r"\+33[\s(]?\d|\b0[1-9](?:[ .]\d{2}){4}\b",
            "web": "fr",
            "language": r"\b(?:merci|montant|espèces|facture|payer|votre|rendu|achat)\b",
        },
    ),
    (
        "Italy",
        "EUR",
        {
            "name": r"italia|\bitaly\b",
            "city": r"\broma\b|milano|torino|napoli|firenze|venezia|bologna",
            "form": r"\bs\.?r\.?l\b|\bs\.p\.a\b",
            "tax": r"p\.?\s?iva|partita iva|cod(?:ice|\.) ?fisc|\bit\s?\d{11}\b",
            "phone": r"\+39[\s(]?\d",
            "web": "it",
            "language": r"\b(?:totale|grazie|contanti|scontrino|documento|resto|pagamento|importo|fattura)\b",
        },
    ),
    (
        "Spain",
        "EUR",
        {
            "name": r"españa|\bspain\b",
            "city": r"\bmadrid\b|barcelona|valencia|sevilla|málaga|bilbao",
            "form": r"\bs\.\s?l\.(?:u\.)?",
            "tax": r"\bnif\b|\bcif\b|\bes\s?[a-z]\d{8}\b",
            "phone": r"\+34[\s(]?\d",
            "web": "es",
            "language": r"\b(?:gracias|efectivo|factura|fecha|importe|cambio|entregado)\b",
        },
    ),
    (
        "Portugal",
        "EUR",
        {
            "name": "portugal",
            "city": r"\blisboa\b|\bbraga\b|coimbra",
            "tax": r"\bnif\b|contribuinte|\bpt\s?\d{9}\b",
            "form": r"\blda\b",
            "phone": r"\+351",
            "web": "pt",
            "language": r"\b(?:obrigado|fatura|troco|numerário|multibanco)\b",
        },
    ),
    (
        "Netherlands",
        "EUR",
        {
            "name": "nederland|netherlands",
            "city": "amsterdam|rotterdam|utrecht|den haag|eindhoven",
            "form": r"\bb\.\s?v\.|\bbv\b",
            "tax": r"\bbtw\b|\bnl\s?\d{9}\s?b\d{2}\b|\bkvk\b",
            "phone": r"\+31[\s(]?\d",
            "post": r"\b\d{4} ?[a-z]{2}\b (?=[a-z]{4})",
            "web": "nl",
            "language": r"\b(?:totaal|bedrag|factuur|betaling|bedankt|datum|klant)\b",
        },
    ),
    (
        "Belgium",
        "EUR",
        {
            "name": "belgië|belgique|belgium",
            "city": "brussel|bruxelles|antwerpen|liège",
            "tax": r"\bbe\s?0?\d{3}\.?\d{3}\.?\d{3}\b|\bbtw\b|\btva\b",
            "phone": r"\+32[\s(]?\d",
            "web": "be",
            "language": r"\b(?:totaal|bedrag|bedankt|merci|montant)\b",
        },
    ),
    (
        "Ireland",
        "EUR",
        {
            "name": r"(?<!northern )\bireland\b",
            "city": r"\bdublin\b|galway|limerick",
            "tax": r"\bie\s?\d{7}[a-z]{1,2}\b",
            "phone": r"\+353",
            "web": "ie",
        },
    ),
    (
        "Finland",
        "EUR",
        {
            "name": "finland|suomi",
            "city": r"helsinki|tampere|\bturku\b|espoo|\boulu\b",
            "form": r"\boyj?\b",
            "tax": r"\balv\b|y-tunnus|\bfi\s?\d{8}\b",
            "phone": r"\+358",
            "web": "fi",
            "language": r"\b(?:yhteensä|kiitos|käteinen|korttimaksu|kuitti)\b",
        },
    ),
    (
        "Greece",
        "EUR",
        {
            "name": r"ελλ[αά]δα|\bgreece\b|hellas",
            "city": "αθ[ηή]να|athens|θεσσαλον[ιί]κη",
            "tax": r"\bα\.?φ\.?μ|φ\.?π\.?α|\bel\s?\d{9}\b",
            "phone": r"\+30[\s(]?\d",
            "web": "gr",
            "language": "σ[υύ]νολο|απ[οό]δειξη|μετρητ[αά]|[α-ω]{5}",
        },
    ),
    (
        "other euro countries",
        "EUR",
        {
            "name": (
                "slovakia|slovensko|slovenia|slovenija|estonia|eesti|latvia|latvija|lithuania|lietuva|"
                "luxembourg|cyprus|croatia|hrvatska"
            ),
            "city": r"bratislava|ljubljana|tallinn|\briga\b|vilnius|nicosia|zagreb",
            "web": "sk si ee lv lt lu mt hr",
            "phone": r"\+(?:421|386|372|371|370|352|356|357|385)\b",
        },
    ),
    (
        "Britain",
        "GBP",
        {
            "name": r"united kingdom|england|scotland|(?<!south )\bwales\b|northern ireland|(?<![.\w])u\.?k\.?\b",
            "city": (
                r"\blondon\b(?!,? on)|manchester|birmingham|\bleeds\b|glasgow|edinburgh|liverpool|bristol|"
                "cardiff|belfast"
            ),
            "form": r"\bplc\b",
            "tax": r"\bgb\s?\d{3}\s?\d{4}\s?\d{2}\b|\bvat\b.{0,20}\b20[.0]* ?%|\bvat (?:reg|no|number)",
            "phone": r"\+44[\s(]?\d|\b0044\b|\b0[12]\d{2,3} \d{3} ?\d{3,4}\b",
            "web": "uk",
            "post": r"\b(?!gst|vat)[a-z]{1,2}\d[a-z\d]? \d[abd-hjlnp-uw-z]{2}\b",
        },
    ),
    (
        "America",
        "USD",
        {
            "name": r"\bu\.?s\.?a\b|united states",
            "tax": r"sales tax|state tax|\btax id\b",
            "city": (
                r"new york|los angeles|chicago|houston|san francisco|seattle|\bboston\b|\bmiami\b|\bdallas\b|"
                r"\baustin\b|\bdenver\b|las vegas"
            ),
            "phone": r"\(\s?[2-9]\d{2}\s?\)\s?\d{3}\s?-\s?\d{4}|(?<![\d-])[2-9]\d{2}-\d{3}-\d{4}(?![\d-])",
        },
    ),
    (
        "Canada",
        "CAD",
        {
            "name": r"\bcanada\b|ontario|québec|british columbia|alberta|manitoba|saskatchewan|nova scotia",
            "city": "toronto|vancouver|montr[eé]al|calgary|ottawa|edmonton|winnipeg",
            "tax": r"\bhst\b|\bqst\b|(?<!:\d\d )\bpst\b.{0,6}\d|\btvq\b|\btps\b",
            "post": r"\b[abceghj-nprstvxy]\d[a-z] ?\d[a-z]\d\b",
            "web": "ca",
        },
    ),
    (
        "Mexico",
        "MXN",
        {
            "name": r"(?<!new )\bm[eé]xico\b",
            "city": r"\bcdmx\b|guadalajara|monterrey",
            "tax": r"\brfc\b|\bcfdi\b",
            "phone": r"\+52[\s(]?\d",
            "web": "mx",
        },
    ),
    (
        "Argentina",
        "ARS",
        {
            "name": "argentina",
            "city": "buenos aires",
            "tax": r"\bcuit\b",
            "web": "ar",
        },
    ),
    (
        "Chile",
        "CLP",
        {
            "name": r"\bchile\b",
            "city": "santiago de chile",
            "tax": r"\br\.?u\.?t\.?\s?[:.]?\s?\d",
            "web": "cl",
        },
    ),
    (
        "Colombia",
        "COP",
        {
            "name": "colombia",
            "city": "bogot[aá]|medell[ií]n",
            "tax": r"\bnit\b",
        },
    ),
    (
        "Peru",
        "PEN",
        {
            "name": r"\bper[uú]\b",
            "city": r"\blima\b",
            "tax": r"\bruc\b",
            "web": "pe",
        },
    ),
    (
        "Brazil",
        "BRL",
        {
            "name": r"\bbra[sz]il\b",
            "city": "s[aã]o paulo|rio de janeiro|bras[ií]lia|curitiba",
            "tax": r"\bcnpj\b|\bcpf\b|\bnfc-?e\b|\bicms\b",
            "web": "br",
        },
    ),
    (
        "Pakistan",
        "PKR",
        {
            "name": r"\bpakistan\b",
            "city": "karachi|lahore|islamabad",
            "phone": r"\+92[\s-]?\d",
            "web": "pk",
            "tax": r"\bntn\b|\bstrn\b",
        },
    ),
    (
        "Sri Lanka",
        "LKR",
        {
            "name": "sri lanka",
            "city": r"\bcolombo\b|\bkandy\b",
            "phone": r"\+94[\s-]?\d",
            "web": "lk",
        },
    ),
    (
        "Nepal",
        "NPR",
        {
            "name": r"\bnepal\b",
            "city": "kathmandu",
            "phone": r"\+977",
            "web": "np",
        },
    ),
    (
        "Mauritius",
        "MUR",
        {
            "name": "mauritius",
            "city": "port louis",
            "web": "mu",
        },
    ),
    (
        "India",
        "INR",
        {
            "name": r"\bindia\b",
            "city": r"mumbai|\bdelhi\b|bangalore|bengaluru|chennai|hyderabad|kolkata|\bpune\b",
            "form": r"\bpvt\b",
            "tax": r"\bgstin\b|\bcgst\b|\bsgst\b|\bfssai\b",
            "phone": r"\+91[\s-]?\d",
            "web": "in",
        },
    ),
    (
        "Australia",
        "AUD",
        {
            "name": "australia",
            "city": r"sydney|melbourne|brisbane|\bperth\b|adelaide|canberra",
            "form": r"\bpty\b",
            "tax": r"\babn\b|\ba\.b\.n",
            "post": r"\b(?:nsw|vic|qld|act|tas|wa|sa)\s\d{4}\b",
            "phone": r"\+61[\s(]?\d",
            "web": "au",
        },
    ),
    (
        "New Zealand",
        "NZD",
        {
            "name": "new zealand|aotearoa",
            "city": "auckland|christchurch",
            "tax": r"\bnzbn\b",
            "phone": r"\+64[\s(]?\d",
            "web": "nz",
        },
    ),
    (
        "South Africa",
        "ZAR",
        {
            "name": "south africa",
            "city": "cape town|johannesburg|pretoria|durban",
            "form": r"\(pty\)",
            "phone": r"\+27[\s(]?\d",
            "web": "za",
        },
    ),
    (
        "Taiwan",
        "TWD",
        {
            "name": "台灣|臺灣|taiwan|電子發票|統一發票",
            "city": "台北|臺北|台中|高雄|taipei",
            "tax": "統一編號|統編|買受人|營業稅",
            "language": "民國|發票|總計|隨機碼",
            "phone": r"\+886",
            "web": "tw",
        },
    ),
    (
        "Japan",
        "JPY",
        {
            "name": r"日本|\bjapan\b",
            "city": "東京|大阪|京都|横浜|名古屋|tokyo|osaka|kyoto",
            "form": "株式会社|有限会社",
            "tax": r"消費税|登録番号 ?t?\d|領収",
            "phone": r"\+81[\s(]?\d",
            "web": "jp",
            "language": r"[\u3041-\u30fa]{2}",
        },
    ),
    (
        "Korea",
        "KRW",
        {
            "name": r"\bkorea\b|대한민국",
            "city": "서울|부산|seoul|busan",
            "tax": "부가세|사업자",
            "phone": r"\+82[\s-]?\d",
            "web": "kr",
            "language": r"[\uac00-\ud7a3]{2}",
        },
    ),
    (
        "China",
        "CNY",
        {
            "name": r"中国|(?<!made in )\bchina\b|人民币",
            "city": "上海|北京|深圳|广州|shanghai|beijing|shenzhen|guangzhou",
            "form": "有限公司",
            "phone": r"\+86[\s-]?\d",
            "web": "cn",
            "language": "发票|税额|开票",
        },
    ),
    (
        "Hong Kong",
        "HKD",
        {
            "name": "hong kong|香港",
            "city": "kowloon|九龍",
            "phone": r"\+852",
            "web": "hk",
        },
    ),
    (
        "Thailand",
        "THB",
        {
            "name": "thailand|ประเทศไทย",
            "city": "bangkok|phuket|chiang mai|กรุงเทพ",
            "phone": r"\+66[\s-]?\d",
            "web": "th",
            "language": r"[\u0e01-\u0e2e]{3}",
        },
    ),
    (
        "Vietnam",
        "VND",
        {
            "name": "vi[eệ]t ?nam",
            "city": "hà nội|hanoi|h[oồ] ch[ií] minh|saigon",
            "phone": r"\+84[\s-]?\d",
            "web": "vn",
            "tax": r"mã số thuế|\bmst\b",
        },
    ),
    (
        "Indonesia",
        "IDR",
        {
            "name": "indonesia",
            "city": r"jakarta|surabaya|bandung|\bbali\b",
            "tax": r"\bnpwp\b|\bppn\b",
            "phone": r"\+62[\s-]?\d",
            "web": "id",
            "form": r"\bpt\. ",
        },
    ),
    (
        "Philippines",
        "PHP",
        {
            "name": "philippines|pilipinas",
            "city": r"\bmanila\b|makati|quezon|\bcebu\b",
            "phone": r"\+63[\s-]?\d",
            "web": "ph",
            "tax": r"\bvat reg tin\b",
        },
    ),
    (
        "Poland",
        "PLN",
        {
            "name": "polska|poland",
            "city": "warszawa|krak[oó]w|wrocław|gdańsk|poznań|łódź",
            "form": r"sp\. ?z ?o\.?o",
            "tax": r"\bnip\b|\bptu\b|paragon|\bpl\s?\d{10}\b",
            "phone": r"\+48[\s(]?\d",
            "web": "pl",
            "language": r"\b(?:gotówka|sprzedaż|suma|razem|faktura|zapłaty)\b",
        },
    ),
    (
        "Czechia",
        "CZK",
        {
            "name": r"česk|\bczech",
            "city": r"\bpraha\b|prague|\bbrno\b|ostrava",
            "form": r"s\.\s?r\.\s?o",
            "tax": r"\bdič\b|\bdph\b|\bičo?\b",
            "phone": r"\+420",
            "web": "cz",
            "language": r"\b(?:celkem|účtenka|hotovost|děkujeme|faktura)\b",
        },
    ),
    (
        "Hungary",
        "HUF",
        {
            "name": "magyar|hungary",
            "city": "budapest|debrecen|szeged",
            "form": r"\bkft\b|\bzrt\b|\bnyrt\b",
            "tax": r"\báfa\b|adósz[aá]m",
            "phone": r"\+36[\s(]?\d",
            "web": "hu",
            "language": r"\b(?:összesen|nyugta|készpénz|számla|fizetend[oő])\b",
        },
    ),
    (
        "Romania",
        "RON",
        {
            "name": "rom[aâ]nia",
            "city": "bucure[sș]ti|cluj|timi[sș]oara",
            "tax": r"\bcui\b|\bcif:? ?ro",
            "phone": r"\+40[\s(]?\d",
            "web": "ro",
            "language": r"\b(?:bon fiscal|numerar|factura)\b",
        },
    ),
    (
        "Bulgaria",
        "BGN",
        {
            "name": "българия|bulgaria",
            "city": "софия|пловдив|варна",
            "tax": r"\bеик\b|\bддс\b",
            "web": "bg",
            "phone": r"\+359",
        },
    ),
    (
        "Turkey",
        "TRY",
        {
            "name": "t[uü]rkiye",
            "city": "[iı]stanbul|ankara|[iı]zmir|antalya",
            "tax": r"\bkdv\b|\bvkn\b|vergi",
            "phone": r"\+90[\s(]?\d",
            "web": "tr",
            "language": r"\b(?:toplam|nakit|fiş no|teşekkür)",
        },
    ),
    (
        "Russia",
        "RUB",
        {
            "name": r"росси[яи]|\brussia",
            "city": "москва|санкт-петербург",
            "tax": r"\bинн\b|\bндс\b",
            "phone": r"\+7[\s(]?\d{3}",
            "web": "ru",
        },
    ),
    (
        "Ukraine",
        "UAH",
        {
            "name": r"укра[iї]на|\bukraine\b",
            "city": "київ|львів|одеса",
            "tax": r"\bпдв\b|\bєдрпоу\b",
            "web": "ua",
            "phone": r"\+380",
        },
    ),
    (
        "Sweden",
        "SEK",
        {
            "name": "sverige|sweden",
            "city": "stockholm|göteborg|malmö|uppsala",
            "tax": r"org\.?\s?nr|organisationsn|\bvaravmoms|varav moms|\bse\s?\d{12}\b",
            "phone": r"\+46[\s(]?\d",
            "web": "se",
            "language": r"\b(?:att betala|summa|kvitto|öppet|välkommen|kontokort|köp)\b",
        },
    ),
    (
        "Norway",
        "NOK",
        {
            "name": "norge|norway",
            "city": r"\boslo\b|bergen|trondheim|stavanger",
            "tax": r"\bmva\b|foretaksreg",
            "phone": r"\+47[\s(]?\d",
            "web": "no",
            "language": r"\b(?:å betale|kvittering|bankaxept|velkommen|salgskvittering)\b",
        },
    ),
    (
        "Denmark",
        "DKK",
        {
            "name": "danmark|denmark",
            "city": "københavn|copenhagen|aarhus|odense|aalborg",
            "form": r"\ba/s\b|\baps\b",
            "tax": r"\bcvr\b|heraf moms",
            "phone": r"\+45[\s(]?\d",
            "web": "dk",
            "language": r"\b(?:at betale|kvittering|dankort|bon nr|ekspedient)\b",
        },
    ),
    (
        "Iceland",
        "ISK",
        {
            "name": r"[ií]sland\b|iceland",
            "city": "reykjav[ií]k",
            "phone": r"\+354",
            "web": "is",
        },
    ),
    (
        "Israel",
        "ILS",
        {
            "name": r"ישראל|\bisrael\b",
            "city": "tel aviv|תל אביב|jerusalem",
            "phone": r"\+972",
            "web": "il",
        },
    ),
    (
        "Emirates",
        "AED",
        {
            "name": r"\bu\.?a\.?e\b|emirates",
            "city": r"\bdubai\b|abu dhabi|sharjah",
            "phone": r"\+971",
            "web": "ae",
            "tax": r"\btrn\W{0,3}1\d{14}",
        },
    ),
    (
        "Saudi Arabia",
        "SAR",
        {
            "name": "saudi|السعودية",
            "city": "riyadh|jeddah|الرياض",
            "phone": r"\+966",
            "web": "sa",
        },
    ),
    (
        "Egypt",
        "EGP",
        {
            "name": r"\begypt\b|مصر",
            "city": r"\bcairo\b|القاهرة|alexandria",
            "phone": r"\+20[\s-]?1",
            "web": "eg",
        },
    ),
    (
        "Kenya",
        "KES",
        {
            "name": r"\bkenya\b",
            "city": "nairobi|mombasa",
            "phone": r"\+254",
            "web": "ke",
        },
    ),
    (
        "Nigeria",
        "NGN",
        {
            "name": r"\bnigeria\b",
            "city": r"\blagos\b|abuja",
            "phone": r"\+234",
            "web": "ng",
        },
    ),
    (
        "Morocco",
        "MAD",
        {
            "name": r"\bmaroc\b|morocco",
            "city": r"casablanca|marrakech|\brabat\b",
            "phone": r"\+212",
            "web": "ma",
        },
    ),
)
