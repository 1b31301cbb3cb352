"""Write docs/settings.md from the table: ``python -m nightdesk.settings.document``."""

from __future__ import annotations

from nightdesk.settings.table import TABLE, Setting

HEAD = """\
# Settings

Every setting is read from the environment under its name. `NAME_FILE` names a file that holds
the value, for secrets. What was answered at the first run is kept in `newsroom.json` in the data
folder and holds until the environment says otherwise. This page is generated from
`src/nightdesk/settings/table.py` by `python -m nightdesk.settings.document`.

| setting | what it decides | expects | without it |
| --- | --- | --- | --- |
"""


def _default(setting: Setting) -> str:
    value = setting.default
    if isinstance(value, bool):
        return "no" if not value else "yes"
    if isinstance(value, dict):
        return ",".join(str(v) if k == "*" else f"{k}={v}" for k, v in value.items())
    if isinstance(value, tuple):
        value = ",".join(value)
    return f"`{value}`" if str(value) else "–"


def page() -> str:
    """The whole of docs/settings.md."""
    rows = []
    for setting in TABLE:
        names = " or ".join(f"`{name}`" for name in (setting.name, *setting.also))
        rows.append(f"| {names} | {setting.help} | {setting.expects} | {_default(setting)} |")
    return HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    print(page(), end="")
