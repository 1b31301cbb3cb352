"""Cut the theme's fonts and write css/fonts.css. How and when to run it: README.md beside it.

    python make.py FOLDER     # FOLDER holds the unpacked font packages, see README.md

Needs fonttools and brotli, which the project itself does not. The output is committed.
"""

from __future__ import annotations

import io
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from fontTools.feaLib.builder import addOpenTypeFeaturesFromString
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

HERE = Path(__file__).resolve().parent
CSS = HERE.parent / "css" / "fonts.css"

#: What one file of each voice covers: the browser fetches only the scripts that a page uses.
RANGES = {
    "latin": "U+0000-00FF, U+02BC, U+2013-2014, U+2018-201A, U+201C-201E, U+2020-2022, U+2026, "
    "U+2030, U+2032-2033, U+2039-203A, U+20AC, U+2122, U+2191, U+2193, U+2212",
    "latin-ext": "U+0100-017F, U+0192, U+01CD-01DC, U+0218-021B, U+1E9E, U+20A1-20AB, U+20AD-20BF",
    "cyrillic": "U+0020-0040, U+005B-0060, U+007B-007E, U+00A0, U+00A7, U+00A9, U+00AB, U+00B0, U+00B7, "
    "U+00BB, U+02BC, U+0400-045F, U+0490-0491, U+2013-2014, U+2018-201A, U+201C-201E, U+2022, "
    "U+2026, U+20AC, U+2116, U+2212",
}
#: The Cyrillic files hold digits and signs too, so that a Ukrainian page need not fetch the Latin
#: ones for a comma. They are families of their own, or an English page would fetch both.
FAMILY_ENDING = {"latin": "", "latin-ext": "", "cyrillic": " Cyrillic"}
#: The interface's Cyrillic files hold capitals as well: EET, UTC, RSS stand on every page.
CAPITALS = "U+0041-005A"
#: Letters by how often they occur, for the average width that the fallback is stretched to: running
#: text, and what the interface says.
SAMPLES = {
    "latin": "The council said on Wednesday that it would open the records of the past nine years, "
    "after a court found that residents had a right to read them; officials expect some delay.",
    "cyrillic": "У середу рада повідомила, що відкриє документи за останні дев’ять років після того, "
    "як суд визнав право мешканців їх читати; посадовці очікують на певну затримку.",
}
LABELS = {
    "latin": "News Feed, Politics, Economy, Culture, Sport. By Anna Koval and Joren Lindmoor, Night desk; "
    "Updated on Wednesday, min read. Newsletters, Search, Editors’ Picks, Corrections, More news",
    "cyrillic": "Стрічка новин, Політика, Економіка, Культура, Спорт. Анна Коваль і Йорен Ліндмур, Нічна "
    "редакція; оновлено в середу, хвилин читання. Розсилки, Пошук, Вибір редакції, Виправлення",
}
#: Other fonts' digits are wider, and a date that breaks a line moves all that follows.
DIGITS = ("0123456789", "U+0030-0039")


@dataclass(frozen=True)
class Cut:
    """One @font-face family member: which package file, which slice of its axes."""

    family: str
    file: str
    package: str
    axes: str
    slope: str
    weights: tuple[int, int]
    pinned: dict[str, float]
    features: tuple[str, ...]


