import pytest
from tests.documents.readings import make_rows

from expensed.extraction.brands.find_brands import find_brands
from expensed.extraction.vendor.choose_vendor import find_vendors
from expensed.extraction.vendor.legal_forms import STRONG_LEGAL_FORM
from expensed.extraction.vendor.names import LONGEST_NAME, garbled_words, is_name, tidy_name
from expensed.extraction.vendor.other_mentions import find_witnesses


def vendor(*lines):
    found = find_vendors(make_rows(*lines))
    return found[0].value if found else None


def test_the_first_line_is_the_vendor_and_not_its_address():
    assert vendor("Blue Heron Cafe", "12 Mill Lane", "Tel: 555-0100", "TAX INVOICE") == "Blue Heron Cafe"


def test_a_title_and_a_greeting_are_no_vendor():
    assert vendor("TAX INVOICE", "Welcome to", "Fernbrook Stores", "Jalan 5, 50000 Kuala Lumpur") == "Fernbrook Stores"


def test_a_legal_form_beats_a_name_scribbled_on_top():
    assert vendor("jane doe", "FERNBROOK TRADING SDN BHD", "(123456-X)") == "FERNBROOK TRADING SDN BHD"


def test_a_name_goes_on_over_its_lines():
    assert vendor("FERNBROOK HARDWARE", "ENTERPRISE (NORTH", "HILL) SDN BHD", "No. 5") == (
        "FERNBROOK HARDWARE ENTERPRISE (NORTH HILL) SDN BHD"
    )


def test_a_legal_form_on_its_own_line_belongs_to_the_name():
    assert vendor("FERNBROOK BOOKSTORES", "SDN BHD", "GST No: 1") == "FERNBROOK BOOKSTORES SDN BHD"


def test_the_customer_is_not_the_vendor():
    assert vendor("Fernbrook Design", "48 Harbor Street", "Bill To:", "Example Customer Ltd", "Total | 5.00") == (
        "Fernbrook Design"
    )


def test_the_small_line_above_a_window_names_the_sender():
    lines = ("Fernbrook AG - Uferweg 40 - 63571 Gelnhausen", "Example Customer Ltd.", "Somewhere 5", "Rechnung")
    assert vendor(*lines) == "Fernbrook AG"


def test_a_name_that_the_web_address_repeats_wins():
    assert vendor("Hill Branch", "Fernbrook", "www.fernbrook.example") == "Fernbrook"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("FERNBROOK SDN. BHD. (1135772-K)", "FERNBROOK SDN BHD"),
        ("FERNBROOK SDN BND", "FERNBROOK SDN BHD"),
        ("Sold By : Fernbrook Pvt. Ltd.", "Fernbrook Pvt. Ltd."),
        ("*** Fernbrook Invoice", "Fernbrook"),
        ("FERNBR0OK", "FERNBROOK"),
    ],
)
def test_names_are_tidied(text, name):
    assert tidy_name(text) == name


@pytest.mark.parametrize("text", ["Checkers Hypermarket", "Bonita", "Ordell", "Parlour Books", "Priceline", "Visage"])
def test_names_that_begin_like_other_words_are_names(text):
    assert is_name(text)


@pytest.mark.parametrize(
    "text", ["RECEIPT", "Tax Invoice", "Tel: 5550100", "12/03/2024", "Total 5.00", "W1B 5QH", "--"]
)
def test_other_lines_are_no_names(text):
    assert not is_name(text)


def test_the_brand_over_a_company_wins_where_heads_have_no_company_number():
    assert vendor("FERN TRATTORIA", "Doe & Figli S.n.c.", "Via Verdi 2", "P.IVA 01234567890") == "FERN TRATTORIA"


def test_the_company_with_its_number_wins_under_a_brand_in_malaysia():
    lines = ("Fernlicious", "FERNBROOK FOODS SDN BHD (123456-X)", "Jalan 5, 50000 Kuala Lumpur")
    assert vendor(*lines) == "FERNBROOK FOODS SDN BHD"


def test_what_a_shop_is_does_not_displace_what_it_is_called():
    assert vendor("FERN POINT", "Druck & Kopie", "Uferweg 5") == "FERN POINT"
    assert vendor("Bakery", "Fern & Sons", "12 Mill Lane") == "Bakery Fern & Sons"


def test_a_name_and_its_trade_on_two_lines_are_one():
    assert vendor("FERN & QUILL", "BOOKSHOP", "12 Mill Lane") == "FERN & QUILL BOOKSHOP"


def test_a_host_tells_how_far_the_name_goes():
    lines = ("Build better.", "FERNGATE", "Hardware & Lumber", "880 Industrial Pkwy", "www.ferngatehardware.example")
    assert vendor(*lines) == "FERNGATE Hardware & Lumber"


def test_a_logo_and_the_whole_name_below_it_are_forms_of_one_name():
    first, second, *_ = find_vendors(make_rows("FERNBROOK", "Tapas Fernbrook", "12 Mill Lane"))
    assert {first.value, second.value} == {"FERNBROOK", "Tapas Fernbrook"}
    assert first.is_agreed


