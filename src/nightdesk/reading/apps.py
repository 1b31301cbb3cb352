from django.apps import AppConfig


class ReadingConfig(AppConfig):
    name = "nightdesk.reading"
    label = "reading"
    verbose_name = "Reading lists"
