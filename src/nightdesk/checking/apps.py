from django.apps import AppConfig


class CheckingConfig(AppConfig):
    name = "nightdesk.checking"
    label = "checking"
    verbose_name = "Checking"

    def ready(self) -> None:
        from nightdesk.checking import actions
        from nightdesk.checking.protecting import register_words
        from nightdesk.press import clock, pages

        actions.listen()
        register_words()
        clock.register("forget what was shared", actions.forget)
        pages.live.register("/check/", ())
