from django.apps import AppConfig


class ReadingConfig(AppConfig):
    name = "nightdesk.reading"
    label = "reading"
    verbose_name = "Reading lists"

    def ready(self) -> None:
        from nightdesk.reading import printed

        printed.learn_of_changes()
