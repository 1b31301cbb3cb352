from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "nightdesk.audit"
    label = "audit"
    verbose_name = "Audit"

    def ready(self) -> None:
        from nightdesk.audit import events, follow, freezing, look, stamp
        from nightdesk.people.protecting.actions import REWORDED
        from nightdesk.people.roles import ADMINISTRATOR, allow
        from nightdesk.press import alarms, clock
        from nightdesk.takedown.actions import DOWN

        follow.withdraws(DOWN)
        follow.rewrites(REWORDED)
        stamp.listen()
        follow.listen()
        events.listen()
        clock.register("look for forged pages", look.on_the_clock, while_frozen=True)
        clock.register("sign everybody out", freezing.end_sessions_while_frozen, while_frozen=True)
        alarms.register("The audit", look.alarms)
        allow(ADMINISTRATOR, "audit.view_audit", "audit.freeze_newsroom")
