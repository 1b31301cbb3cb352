from django.apps import AppConfig


class BriefsConfig(AppConfig):
    name = "nightdesk.briefs"
    label = "briefs"
    verbose_name = "News Feed"

    def ready(self) -> None:
        from nightdesk.audit.content import watch
        from nightdesk.briefs import printed
        from nightdesk.briefs.desk.live import streams
        from nightdesk.briefs.desk.live.news_feed import feeds
        from nightdesk.briefs.fragment import feed_topics, news_feed
        from nightdesk.briefs.models import Brief
        from nightdesk.briefs.protecting import register_words
        from nightdesk.briefs.takedown import Briefs
        from nightdesk.briefs.witness import illustrates_a_brief
        from nightdesk.media.access import register_witness
        from nightdesk.people.roles import EDITOR, PRODUCER, REPORTER, allow
        from nightdesk.press import fragments
        from nightdesk.takedown import kinds

        watch(Brief, settled=("published_at", "withdrawn_at", "withdrawal_key"))
        kinds.register(Briefs())
        printed.learn_of_changes()
        streams.register(feeds, 0)
        register_words()
        fragments.register("news-feed", news_feed)
        fragments.register("feed-topics", feed_topics)
        register_witness(illustrates_a_brief)
        allow(REPORTER, "briefs.add_brief")
        allow(PRODUCER, "briefs.add_brief")
        for role in (EDITOR, PRODUCER):
            allow(role, *(f"briefs.{verb}_brief" for verb in ("change", "delete", "publish")))
