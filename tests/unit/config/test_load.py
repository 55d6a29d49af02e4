"""Where settings come from, and how mistakes in them are reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from expensed.config.load import LoadedSettings, load_settings
from expensed.errors import ConfigError, SetupError


class Home:
    """A folder to start commands in, with helpers to write settings files and to load them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.system_file = path / "etc" / "expensed.toml"

    def write(self, text: str, name: str = "config/expensed.toml") -> Path:
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def load(self, config_file: Path | None = None, **environ: str) -> LoadedSettings:
        return load_settings(config_file, environ, self.path, system_file=self.system_file)

    def mistakes(self, config_file: Path | None = None, **environ: str) -> list[str]:
        with pytest.raises(ConfigError) as caught:
            self.load(config_file, **environ)
        return [line.strip().removeprefix(f"{self.path}/") for line in caught.value.message.splitlines()[1:]]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_without_a_file_all_values_are_defaults_and_folders_lie_in_the_current_folder(home: Home):
    loaded = home.load()
    assert loaded.file is None
    assert set(loaded.origins.values()) == {"default"}
    assert loaded.settings.inbox.path == home.path / "inbox"
    assert loaded.settings.inbox.settle_s == 1.0


def test_the_file_named_on_the_command_line_comes_first(home: Home):
    home.write("[web]\nport = 1\n")
    home.write("[web]\nport = 2\n", "by-variable.toml")
    named = home.write("[web]\nport = 3\n", "named.toml")
    assert home.load(Path("named.toml"), EXPENSED_CONFIG="by-variable.toml").settings.web.port == 3
    assert home.load(EXPENSED_CONFIG="by-variable.toml").settings.web.port == 2
    assert home.load(named).file == named


def test_the_file_in_the_current_folder_comes_before_the_one_of_the_system(home: Home):
    home.write("[web]\nport = 4\n", "etc/expensed.toml")
    assert home.load().settings.web.port == 4
    home.write("[web]\nport = 1\n")
    assert home.load().settings.web.port == 1


def test_an_empty_variable_for_the_file_counts_as_none(home: Home):
    home.write("[web]\nport = 1\n")
    assert home.load(EXPENSED_CONFIG="").settings.web.port == 1


def test_a_named_file_that_is_missing_is_a_mistake_and_no_other_is_taken_instead(home: Home):
    home.write("[web]\nport = 1\n")
    assert home.mistakes(Path("nope.toml")) == ["nope.toml: cannot be read: No such file or directory"]
    assert home.mistakes(EXPENSED_CONFIG="nope.toml") == ["nope.toml: cannot be read: No such file or directory"]


def test_relative_folders_start_where_the_folder_config_lies(home: Home):
    home.write('[inbox]\npath = "drop/here"\n[archive]\npath = "/elsewhere"\n')
    settings = home.load().settings
    assert settings.inbox.path == home.path / "drop" / "here"
    assert settings.state.path == home.path / "state"
    assert settings.archive.path == Path("/elsewhere")


def test_relative_folders_start_at_the_files_own_folder_if_that_is_not_called_config(home: Home):
    file = home.write('[inbox]\npath = "drop"\n', "etc/own.toml")
    assert home.load(file).settings.inbox.path == home.path / "etc" / "drop"
    assert home.load(file, EXPENSED_STATE__PATH="s").settings.state.path == home.path / "etc" / "s"


