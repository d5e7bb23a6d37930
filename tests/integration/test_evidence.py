"""Evidence: judged by content, kept byte for byte, shown as a clean copy, seen by the parties of its case only."""

import hashlib
import io
import os
import random
import struct
import zlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from complaints.actions.evidence import FileNotTaken, add_evidence
from complaints.models import Complaint, Evidence
from complaints.states import EvidenceKind, Side
from microguard.core import files
from microguard.core.files import MEGABYTE, FileRefused
from microguard.events.models import Event
from tests.cases import a_draft, a_filed_complaint, a_picture, an_invited_dispute
from tests.clock import MONDAY_NOON
from tests.people import CHEN_PHONE, LIN_PHONE, ZHANG_PHONE, Office, chen, zhang
from tests.threads import at_once
from tests.visitors import a_browser, sentences

EVIDENCE = "/file/evidence/"
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" + bytes(48) + b"PE\x00\x00" + bytes(400)


@pytest.fixture(autouse=True)
def _monday_noon(clock_at: Callable[[datetime], None]) -> None:
    clock_at(MONDAY_NOON)


def a_file(content: bytes, name: str = "file.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/png")


def encoded(form: str, picture: Image.Image | None = None, **parameters: Any) -> bytes:
    out = io.BytesIO()
    (picture or Image.new("RGB", (64, 48), (10, 90, 200))).save(out, form, **parameters)
    return out.getvalue()


def noise_of_eleven_megabytes() -> bytes:
    """A real picture that cannot be made small."""
    picture = Image.frombytes("RGB", (2000, 1900), os.urandom(2000 * 1900 * 3))
    return encoded("PNG", picture, compress_level=0)


