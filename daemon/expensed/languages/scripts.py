"""How scripts are written: which one a text is in, its direction, its digits, and letters that OCR confuses."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from enum import StrEnum
from functools import lru_cache


class Script(StrEnum):
    """A script, or a family of scripts that share their words."""

    CYRILLIC = "cyrillic"
    GREEK = "greek"
    HEBREW = "hebrew"
    ARABIC = "arabic"
    DEVANAGARI = "devanagari"
    THAI = "thai"
    EASTERN = "eastern"
    """Han, kana and hangul: Chinese, Japanese and Korean."""


_BLOCKS = {
    Script.CYRILLIC: "\u0400-\u052f",
    Script.GREEK: "\u0370-\u03ff\u1f00-\u1fff",
    Script.HEBREW: "\u0590-\u05ff",
    Script.ARABIC: "\u0600-\u06ff",
    Script.DEVANAGARI: "\u0900-\u097f",
    Script.THAI: "\u0e00-\u0e7f",
    Script.EASTERN: "\u1100-\u11ff\u3005\u3007\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7a3",
}
"""The blocks of Unicode that hold their letters (Unicode's Blocks.txt)."""
_LETTER = re.compile("|".join(f"(?P<{script}>[{block}])" for script, block in _BLOCKS.items()))
_FIRST_FOREIGN = "\u0370"
"""The first letter of another script than the Latin."""
_MOST_TEXT = 4_000
MARKS = "\u0900-\u0903\u093a-\u094f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
"""The marks, as a part of a pattern's class, that stand for vowels and tones in Devanagari and Thai."""
LETTER = rf"[^\W\d_][{MARKS}]*"
"""The pattern of a letter with its marks."""
UNSPACED = frozenset((Script.THAI, Script.EASTERN))
"""Scripts that set no spaces between words."""
_LOOSE_MARKS = frozenset((Script.THAI, Script.DEVANAGARI))
"""Scripts whose vowels are marks around the letters, which OCR sets apart and out of order."""


def script_of(text: str) -> Script | None:
    """Return the script of most letters outside the Latin alphabet; None if there are none."""
    if text.isascii() or max(text) < _FIRST_FOREIGN:
        return None
    counts = count_letters(text)
    return max(counts, key=lambda script: counts[script]) if counts else None


@lru_cache(maxsize=4096)
def count_letters(text: str) -> Counter[Script]:
    """Count the letters of each script but the Latin, near the text's beginning."""
    return Counter(Script(str(match.lastgroup)) for match in _LETTER.finditer(text[:_MOST_TEXT]))


def has_loose_marks(script: Script) -> bool:
    """Whether the script's vowels may be set apart from their letters."""
    return script in _LOOSE_MARKS


_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_LEFT_TO_RIGHT = re.compile(r"[^\W\d_\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


def runs_right_to_left(text: str) -> bool:
    """Whether any letter of the text runs right to left."""
    return not text.isascii() and _RIGHT_TO_LEFT.search(text) is not None


def direction(text: str) -> int:
    """Return how many more letters run right to left than left to right."""
    if text.isascii():
        return -sum(map(str.isalpha, text))
    return len(_RIGHT_TO_LEFT.findall(text)) - len(_LEFT_TO_RIGHT.findall(text))


_NATIVE_DIGIT = re.compile(r"[^\D0-9]")
_PUNCTUATION = str.maketrans(
    {"٫": ".", "٬": ",", "،": ",", "٪": "%", "؛": ";", "ـ": None} | dict.fromkeys("\u200b\u200c\u200d")
)
"""Arabic punctuation of numbers as ASCII; without the stroke that lengthens Arabic words and marks of zero width."""


def read_digits(text: str) -> str:
    """Return the text with the digits and the punctuation of numbers of any script as ASCII."""
    if text.isascii():
        return text
    return _NATIVE_DIGIT.sub(lambda match: str(unicodedata.decimal(match[0])), text.translate(_PUNCTUATION))


_ONE_FORM = {
    "ي": "ىیېے", "ك": "کگڪ", "ه": "ةۀہھۃ", "ب": "پ", "ج": "چ", "ز": "ژ", "ف": "ڤ", "ن": "ں", "ت": "ٽٹ", "ا": "ٱ",
    "": "ءـ",
    "и": "іыѝ", "ћ": "ђ", "г": "ґ", "е": "єэ", "ь": "ъ", "σ": "ς", "ר": "דך", "מ": "ם", "נ": "ן", "פ": "ף", "צ": "ץ",
}  # fmt: skip
"""Forms of a letter that print or OCR does not keep apart; also the final forms of Greek and Hebrew."""
_VARIANTS = str.maketrans({other: one for one, others in _ONE_FORM.items() for other in others})
_LATIN = "AaBCcEeHIiKkMOoPpTXxYy"
_CYRILLIC = "АаВСсЕеНІіКкМОоРрТХхУу"
_LATIN_OF_GREEK, _GREEK = "ABEHIKMNOoPTXYZvu", "ΑΒΕΗΙΚΜΝΟοΡΤΧΥΖνυ"
_ALIKE = {
    Script.CYRILLIC: (str.maketrans(_LATIN, _CYRILLIC), str.maketrans(_CYRILLIC, _LATIN)),
    Script.GREEK: (str.maketrans(_LATIN_OF_GREEK, _GREEK), str.maketrans(_GREEK, _LATIN_OF_GREEK)),
}
"""Letters of the same shape: to the script, and to the Latin alphabet (Unicode's confusables.txt)."""
_DIGIT_INSIDE = re.compile("(?<=[^\\W\\d_])[0136](?=[^\\W\\d_])")
_AS_CYRILLIC = {"0": "О", "1": "І", "3": "З", "6": "б"}
_FOREIGN = re.compile("[A-Za-z0-9]")
_LATIN_LETTER = re.compile("[A-Za-z]")
_WORD = re.compile(r"\S+")


def unify_letters(text: str) -> str:
    """Return the text with each word in one script, and without forms of letters that OCR confuses."""
    if text.isascii() or not _FOREIGN.search(text):
        return text
    script = script_of(text)
    if script in _ALIKE:
        text = _WORD.sub(lambda match: _unified(match[0], script), text)
    return text


def _unified(word: str, script: Script) -> str:
    """Return a word of mixed letters in the script that can have all of them, else in that of most."""
    own = count_letters(word)[script]
    if not own:
        return word
    if script is Script.CYRILLIC:
        word = _DIGIT_INSIDE.sub(lambda match: _AS_CYRILLIC[match[0]], word)
    latin = len(_LATIN_LETTER.findall(word))
    if not latin:
        return word
    to_script, to_latin = _ALIKE[script]
    in_script = word.translate(to_script)
    return in_script if own >= latin or not _LATIN_LETTER.search(in_script) else word.translate(to_latin)


def alike(letter: str, script: Script) -> str:
    """Return the Latin letter, and the digit, of the same shape as a letter of a script; empty if there is none."""
    if script not in _ALIKE:
        return ""
    latin = letter.translate(_ALIKE[script][1])
    return "" if latin == letter else latin + "0" * (latin == "O")


_OLD_GREEK = re.compile("[\u1f00-\u1fff]")
_OLD_MARKS = re.compile("[\u0300\u0313\u0314\u0342\u0345]")


def drop_old_accents(text: str) -> str:
    """Return Greek text without the breathings and accents that were given up in 1982, but OCR still finds."""
    if text.isascii() or not _OLD_GREEK.search(text):
        return text
    return _WORD.sub(lambda match: _monotonic(match[0]) if _OLD_GREEK.search(match[0]) else match[0], text)


def _monotonic(word: str) -> str:
    """Return a word with the one accent of today; without any if it is in capitals."""
    marks = _OLD_MARKS.sub("", unicodedata.normalize("NFD", word))
    return unicodedata.normalize("NFC", marks.replace("\u0301", "") if marks.isupper() else marks)


_ONE_HAN = {
    "請": "请", "額": "额", "費": "费", "対": "对對", "単": "单單", "価": "价價", "数": "數", "収": "收",
    "領": "领", "税": "稅", "総": "总總",
    "計": "计", "現": "现", "発": "发發", "証": "证證", "預": "预", "釣": "钓", "号": "號", "電": "电", "話": "话",
    "値": "值", "点": "點", "応": "应應",
    "実": "实實", "貨": "货", "買": "买", "員": "员", "様": "样樣", "銀": "银", "売": "卖賣", "購": "购",
    "開": "开", "会": "會", "営": "营營",
    "業": "业", "時": "时", "間": "间", "謝": "谢", "顧": "顾", "積": "积", "優": "优", "館": "馆", "訳": "译譯",
    "内": "內", "軽": "轻輕", "減": "减",
    "薬": "药藥", "書": "书", "図": "图圖", "郵": "邮", "車": "车", "駅": "驿驛", "飲": "饮", "麺": "面麵",
    "済": "济濟", "決": "决", "払": "拂",
}  # fmt: skip
"""The forms of Han letters in Japan, with those of China and Taiwan, which engines take for each other."""
_HAN_VARIANTS = str.maketrans({other: one for one, others in _ONE_HAN.items() for other in others})


def fold_han(text: str) -> str:
    """Return the text with one form for Han letters that are written differently in Japan, China and Taiwan."""
    return text.translate(_HAN_VARIANTS)


def fold_variants(folded: str) -> str:
    """Return folded letters with one form for those that print or OCR does not keep apart."""
    return folded if folded.isascii() else folded.translate(_VARIANTS)
