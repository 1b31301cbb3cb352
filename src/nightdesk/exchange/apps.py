from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "nightdesk.exchange"
    label = "exchange"
    verbose_name = "Moving in and out"
