"""Paths of `registry`."""

from __future__ import annotations

from django.urls import path

from appliance.retraining.registry import job_views, views

app_name = "registry"
urlpatterns = [
    path("import/", views.media, name="media"),
    path("import/check/", views.check, name="check"),
    path("import/upload/", views.upload, name="upload"),
    path("compare/", views.compare, name="compare"),
    path("work/", job_views.work, name="work"),
    path("work/<int:pk>/", job_views.job, name="job"),
    path("work/<int:pk>/stop/", job_views.stop, name="stop"),
    path("work/<int:pk>/bring-in/", job_views.bring_in, name="bring_in"),
    path("<digest:digest>/name/", views.name, name="name"),
    path("<digest:digest>/rename/", views.rename, name="rename"),
    path("<digest:digest>/quantize/", views.quantize, name="quantize"),
    path("<digest:digest>/measure/", views.measure, name="measure"),
    path("<digest:digest>/export/", views.export, name="export"),
    path("<digest:digest>/remove/", views.remove, name="remove"),
]
