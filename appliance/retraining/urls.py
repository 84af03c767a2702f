"""Paths of models."""

from __future__ import annotations

from django.urls import include, path, register_converter

from appliance.retraining import views


class DigestConverter:
    """A SHA-256 in hexadecimal digits."""

    regex = "[0-9a-f]{64}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(DigestConverter, "digest")

app_name = "retraining"
urlpatterns = [
    path("", views.models, name="models"),
    path("datasets/", include("appliance.retraining.datasets.urls")),
    path("runs/", include("appliance.retraining.runs.urls")),
    path("registry/", include("appliance.retraining.registry.urls")),
    path("serving/", include("appliance.retraining.serving.urls")),
    path("<digest:digest>/", views.model, name="model"),
    path("<digest:digest>/ask/", views.ask_to_promote, name="ask_promotion"),
]
