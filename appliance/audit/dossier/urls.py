from __future__ import annotations

from django.urls import path, register_converter

from appliance.audit.dossier import pdf_views, views
from appliance.retraining.urls import DigestConverter

register_converter(DigestConverter, "model_digest")

app_name = "dossier"
urlpatterns = [
    path("<uuid:document_id>/", views.dossier, name="dossier"),
    path("<uuid:document_id>/pdf/", pdf_views.dossier_pdf, name="pdf"),
    path("values/<int:pk>/", views.value, name="value"),
    path("values/<int:pk>/crop.png", views.crop_of_value, name="crop_of_value"),
    path("decisions/<int:pk>/crop.png", views.crop_of_decision, name="crop_of_decision"),
    path("runs/<int:pk>/replay/", views.ask_replay, name="ask_replay"),
    path("replays/<int:pk>/", views.replay, name="replay"),
    path("models/<model_digest:digest>/", views.model, name="model"),
]
