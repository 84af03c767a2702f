"""Paths of document types. Fixed words have a hyphen, which no type's name can have."""

from __future__ import annotations

from django.urls import path

from appliance.document_types import editor_views, file_views, trial_views, views

app_name = "document_types"
urlpatterns = [
    path("", views.types, name="list"),
    path("new-type/", editor_views.new, name="new"),
    path("import-file/", file_views.import_file, name="import"),
    path("live-preview/", editor_views.preview, name="preview"),
    path("<slug:name>/", views.detail, name="detail"),
    path("<slug:name>/edit/", editor_views.edit, name="edit"),
    path("<slug:name>/publish/", editor_views.publish, name="publish"),
    path("<slug:name>/discard/", editor_views.discard, name="discard"),
    path("<slug:name>/archive/", views.archive, name="archive"),
    path("<slug:name>/compare/", views.compare, name="compare"),
    path("<slug:name>/<int:number>/", views.version, name="version"),
    path("<slug:name>/<int:number>/export/", file_views.export, name="export"),
    path("<slug:name>/<int:number>/try/", trial_views.try_out, name="try"),
    path("<slug:name>/<int:number>/trial/", trial_views.answer, name="trial"),
]
