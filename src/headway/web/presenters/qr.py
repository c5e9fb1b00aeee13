"""A picture for a telephone's camera, as SVG: one path, in the page's own ink."""

from dataclasses import dataclass

import qrcode

__all__ = ["QrPicture", "qr_picture"]

_QUIET = 4  # modules of paper round it, which cameras need


@dataclass(frozen=True, slots=True)
class QrPicture:
    """The side in modules, and the path of the dark ones."""

    side: int
    path: str


def qr_picture(text: str) -> QrPicture:
    """The picture that says a text."""
    code = qrcode.QRCode(border=_QUIET, error_correction=qrcode.ERROR_CORRECT_M)
    code.add_data(text)
    rows = code.get_matrix()
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return QrPicture(len(rows), path)
