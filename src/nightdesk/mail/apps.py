from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "nightdesk.mail"
    label = "mail"
    verbose_name = "Mail"

    def ready(self) -> None:
        from nightdesk.mail import awaited, health, sources
        from nightdesk.press import alarms, clock

        sources.register(awaited.AWAITED_MAIL)
        alarms.register("Mail", health.alarms)
        clock.register("forget mail", awaited.forget)
