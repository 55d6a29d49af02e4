"""Tables are loaded in a prepared form, which must be the one that their data files give."""

from benchmarks.prepare import FOLDER, prepared_tables

from expensed.extraction.prepared import load_prepared, prepare


def test_the_prepared_tables_are_those_of_their_data_files():
    stale = [name for name, content in prepared_tables().items() if (FOLDER / name).read_bytes() != content]
    assert not stale, "run `make prepare`"


def test_a_table_is_loaded_as_it_was_prepared(tmp_path, monkeypatch):
    source = _stored(tmp_path, monkeypatch)
    assert load_prepared("numbers", dict[str, int], dict, source) == {"one": 1}


def test_a_table_whose_data_file_has_changed_is_made_again(tmp_path, monkeypatch):
    source = _stored(tmp_path, monkeypatch)
    source.write_text("two")
    assert load_prepared("numbers", dict[str, int], lambda: {"two": 2}, source) == {"two": 2}


def test_a_table_that_was_never_prepared_is_made(tmp_path, monkeypatch):
    source = _stored(tmp_path, monkeypatch)
    assert load_prepared("letters", dict[str, int], lambda: {"a": 1}, source) == {"a": 1}


def _stored(folder, monkeypatch):
    source = folder / "source"
    source.write_text("one")
    (folder / "tables").mkdir()
    (folder / "tables" / "numbers.json").write_bytes(prepare({"one": 1}, source))
    monkeypatch.setattr("expensed.extraction.prepared.files", lambda _: folder)
    return source
