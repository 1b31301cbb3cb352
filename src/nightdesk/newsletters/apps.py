from django.apps import AppConfig


class NewslettersConfig(AppConfig):
    name = "nightdesk.newsletters"
    label = "newsletters"
    verbose_name = "Newsletters"
