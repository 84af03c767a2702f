from __future__ import annotations

from django.urls import path

from appliance.audit import views

app_name = "audit"
urlpatterns = [
    path("", views.log, name="log"),
    path("export/<str:file_format>/", views.export_log, name="export"),
    path("events/<int:pk>/", views.event, name="event"),
    path("documents/<uuid:document_id>/", views.timeline, name="timeline"),
    path("evidence/decisions/<int:pk>/", views.evidence_of_decision, name="evidence"),
    path("evidence/values/<int:pk>/", views.evidence_of_value, name="evidence_of_value"),
]
