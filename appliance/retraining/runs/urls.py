"""Paths of training runs."""

from __future__ import annotations

from django.urls import path

from appliance.retraining.runs import gallery_views, views

app_name = "runs"
urlpatterns = [
    path("", views.runs, name="list"),
    path("new/", views.new, name="new"),
    path("new/<int:pk>/", views.settings, name="settings"),
    path("new/<int:pk>/estimate/", views.estimate, name="estimate"),
    path("schedules/<slug:name>/", gallery_views.schedule, name="schedule"),
    path("errors/<int:pk>/crop.png", gallery_views.crop, name="crop"),
    path("<int:pk>/", views.run, name="run"),
    path("<int:pk>/stop/", views.stop, name="stop"),
    path("<int:pk>/resume/", views.resume, name="resume"),
    path("<int:pk>/discard/", views.discard, name="discard"),
    path("<int:pk>/errors/", gallery_views.errors, name="errors"),
]
