"""QR codes as pictures that a phone's long press recognises."""

import segno


def qr_data_url(text: str) -> str:
    """Return a PNG of the text's QR code as a data address, dark on white in every mode."""
    return segno.make(text, error="m").png_data_uri(scale=6, border=4)
