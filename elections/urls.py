from django.urls import path

from elections.widgets import api, card, embedding, spreadsheet, standard, syndication, views

app_name = "elections"

urlpatterns = [
    path("results/election/<int:election_id>/manifest.json", views.manifest, name="manifest"),
    path("results/contest/<int:contest_id>.html", views.fragment, name="fragment"),
    path("results/contest/<int:contest_id>.json", views.payload, name="payload"),
    path("results/contest/<int:contest_id>/card.png", card.card, name="card"),
    path("results/contest/<int:contest_id>/history.atom", syndication.race_atom, name="race_atom"),
    path("results/contest/<int:contest_id>/history.json", syndication.race_feed, name="race_feed"),
    path("results/contest/<int:contest_id>/history.csv", spreadsheet.race_csv, name="race_csv"),
    path("results/contest/<int:contest_id>/places.csv", spreadsheet.places_csv, name="race_places"),
    path("results/contest/<int:contest_id>.<slug:language>.html", views.fragment),
    path("results/contest/<int:contest_id>.<slug:language>.json", views.payload),
    path(
        "results/election/<int:election_id>/history.atom",
        syndication.election_atom,
        name="election_atom",
    ),
    path(
        "results/election/<int:election_id>/history.json",
        syndication.election_feed,
        name="election_feed",
    ),
    path("results/election/<int:election_id>/nist.json", standard.nist, name="election_nist"),
    path("results/embed/contest/<int:contest_id>/", embedding.embed, name="embed"),
    path("results/oembed.json", embedding.oembed, name="oembed"),
    path(
        "api/results/elections/<int:election_id>/", api.ManifestView.as_view(), name="api_manifest"
    ),
    path("api/results/contests/<int:contest_id>/", api.ContestView.as_view(), name="api_contest"),
    path(
        "api/results/contests/<int:contest_id>/history/",
        api.HistoryView.as_view(),
        name="api_history",
    ),
    path(
        "api/results/contests/<int:contest_id>/details/",
        api.DetailsView.as_view(),
        name="api_details",
    ),
    path("api/results/schema/", api.SchemaView.as_view(), name="api_schema"),
]
