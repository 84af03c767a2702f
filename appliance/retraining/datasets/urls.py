"""Paths of training data. A type's name holds no hyphen, so ours never hide one."""

from __future__ import annotations

from django.urls import path

from appliance.retraining.datasets import document_views, transfer_views, views

app_name = "datasets"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("differing-answers/", document_views.conflicts, name="conflicts"),
    path("differing-answers/<int:pk>/", document_views.decide, name="decide"),
    path("differing-answers/pictures/<int:pk>/", document_views.crop, name="crop"),
    path("withdrawn-documents/<uuid:document_id>/", document_views.withdraw_document, name="withdraw"),
    path("<slug:type_name>/", views.of_type, name="type"),
    path("<slug:type_name>/snapshots/", views.snapshot_new, name="snapshot_new"),
    path("<slug:type_name>/snapshots/<digest:digest>/", views.snapshot, name="snapshot"),
    path("<slug:type_name>/snapshots/<digest:digest>/labels/", transfer_views.export, name="export"),
    path("<slug:type_name>/import/", transfer_views.import_labels, name="import"),
    path("<slug:type_name>/import/take/", transfer_views.import_take, name="import_take"),
    path("<slug:type_name>/import/drop/", transfer_views.import_drop, name="import_drop"),
]
