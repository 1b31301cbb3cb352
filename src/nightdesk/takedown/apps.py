from django.apps import AppConfig


class TakedownConfig(AppConfig):
    name = "nightdesk.takedown"
    label = "takedown"
    verbose_name = "Takedowns"

    def ready(self) -> None:
        from nightdesk.press import keys, withdrawals
        from nightdesk.takedown import guard, settling
        from nightdesk.takedown.models import Takedown

        keys.coarse(Takedown, withdrawals.KEY)
        keys.describe(Takedown, bookkeeping={"purged_at"})
        guard.listen()
        withdrawals.register(settling.settle)