def test_a_branch_is_left_out():
    assert vendor("Fernbrook Pizza", "Fernbrook Pizza Hillside", "12 Mill Lane") == "Fernbrook Pizza"


def test_a_chain_goes_by_its_host_and_a_shopkeeper_by_the_brand():
    assert vendor("Fern Markt GmbH", "Uferweg 40", "www.fern.example") == "Fern"
    assert vendor("FERN Jane Doe e.K.", "Uferweg 40") == "FERN"


def test_thanks_at_the_foot_name_the_seller_where_its_head_could_not_be_read():
    lines = (
        "122 Chestnut Blvd",
        "Omaha NE 68102",
        "Milk | 3.49",
        "TOTAL | 3.49",
        "THANK YOU FOR SHOPPING AT FERN FOODS",
    )
    assert vendor(*lines) == "FERN FOODS"


def test_an_imprint_names_the_seller():
    lines = ("TAX INVOICE", "Total | 492.00", "Fernbrook Instruments Limited. Registered in England No. 01234567")
    assert vendor(*lines) == "Fernbrook Instruments Limited"


@pytest.mark.parametrize(
    ("bill_to", "by"),
    [("Bill to:", "From:"), ("Kunde", "Verkäufer"), ("Destinataire", "Émetteur"), ("Nabywca", "Sprzedawca")],
)
def test_the_seller_under_its_label_wins_over_the_customer_before_it(bill_to, by):
    lines = (f"{bill_to} | {by}", "Example Customer Ltd | Fernbrook", "77 Dock St | 410 Bay Ave", "Total | 5.00")
    assert vendor(*lines) == "Fernbrook"


def test_a_customer_alone_is_nobody():
    assert vendor("Bill To:", "Example Customer Ltd", "12 Mill Lane", "Total | 5.00") is None


@pytest.mark.parametrize("owner", ["Inh. Jane Doe e.K.", "(Owned by Doe Foods Inc.)", "Betreiber: Doe Parken GmbH"])
def test_an_owner_is_not_the_shop(owner):
    assert vendor("FERN RAMEN", owner, "12 Mill Lane") == "FERN RAMEN"


def test_a_town_is_not_the_seller():
    assert vendor("Hillside", "Fernbrook", "12345 Hillside") == "Fernbrook"


def test_a_garbled_head_gives_way_to_a_company_at_the_foot():
    lines = ("fErnLirlsD eIoe nette7", "Milk | 3.49", "Total | 3.49", *["-"] * 12, "Fernbrook GmbH & Co. KG, Hillside")
    assert vendor(*lines) == "Fernbrook GmbH & Co. KG"


def test_an_unlabelled_recipient_in_a_letter_is_not_the_seller():
    lines = (
        "Jane Doe Fotografie",
        "Rebweg 2, 8700 Hillside",
        "Café Example AG",
        "Frau Meier",
        "Bahnhofstr. 9",
        "Rechnung 7",
    )
    assert vendor(*lines) == "Jane Doe Fotografie"


def test_a_cafe_may_be_called_after_its_square():
    assert vendor("CAFETERIA LA PLAZA", "Jane Doe", "C/ Real 8") == "CAFETERIA LA PLAZA"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Fern & Co GmbH, 12345 Hillside", "Fern & Co GmbH"),
        ("Fern Service Clients", "Fern"),
        ("FERN FOODS(HILL)SDN BHD", "FERN FOODS (HILL) SDN BHD"),
        ("FERN CASH & CARRY <87", "FERN CASH & CARRY"),
        ("@ FERN PARTS", "FERN PARTS"),
    ],
)
def test_what_is_printed_around_a_name_is_cut_off(text, name):
    assert tidy_name(text) == name


def test_words_are_garbled_where_case_jumps_or_digits_stand_inside():
    assert garbled_words("fErnLirlsD nette7 Pohlweg110omer") == 3
    assert garbled_words("McDoe's FernMarkt eFern K11 oHG 7-Fern") == 0


def test_a_hostile_name_is_cut_short():
    assert len(vendor("A" * 4_000, "B" * 119) or "") <= LONGEST_NAME


@pytest.mark.parametrize("text", ["Vervaldatum", "EURO/kg", "GOODS SOLD ARE NOT", "Date d'échéance", "Kein Umtausch"])
def test_labels_and_terms_of_sale_are_no_names(text):
    assert not is_name(text)


@pytest.mark.parametrize(
    "line",
    [
        "Store #1291",
        "Host: Mary",
        "COLLECTOR:8502",
        "TME 7:22PM",
        "GROCERY",
        "CLEANING SUPPLIES",
        "CASH",
        "Winnipeg, MB R3C 4T3",
        "How friends eat together",
        "ww.fernbrook-grill.cm",
    ],
)
def test_a_line_of_the_till_above_the_name_is_no_vendor(line):
    assert vendor(line, "Fernbrook", "12 Mill Lane") == "Fernbrook"


