from django.urls import path

from nightdesk.newsletters import views

urlpatterns = [path("newsletters/", views.newsletters, name="newsletters")]