def png_claiming(width: int, height: int) -> bytes:
    """A small PNG whose header promises this many pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(99)))
        + chunk(b"IEND", b"")
    )


def stored_files() -> list[Path]:
    return [path for path in settings.EVIDENCE_DIR.rglob("*") if path.is_file()]


def added(complaint: Complaint, upload: SimpleUploadedFile, side: str = Side.COMPLAINANT) -> Evidence:
    return add_evidence(
        complaint_id=complaint.pk,
        upload=upload,
        side=side,
        kind=EvidenceKind.CHAT,
        by=zhang() if side == Side.COMPLAINANT else chen(),
        at=MONDAY_NOON,
    )


# --- sentences ---

REFUSED = {
    "an .exe renamed .png": (
        "setup.png",
        EXE,
        "“setup.png”这种文件打不开。可以传图片、PDF、视频或录音，也可以截屏后传截图。",
        "“setup.png” cannot be opened here. Upload a picture, PDF, video or recording, or a screenshot of it.",
    ),
    "an empty file": (
        "nothing.png",
        b"",
        "“nothing.png”是空的，请重新选择。",
        "“nothing.png” is empty. Choose it again.",
    ),
    "an 11 MB picture": (
        "full.png",
        noise_of_eleven_megabytes,
        "“full.png”有11MB，超过10MB。图片请不要选“原图”再传一次。",
        "“full.png” is 11 MB; the limit is 10 MB. For pictures, choose again without “Full image”.",
    ),
    "a picture that promises 3600 million pixels": (
        "bomb.png",
        png_claiming(60_000, 60_000),
        "“bomb.png”这种文件打不开。可以传图片、PDF、视频或录音，也可以截屏后传截图。",
        "“bomb.png” cannot be opened here. Upload a picture, PDF, video or recording, or a screenshot of it.",
    ),
    "a name that is markup": (
        "<b>.png",
        EXE,
        "“<b>.png”这种文件打不开。可以传图片、PDF、视频或录音，也可以截屏后传截图。",
        "“<b>.png” cannot be opened here. Upload a picture, PDF, video or recording, or a screenshot of it.",
    ),
}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("case", REFUSED)
def test_a_file_that_is_not_taken_gets_its_sentence_and_leaves_no_bytes(
    case: str, language: str, db: None
) -> None:
    name, content, zh, en = REFUSED[case]
    browser = a_browser(draft=a_draft())
    bad = a_file(content() if callable(content) else content, name)

    page = browser.post(("/en" if language == "en" else "") + EVIDENCE, {"kind": "PARCEL", "files": bad})

    assert page.status_code == 422
    assert sentences(page) == [en if language == "en" else zh]
    assert page.context["form"]["kind"].value() == "PARCEL"
    assert name not in page.text or "<" not in name
    assert stored_files() == []


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("", "最多20个文件。请先删掉一个。"),
        ("/en", "You can upload 20 files. Remove one first."),
    ],
)
def test_the_21st_file_waits_until_another_is_removed(language: str, sentence: str, db: None) -> None:
    draft = a_draft()
    browser = a_browser(draft=draft)
    for shade in range(20):
        added(draft, a_picture(shade=shade, size=(8, 8)))

    refused = browser.post(language + EVIDENCE, {"kind": "CHAT", "files": a_picture(shade=20)})
    browser.post(f"/file/evidence/{draft.evidence.first().key}/remove/")
    taken = browser.post(language + EVIDENCE, {"kind": "CHAT", "files": a_picture(shade=20)})

    assert (refused.status_code, sentences(refused)) == (422, [sentence])
    assert taken.status_code == 302
    assert draft.evidence.filter(removed_at=None).count() == 20


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("", "这个文件已经传过了。"),
        ("/en", "This file is already uploaded."),
    ],
)
def test_the_same_file_twice_is_kept_once(language: str, sentence: str, db: None) -> None:
    draft = a_draft()
    browser = a_browser(draft=draft)

    browser.post(language + EVIDENCE, {"kind": "CHAT", "files": a_picture("a.png")})
    again = browser.post(language + EVIDENCE, {"kind": "CHAT", "files": a_picture("b.png")})

    assert (again.status_code, sentences(again)) == (422, [sentence])
    assert [evidence.name for evidence in draft.evidence.all()] == ["a.png"]


def test_the_seller_may_upload_the_picture_that_the_buyer_has_uploaded(db: None) -> None:
    complaint = a_filed_complaint()

    added(complaint, a_picture())
    added(complaint, a_picture(), Side.RESPONDENT)

    assert sorted(evidence.side for evidence in complaint.evidence.all()) == [Side.COMPLAINANT, Side.RESPONDENT]


def test_the_good_files_of_a_bad_handful_stay(db: None) -> None:
    draft = a_draft()

    page = a_browser(draft=draft).post(
        "/en" + EVIDENCE,
        {
            "kind": "CHAT",
            "files": [a_picture("1.png", shade=1), a_file(EXE, "2.png"), a_picture("3.png", shade=3)],
        },
    )

    assert len(sentences(page)) == 1
    assert sorted(evidence.name for evidence in draft.evidence.all()) == ["1.png", "3.png"]
    assert page.text.count("/remove/") == 2


def test_the_same_file_sent_by_many_at_once_is_kept_once(committed: None) -> None:
    draft = a_draft()

    answers = at_once(*[lambda: added(draft, a_picture())] * 6)

    assert [answer.code for answer in answers if isinstance(answer, FileNotTaken)] == ["file_dup"] * 5
    assert draft.evidence.count() == 1


# --- what is taken ---

TAKEN: dict[str, Callable[[], bytes]] = {
    "image/png": lambda: encoded("PNG"),
    "image/jpeg": lambda: encoded("JPEG"),
    "image/webp": lambda: encoded("WEBP"),
    "image/heic": lambda: encoded("HEIF"),
    "application/pdf": lambda: b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n",
    "video/mp4": lambda: b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(64),
    "video/quicktime": lambda: b"\x00\x00\x00\x14ftypqt  \x00\x00\x02\x00qt  " + bytes(64),
    "audio/mpeg": lambda: b"ID3\x03\x00\x00\x00\x00\x00\x21TIT2" + bytes(64),
    "audio/mp4": lambda: b"\x00\x00\x00\x18ftypM4A \x00\x00\x00\x00M4A mp42" + bytes(64),
    "audio/amr": lambda: b"#!AMR\n" + bytes(64),
}


@pytest.mark.parametrize("content_type", TAKEN)
def test_the_content_says_what_a_file_is_whatever_its_name(content_type: str) -> None:
    content = TAKEN[content_type]()

    stored = files.receive(a_file(content, "letter.docx"))

    assert stored.content_type == content_type
    assert files.path_of(stored.sha256).read_bytes() == content
    assert bool(stored.view_sha256) == content_type.startswith("image/")


@pytest.mark.parametrize(
    "start", [b"\xff\xfb\x90\x64", b"\xff\xf3\x40\xc0", b"ID3\x03\x00\x00\x00\x00\x1f\x76TIT2"]
)
def test_a_recording_is_taken_with_and_without_a_tag(start: bytes) -> None:
    assert files.receive(a_file(start + bytes(400), "talk")).content_type == "audio/mpeg"


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script></html>",
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b"GIF89a" + bytes(60),
        b"PK\x03\x04" + bytes(60),
        b"\x7fELF" + bytes(60),
        b"#!/bin/sh\nrm -rf /\n",
        b"\x00",
        b"plain words",
        b"BM" + bytes(60),
    ],
)
def test_what_could_do_harm_or_cannot_be_shown_is_refused(content: bytes) -> None:
    for name in ("photo.png", "photo.jpg", "letter.pdf"):
        with pytest.raises(FileRefused) as refusal:
            files.receive(a_file(content, name))
        assert refusal.value.code == "file_type"
    assert stored_files() == []


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize(("width", "height"), [(60_000, 60_000), (8_000, 8_000), (2**31 - 1, 2**31 - 1), (0, 5)])
def test_pixels_are_counted_before_any_is_decoded(width: int, height: int) -> None:
    with pytest.raises(FileRefused):
        files.receive(a_file(png_claiming(width, height)))

    assert stored_files() == []


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_whole_picture_of_too_many_pixels_is_refused_though_its_bytes_are_few() -> None:
    content = encoded("PNG", Image.new("1", (8_000, 8_000)))
    assert len(content) < MEGABYTE

    with pytest.raises(FileRefused) as refusal:
        files.receive(a_file(content))

    assert refusal.value.code == "file_type"


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "HEIF"])
def test_a_damaged_picture_is_refused_or_taken_and_never_fails(form: str) -> None:
    whole, chance = encoded(form, Image.effect_noise((90, 60), 80).convert("RGB")), random.Random(form)
    reasons = set()

    for _ in range(120):
        damaged = bytearray(whole[: chance.randrange(1, len(whole) + 1)])
        for _hit in range(chance.randrange(4)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            files.receive(a_file(bytes(damaged)))
        except FileRefused as refusal:
            reasons.add(refusal.code)

    assert reasons == {"file_type"}


def test_a_recording_stops_being_read_at_its_limit() -> None:
    class Endless:
        name, size = "talk.mp3", 50 * MEGABYTE + 1
        read = 0

        def chunks(self) -> Any:
            while True:
                self.read += MEGABYTE
                yield b"ID3\x03" + bytes(MEGABYTE - 4)

    endless = Endless()
    with pytest.raises(FileRefused) as refusal:
        files.receive(endless)

    assert (refusal.value.code, refusal.value.values["max"]) == ("file_big", 50)
    assert endless.read <= 51 * MEGABYTE
    assert stored_files() == []


# --- the copy that is shown ---


def a_photo_that_knows_too_much() -> bytes:
    """A JPEG with position, camera, comment, XMP and a turned picture."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112] = "HUAWEI", "P60-serial-4711", 6
    exif.get_ifd(0x8825).update({1: "N", 2: (22.0, 32.0, 36.0), 3: "E", 4: (114.0, 3.0, 28.0)})
    picture = Image.new("RGB", (64, 48), (10, 90, 200))
    return encoded(
        "JPEG",
        picture,
        exif=exif,
        comment=b"taken at home",
        xmp=b"<x:xmpmeta>home-gps</x:xmpmeta>",
        dpi=(300, 300),
    )