#: Headlines are the paper's face, and are shown however late they come. All else is left as it is
#: after three seconds: whoever reads by then must not lose the line.
DISPLAY = {
    "Nightdesk Headline": "swap",
    "Nightdesk Text": "fallback",
    "Nightdesk Sans": "fallback",
}
TEXT_FEATURES = ("kern", "mark", "mkmk", "ccmp", "locl", "liga", "calt")
CUTS = (
    Cut("Nightdesk Headline", "headline", "merriweather", "standard", "normal", (640, 640),
        {"opsz": 80, "wdth": 89}, TEXT_FEATURES),
    Cut("Nightdesk Text", "text", "source-serif-4", "opsz", "normal", (400, 700),
        {"opsz": 17}, TEXT_FEATURES),
    Cut("Nightdesk Text", "text-italic", "source-serif-4", "opsz", "italic", (400, 400),
        {"opsz": 17}, TEXT_FEATURES),
    Cut("Nightdesk Sans", "sans", "source-sans-3", "wght", "normal", (400, 700),
        {}, (*TEXT_FEATURES, "pnum", "tnum")),
    Cut("Nightdesk Sans", "sans-italic", "source-sans-3", "wght", "italic", (400, 400),
        {}, TEXT_FEATURES),
    Cut("Nightdesk Headline", "headline-italic", "merriweather", "standard", "italic", (600, 600),
        {"opsz": 80, "wdth": 89}, TEXT_FEATURES),
)  # fmt: skip
#: Fonts that readers' machines already have, by voice: their names, the package with the same
#: metrics, and for which of our weights (low, high) they stand in with which of theirs.
REGULAR, BOLD = (400, 500, 400), (501, 700, 700)
FALLBACKS = {
    "Nightdesk Headline": (
        (("Times New Roman", "Liberation Serif", "Tinos"), "tinos", ((640, 640, 700),)),
        (("Noto Serif",), "noto-serif", ((640, 640, 700),)),
    ),
    "Nightdesk Text": (
        (("Times New Roman", "Liberation Serif", "Tinos"), "tinos", (REGULAR, BOLD)),
        (("Noto Serif",), "noto-serif", (REGULAR, BOLD)),
    ),
    "Nightdesk Sans": (
        (("Arial", "Liberation Sans", "Arimo"), "arimo", (REGULAR, BOLD)),
        (("Roboto",), "roboto", (REGULAR, BOLD)),
    ),
}


def covered(family: str, script: str) -> str:
    """The ``unicode-range`` of one file."""
    more = script == "cyrillic" and family.startswith("Nightdesk Sans")
    return f"{CAPITALS}, {RANGES[script]}" if more else RANGES[script]


def codepoints(ranges: str) -> set[int]:
    """The set of code points of a CSS ``unicode-range`` value."""
    found: set[int] = set()
    for part in ranges.replace(" ", "").split(","):
        first, _, last = part.removeprefix("U+").partition("-")
        found.update(range(int(first, 16), int(last or first, 16) + 1))
    return found


