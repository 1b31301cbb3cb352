from django.apps import AppConfig


class StoriesConfig(AppConfig):
    name = "nightdesk.stories"
    label = "stories"
    verbose_name = "Stories"

    def ready(self) -> None:
        from nightdesk.stories import links, publishing, witnesses  # noqa: F401

        publishing.listen()
        witnesses.listen()
