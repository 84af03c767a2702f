from __future__ import annotations

from django.urls import path

from appliance.compliance import account_views, approval_views, document_views, hold_views, retention_views

app_name = "compliance"
urlpatterns = [
    path("", approval_views.approvals, name="approvals"),
    path("decided/", approval_views.decided, name="decided"),
    path("approvals/<int:pk>/", approval_views.approval, name="approval"),
    path("approvals/<int:pk>/withdraw/", approval_views.withdraw, name="withdraw"),
    path("documents/<uuid:document_id>/", document_views.keeping, name="document"),
    path("deleted/", document_views.deleted, name="deleted"),
    path("holds/", hold_views.holds, name="holds"),
    path("holds/new/", hold_views.hold_new, name="hold_new"),
    path("holds/<int:pk>/", hold_views.hold, name="hold"),
    path("retention/", retention_views.retention, name="retention"),
    path("retention/<slug:type_name>/", retention_views.rule, name="rule"),
    path("retention/<slug:type_name>/keep/", retention_views.keep, name="keep"),
    path("rights/", account_views.rights, name="rights"),
    path("rights.csv", account_views.rights_csv, name="rights_csv"),
    path("accounts/", account_views.accounts, name="accounts"),
]
