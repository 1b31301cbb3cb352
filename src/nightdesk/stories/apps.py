from django.apps import AppConfig

#: What publishing fills in or a verb sets on the row that is out, whatever the version says.
SETTLED = (
    "updated_at",
    "update_matters",
    "words",
    "headline_key",
    "source_key",
    "retracted",
    "embargo_until",
    "corrections.at",
    "corrections.published_at",
)


class StoriesConfig(AppConfig):
    name = "nightdesk.stories"
    label = "stories"
    verbose_name = "Stories"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate, pre_delete

        from nightdesk.people.models import Author, Desk
        from nightdesk.people.roles import DESK_CHIEF, EDITOR, REPORTER, WRITES, allow
        from nightdesk.stories import (  # noqa: F401
            chosen_ids,
            embargo,
            indexes,
            links,
            no_mail,
            printed,
            publishing,
            witnesses,
        )
        from nightdesk.stories.desk import kept_names
        from nightdesk.stories.permissions import DELETES
        from nightdesk.stories.protecting import register_words
        from nightdesk.stories.takedown import Stories
        from nightdesk.takedown import kinds

        kinds.register(Stories())
        post_migrate.connect(indexes.make_missing, sender=self, dispatch_uid="stories.indexes")
        from nightdesk.audit.content import watch
        from nightdesk.stories.models import SectionPage, StoryPage

        watch(SectionPage)
        watch(StoryPage, SETTLED, related=("bylines", "related", "corrections"))
        chosen_ids.know_an_id()
        no_mail.listen()
        embargo.listen()
        publishing.listen()
        witnesses.listen()
        printed.learn_of_changes()
        register_words()
        allow(REPORTER, WRITES)
        allow(DESK_CHIEF, DELETES)
        allow(EDITOR, *(f"stories.{verb}_topic" for verb in ("add", "change", "delete")))
        allow(EDITOR, "stories.approve_storypage", "stories.lift_embargo")
        for model in (Author, Desk):
            pre_delete.connect(kept_names.refuse, sender=model, dispatch_uid=f"signed {model}")
