"""Keeping files: the bytes are on disk before anybody names them, and a failure leaves none behind."""

import hashlib
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from microguard.core import files
from microguard.core.files import FileRefused
from tests.cases import a_picture


def present() -> set[str]:
    return {path.name for path in settings.EVIDENCE_DIR.rglob("*") if path.is_file()}


def test_a_file_lies_under_its_own_fingerprint() -> None:
    picture = a_picture()

    stored = files.receive(picture)

    picture.seek(0)
    assert stored.sha256 == hashlib.sha256(picture.read()).hexdigest()
    assert files.path_of(stored.sha256).name == stored.sha256
    assert present() == {stored.sha256, stored.view_sha256}


def test_the_same_file_twice_lies_there_once() -> None:
    first, second = files.receive(a_picture("a.png")), files.receive(a_picture("b.png"))

    assert first == second
    assert len(present()) == 2


def test_a_lost_connection_leaves_no_bytes() -> None:
    class CutOff:
        name, size = "a.png", 100

        def chunks(self) -> object:
            yield b"\x89PNG"
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        files.receive(CutOff())

    assert present() == set()


def test_a_disk_that_refuses_the_picture_leaves_no_half_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)

    with pytest.raises(OSError, match="No space left"):
        files.receive(a_picture())

    assert present() == set()


def test_files_are_for_their_owner_only() -> None:
    stored = files.receive(a_picture())

    path = files.path_of(stored.sha256)
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_a_folder_in_the_name_leads_nowhere() -> None:
    with pytest.raises(FileRefused) as refusal:
        files.receive(SimpleUploadedFile("../../etc/passwd", b""))

    assert refusal.value.values["name"] == "passwd"


@pytest.mark.parametrize(("size", "shown"), [(10 * files.MEGABYTE + 1, 11), (12 * files.MEGABYTE, 12)])
def test_the_size_in_the_sentence_is_never_at_or_below_the_limit(size: int, shown: int) -> None:
    content = b"\xff\xfb" + bytes(size - 2)
    limits = dict.fromkeys(files.LIMITS, 10 * files.MEGABYTE)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "LIMITS", limits)
        with pytest.raises(FileRefused) as refusal:
            files.receive(SimpleUploadedFile("talk.mp3", content))

    assert (refusal.value.code, refusal.value.values["size"]) == ("file_big", shown)
