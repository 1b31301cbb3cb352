from django.urls import path

from nightdesk.reading import views

urlpatterns = [
    path("authors/<str:slug>/", views.author, name="author"),
    path("authors/<str:slug>/before/<int:before>/", views.author, name="author_before"),
    path("desks/<str:slug>/", views.desk, name="desk"),
    path("desks/<str:slug>/before/<int:before>/", views.desk, name="desk_before"),
    path("topics/<str:slug>/", views.topic, name="topic"),
    path("topics/<str:slug>/before/<int:before>/", views.topic, name="topic_before"),
]
