"""Files people bring: judged by content, hashed while streaming, kept as they came, shown as a fresh copy.

The original lies under its SHA-256 and is never changed. A picture is shown as a copy that was decoded and
encoded anew, without position or camera data. No row may name bytes that are not on disk yet.
"""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

import pillow_heif
import puremagic
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from microguard.core.errors import Refusal

MEGABYTE = 1024 * 1024
PICTURES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "HEIF": "image/heic"}
LIMITS = {
    **dict.fromkeys(PICTURES.values(), 10 * MEGABYTE),
    "application/pdf": 20 * MEGABYTE,
    **dict.fromkeys(("video/mp4", "video/quicktime", "audio/mpeg", "audio/mp4", "audio/amr"), 50 * MEGABYTE),
}
LARGEST = max(LIMITS.values())
MOST_PIXELS = 50_000_000
VIEW_EDGE = 2560
_HEAD = 4096
# The frame header of a recording that has no tag before it, which puremagic does not know as MP3.
_MP3_WITHOUT_TAG = re.compile(rb"\xff[\xe2\xe3\xf2\xf3\xfa\xfb]")
_EXTENSION_TYPES = {
    ".pdf": "application/pdf",
    ".mp4": "video/mp4",
    ".mov": "video/quicktime",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".amr": "audio/amr",
}

pillow_heif.register_heif_opener()
Image.MAX_IMAGE_PIXELS = MOST_PIXELS


class FileRefused(Refusal):
    """The file is empty, too big, or none of the kinds that can be opened here."""

    code = "file_refused"


class Upload(Protocol):
    """What is needed of an uploaded file."""

    @property
    def name(self) -> str | None: ...

    @property
    def size(self) -> int | None: ...

    def chunks(self) -> Iterable[bytes]: ...


@dataclass(frozen=True)
class Stored:
    """A file that is safely on disk: fingerprint, size (bytes) of the original, and its view copy."""

    sha256: str
    size: int
    content_type: str
    view_sha256: str


def path_of(sha256: str) -> Path:
    """Return where the bytes with this fingerprint lie."""
    return settings.EVIDENCE_DIR / sha256[:2] / sha256[2:4] / sha256


def receive(upload: Upload) -> Stored:
    """Judge and keep an uploaded file; its bytes are on disk (fsync) when this returns.

    :raises FileRefused: when it is empty, too big or of no accepted kind
    """
    name = Path(upload.name or "").name[:120]
    incoming = settings.EVIDENCE_DIR / "incoming"
    incoming.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.NamedTemporaryFile(dir=incoming, delete=False) as file:
        try:
            sha256, size = _stream(upload, file, name)
            file.seek(0)
            content_type = _judge(file, name)
            if size > LIMITS[content_type]:
                raise _too_big(name, size, LIMITS[content_type])
            view = _view_copy(file, name) if content_type in PICTURES.values() else b""
            _settle(Path(file.name), sha256)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    return Stored(sha256, size, content_type, _keep(view) if view else "")


def _stream(upload: Upload, file: IO[bytes], name: str) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    for chunk in upload.chunks():
        size += len(chunk)
        if size > LARGEST:
            raise _too_big(name, max(size, upload.size or 0), LARGEST)
        digest.update(chunk)
        file.write(chunk)
    if not size:
        raise FileRefused(_("“{name}” is empty. Choose it again."), code="file_empty", name=name)
    file.flush()
    os.fsync(file.fileno())
    return digest.hexdigest(), size


def _too_big(name: str, size: int, limit: int) -> FileRefused:
    return FileRefused(
        _("“{name}” is {size} MB; the limit is {max} MB. For pictures, choose again without “Full image”."),
        code="file_big",
        name=name,
        size=-(-size // MEGABYTE),
        max=limit // MEGABYTE,
    )


def _judge(file: IO[bytes], name: str) -> str:
    """Return the content type by what is inside; the file's name and declared type count for nothing."""
    refused = FileRefused(
        _("“{name}” cannot be opened here. Upload a picture, PDF, video or recording, or a screenshot of it."),
        code="file_type",
        name=name,
    )
    try:
        with Image.open(file, formats=tuple(PICTURES)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise refused
            return PICTURES[picture.format or ""]
    except (UnidentifiedImageError, OSError, KeyError, ValueError, Image.DecompressionBombError):
        file.seek(0)
    head = file.read(_HEAD)
    if _MP3_WITHOUT_TAG.match(head):
        return "audio/mpeg"
    try:
        extension = puremagic.from_string(head)
    except (puremagic.PureError, ValueError) as error:
        raise refused from error
    if extension not in _EXTENSION_TYPES:
        raise refused
    return _EXTENSION_TYPES[extension]


def _view_copy(file: IO[bytes], name: str) -> bytes:
    file.seek(0)
    try:
        with Image.open(file, formats=tuple(PICTURES)) as picture:
            upright = ImageOps.exif_transpose(picture).convert("RGB")
            upright.thumbnail((VIEW_EDGE, VIEW_EDGE))
            upright.info.clear()  # else the encoder writes the original's comment into the copy
            with tempfile.TemporaryFile() as out:
                upright.save(out, "JPEG", quality=85)
                out.seek(0)
                return out.read()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise FileRefused(
            _("“{name}” cannot be opened here. Upload a picture, PDF, video or recording, or a screenshot of it."),
            code="file_type",
            name=name,
        ) from error


def _keep(content: bytes) -> str:
    sha256 = hashlib.sha256(content).hexdigest()
    with tempfile.NamedTemporaryFile(dir=settings.EVIDENCE_DIR / "incoming", delete=False) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    _settle(Path(file.name), sha256)
    return sha256


def _settle(temporary: Path, sha256: str) -> None:
    target = path_of(sha256)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
