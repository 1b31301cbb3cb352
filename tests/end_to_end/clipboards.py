"""What lies on the clipboard after copying from Google Docs, Word or a web page.

The markup is theirs, word for word in its habits; the texts are made up.
"""

from __future__ import annotations

from playwright.sync_api import Locator

_PLAIN = (
    "font-size:11pt;font-family:Arial,sans-serif;color:#000000;background-color:transparent;"
    "font-weight:400;font-style:normal;font-variant:normal;text-decoration:none;"
    "vertical-align:baseline;white-space:pre;white-space:pre-wrap;"
)
_BOLD = _PLAIN.replace("font-weight:400", "font-weight:700")
_ITALIC = _PLAIN.replace("font-style:normal", "font-style:italic")


def _span(text: str, style: str = _PLAIN) -> str:
    return f'<span style="{style}">{text}</span>'


def _docs_paragraph(inside: str) -> str:
    return f'<p dir="ltr" style="line-height:1.38;margin-top:0pt;margin-bottom:8pt;">{inside}</p>'


def google_docs(paragraphs: int) -> str:
    """A document: a heading, ``paragraphs`` of text, the first with emphasis and a link, a second
    heading and two lists."""
    link = (
        '<a href="https://www.google.com/url?q=https://river.example/gauge?day%3D2&amp;sa=D" '
        f'style="text-decoration:none;">{_span("the river service")}</a>'
    )
    first = (
        _span("The gates closed ")
        + _span("before midnight", _BOLD)
        + _span(", says ")
        + link
        + _span(", ")
        + _span("as every autumn", _ITALIC)
        + _span(".")
    )
    more = (
        _docs_paragraph(_span(f"Paragraph number {n} of the report."))
        for n in range(2, paragraphs + 1)
    )
    item = '<li dir="ltr" style="list-style-type:{};font-size:11pt;" aria-level="1">{}</li>'
    points = "".join(
        item.format("disc", f'<p dir="ltr" role="presentation">{_span(text)}</p>')
        for text in ("Sandbags are at the depot.", "Trams turn at the bridge.")
    )
    steps = item.format("decimal", f'<p dir="ltr" role="presentation">{_span("Stay inside.")}</p>')
    return (
        "<meta charset='utf-8'><meta charset=\"utf-8\">"
        '<b style="font-weight:normal;" id="docs-internal-guid-1c7fa2d0-7fff-4b1e-9d55-0a1b2c3d4e">'
        f'<h1 dir="ltr" style="line-height:1.38;">{_span("A night at the gates")}</h1>'
        f"{_docs_paragraph(first)}<br />{''.join(more)}"
        f'<h3 dir="ltr" style="line-height:1.38;">{_span("What to do")}</h3>'
        f'<ul style="margin-top:0;padding-inline-start:48px;">{points}</ul>'
        f'<ol style="margin-top:0;padding-inline-start:48px;">{steps}</ol>'
        '</b><br class="Apple-interchange-newline">'
    )


def _word_item(mark: str, text: str, which: str) -> str:
    return (
        "<p class=MsoListParagraphCxSp style='margin-left:36.0pt;text-indent:-18.0pt;"
        f"mso-list:{which}'><![if !supportLists]><span lang=EN-US style='font-family:Symbol;"
        f"mso-fareast-font-family:Symbol'><span style='mso-list:Ignore'>{mark}"
        "<span style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp;&nbsp;&nbsp; </span></span></span>"
        f"<![endif]><span lang=EN-US>{text}<o:p></o:p></span></p>"
    )


def word() -> str:
    return (
        '<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:'
        'office" xmlns:w="urn:schemas-microsoft-com:office:word" '
        'xmlns="http://www.w3.org/TR/REC-html40"><head><meta name=ProgId content=Word.Document>'
        '<meta name=Generator content="Microsoft Word 15">'
        '<link rel=File-List href="file:///C:/Users/anna/AppData/Local/Temp/clip_filelist.xml">'
        "<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml>"
        "<![endif]--><style><!-- /* Style Definitions */ p.MsoNormal {mso-style-unhide:no; "
        "font-size:11.0pt;} --></style></head><body lang=EN-US style='tab-interval:36.0pt'>"
        "<!--StartFragment--><h1><span lang=EN-US style='mso-ansi-language:EN-US'>A night at the "
        "gates<o:p></o:p></span></h1><p class=MsoNormal><span lang=EN-US>The gates closed "
        "<b style='mso-bidi-font-weight:normal'>before midnight</b>, says "
        '<a href="https://river.example/gauge">the river service</a>, '
        "<i style='mso-bidi-font-style:normal'>as every autumn</i>.<o:p></o:p></span></p>"
        "<p class=MsoNormal><span lang=EN-US><o:p>&nbsp;</o:p></span></p>"
        "<h2><span lang=EN-US>What to do<o:p></o:p></span></h2>"
        + _word_item("·", "Sandbags are at the depot.", "l0 level1 lfo1")
        + _word_item("·", "Trams turn at the bridge.", "l0 level1 lfo1")
        + _word_item("1.", "Stay inside.", "l1 level1 lfo2")
        + "<!--EndFragment--></body></html>"
    )


HOSTILE = (
    "<p onclick=\"document.title = 'owned'\">Calm <script>document.title = 'owned'</script>words "
    "<img src=x onerror=\"document.title = 'owned'\"><svg onload=\"document.title = 'owned'\"></svg>"
    "<a href=\"javascript:document.title = 'owned'\">one</a> "
    '<a href="data:text/html,&lt;script&gt;1&lt;/script&gt;">two</a> '
    '<iframe src="https://elsewhere.example/"></iframe><style>p { color: red }</style>'
    '<span style="position:fixed;inset:0">three</span></p>'
    '<form action="https://elsewhere.example/"><input name=q><button>Sign in</button></form>'
)


def paste(into: Locator, html: str) -> None:
    """What the browser does after "Paste": one event with the clipboard's HTML."""
    into.evaluate(
        """(field, html) => {
            const clipboard = new DataTransfer();
            clipboard.setData("text/html", html);
            clipboard.setData("text/plain", "only for editors without formatting");
            field.focus();
            const what = { clipboardData: clipboard, bubbles: true, cancelable: true };
            field.dispatchEvent(new ClipboardEvent("paste", what));
        }""",
        html,
    )
