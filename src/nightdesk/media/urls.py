from django.urls import path

from nightdesk.media import views

urlpatterns = [path("<path:name>", views.picture_file, name="media")]
