from __future__ import annotations

from django.urls import path

from appliance.operations import views

app_name = "operations"
urlpatterns = [
    path("health/", views.health, name="health"),
    path("healthz", views.healthz, name="healthz"),
]
