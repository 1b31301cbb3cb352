from django.apps import AppConfig


class SyndicationConfig(AppConfig):
    name = "nightdesk.syndication"
    label = "syndication"
    verbose_name = "Feeds"
