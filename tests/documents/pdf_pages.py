"""PDF pages that the tests write by hand: cropped, turned, with hidden text, scans, filled forms and odd fonts."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image
from tests.documents.drawing import assemble

Rect = tuple[float, float, float, float]
"""left, bottom, right, top in points."""
A4: Rect = (0, 0, 595, 842)
Line = tuple[float, float, str]
"""Left and baseline in points from the top left of the page as shown, and the text."""
_RESOURCES = "<</Font<</F1 5 0 R>>/XObject<</Im0 7 0 R>>/Properties<</Off 9 0 R>>>>"


@dataclass(frozen=True)
class Sheet:
    """A page: `crop` cuts it out of `media`, and `turn` is by how many degrees viewers turn it clockwise."""

    media: Rect = A4
    crop: Rect = A4
    turn: int = 0
    user_unit: float = 1

    @property
    def shown_size(self) -> tuple[float, float]:
        """Its width and height as people see it."""
        left, bottom, right, top = self.crop
        size = (right - left, top - bottom)
        return size if self.turn % 180 == 0 else (size[1], size[0])

    @property
    def matrix(self) -> str:
        """What takes places on the page as shown, from its bottom left, to the page's own space."""
        left, bottom, right, top = self.crop
        return {
            0: f"1 0 0 1 {left:g} {bottom:g}",
            90: f"0 1 -1 0 {right:g} {bottom:g}",
            180: f"-1 0 0 -1 {right:g} {top:g}",
            270: f"0 -1 1 0 {left:g} {top:g}",
        }[self.turn]

    @property
    def entries(self) -> str:
        """Its boxes and its turn, as entries of a page's dictionary."""
        boxes = "".join(f"/{name}[{' '.join(map(str, box))}]" for name, box in self._boxes)
        return f"{boxes}/Rotate {self.turn}" + (f"/UserUnit {self.user_unit:g}" if self.user_unit != 1 else "")

    @property
    def _boxes(self) -> tuple[tuple[str, Rect], ...]:
        return (("MediaBox", self.media), ("CropBox", self.crop))


def write(lines: Sequence[Line], sheet: Sheet = Sheet(), *, style: str = "0 g", size: float = 10) -> str:
    """Operators that write these lines; `style` sets their colour (`1 g`), or how they are drawn (`3 Tr`)."""
    height = sheet.shown_size[1]
    shown = "".join(f"1 0 0 1 {x:g} {height - y:g} Tm ({_escaped(text)}) Tj\n" for x, y, text in lines)
    return f"q {sheet.matrix} cm BT /F1 {size:g} Tf {style}\n{shown}ET Q\n"


def switch_off(content: str) -> str:
    """Operators that put this content on a layer that is not shown."""
    return f"/OC /Off BDC\n{content}EMC\n"


def lay_picture(rect: Rect = A4) -> str:
    """Operators that draw the page's picture into a rectangle of the page's own space."""
    left, bottom, right, top = rect
    return f"q {right - left:g} 0 0 {top - bottom:g} {left:g} {bottom:g} cm /Im0 Do Q\n"


def write_page(
    *content: str,
    sheet: Sheet = Sheet(),
    picture: Image.Image | None = None,
    widgets: Sequence[str] = (),
    to_unicode: str | None = None,
) -> bytes:
    """A PDF of one page with this content, this `picture` as /Im0, and these widgets or other annotations.

    `to_unicode` is a CMap that says which characters the codes of the font /F1 stand for.
    """
    shown = "".join(content)
    cmap = "/ToUnicode 8 0 R" if to_unicode is not None else ""
    places = " ".join(f"{10 + number} 0 R" for number in range(len(widgets)))
    form = f"/AcroForm<</Fields[{places}]/DR<</Font<</Helv 6 0 R>>>>/DA(/Helv 10 Tf 0 g)>>" if widgets else ""
    objects = [
        f"<</Type/Catalog/Pages 2 0 R{form}/OCProperties<</OCGs[9 0 R]/D<</OFF[9 0 R]>>>>>>",
        "<</Type/Pages/Count 1/Kids[3 0 R]>>",
        f"<</Type/Page/Parent 2 0 R{sheet.entries}/Contents 4 0 R/Annots[{places}]/Resources{_RESOURCES}>>",
        _stream("", shown),
        f"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding{cmap}>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        _picture(picture or Image.new("L", (8, 8), 255)),
        _stream("", to_unicode or ""),
        "<</Type/OCG/Name(Off)>>",
        *(f"<</Type/Annot{entries}>>" for entries in widgets),
    ]
    return assemble(objects)


def text_field(rect: Rect, value: str, *, flags: int = 4, more: str = "") -> str:
    """A widget for text with this value; flag 2 hides it, 4 prints it, 32 keeps it off the screen."""
    place = " ".join(f"{side:g}" for side in rect)
    return (
        f"/Subtype/Widget/FT/Tx/T({rect[1]:g})/V({_escaped(value)})/DA(/Helv 10 Tf 0 g)/Rect[{place}]/F {flags}{more}"
    )


def shifted_cmap(by: int) -> str:
    """A ToUnicode CMap that turns each letter and figure into the one that comes `by` places later."""
    codes = [code for span in ("09", "AZ", "az") for code in range(ord(span[0]), ord(span[1]) + 1)]
    rows = [f"<{code:02X}> <{_shifted(code, by):04X}>" for code in codes]
    rest = [f"<{code:02X}> <{code:04X}>" for code in range(32, 127) if code not in codes]
    parts = [rows[:60], rows[60:] + rest[:30], rest[30:]]
    blocks = "\n".join(f"{len(part)} beginbfchar\n" + "\n".join(part) + "\nendbfchar" for part in parts if part)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Shifted def /CMapType 2 def\n"
        f"1 begincodespacerange <00> <FF> endcodespacerange\n{blocks}\nendcmap end end"
    )


def _shifted(code: int, by: int) -> int:
    first, count = next((ord(low), size) for low, size in (("a", 26), ("A", 26), ("0", 10)) if code >= ord(low))
    return first + (code - first + by) % count


def _picture(picture: Image.Image) -> str:
    file = io.BytesIO()
    picture.convert("L").save(file, "JPEG", quality=92)
    entries = (
        f"/Type/XObject/Subtype/Image/Width {picture.width}/Height {picture.height}/ColorSpace/DeviceGray"
        "/BitsPerComponent 8/Filter[/ASCIIHexDecode/DCTDecode]"
    )
    return _stream(entries, file.getvalue().hex() + ">")


def _stream(entries: str, content: str) -> str:
    return f"<<{entries}/Length {len(content.encode('cp1252'))}>>stream\n{content}\nendstream"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
