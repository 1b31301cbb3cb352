from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "nightdesk.demo"
    label = "demo"
    verbose_name = "Demo newsroom"
