from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "nightdesk.people"
    label = "people"
    verbose_name = "People"

    def ready(self) -> None:
        from nightdesk.people import printed
        from nightdesk.people.roles import ADMINISTRATOR, EDITOR, REPORTER, allow

        printed.learn_of_changes()
        allow(REPORTER, "wagtailadmin.access_admin")
        allow(EDITOR, *_all("author"), *_all("desk"))
        allow(ADMINISTRATOR, *_all("user"), *_all("group", "auth"))
        allow(ADMINISTRATOR, *_all("site", "wagtailcore"), *_all("collection", "wagtailcore"))
        allow(ADMINISTRATOR, *_all("redirect", "wagtailredirects"))


def _all(model: str, room: str = "people") -> list[str]:
    return [f"{room}.{verb}_{model}" for verb in ("add", "change", "delete")]
