from django.urls import re_path

from nightdesk.theme import views

urlpatterns = [
    re_path(
        r"^assets/(?P<stem>[\w/-]+)\.(?P<digest>[0-9a-f]{10})\.(?P<ending>\w+)$",
        views.asset_file,
        name="asset",
    ),
]
