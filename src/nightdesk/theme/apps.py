from django.apps import AppConfig


class ThemeConfig(AppConfig):
    name = "nightdesk.theme"
    label = "theme"
    verbose_name = "Theme"

    def ready(self) -> None:
        from nightdesk.press import pages
        from nightdesk.theme.assets import addresses

        pages.register("asset", addresses)
