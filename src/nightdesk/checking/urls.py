from django.urls import path

from nightdesk.checking import views

urlpatterns = [
    path("<str:token>/", views.draft, name="check"),
    path("<str:token>/<path:name>", views.picture_file, name="check_picture"),
]
