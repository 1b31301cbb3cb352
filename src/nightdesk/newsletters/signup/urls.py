from django.urls import path

from nightdesk.newsletters.signup import views

urlpatterns = [
    path("sign-up/", views.sign_up, name="sign_up"),
    path("confirm/<str:token>/", views.confirm, name="newsletters_confirm"),
]
