from django.urls import path

from nightdesk.stories import staff

urlpatterns = [path("edit-link/", staff.edit_link, name="edit_link")]
