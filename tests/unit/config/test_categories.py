"""Categories of one's own in the settings, and how mistakes in them are told."""

import tomllib
from pathlib import Path

import pytest

from expensed.config.load import load_settings
from expensed.errors import ConfigError
from expensed.model.categories import STANDARD, OwnCategory

SETTINGS = """
[categories.own.Hosting]
words = ["cloud server", "VPS"]
sellers = ["Ahornhost"]
instead_of = "software & SERVICES"

[categories.own."Rent of the shop"]

[categories.own.groceries]
words = ["oats"]
"""


def load(folder: Path, text: str, **environ: str):
    (folder / "expensed.toml").write_text(text, encoding="utf-8")
    return load_settings(folder / "expensed.toml", environ, folder)


def mistakes(folder: Path, text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load(folder, text)
    return [line.strip().removeprefix(f"{folder}/expensed.toml:") for line in caught.value.message.splitlines()[1:]]


def test_without_any_the_sixteen_are_in_force(tmp_path):
    assert load(tmp_path, "").settings.categories.known == STANDARD


def test_each_has_a_name_and_what_it_is_known_by(tmp_path):
    known = load(tmp_path, SETTINGS).settings.categories.known
    assert known.keeps_standard
    assert known.own == (
        OwnCategory("Hosting", ("cloud server", "VPS"), ("Ahornhost",), "Software & Services"),
        OwnCategory("Rent of the shop"),
        OwnCategory("Groceries", ("oats",)),
    )


def test_they_can_come_from_the_environment_as_json(tmp_path):
    loaded = load(tmp_path, "", EXPENSED_CATEGORIES__OWN='{"Hobby": {"words": ["yarn"]}}')
    assert loaded.settings.categories.known.own == (OwnCategory("Hobby", ("yarn",)),)
    assert loaded.origins["categories.own"] == "EXPENSED_CATEGORIES__OWN"


def test_they_are_shown_as_a_settings_file_has_them(tmp_path):
    loaded = load(tmp_path, SETTINGS)
    (row,) = (row for row in loaded.rows() if row.name == "categories.own")
    again = load(tmp_path, f"[categories]\nown = {row.value}\n")
    assert again.settings.categories == loaded.settings.categories
    assert tomllib.loads(f"own = {row.value}")["own"]["Rent of the shop"] == {}


def test_all_mistakes_in_them_are_told_at_once_with_their_names(tmp_path):
    text = """
[categories]
standrd = true
[categories.own.Hosting]
words = ["cloud server", "-"]
selers = ["x"]
instead_of = "Softwear & Services"
[categories.own."Rent of the shop"]
words = "x"
[categories.own.Gym]
words = [3]
[categories.own]
Bad = 3
"--" = {}
"""
    found = sorted(mistakes(tmp_path, text))
    assert [line.split(" must be one of")[0] for line in found] == sorted(
        [
            "3: categories.standrd: there is no such setting; did you mean categories.standard?",
            (
                '5: categories.own.Hosting.words = ["cloud server", "-"] must hold words with a letter or a digit,'
                " which '-' is not"
            ),
            "6: categories.own.Hosting.selers: there is no such setting; did you mean sellers?",
            '7: categories.own.Hosting.instead_of = "Softwear & Services"',
            '9: categories.own."Rent of the shop".words = "x" must be a list of names',
            "11: categories.own.Gym.words = [3] must be a list of names",
            "13: categories.own.Bad = 3 must be a table with any of words, sellers, instead_of",
            "14: categories.own.-- = {} must have a name with a letter or a digit",
        ]
    )
    assert any(line.endswith("did you mean Software & Services?") for line in found)


@pytest.mark.parametrize(
    ("one", "other", "mistake"),
    [
        ('words = ["vps"]', 'words = ["V.P.S"]', "gives the word 'vps' to A and B"),
        ('sellers = ["Ahorn"]', 'sellers = ["ahorn"]', "gives the seller 'Ahorn' to A and B"),
        ('instead_of = "Other"', 'instead_of = "other"', "gives the place of 'Other' to A and B"),
    ],
)
def test_what_two_categories_claim_is_a_mistake(tmp_path, one, other, mistake):
    text = f"[categories.own.A]\n{one}\n[categories.own.B]\n{other}\n"
    (found,) = mistakes(tmp_path, text)
    assert found.endswith(f"categories.own {mistake}")


def test_two_names_that_differ_in_case_only_are_a_mistake(tmp_path):
    (found,) = mistakes(tmp_path, "[categories.own.Gym]\n[categories.own.gym]\n")
    assert found.endswith("has one name twice: Gym and gym")


def test_one_that_is_replaced_has_no_settings(tmp_path):
    text = '[categories.own.Groceries]\nwords = ["x"]\n[categories.own.Food]\ninstead_of = "Groceries"\n'
    (found,) = mistakes(tmp_path, text)
    assert found.endswith("has Groceries replaced by another, though it has settings")