def test_a_folder_may_start_with_the_home_folder(home: Home, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HOME", "/home/ada")
    home.write('[inbox]\npath = "~/Receipts"\n')
    assert home.load().settings.inbox.path == Path("/home/ada/Receipts")


def test_a_folder_with_dots_is_resolved(home: Home):
    home.write('[inbox]\npath = "config/../drop"\n')
    assert home.load().settings.inbox.path == home.path / "drop"


def test_each_value_knows_where_it_comes_from(home: Home):
    home.write('# a comment\n[web]\n\nport = 1\n\n[reading]\nlanguages = [\n  "eng",\n]\nworkers = 2\n')
    origins = home.load(EXPENSED_WEB__HOST="::1").origins
    assert origins["web.port"] == f"{home.path}/config/expensed.toml:4"
    assert origins["reading.languages"] == f"{home.path}/config/expensed.toml:7"
    assert origins["reading.workers"] == f"{home.path}/config/expensed.toml:10"
    assert origins["web.host"] == "EXPENSED_WEB__HOST"
    assert origins["web.token"] == "default"


def test_lines_are_found_in_dotted_and_inline_tables_and_after_long_strings(home: Home):
    home.write(
        'inbox.settle_s = 2\nweb = { port = 9, host = "::1" }\n["log"]\nlevel = """\\\n   debug"""\nformat="json"\n'
    )
    origins = {name: where.rpartition(":")[2] for name, where in home.load().origins.items()}
    assert [origins[name] for name in ("inbox.settle_s", "web.port", "web.host", "log.level", "log.format")] == [
        *("1", "2", "2", "4", "6")
    ]


def test_a_variable_beats_the_file_even_if_the_file_is_wrong_there(home: Home):
    home.write('[web]\nport = "wrong"\n')
    loaded = home.load(EXPENSED_WEB__PORT="7000")
    assert loaded.settings.web.port == 7000
    assert loaded.origins["web.port"] == "EXPENSED_WEB__PORT"


def test_variables_are_read_as_the_type_of_their_setting(home: Home):
    settings = home.load(
        EXPENSED_INBOX__SETTLE_S="0.5",
        EXPENSED_READING__LANGUAGES="deu, eng",
        EXPENSED_WEB__TOKEN="12345",
        EXPENSED_LOG__LEVEL="DEBUG",
        EXPENSED_EXTRACTION__DAY_FIRST="true",
    ).settings
    assert settings.inbox.settle_s == 0.5
    assert settings.reading.languages == ("deu", "eng")
    assert settings.web.token.get_secret_value() == "12345"
    assert settings.log.level == "debug"
    assert settings.extraction.day_first == "yes"


def test_a_list_in_a_variable_may_be_json(home: Home):
    assert home.load(EXPENSED_READING__LANGUAGES='["fra"]').settings.reading.languages == ("fra",)


def test_all_mistakes_are_told_at_once_with_name_place_and_what_is_allowed(home: Home):
    home.write(
        '[inbox]\nsetle_s = 2\nwatch = "never"\n\n[wep]\nx = 1\n'
        '\n[reading]\nworkers = "two"\nlanguages = ["eng", "1"]\n'
    )
    file, sections = (
        "config/expensed.toml",
        "state, inbox, archive, reading, extraction, categories, export, queue, web, log",
    )
    assert sorted(home.mistakes(EXPENSED_WEB__PORT="70000", EXPENSED_INBOX__RESCAN="1")) == sorted(
        [
            f"{file}:2: inbox.setle_s: there is no such setting; did you mean inbox.settle_s?",
            f'{file}:3: inbox.watch = "never" must be one of auto, native, poll',
            f"{file}:5: [wep]: there is no such section; there are {sections}",
            f'{file}:9: reading.workers = "two" must be a whole number from 0 to 256',
            f'{file}:10: reading.languages = ["eng", "1"] must be a list of names, as in ["auto"]',
            "EXPENSED_WEB__PORT: web.port = 70000 must be a whole number from 0 to 65535",
            "EXPENSED_INBOX__RESCAN: there is no such setting; did you mean EXPENSED_INBOX__RESCAN_S?",
        ]
    )


def test_the_number_of_mistakes_heads_the_list(home: Home):
    home.write("port = 1\nhost = 2\n")
    with pytest.raises(ConfigError, match=r"^2 mistakes in the settings:\n") as caught:
        home.load()
    assert caught.value.exit_code == 78


def test_a_setting_in_the_wrong_place_is_shown_its_own(home: Home):
    home.write("port = 1\n[inbox]\nworkers = 2\n")
    assert home.mistakes() == [
        "config/expensed.toml:3: inbox.workers: there is no such setting; did you mean reading.workers?",
        "config/expensed.toml:1: port: there is no such setting; did you mean web.port?",
    ]


def test_a_section_that_is_a_value_is_explained(home: Home):
    home.write("inbox = 5\n")
    assert home.mistakes(EXPENSED_INBOX__SETTLE_S="1") == [
        "config/expensed.toml:1: inbox must be a section, [inbox], with its settings below"
    ]


def test_a_variable_without_a_double_underscore_is_none_of_our_settings(home: Home):
    assert home.load(EXPENSED_TOKEN="x", EXPENSED_CONFIG="").file is None


def test_types_are_not_guessed_in_the_file(home: Home):
    home.write(
        '[web]\nport = "80"\nrate_per_s = true\n[inbox]\nsettle_s = inf\npath = 5\n[reading]\nlanguages = "eng"\n'
    )
    assert len(home.mistakes()) == 5


def test_bad_toml_is_told_with_its_line_beside_the_mistakes_in_variables(home: Home):
    home.write("[inbox]\nsettle_s = \n")
    assert home.mistakes(EXPENSED_WEB__PORT="x", EXPENSED_A__B="1") == [
        "config/expensed.toml:2: is not valid TOML: Invalid value: settle_s =",
        "EXPENSED_A__B: there is no such setting",
        'EXPENSED_WEB__PORT: web.port = "x" must be a whole number from 0 to 65535',
    ]


def test_what_an_unreadable_file_might_have_set_is_not_blamed_on_its_default(home: Home):
    home.write('[web]\ntoken = "secret"\n[inbox\n')
    assert home.mistakes(EXPENSED_WEB__HOST="0.0.0.0") == [
        "config/expensed.toml:3: is not valid TOML: Expected ']' at the end of a table declaration: [inbox"
    ]
    home.write('[web]\ntoken = "secret\n')
    assert "secret" not in home.mistakes()[0]


def test_bad_toml_at_the_end_of_the_file_is_told_with_its_last_line(home: Home):
    home.write("[inbox]\npath = '''a\n")
    assert home.mistakes()[0].startswith("config/expensed.toml:2: is not valid TOML: ")


@pytest.mark.parametrize("text", ["[a]\n[a]\n", "x = 1\nx = 2\n", "=", "\x00", "a = 1979-13-45\n", "[" * 5000])
def test_whatever_is_wrong_with_the_toml_is_one_line(home: Home, text: str):
    home.write(text)
    assert len(home.mistakes()) == 1


@pytest.mark.parametrize("key", ["base", "cls", '"a\\nb"', "model_config"])
def test_a_section_of_any_name_is_only_unknown(home: Home, key: str):
    home.write(f"[{key}]\nx = 1\n")
    (mistake,) = home.mistakes()
    assert "there is no such section" in mistake


def test_bytes_that_are_no_text_are_told_on_a_line(home: Home):
    for name in ("EXPENSED_WEB__HOST", "EXPENSED_LOG__LEVEL", "EXPENSED_ARCHIVE__TEMPLATE", "EXPENSED_WEB__TOKEN"):
        (mistake,) = home.mistakes(**{name: "\udcff\n"})  # type: ignore[arg-type]
        mistake.encode("utf-8")


def test_a_folder_may_have_a_name_that_is_not_utf8(home: Home):
    loaded = home.load(EXPENSED_INBOX__PATH="drop\udcff")
    assert loaded.settings.inbox.path == home.path / "drop\udcff"
    assert "drop\\xff" in next(row.value for row in loaded.rows() if row.name == "inbox.path")


def test_a_file_that_is_not_utf8_is_told_with_its_line(home: Home):
    home.write("").write_bytes(b"# fine\n[inbox]\npath = '\xff'\n")
    assert home.mistakes() == ["config/expensed.toml:3: is not UTF-8 text"]


def test_a_file_written_by_a_windows_editor_is_read(home: Home):
    home.write("").write_bytes(b"\xef\xbb\xbf[web]\r\nport = 5\r\n")
    loaded = home.load()
    assert loaded.settings.web.port == 5
    assert loaded.origins["web.port"].endswith(":2")


def test_folders_that_overlap_are_a_matter_of_setup(home: Home):
    home.write('[archive]\npath = "inbox/archive"\n')
    with pytest.raises(SetupError, match="archive is inside inbox") as caught:
        home.load()
    assert caught.value.code == "folders-overlap"
    assert caught.value.exit_code == 69


def test_other_mistakes_are_told_before_overlapping_folders(home: Home):
    home.write('[archive]\npath = "inbox"\n')
    assert home.mistakes(EXPENSED_A__B="1") == ["EXPENSED_A__B: there is no such setting"]


def test_secrets_are_never_repeated(home: Home):
    mistakes = home.mistakes(EXPENSED_WEB__TOKEN="hunter two", EXPENSED_QUEUE__URL="http://:hunter@redis")
    assert len(mistakes) == 2
    assert "hunter" not in "".join(mistakes)
    loaded = home.load(EXPENSED_WEB__TOKEN="hunter2", EXPENSED_QUEUE__URL="redis://me:hunter2@redis:1/0")
    assert "hunter2" not in repr(list(loaded.rows()))
    assert "hunter2" not in repr(loaded.settings.web)


def test_rows_show_every_setting_with_value_and_origin(home: Home):
    home.write("[reading]\nmax_pixels = 100_000_000\n")
    rows = {row.name: row for row in home.load(EXPENSED_QUEUE__URL="redis://me:pw@redis:1/0?password=pw").rows()}
    assert rows["reading.max_pixels"][1:] == ("100_000_000", f"{home.path}/config/expensed.toml:2")
    assert rows["queue.url"].value == '"redis://***@redis:1/0?***"'
    assert rows["web.token"].value == '""'
    assert rows["reading.languages"].value == '["auto"]'


def test_a_variable_that_only_looks_like_a_setting_is_told_with_what_may_be_meant(home: Home):
    loaded = home.load(
        EXPENSED_INBX="/srv", EXPENSED_CONFIG="", EXPENSED_SERVICE_HOST="10.0.0.1", EXPENSED_WEB__PORT="1"
    )
    assert loaded.warnings == [
        "The variable EXPENSED_INBX is not a setting; did you mean EXPENSED_INBOX__PATH?",
        "The variable EXPENSED_SERVICE_HOST is not a setting; did you mean EXPENSED_WEB__HOST?",
    ]
