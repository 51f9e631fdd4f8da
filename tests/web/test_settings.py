"""What `onrecord chat` may be told, and what it refuses in one line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.cli import main
from rag.errors import ServeError
from rag.web.settings import Settings, accounts, colours, contrast, origin


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--public"], "--public needs --site"),
        (["--embed"], "--embed needs --parent"),
        (["--parent", "https://a.example"], "--parent was given without --embed"),
        (["--public", "--site", "https://a.example", "--uploads"], "strangers' files"),
        (["--public", "--site", "a.example"], "expected an address like"),
        (["--embed", "--parent", "https://*.example; x"], "expected an address like"),
        (["--colour", "accent=red"], "expected NAME=#RRGGBB"),
        (["--colour", "nothing=#fff"], "expected NAME=#RRGGBB"),
        (["--colour", "ink=#777", "--colour", "paper=#888"], "contrast of 1.3"),
        (["--accounts", "nothing"], "cannot be read"),
        (["--port", "0"], "expected a number from 1 to 65535"),
    ],
)
def test_what_cannot_be_is_told_in_one_line(capsys, tmp_path, monkeypatch, options, told):
    monkeypatch.chdir(tmp_path)
    try:
        code: object = main(["chat", *options])
    except SystemExit as ended:
        code = ended.code
    err = capsys.readouterr().err
    assert code == 2
    assert told in err
    assert err.count("\n") == 1


@given(st.text(max_size=60))
def test_an_address_is_an_origin_or_an_error(text):
    try:
        found = origin(text, "site")
    except ServeError:
        return
    assert found.startswith(("http://", "https://"))
    assert not any(sign in found for sign in " ;,'\"\n")


def test_an_address_keeps_no_path():
    assert origin(" https://www.example.org/articles?x=1 ", "site") == "https://www.example.org"


@pytest.mark.parametrize("typed", ["https://Ask.Example.org", "HTTPS://ask.example.org:443/"])
def test_an_address_is_what_a_browser_calls_it(typed):
    assert Settings(sites=(origin(typed, "site"),)).sites == ("https://ask.example.org",)


def test_an_address_with_a_name_in_it_is_none():
    with pytest.raises(ServeError):
        origin("https://ana:secret@ask.example.org", "site")


def test_names_and_passwords_are_read_line_by_line(tmp_path):
    file = tmp_path / "accounts"
    file.write_text("ana: a b:c \n\nkeith:x\n", "utf-8")
    found = Settings(accounts=accounts(file))
    assert found.admits("ana", " a b:c ")
    assert not found.admits("ana", "x")
    assert not found.admits("nobody", "")
    for bad in ("", "\n", "ana", ":x", "ana:"):
        file.write_text(bad, "utf-8")
        with pytest.raises(ServeError):
            accounts(file)


def test_colours_are_measured_as_wcag_does():
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#fff") == pytest.approx(4.48, abs=0.01)
    assert colours(["accent=#1f4e8c", "paper=#faf9f6"]) == {"accent": "#1f4e8c", "paper": "#faf9f6"}
