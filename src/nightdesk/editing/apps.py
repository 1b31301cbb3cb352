from django.apps import AppConfig


class EditingConfig(AppConfig):
    name = "nightdesk.editing"
    label = "editing"
    verbose_name = "Editing"
