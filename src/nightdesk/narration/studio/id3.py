"""What an audio file says of itself, as an ID3v2.4 tag (id3.org, ID3v2.4.0 structure and frames).

Ours, because the library that writes it well is GPL; tests read it with that library.
"""

from __future__ import annotations

#: IPTC's word for a sound that a trained model made; the same stands in the page and in the feed.
TRAINED_ALGORITHMIC_MEDIA = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
#: ISO 639-1 → ISO 639-2, which the tag wants.
_LANGUAGES = {
    "ar": "ara",
    "be": "bel",
    "bg": "bul",
    "cs": "ces",
    "de": "deu",
    "en": "eng",
    "es": "spa",
    "fa": "fas",
    "fr": "fra",
    "he": "heb",
    "it": "ita",
    "ka": "kat",
    "lt": "lit",
    "lv": "lav",
    "pl": "pol",
    "pt": "por",
    "ro": "ron",
    "ru": "rus",
    "tr": "tur",
    "uk": "ukr",
}
_UTF8 = b"\x03"


def tag(
    *, title: str, artist: str, language: str, disclosure: str, made_with: str, credit: str = ""
) -> bytes:
    """The whole tag. ``disclosure`` is the sentence that says how the sound was made; without one
    (a person spoke, whom ``credit`` names) the file does not claim to be synthetic."""
    code = _LANGUAGES.get(language, "und")
    frames = [
        _text("TIT2", title),
        _text("TPE1", artist),
        _text("TLAN", code),
        _text("TSSE", made_with),
    ]
    if disclosure:
        frames += [
            _frame("TXXX", _UTF8 + _z("digitalSourceType") + TRAINED_ALGORITHMIC_MEDIA.encode()),
            _frame("TXXX", _UTF8 + _z("AI disclosure") + _clean(disclosure)),
            _frame("COMM", _UTF8 + code.encode() + _z("") + _clean(disclosure)),
        ]
    elif credit:
        frames.append(_frame("COMM", _UTF8 + code.encode() + _z("") + _clean(credit)))
    body = b"".join(frames)
    return b"ID3\x04\x00\x00" + _syncsafe(len(body)) + body


def _text(name: str, value: str) -> bytes:
    return _frame(name, _UTF8 + _clean(value)) if value.strip() else b""


def _frame(name: str, content: bytes) -> bytes:
    return name.encode() + _syncsafe(len(content)) + b"\x00\x00" + content


def _clean(value: str) -> bytes:
    """One line; a zero byte would end it, and long titles are nobody's titles."""
    return " ".join(value.replace("\x00", " ").split())[:1000].encode(errors="replace")


def _z(value: str) -> bytes:
    return _clean(value) + b"\x00"


def _syncsafe(size: int) -> bytes:
    """28 bits in four bytes, none of which looks like the beginning of sound."""
    return bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))
