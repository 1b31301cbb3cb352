from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "nightdesk.jobs"
    label = "jobs"
    verbose_name = "Jobs"
