"""Paths of `serving`."""

from __future__ import annotations

from django.urls import path

from appliance.retraining.serving import views

app_name = "serving"
urlpatterns = [
    path("back/", views.roll_back, name="roll_back"),
    path("back/<slug:document_type>/", views.roll_back, name="roll_back_type"),
    path("<digest:digest>/try-outs/", views.try_outs, name="try_outs"),
    path("try-outs/<int:pk>/", views.try_out, name="try_out"),
    path("try-outs/<int:pk>/end/", views.end_try_out, name="end_try_out"),
]