def test_the_view_copy_holds_pixels_and_nothing_else() -> None:
    original = a_photo_that_knows_too_much()

    stored = files.receive(a_file(original, "photo.jpg"))
    view = files.path_of(stored.view_sha256).read_bytes()

    with Image.open(io.BytesIO(view)) as copy:
        assert copy.format == "JPEG"
        assert copy.size == (48, 64)  # turned upright before the note to turn it was dropped
        assert dict(copy.getexif()) == {}
        assert not {"exif", "xmp", "comment", "icc_profile", "photoshop"} & copy.info.keys()
    for secret in (b"Exif", b"HUAWEI", b"4711", b"home"):
        assert secret in original
        assert secret not in view


def test_notes_inside_a_png_do_not_reach_the_copy() -> None:
    notes = PngInfo()
    notes.add_text("Comment", "taken at home")
    notes.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta>home-gps</x:xmpmeta>")

    stored = files.receive(a_file(encoded("PNG", pnginfo=notes)))

    assert b"home" not in files.path_of(stored.view_sha256).read_bytes()


def test_a_large_picture_is_shown_smaller() -> None:
    stored = files.receive(a_file(encoded("PNG", Image.new("L", (4000, 1000)))))

    with Image.open(files.path_of(stored.view_sha256)) as copy:
        assert copy.size == (2560, 640)


