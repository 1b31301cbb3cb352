from django.apps import AppConfig


class ThemeConfig(AppConfig):
    name = "nightdesk.theme"
    label = "theme"
    verbose_name = "Theme"
