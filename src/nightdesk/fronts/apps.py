from django.apps import AppConfig


class FrontsConfig(AppConfig):
    name = "nightdesk.fronts"
    label = "fronts"
    verbose_name = "Fronts"

    def ready(self) -> None:
        from nightdesk.audit.content import watch
        from nightdesk.fronts import printed
        from nightdesk.fronts.breaking import actions as breaking_actions
        from nightdesk.fronts.breaking.fragment import breaking
        from nightdesk.fronts.fragment import editors_picks, picks_for_newsletters, sections
        from nightdesk.fronts.models import HomePage
        from nightdesk.fronts.protecting import register_words
        from nightdesk.newsletters.editions import picks
        from nightdesk.people.roles import EDITOR, PRODUCER, allow
        from nightdesk.press import fragments

        watch(HomePage)
        breaking_actions.hold_to_the_chain()
        printed.learn_of_changes()
        register_words()
        picks.register(picks_for_newsletters)
        fragments.register("editors-picks", editors_picks)
        fragments.register("sections", sections)
        fragments.register(breaking_actions.FRAGMENT, breaking)
        breaking_actions.listen()
        for role in (EDITOR, PRODUCER):
            allow(role, "fronts.switch_banner")
        allow(
            PRODUCER,
            "fronts.change_editorspicks",
            "fronts.change_homepage",
            "stories.change_sectionpage",
        )
