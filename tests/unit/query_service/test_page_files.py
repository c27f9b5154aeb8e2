"""Which file of the built page answers a path, in which encoding, and what is never answered."""

import gzip
import os
from pathlib import Path

import pytest

from services.query_service.page.files import PageFiles, accepted_encodings
from tests.helpers.page import INDEX, SCRIPT, built_page

APP = "/assets/app-1a2b.js"


@pytest.fixture
def files(tmp_path: Path) -> PageFiles:
    return PageFiles(built_page(tmp_path))


def test_an_asset_is_kept_for_ever(files: PageFiles) -> None:
    found = files.asset(APP, "")
    assert found is not None
    assert found.body == SCRIPT
    assert found.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert found.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert found.headers["Vary"] == "Accept-Encoding"
    assert "Content-Encoding" not in found.headers


@pytest.mark.parametrize(
    ("accepts", "encoding"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("*", "br"),
        ("identity", None),
        ("br;q=0.0, gzip;q=0", None),
        ("*;q=0", None),
    ],
)
def test_a_compressed_file_answers_who_accepts_it(files: PageFiles, accepts: str, encoding: str | None) -> None:
    found = files.asset(APP, accepts)
    assert found is not None
    assert found.headers.get("Content-Encoding") == encoding
    expected = {"br": b"as brotli leaves it", "gzip": gzip.compress(SCRIPT), None: SCRIPT}[encoding]
    assert found.body == expected if encoding != "gzip" else gzip.decompress(found.body) == SCRIPT


def test_a_file_without_a_compressed_one_is_the_same_for_all(files: PageFiles) -> None:
    found = files.asset("/assets/plain-3c4d.css", "gzip, br")
    assert found is not None
    assert "Vary" not in found.headers
    assert "Content-Encoding" not in found.headers


def test_many_encodings_are_not_all_weighed() -> None:
    assert accepted_encodings("x," * 60 + "br") == []


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../../secret.txt",
        "/../secret.txt",
        "/assets/..",
        "/assets//app-1a2b.js",
        "/assets/./app-1a2b.js",
        "/assets/..\\..\\secret.txt",
        "/assets/app-1a2b.js\0",
        "/assets/app-1a2b.js/",
        "/assets/app-1a2b.js.gz",
        "/assets/app-1a2b.js.br",
        "/assets/",
        "/assets",
        "/.hidden",
        "/",
        "",
    ],
)
def test_nothing_but_a_file_of_the_page_is_answered(files: PageFiles, path: str) -> None:
    assert files.asset(path, "") is None
    assert files.root_file(path, "") is None


def test_a_link_out_of_the_folder_is_not_followed(files: PageFiles) -> None:
    os.symlink(files.folder.parent / "secret.txt", files.folder / "assets" / "linked.txt")
    assert files.asset("/assets/linked.txt", "") is None


def test_the_index_is_asked_for_again_and_never_run_from_elsewhere(files: PageFiles) -> None:
    found = files.index("/t/acme/reports", "")
    assert found is not None
    assert found.body == INDEX
    assert found.headers["Cache-Control"] == "no-cache"
    assert found.headers["ETag"].startswith('"')
    assert found.headers["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "
        "manifest-src 'self'"
    )
    assert found.headers["X-Content-Type-Options"] == "nosniff"
    assert found.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in found.headers["Permissions-Policy"]
    assert found.headers["Referrer-Policy"] == "same-origin"


def test_the_sign_in_page_hands_its_address_to_nobody(files: PageFiles) -> None:
    found = files.index("/sign-in", "")
    assert found is not None
    assert found.headers["Referrer-Policy"] == "no-referrer"


def test_a_file_beside_the_index_is_asked_for_again(files: PageFiles) -> None:
    found = files.root_file("/favicon.svg", "")
    assert found is not None
    assert (found.headers["Content-Type"], found.headers["Cache-Control"]) == ("image/svg+xml", "no-cache")


def test_a_page_that_is_not_built_has_no_index(tmp_path: Path) -> None:
    assert PageFiles(tmp_path / "dist").index("/", "") is None