def kerning_pairs(font: TTFont) -> dict[tuple[str, str], int]:
    """All pair adjustments in font units at the default weight, the first lookup winning."""
    pairs: dict[tuple[str, str], int] = {}
    for lookup in font["GPOS"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            table = getattr(table, "ExtSubTable", table)
            if type(table).__name__ != "PairPos":
                continue
            for pair, value in _pairs_of(table, font.getGlyphOrder()):
                pairs.setdefault(pair, value)
    return pairs


def _pairs_of(table: Any, glyphs: list[str]) -> Iterator[tuple[tuple[str, str], int]]:
    """((left, right), units) of one subtable, of either format."""
    for index, left in enumerate(table.Coverage.glyphs):
        if table.Format == 1:
            for record in table.PairSet[index].PairValueRecord:
                yield (left, record.SecondGlyph), getattr(record.Value1, "XAdvance", 0)
        else:
            row = table.Class1Record[table.ClassDef1.classDefs.get(left, 0)].Class2Record
            for right in glyphs:
                value = row[table.ClassDef2.classDefs.get(right, 0)].Value1
                yield (left, right), getattr(value, "XAdvance", 0)


def plain_forms(font: TTFont) -> dict[str, str]:
    """For each glyph the glyph whose kerning it shares: é kerns as e does."""
    cmap = font.getBestCmap()
    forms = {}
    for code, glyph in cmap.items():
        base = ord(unicodedata.normalize("NFD", chr(code))[0])
        forms[glyph] = cmap.get(base, glyph)
    return forms


def kern_by_class(font: TTFont, pairs: dict[tuple[str, str], int]) -> None:
    """Replace thousands of kerning pairs by a small table of glyph classes.

    The packages' kerning weighs more than their outlines. Values are kept to the nearest 1/160 em;
    smaller ones, which nobody sees, are dropped; glyphs that kern alike share one class.
    """
    step = font["head"].unitsPerEm / 160
    forms = plain_forms(font)
    rows: dict[str, dict[str, int]] = defaultdict(dict)
    columns: dict[str, dict[str, int]] = defaultdict(dict)
    for left, right in product(sorted(forms), repeat=2):
        value = pairs.get((forms[left], forms[right]), 0)
        if rounded := round(round(value / step) * step):
            rows[left][right] = columns[right][left] = rounded
    lefts, rights = defaultdict(list), defaultdict(list)
    for left, row in rows.items():
        lefts[tuple(row.items())].append(left)
    for right, column in columns.items():
        rights[tuple(column.items())].append(right)
    rules = "".join(
        f"  pos [{' '.join(left)}] [{' '.join(right)}] {dict(row)[right[0]]};\n"
        for row, left in lefts.items()
        for right in rights.values()
        if right[0] in dict(row)
    )
    del font["GPOS"]
    systems = "".join(f"languagesystem {script} dflt;\n" for script in ("DFLT", "latn", "cyrl"))
    addOpenTypeFeaturesFromString(
        font, f"{systems}feature kern {{\n{rules}}} kern;\n", tables={"GPOS"}
    )


def slice_of(cut: Cut, package_script: str, wanted: set[int], packages: Path) -> TTFont:
    """One package file with only the wanted letters, axes and features."""
    source = packages / "@fontsource-variable" / cut.package / "files"
    file = source / f"{cut.package}-{package_script}-{cut.axes}-{cut.slope}.woff2"
    font = TTFont(file, recalcTimestamp=False)
    options = Options()
    options.layout_features = list(cut.features)
    options.name_IDs = [0, 13, 14]
    options.notdef_outline = True
    options.hinting = False
    options.drop_tables += ["STAT", "MVAR", "HVAR", "DSIG", "meta"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=wanted)
    subsetter.subset(font)
    low, high = cut.weights
    weights = low if low == high else (low, low, high)
    return instantiateVariableFont(font, {**cut.pinned, "wght": weights}, optimize=True)


def cut_font(cut: Cut, script: str, packages: Path) -> TTFont:
    """The finished font of one script, under a name of ours.

    The licence reserves the original names for unmodified fonts; these are modified.
    """
    wanted = codepoints(covered(cut.family, script))
    font = slice_of(cut, script, wanted, packages)
    pairs = kerning_pairs(font)
    if script == "cyrillic":
        signs = slice_of(cut, "latin", wanted - set(font.getBestCmap()), packages)
        pairs |= {
            (f"signs.{left}", f"signs.{right}"): value
            for (left, right), value in kerning_pairs(signs).items()
        }
        add_glyphs(font, signs, "signs.")
    kern_by_class(font, pairs)
    name = font["name"]
    family = cut.family + FAMILY_ENDING[script]
    for name_id, text in (
        (1, family), (2, "Italic" if cut.slope == "italic" else "Regular"), (4, family),
        (6, family.replace(" ", "")), (13, "SIL Open Font License, Version 1.1"),
    ):  # fmt: skip
        name.setName(text, name_id, 3, 1, 0x409)
    font.flavor = "woff2"
    return font


def add_glyphs(font: TTFont, other: TTFont, prefix: str) -> None:
    """Copy what ``other`` draws into ``font``: two slices of one family, cut alike."""
    names = [name for name in other.getGlyphOrder() if name != ".notdef"]
    glyphs = font["glyf"]
    font.setGlyphOrder(font.getGlyphOrder() + [prefix + name for name in names])
    for name in names:
        glyph = other["glyf"][name]
        for part in getattr(glyph, "components", []):
            part.glyphName = prefix + part.glyphName
        glyphs.glyphs[prefix + name] = glyph
        font["hmtx"].metrics[prefix + name] = other["hmtx"].metrics[name]
        if "gvar" in font:
            font["gvar"].variations[prefix + name] = other["gvar"].variations.get(name, [])
    glyphs.setGlyphOrder(font.getGlyphOrder())
    codes = {code: prefix + name for code, name in other.getBestCmap().items()}
    for table in font["cmap"].tables:
        table.cmap.update(codes)


def average_width(fonts: list[TTFont], sample: str) -> float:
    """Mean advance of the sample's characters in em, each from the first font that has it, kerned
    as a browser does: the headlines' letters stand further apart by it."""
    kerning = [kerning_pairs(font) if "GPOS" in font else {} for font in fonts]
    widths, before = [], (None, "")
    for letter in sample:
        for number, font in enumerate(fonts):
            if glyph := font.getBestCmap().get(ord(letter)):
                last, left = before
                kern = kerning[number].get((left, glyph), 0) if last == number else 0
                advance = font["hmtx"].metrics[glyph][0] + kern
                widths.append(advance / font["head"].unitsPerEm)
                before = number, glyph
                break
    return sum(widths) / len(widths)


def at_weight(font: TTFont, weight: int) -> TTFont:
    """A static copy at this weight, to measure widths where text is really set."""
    copy = io.BytesIO()
    font.flavor, flavor = None, font.flavor
    font.save(copy)
    font.flavor = flavor
    copy.seek(0)
    static = TTFont(copy)
    return instantiateVariableFont(static, {"wght": weight}) if "fvar" in static else static


def face(family: str, lines: list[str], covered: str) -> str:
    body = [f'font-family: "{family}"', *lines, f"unicode-range: {covered}"]
    return "@font-face {\n" + "".join(f"  {line};\n" for line in body) + "}\n"


def fallback_faces(cut: Cut, script: str, font: TTFont, packages: Path) -> str:
    """Local fonts stretched to our font's widths and heights, so that the swap moves nothing."""
    css = ""
    em, hhea = font["head"].unitsPerEm, font["hhea"]
    for number, (names, package, weights) in enumerate(FALLBACKS[cut.family], 1):
        folder = packages / "@fontsource" / package / "files"
        for low, high, theirs in weights:
            ours = at_weight(font, 600 if theirs == 700 else 400)
            signs = [TTFont(folder / f"{package}-{part}-{theirs}-normal.woff2")
                     for part in dict.fromkeys((script, "latin"))]  # fmt: skip
            bold = " Bold" if theirs == 700 else ""
            labels = cut.family.endswith("Sans")
            parts = [((LABELS if labels else SAMPLES)[script], covered(cut.family, script))]
            for sample, letters in [*parts, DIGITS] if labels else parts:
                size = average_width([ours], sample) / average_width(signs, sample)
                css += face(
                    f"{cut.family}{FAMILY_ENDING[script]} fallback {number}",
                    [
                        "src: " + ", ".join(f'local("{name}{bold}")' for name in names),
                        f"font-weight: {low}" if low == high else f"font-weight: {low} {high}",
                        f"size-adjust: {size:.2%}",
                        f"ascent-override: {hhea.ascent / em / size:.2%}",
                        f"descent-override: {-hhea.descent / em / size:.2%}",
                        f"line-gap-override: {hhea.lineGap / em / size:.2%}",
                    ],
                    letters,
                )
    return css


def main(packages: Path) -> None:
    css = "/* Generated by fonts/make.py; do not edit. */\n"
    for cut in CUTS:
        for script in RANGES:
            font = cut_font(cut, script, packages)
            target = HERE / f"{cut.file}-{script}.woff2"
            font.save(target)
            low, high = cut.weights
            css += face(
                cut.family + FAMILY_ENDING[script],
                [
                    f'src: url("../fonts/{target.name}") format("woff2")',
                    f"font-weight: {low}" if low == high else f"font-weight: {low} {high}",
                    f"font-style: {cut.slope}",
                    f"font-display: {DISPLAY[cut.family]}",
                ],
                covered(cut.family, script),
            )
            if cut.slope == "normal" and script in SAMPLES:
                css += fallback_faces(cut, script, font, packages)
            print(f"{target.stat().st_size:7,d}  {target.name}")
    CSS.write_text(css, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
