from __future__ import annotations

from django.urls import path

from appliance.audit import download_views, views
from appliance.audit.checking import views as checking
from appliance.audit.checkpoints import views as checkpoints
from appliance.audit.overview import views as overview

app_name = "audit"
urlpatterns = [
    path("", views.log, name="log"),
    path("overview/", overview.overview, name="overview"),
    path("check/", checking.check, name="verify"),
    path("checkpoints/", checkpoints.checkpoints, name="checkpoints"),
    path("checkpoints/paper/", checkpoints.paper, name="paper"),
    path("checkpoints/<int:size>/paper/", checkpoints.paper, name="paper_of"),
    path("checkpoints/<int:size>/note/", checkpoints.note, name="checkpoint_note"),
    path("countersign/", checkpoints.countersign, name="countersign"),
    path("countersign/key/", checkpoints.witness_new, name="witness_new"),
    path("folder/", download_views.folder, name="folder"),
    path("verifier/", download_views.verifier, name="verifier"),
    path("key/", download_views.key, name="key"),
    path("events/<int:pk>/proof/", download_views.proof, name="proof"),
    path("export/signed/", download_views.selection, name="selection"),
    path("export/range/", download_views.complete_range, name="range"),
    path("export/<str:file_format>/", views.export_log, name="export"),
    path("events/<int:pk>/", views.event, name="event"),
    path("documents/<uuid:document_id>/", views.timeline, name="timeline"),
    path("evidence/decisions/<int:pk>/", views.evidence_of_decision, name="evidence"),
    path("evidence/values/<int:pk>/", views.evidence_of_value, name="evidence_of_value"),
]
