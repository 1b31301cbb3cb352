from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "nightdesk.people"
    label = "people"
    verbose_name = "People"

    def ready(self) -> None:
        from django.db.models.signals import post_save

        from nightdesk.people import notices, printed, sessions
        from nightdesk.people.protecting import own
        from nightdesk.people.roles import ADMINISTRATOR, DESK_CHIEF, EDITOR, ROLES, allow
        from nightdesk.press import clock

        printed.learn_of_changes()
        post_save.connect(notices.tell_of_new_password, sender="people.User")
        clock.register("forget sessions that are over", sessions.forget_expired)
        own.register()
        for role in ROLES:
            allow(role, "wagtailadmin.access_admin")
        allow(EDITOR, *_all("author"), *_all("desk"), "takedown.take_down")
        allow(ADMINISTRATOR, *_all("user"), *_all("group", "auth"))
        allow(ADMINISTRATOR, *_all("site", "wagtailcore"), *_all("collection", "wagtailcore"))
        allow(ADMINISTRATOR, "mail.read_mail")
        allow(DESK_CHIEF, "people.protect_name")
        for role in (DESK_CHIEF, ADMINISTRATOR):
            allow(role, *_all("redirect", "wagtailredirects"))


def _all(model: str, room: str = "people") -> list[str]:
    return [f"{room}.{verb}_{model}" for verb in ("add", "change", "delete")]
