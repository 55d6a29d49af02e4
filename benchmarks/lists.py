"""The lists of brands and of kinds of shops, made from two open data sets.

    npm pack name-suggestion-index@8.0.20260918 @openstreetmap/id-tagging-schema@6.19.2
    npm pack dictionary-en dictionary-de dictionary-fr ...          (any of hunspell's dictionaries, as npm has them)
    .venv/bin/python benchmarks/lists.py name-suggestion-index-*.tgz openstreetmap-id-*.tgz dictionary-*.tgz

It writes `brands.txt.z` and `kinds.txt.z` beside `extraction/brands/known_brands.py`, with their licences, and the
hashes of what they were made from. The dictionaries only tell which brands are called like a common word; nothing of
them is in the lists. Which trades give receipts is told by `extraction/brands/data/trades.toml`.
"""

from __future__ import annotations

import sys

sys.path[0] = sys.path[0].rpartition("/")[0]  # http.py in this folder would hide the standard library's http

import hashlib
import json
import re
import tarfile
import tomllib
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from expensed.extraction import brands
from expensed.extraction.brands.keys import folded, skeleton

DATA = Path(brands.__file__).parent / "data"
TRADES = {
    trade for trades in tomllib.loads((DATA / "trades.toml").read_text("utf-8")).values() for trade in trades.split()
}
"""The trades that give receipts or invoices."""
WORLD = "001"
REGIONS = {
    "150": "AD AL AT BA BE BG BY CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LT LU LV MD ME MK MT NL NO PL PT RO RS"
    " SE SI SK UA",
    "002": "DZ EG MA TN NG GH KE TZ UG ZA ZM ZW SN CI CM",
    "202": "NG GH KE TZ UG ZA ZM ZW SN CI CM",
    "142": "AE BD CN HK ID IN JP KH KR LA LK MM MO MY NP PH PK SA SG TH TR TW VN",
    "145": "AE BH IL IQ JO KW LB OM PS QA SA SY TR YE",
    "419": "AR BO BR CL CO CR CU DO EC GT HN MX NI PA PE PR PY SV UY VE",
}
"""The countries of the United Nations' regions that the index names; the main ones."""
PLACES = {"conus": "US", "northern cyprus": "CY", "mainland china": "CN", "crimea": "UA", "sba": "CY"}
NAMES = re.compile(r"^(?:(?:alt_|short_|official_|old_)?name|brand)(?::[a-z]{2,3}(?:-[A-Za-z]+)?)?$")
SHARED_HOSTS = 3
"""A domain that more brands name as theirs belongs to none of them."""
SHORTEST, SHORTEST_TERM = 3, 4
MOTHER = "-en-"
"""The dictionary whose words are common everywhere; those of the others must be in two of them, because one language
may have made a word of a brand."""
WEB = re.compile(r"^https?://([^/:?#]+)")
SECOND_LEVEL = frozenset("co com net org gov ac or ne go edu gob".split())


ANY_TRADE = ("shop", "office", "craft", "amenity", "shop/yes", "office/yes", "building/retail")
"""What all shops are called tells none of them apart."""
ENDINGS = ("s", "'s", "’s", "d", "ed", "ing", "y", "er", "ly")
"""English ones that dictionaries leave to their rules."""


def read_package(path: Path, inside: str) -> Any:
    return json.loads(read_file(path, inside))


def read_file(path: Path, inside: str) -> bytes:
    with tarfile.open(path) as package:
        found = package.extractfile(f"package/{inside}")
        if found is None:
            raise SystemExit(f"{path} has no {inside}")
        return found.read()


def read_common_words(packages: Iterable[Path]) -> set[str]:
    """Return the words that an English dictionary, or two others, have in lower case."""
    seen: dict[str, set[str]] = defaultdict(set)
    for path in packages:
        for line in read_file(path, "index.dic").decode("utf-8", "replace").splitlines()[1:]:
            word = re.split(r"[/\t ]", line)[0]
            if word.islower():
                seen[folded(word)].add(path.name)
    return {word for word, names in seen.items() if len(names) > 1 or MOTHER in min(names)}


def find_countries(places: dict[str, Any]) -> str:
    """Return the codes of the countries; none if the brand is everywhere or its places are not told by country."""
    found: set[str] = set()
    for place in places.get("include", [WORLD]):
        if place == WORLD or not isinstance(place, str):
            return ""
        name = place.removesuffix(".geojson")
        known = (
            REGIONS.get(name) or PLACES.get(name) or (name[:2].upper() if re.match(r"^[a-z]{2}(?:-|$)", name) else "")
        )
        found.update(known.split())
    return " ".join(sorted(found))


def find_domains(item: dict[str, Any], facts: dict[str, Any]) -> Iterator[str]:
    """Yield the names before the ending of the brand's web addresses, as `lidl` of `www.lidl.de`."""
    known = facts.get(item["tags"].get("brand:wikidata", ""), {})
    for address in known.get("officialWebsites", []):
        if host := WEB.match(address):
            parts = host[1].lower().removeprefix("www.").split(".")
            if len(parts) == 2 or (len(parts) == 3 and parts[1] in SECOND_LEVEL):
                yield parts[0]


def spellings(item: dict[str, Any]) -> set[str]:
    tags: dict[str, str] = item["tags"]
    named = {value for tag, value in tags.items() if NAMES.match(tag)}
    return {*named, *item.get("matchNames", ()), re.sub(r" \(.*\)$", "", item["displayName"])}


