from django.apps import AppConfig


class NewslettersConfig(AppConfig):
    name = "nightdesk.newsletters"
    label = "newsletters"
    verbose_name = "Newsletters"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from nightdesk.mail import kinds
        from nightdesk.media.access import register_witness
        from nightdesk.newsletters import printed
        from nightdesk.newsletters.delivery import setup as delivery
        from nightdesk.newsletters.editions import setup as editions
        from nightdesk.newsletters.events import setup as events
        from nightdesk.newsletters.mailed import KINDS
        from nightdesk.newsletters.models import DigestRule, Edition
        from nightdesk.newsletters.protecting import register_words
        from nightdesk.newsletters.shown import hosts, stands_for_a_newsletter
        from nightdesk.newsletters.signup import setup as signup
        from nightdesk.newsletters.yours import setup as yours
        from nightdesk.people.roles import PRODUCER, allow
        from nightdesk.stories.shown import register_reason

        # How forms and filters call it. Said here and not in the model: no database has to know.
        for kind in (Edition, DigestRule):
            kind._meta.get_field("newsletter").verbose_name = _("Newsletter")
        allow(PRODUCER, *(f"newsletters.{verb}_newsletter" for verb in ("add", "change", "delete")))
        kinds.name(KINDS)
        printed.learn_of_changes()
        register_words()
        register_reason(hosts)
        register_witness(stands_for_a_newsletter)
        for part in (signup, yours, editions, delivery, events):
            part.register()
