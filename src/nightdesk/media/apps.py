from django.apps import AppConfig


class MediaConfig(AppConfig):
    name = "nightdesk.media"
    label = "media"
    verbose_name = "Pictures"
