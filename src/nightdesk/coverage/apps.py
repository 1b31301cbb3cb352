from django.apps import AppConfig

#: What verbs set on a row, whatever its version says.
OF_COVERAGE = ("ended_at", "key", "bylines.coverage")
OF_AN_ENTRY = (
    "published_at",
    "key",
    "pinned",
    "is_key",
    "withdrawn_at",
    "withdrawal_key",
    "bylines.entry",
)


class CoverageConfig(AppConfig):
    name = "nightdesk.coverage"
    label = "coverage"
    verbose_name = "Coverage"

    def ready(self) -> None:
        from django.utils.timezone import now

        from nightdesk.audit.content import watch
        from nightdesk.briefs.desk.live import streams
        from nightdesk.coverage import following, moving, printed, searching
        from nightdesk.coverage.desk.stream import coverages
        from nightdesk.coverage.fragment import live_now
        from nightdesk.coverage.models import Coverage, Entry
        from nightdesk.coverage.protecting import register_words
        from nightdesk.coverage.shown import author_signs, desk_signs
        from nightdesk.coverage.takedown import Coverages, Entries
        from nightdesk.coverage.witness import illustrates_a_coverage
        from nightdesk.media.access import register_witness
        from nightdesk.people.roles import EDITOR, PRODUCER, REPORTER, allow
        from nightdesk.press import fragments
        from nightdesk.stories import editions
        from nightdesk.stories.shown import register_desk_reason, register_reason
        from nightdesk.takedown import kinds

        watch(Coverage, settled=OF_COVERAGE, related=("bylines",))
        watch(Entry, settled=OF_AN_ENTRY, related=("bylines",))
        kinds.register(Coverages())
        kinds.register(Entries())
        following.listen()
        moving.listen()
        searching.listen()
        editions.register(
            Coverage, lambda: Coverage.objects.filter(live=True, started_at__lte=now())
        )
        streams.register(coverages, 10)
        printed.learn_of_changes()
        register_words()
        fragments.register("live-now", live_now)
        register_witness(illustrates_a_coverage)
        register_reason(author_signs)
        register_desk_reason(desk_signs)
        allow(REPORTER, "coverage.add_entry")
        allow(PRODUCER, "coverage.add_entry")
        for role in (EDITOR, PRODUCER):
            # What readers had is withdrawn, not deleted: open pages must be told.
            allow(role, "coverage.change_entry", "coverage.publish_entry")
            allow(
                role,
                *(f"coverage.{verb}_coverage" for verb in ("add", "change", "delete", "publish")),
            )
