"""Where the desk decides about a race's count."""

from __future__ import annotations

from django.urls import path

from elections.desk.decision_page import RaceDecisionsView
from elections.desk.decision_views import DecideView, EndView

urlpatterns = [
    path("<int:pk>/", RaceDecisionsView.as_view(), name="race"),
    path("<slug:kind>/<int:pk>/", DecideView.as_view(), name="decide"),
    path("<slug:kind>/end/<int:pk>/", EndView.as_view(), name="end"),
]
