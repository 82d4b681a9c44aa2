"""The data folder: where it is, and files that are missing or not the published ones."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from plumbline.errors import InputError
from plumbline.suites import load_suite
from plumbline.suites.cache import data_folder, dataset_path, is_fetched
from plumbline.suites.catalogue import catalogue


def test_the_data_folder_is_the_environments(tmp_path, monkeypatch):
    monkeypatch.setenv("PLUMBLINE_DATA", str(tmp_path))
    assert data_folder() == tmp_path


def test_the_data_folder_is_in_the_cache_otherwise(tmp_path, monkeypatch):
    monkeypatch.delenv("PLUMBLINE_DATA", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert data_folder() == tmp_path / "plumbline"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert data_folder() == tmp_path / ".cache" / "plumbline"


@pytest.mark.parametrize("name", [name for name, entry in catalogue().items() if entry.kind])
def test_a_suite_that_was_not_fetched_names_the_command(tmp_path, monkeypatch, name):
    monkeypatch.setenv("PLUMBLINE_DATA", str(tmp_path))
    with pytest.raises(InputError, match=f"plumbline suites fetch {name}"):
        load_suite(name)


def test_a_file_that_is_there_is_given(shared_data, monkeypatch):
    monkeypatch.setenv("PLUMBLINE_DATA", str(shared_data))
    assert dataset_path("valuecsv", "quest100.xlsx") == shared_data / "valuecsv" / "quest100.xlsx"
    assert is_fetched(catalogue()["valuecsv"])


def test_a_file_that_was_changed_is_refused_even_after_it_was_read_well(shared_data, tmp_path, monkeypatch):
    monkeypatch.setenv("PLUMBLINE_DATA", str(tmp_path))
    Path(tmp_path / "xstest").mkdir()
    file = tmp_path / "xstest" / "xstest_prompts.csv"
    shutil.copyfile(shared_data / "xstest" / file.name, file)
    assert len(load_suite("xstest")) == 450
    file.write_bytes(file.read_bytes() + b"451,extra,t,safe,,\n")
    with pytest.raises(InputError, match="not the file the catalogue names"):
        load_suite("xstest")


def test_every_address_is_of_a_fixed_commit():
    for entry in catalogue().values():
        for file in entry.files:
            assert file.url is None or f"{entry.origin}/{entry.commit}/" in file.url


def test_a_file_without_an_address_says_how_to_get_it():
    for entry in catalogue().values():
        assert all(file.url or file.note for file in entry.files)
