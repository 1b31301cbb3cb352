from django.urls import path

from nightdesk.newsletters.events import views

urlpatterns = [path("reports/<slug:service>/", views.reports, name="mail_reports")]
