from django.apps import AppConfig


class SyndicationConfig(AppConfig):
    name = "nightdesk.syndication"
    label = "syndication"
    verbose_name = "Feeds"

    def ready(self) -> None:
        from nightdesk.syndication import printed

        printed.learn_of_changes()