def pick_brands(index: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each brand with its trade, for the trades that give receipts."""
    for path, group in index.items():
        tree, _, trade = path.partition("/")
        if tree in ("brands", "operators") and trade in TRADES:
            for item in group["items"]:
                if tree == "brands" or trade.startswith(("amenity/parking", "amenity/post", "office/")):
                    yield trade, item


def list_brands(package: Path, common: set[str]) -> str:
    """Return one line for each brand, an empty line, and one for each spelling, sorted.

    A brand has its name, its trades, and its countries; a spelling has its key, the places of its brands, and marks:
    `~` a common word, `@` only as a web address.
    """
    facts = read_package(package, "dist/wikidata/wikidata.min.json")["wikidata"]
    index = read_package(package, "dist/json/nsi.min.json")["nsi"]
    merged: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for trade, item in pick_brands(index):
        tags = item["tags"]
        name = tags.get("name") or tags.get("brand") or tags.get("operator") or item["displayName"]
        kept = merged[name, tags.get("brand:wikidata", "") or item["id"]]
        kept["trades"].add(trade)
        kept["countries"].add(find_countries(item["locationSet"]))
        kept["spellings"] |= spellings(item)
        kept["domains"].update(find_domains(item, facts))
    names, places = [], defaultdict(set)
    hosts: dict[str, set[int]] = defaultdict(set)
    marks: dict[str, str] = {}
    for number, ((name, _), kept) in enumerate(sorted(merged.items())):
        countries = "" if "" in kept["countries"] else " ".join(sorted(set(" ".join(kept["countries"]).split())))
        names.append(f"{name}\t{' '.join(sorted(kept['trades']))}\t{countries}")
        for spelling in kept["spellings"]:
            key = skeleton(spelling)
            if is_telling(key):
                places[key].add(number)
                if is_common(folded(spelling), common):
                    marks[key] = "~"
        for host in kept["domains"]:
            hosts[skeleton(host)].add(number)
    for key, numbers in hosts.items():
        if key not in places and len({names[number] for number in numbers}) <= SHARED_HOSTS and is_telling(key):
            places[key], marks[key] = numbers, "@"
    lines = [f"{key}\t{' '.join(map(str, sorted(places[key])))}\t{marks.get(key, '')}" for key in sorted(places)]
    return "\n".join(names) + "\n\n" + "\n".join(lines)


def is_telling(key: str) -> bool:
    if key.isdecimal() or not key:
        return False
    return len(key) >= SHORTEST or (len(key) > 1 and key[0] >= "\u2e80")


def is_common(word: str, common: set[str]) -> bool:
    """Whether a brand is called like a word, its plural, or whose it is."""
    word = re.sub(r"^\W+|\W+$", "", word)
    stems = {word, *(word.removesuffix(ending) for ending in ENDINGS)}
    return bool(stems & common)


def list_kinds(package: Path) -> str:
    """Return one line for each word or phrase by which a kind of shop is called or searched, sorted.

    It has the phrase, the trades that are called so, and the trades that are searched by it.
    """
    called: dict[str, set[str]] = defaultdict(set)
    searched: dict[str, set[str]] = defaultdict(set)
    general: dict[str, set[str]] = defaultdict(set)
    with tarfile.open(package) as files:
        members = [name for name in files.getnames() if re.search(r"dist/translations/[^/]+\.min\.json$", name)]
    for member in sorted(members):
        if "index" in member:
            continue
        for texts in read_package(package, member.removeprefix("package/")).values():
            for trade, texts_of in texts.get("presets", {}).get("presets", {}).items():
                home = "/".join(trade.split("/")[:2])
                if home in ANY_TRADE:
                    collect(f"{texts_of.get('name', '')}/{texts_of.get('terms', '').replace(',', '/')}", home, general)
                if home in TRADES:
                    collect(texts_of.get("name", ""), home, called)
                    collect(texts_of.get("terms", "").replace(",", "/"), home, searched, SHORTEST_TERM)
    trades = sorted(TRADES)
    lines = []
    for phrase in sorted({*called, *searched} - general.keys()):
        named = " ".join(str(trades.index(each)) for each in sorted(called[phrase]))
        sought = " ".join(str(trades.index(each)) for each in sorted(searched[phrase] - called[phrase]))
        lines.append(f"{phrase}\t{named}\t{sought}")
    return "\n".join(trades) + "\n\n" + "\n".join(lines)


def called_kinds(kinds: str) -> set[str]:
    """Return what kinds are called; people search a kind by its brands, too."""
    lines = (line.split("\t") for line in kinds.partition("\n\n")[2].split("\n"))
    return {phrase for phrase, called, _ in lines if called}


def collect(texts: str, trade: str, into: dict[str, set[str]], shortest: int = SHORTEST) -> None:
    for text in re.split(r"[/;(),、،]", texts):
        phrase = " ".join(re.findall(r"\w+", folded(text)))
        if (len(phrase) >= shortest or (len(phrase) > 1 and phrase[0] >= "\u0e00")) and phrase.count(" ") < 4:
            into[phrase].add(trade)


def main() -> None:
    index, schema, *dictionaries = map(Path, sys.argv[1:])
    kinds = list_kinds(schema)
    common = read_common_words(dictionaries) | called_kinds(kinds)
    lists = {"brands": list_brands(index, common), "kinds": kinds}
    for name, text in lists.items():
        packed = zlib.compress(text.encode(), 9)
        (DATA / f"{name}.txt.z").write_bytes(packed)
        print(name, text.count("\n"), "lines,", len(text.encode()), "bytes,", len(packed), "packed")
    (DATA / "LICENSE.name-suggestion-index").write_bytes(read_file(index, "LICENSE.md"))
    (DATA / "LICENSE.id-tagging-schema").write_bytes(read_file(schema, "LICENSE.md"))
    hashes = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (index, schema, *dictionaries)}
    (DATA / "made_from.json").write_text(json.dumps(hashes, indent=1) + "\n")


if __name__ == "__main__":
    main()
