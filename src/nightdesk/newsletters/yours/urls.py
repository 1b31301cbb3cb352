from django.urls import path

from nightdesk.newsletters.yours import views

urlpatterns = [
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("yours/move/<str:token>/", views.moved, name="yours_move"),
    path("yours/<str:token>/", views.yours, name="yours"),
]