# --- who sees it ---


def test_the_original_is_kept_byte_for_byte_and_handed_out_as_an_attachment(office: Office) -> None:
    dispute = an_invited_dispute(officer=office.li)
    content = a_photo_that_knows_too_much()
    evidence = added(dispute.complaint, a_file(content, "photo.jpg"))
    address = f"/c/{dispute.complaint.number}/evidence/{evidence.key}/"

    for phone in (ZHANG_PHONE, CHEN_PHONE):
        original = a_browser(phone=phone).get(address + "original/")
        assert b"".join(original.streaming_content) == content
        assert original.headers["Content-Disposition"].startswith("attachment;")
        assert original.headers["Content-Type"] == "application/octet-stream"
        assert original.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in original.headers["Content-Security-Policy"]
    assert evidence.sha256 == hashlib.sha256(content).hexdigest()
    assert Event.objects.get(chain=dispute.chain, name="evidence.added").facts["sha256"] == evidence.sha256


def test_both_parties_see_the_copy_and_nobody_else_sees_anything(office: Office) -> None:
    dispute = an_invited_dispute(officer=office.li)
    evidence = added(dispute.complaint, a_file(a_photo_that_knows_too_much()), Side.RESPONDENT)
    address = f"/c/{dispute.complaint.number}/evidence/{evidence.key}/"

    def status(phone: str, part: str = "") -> int:
        return a_browser(phone=phone).get(address + part).status_code

    shown = a_browser(phone=ZHANG_PHONE).get(address)
    assert b"4711" not in b"".join(shown.streaming_content)
    assert shown.headers["Content-Type"] == "image/jpeg"
    assert "private" in shown.headers["Cache-Control"]
    assert [status(phone) for phone in (ZHANG_PHONE, CHEN_PHONE, LIN_PHONE, "")] == [200, 200, 404, 404]
    assert [status(phone, "original/") for phone in (LIN_PHONE, "")] == [404, 404]


def test_a_file_belongs_to_its_own_case_only(office: Office) -> None:
    dispute = an_invited_dispute(officer=office.li)
    other = a_filed_complaint(amount_fen=19_900)
    evidence = added(other, a_picture())

    for part in ("", "original/"):
        address = f"/c/{dispute.complaint.number}/evidence/{evidence.key}/{part}"
        assert a_browser(phone=ZHANG_PHONE).get(address).status_code == 404


def test_a_file_without_a_copy_leads_to_the_original(office: Office) -> None:
    complaint = a_filed_complaint()
    evidence = added(complaint, a_file(TAKEN["application/pdf"](), "slip.pdf"))
    address = f"/c/{complaint.number}/evidence/{evidence.key}/"

    assert a_browser(phone=ZHANG_PHONE).get(address).headers["Location"] == address + "original/"


def test_a_draft_shows_its_pictures_to_its_own_browser_until_it_is_filed(db: None) -> None:
    draft, other = a_draft(), a_draft()
    browser = a_browser(draft=draft, phone=ZHANG_PHONE)
    browser.post(EVIDENCE, {"kind": "CHAT", "files": a_picture()})
    address = f"/file/evidence/{draft.evidence.get().key}/"

    assert browser.get(address).status_code == 200
    assert a_browser(draft=other).get(address).status_code == 404
    assert a_browser(draft=other).post(address + "remove/").status_code == 404
    browser.post("/file/check/", {"truth": "on", "bar_known": "on", "key": "k"})
    assert a_browser(draft=draft).get(address).status_code == 404
    assert a_browser(draft=draft).post(address + "remove/").status_code == 404
    assert draft.evidence.get().removed_at is None


def test_a_party_adds_a_file_later_and_it_is_marked_as_its_own(office: Office) -> None:
    dispute = an_invited_dispute(officer=office.li)
    address = f"/en/c/{dispute.complaint.number}/add-file/"

    refused = a_browser(phone=CHEN_PHONE).post(address, {"kind": "PARCEL", "file": a_file(EXE, "slip.png")})
    taken = a_browser(phone=CHEN_PHONE).post(address, {"kind": "PARCEL", "file": a_picture("slip.png")})

    assert (refused.status_code, len(sentences(refused))) == (422, 1)
    assert taken.status_code == 302
    evidence = dispute.complaint.evidence.get()
    assert (evidence.side, evidence.kind, evidence.added_by) == (Side.RESPONDENT, "PARCEL", "respondent")
