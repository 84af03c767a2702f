"""Which app answers which path."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from appliance.accounts.views import home

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("accounts/", include("appliance.accounts.urls")),
    path("documents/", include("appliance.documents.urls")),
    path("review/", include("appliance.review.urls")),
    path("log/", include("appliance.audit.urls")),
    path("dossier/", include("appliance.audit.dossier.urls")),
    path("compliance/", include("appliance.compliance.urls")),
    path("document-types/", include("appliance.document_types.urls")),
    path("models/", include("appliance.retraining.urls")),
    path("", include("appliance.operations.urls")),
]
