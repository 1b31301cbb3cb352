from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "nightdesk.people"
    label = "people"
    verbose_name = "People"

    def ready(self) -> None:
        from nightdesk.people import printed
        from nightdesk.people.roles import ADMINISTRATOR, DESK_CHIEF, EDITOR, ROLES, allow

        printed.learn_of_changes()
        for role in ROLES:
            allow(role, "wagtailadmin.access_admin")
        allow(EDITOR, *_all("author"), *_all("desk"), "takedown.take_down")
        allow(ADMINISTRATOR, *_all("user"), *_all("group", "auth"))
        allow(ADMINISTRATOR, *_all("site", "wagtailcore"), *_all("collection", "wagtailcore"))
        for role in (DESK_CHIEF, ADMINISTRATOR):
            allow(role, *_all("redirect", "wagtailredirects"))


def _all(model: str, room: str = "people") -> list[str]:
    return [f"{room}.{verb}_{model}" for verb in ("add", "change", "delete")]
