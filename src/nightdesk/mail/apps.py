from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "nightdesk.mail"
    label = "mail"
    verbose_name = "Mail"

    def ready(self) -> None:
        from django.conf import settings

        from nightdesk.jobs import keeper
        from nightdesk.mail import awaited, health, mailbox, sources
        from nightdesk.press import alarms, clock

        keeper.beside("mail", "What sends mail", _post)
        sources.register(awaited.AWAITED_MAIL)
        alarms.register("Mail", health.alarms)
        clock.register("forget mail", awaited.forget)
        clock.register("tidy the folder of mail", mailbox.Tidying(lambda: settings.DATA / "mail"))


def _post() -> None:
    from nightdesk.mail import post

    post.run()
