from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "nightdesk.mail"
    label = "mail"
    verbose_name = "Mail"

    def ready(self) -> None:
        from nightdesk.jobs import keeper
        from nightdesk.mail import awaited, health, sources
        from nightdesk.press import alarms, clock

        keeper.beside("mail", "What sends mail", _post)
        sources.register(awaited.AWAITED_MAIL)
        alarms.register("Mail", health.alarms)
        clock.register("forget mail", awaited.forget)


def _post() -> None:
    from nightdesk.mail import post

    post.run()
