from django.apps import AppConfig


class StoriesConfig(AppConfig):
    name = "nightdesk.stories"
    label = "stories"
    verbose_name = "Stories"

    def ready(self) -> None:
        from django.db.models.signals import pre_delete

        from nightdesk.people.models import Author, Desk
        from nightdesk.people.roles import EDITOR, allow
        from nightdesk.stories import embargo, links, no_mail, printed, publishing, witnesses  # noqa: F401
        from nightdesk.stories.desk import kept_names

        no_mail.listen()
        embargo.listen()
        publishing.listen()
        witnesses.listen()
        printed.learn_of_changes()
        allow(EDITOR, *(f"stories.{verb}_topic" for verb in ("add", "change", "delete")))
        allow(EDITOR, "stories.approve_storypage", "stories.lift_embargo")
        for model in (Author, Desk):
            pre_delete.connect(kept_names.refuse, sender=model, dispatch_uid=f"signed {model}")
