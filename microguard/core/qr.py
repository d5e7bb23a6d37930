"""QR codes: drawn as pictures that a phone's long press recognises, and read from pictures that people bring."""

from typing import IO

import segno
import zxingcpp
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from microguard.core.errors import Refusal
from microguard.core.files import MOST_PIXELS, PICTURES

LARGEST_PICTURE = 10 * 1024 * 1024  # bytes
QR_CODES = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
READ_EDGE = 2000  # pixels; codes are found in no less, and sooner, in a picture of this size


class NoCode(Refusal):
    """The file is no picture in which a QR code can be read."""

    code = "no_qr"


def qr_data_url(text: str) -> str:
    """Return a PNG of the text's QR code as a data address, dark on white in every mode."""
    return segno.make(text, error="m").png_data_uri(scale=6, border=4)


def read_qr(picture: IO[bytes]) -> str:
    """Return what the QR code in the picture says; nothing of the picture is kept.

    :raises NoCode: when it is no picture that can be opened, or holds no code, or several that differ
    """
    codes = {code.text for code in zxingcpp.read_barcodes(_opened(picture), formats=QR_CODES)}
    codes.discard("")
    if not codes:
        raise NoCode(
            _("We found no QR code in this picture. Take a sharp one of the whole code, or type the name.")
        )
    if len(codes) > 1:
        raise NoCode(_("There are several QR codes in this picture. Cut out the one you mean."))
    return codes.pop()


def _opened(picture: IO[bytes]) -> Image.Image:
    refused = NoCode(_("This file is no picture that can be opened here. Choose a photo or a screenshot."))
    picture.seek(0, 2)
    if picture.tell() > LARGEST_PICTURE:
        raise NoCode(_("This picture is too big. Choose it again without “Full image”."))
    picture.seek(0)
    try:
        with Image.open(picture, formats=tuple(PICTURES)) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise refused
            grey = ImageOps.exif_transpose(opened).convert("RGBA")
            flat = Image.alpha_composite(Image.new("RGBA", grey.size, "white"), grey).convert("L")
            flat.thumbnail((READ_EDGE, READ_EDGE))
            return flat
    except (
        UnidentifiedImageError,
        OSError,
        KeyError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombError,
    ) as error:
        raise refused from error
