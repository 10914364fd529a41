from django.urls import path

from elections.widgets import api, views

app_name = "elections"

urlpatterns = [
    path("results/election/<int:election_id>/manifest.json", views.manifest, name="manifest"),
    path("results/contest/<int:contest_id>.html", views.fragment, name="fragment"),
    path("results/contest/<int:contest_id>.json", views.payload, name="payload"),
    path(
        "api/results/elections/<int:election_id>/", api.ManifestView.as_view(), name="api_manifest"
    ),
    path("api/results/contests/<int:contest_id>/", api.ContestView.as_view(), name="api_contest"),
    path(
        "api/results/contests/<int:contest_id>/history/",
        api.HistoryView.as_view(),
        name="api_history",
    ),
    path("api/results/schema/", api.SchemaView.as_view(), name="api_schema"),
]
