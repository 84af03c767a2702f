from __future__ import annotations

from django.urls import path

from appliance.review import views

app_name = "review"
urlpatterns = [
    path("next/", views.next_document, name="next"),
    path("<uuid:document_id>/", views.document, name="document"),
    path("<uuid:document_id>/decide/", views.decide, name="decide"),
    path("<uuid:document_id>/renew/", views.renew, name="renew"),
    path("<uuid:document_id>/release/", views.release, name="release"),
    path("<uuid:document_id>/finish/", views.finish, name="finish"),
    path("<uuid:document_id>/reopen/", views.reopen, name="reopen"),
]
