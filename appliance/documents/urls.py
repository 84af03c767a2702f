from __future__ import annotations

from django.urls import path

from appliance.documents import action_views, file_views, views

app_name = "documents"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("rows/", views.rows, name="rows"),
    path("upload/", views.upload_files, name="upload"),
    path("type/", action_views.set_type_of_chosen, name="set_type_of_chosen"),
    path("retry/", action_views.retry_chosen, name="retry_chosen"),
    path("export/<slug:file_format>/", action_views.export_chosen, name="export_chosen"),
    path("<uuid:document_id>/type/", action_views.set_type, name="set_type"),
    path("<uuid:document_id>/retry/", action_views.retry, name="retry"),
    path("<uuid:document_id>/export/<slug:file_format>/", action_views.export_one, name="export"),
    path("<uuid:document_id>/original/", file_views.original, name="original"),
    path("<uuid:document_id>/thumbnail.png", file_views.thumbnail, name="thumbnail"),
    path("<uuid:document_id>/pages/<int:number>.png", file_views.page_image, name="page_image"),
]
