from django.apps import AppConfig


class StoriesConfig(AppConfig):
    name = "nightdesk.stories"
    label = "stories"
    verbose_name = "Stories"
