from django.apps import AppConfig


class NewslettersConfig(AppConfig):
    name = "nightdesk.newsletters"
    label = "newsletters"
    verbose_name = "Newsletters"

    def ready(self) -> None:
        from nightdesk.people.roles import PRODUCER, allow

        allow(PRODUCER, *(f"newsletters.{verb}_newsletter" for verb in ("add", "change", "delete")))