def test_a_line_of_the_till_does_not_go_on_the_name():
    assert vendor("FERNBROOK EXPRESS", "STORE #1291", "12 Mill Lane") == "FERNBROOK EXPRESS"


@pytest.mark.parametrize("line", ["Save money. Live better.", "PAYING IN A HURRY?", "Bring it back at"])
def test_no_vendor_is_better_than_a_sentence(line):
    assert vendor(line, "555-0100", "Total | 5.00") is None


def test_a_shortened_word_does_not_end_a_sentence():
    assert vendor("Emp. Fernbrook Sur", "12 Mill Lane") == "Emp. Fernbrook Sur"


def test_what_is_offered_is_not_the_name():
    assert vendor("Fernbrook", "Seafood Steak Breakfast", "12 Mill Lane") == "Fernbrook"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Welcome to Fernbrook", "Fernbrook"),
        ("BIENVENUE A FERNBROOK CAFE", "FERNBROOK CAFE"),
        ("FERNBROOK 03:22 PM", "FERNBROOK"),
        ("FERNBROOK REG 3", "FERNBROOK"),
        ("FERNBROOK TM", "FERNBROOK"),
    ],
)
def test_greetings_times_registers_and_signs_are_no_part_of_a_name(text, name):
    assert tidy_name(text) == name


def test_a_greeting_to_our_store_names_nobody():
    assert vendor("Welcome to our store", "Fernbrook", "12 Mill Lane") == "Fernbrook"


@pytest.mark.parametrize("text", ['ТОВ "РОМАШКА" Магазин', 'Тов "РОМАШКА"', 'тов "РОМАШКА" м. Львів'])
def test_a_quoted_name_after_its_legal_form_ends_with_the_quotation_marks(text):
    assert tidy_name(text).casefold() == 'тов "ромашка"'
    assert STRONG_LEGAL_FORM.search(tidy_name(text))


def test_a_word_in_small_letters_without_quotation_marks_is_no_legal_form():
    assert not STRONG_LEGAL_FORM.search("як тов ромашка")


@pytest.mark.parametrize(
    "name", ["Amazon.com", "ASK ITALIAN", "You & Me Cafe", "Hotel Bristol. Wien", "Bar: Roma", "BILLA 24"]
)
def test_a_seller_that_looks_like_a_line_of_the_till_is_one(name):
    assert vendor(name, "21 Main Street", "12345 Springfield", "Total | 5.00") == name


@pytest.mark.parametrize("name", ["Amazon.com", "ASK ITALIAN", "Call A Bike", "You & Me Cafe", "BILLA 24"])
def test_a_seller_that_looks_like_a_line_of_the_till_is_a_rival_of_the_person_below(name):
    found = find_vendors(make_rows(name, "Jane Miller", "21 Main Street", "12345 Springfield", "Total | 5.00"))
    assert name in [each.value for each in found]


def test_a_label_before_a_company_is_no_part_of_its_name():
    assert vendor("Run by: Fernbrook Foods Ltd", "12 Mill Lane", "Total | 5.00") == "Fernbrook Foods Ltd"
    assert tidy_name("The: Fernbrook Foods Ltd") == "The: Fernbrook Foods Ltd"


def test_a_misread_legal_form_before_a_number_is_repaired():
    assert tidy_name("FERNBROOK FOODS SUN BHD (123456-X)") == "FERNBROOK FOODS SDN BHD"


def test_an_account_in_a_social_network_names_the_seller():
    rows = make_rows("Total | 5.00", "Follow us: facebook.com/fern.brook", "Instagram @fernbrookcafe")
    assert [(each.kind, each.key) for each in find_witnesses(rows)] == [
        ("domain", "fernbrook"),
        ("domain", "fernbrookcafe"),
    ]


def test_a_brand_is_spelt_as_it_spells_itself():
    rows = make_rows("Chick-f11-A", "Nashville, TN 37209", "Total | 5.00")
    assert find_vendors(rows, find_brands(rows))[0].value == "Chick-fil-A"


@pytest.mark.parametrize("shop", ["Store #337", "Store ABCD0710", "Superstore"])
def test_what_says_which_shop_of_a_brand_it_is_is_no_part_of_its_name(shop):
    rows = make_rows(f"CARREFOUR {shop}", "12 Mill Lane", "Bread | 2.00", "Total | 2.00")
    assert find_vendors(rows, find_brands(rows))[0].value == "Carrefour"


@pytest.mark.parametrize("rest", ["Hair Salon 12", "SA"])
def test_other_words_stay_beside_a_brand(rest):
    rows = make_rows(f"CARREFOUR {rest}", "12 Mill Lane", "Bread | 2.00", "Total | 2.00")
    assert find_vendors(rows, find_brands(rows))[0].value == f"CARREFOUR {rest}"


@pytest.mark.parametrize("street", ["Fernkatu 7 TOWN 010", "Ferngasse 12", "Lönnvägen 5, Town"])
def test_a_street_behind_a_name_is_cut_off(street):
    assert tidy_name(f"FERNBROOK {street}") == "FERNBROOK"
