from django.apps import AppConfig


class NarrationConfig(AppConfig):
    name = "nightdesk.narration"
    label = "narration"
    verbose_name = "Narration"

    def ready(self) -> None:
        from django.db.models.signals import post_delete, post_save
        from wagtail.models import PageViewRestriction
        from wagtail.signals import page_published, page_unpublished

        from nightdesk.jobs import keeper
        from nightdesk.media.access import register_folder
        from nightdesk.narration import flow, names, printed, room, takedown
        from nightdesk.narration.persons import actions as persons
        from nightdesk.narration.persons import kept
        from nightdesk.narration.persons.models import HumanRecording
        from nightdesk.narration.protecting import register_words
        from nightdesk.people.roles import EDITOR, allow
        from nightdesk.press import alarms, clock
        from nightdesk.stories.models import StoryPage
        from nightdesk.takedown import kinds

        allow(EDITOR, *(f"narration.{verb}_pronunciation" for verb in ("add", "change", "delete")))
        allow(EDITOR, "narration.change_narration", "narration.change_voicechoice")
        register_folder("audio", flow.is_heard, flow.FILE_NAME)
        keeper.beside("narration", "What reads stories aloud", _read)
        alarms.register("Narration", room.alarms)
        clock.register("forget sounds", flow.tidy)
        clock.register("forget recordings", kept.tidy)
        printed.learn_of_changes()
        register_words()
        kinds.register(takedown.Sounds())
        kinds.register_part(takedown.PART)
        names.listen()
        post_save.connect(
            flow.on_restricted, sender=PageViewRestriction, dispatch_uid="narration restricted"
        )
        post_delete.connect(
            persons.on_deleted, sender=HumanRecording, dispatch_uid="recording deleted"
        )
        for signal, told in (
            (page_published, persons.on_published),
            (page_published, flow.on_published),
            (page_unpublished, flow.on_unpublished),
        ):
            signal.connect(
                told, sender=StoryPage, dispatch_uid=f"{told.__module__} {told.__name__}"
            )


def _read() -> None:
    from nightdesk.narration import reader

    reader.run()
