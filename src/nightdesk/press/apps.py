from django.apps import AppConfig


class PressConfig(AppConfig):
    name = "nightdesk.press"
    label = "press"
    verbose_name = "Press"

    def ready(self) -> None:
        from nightdesk.press import (
            alarms,
            clock,
            database_file,
            dependencies,
            learn,
            nothing_saved,
            remembered,
            schedule,
            tree,
        )

        database_file.listen()
        dependencies.listen()
        learn.listen()
        tree.listen()
        remembered.listen()
        alarms.register("The disk", nothing_saved.alarm)
        clock.register("publish what is due", schedule.publish_due)
        clock.register("take down what is over", schedule.expire_due)
