from django.urls import path

from newsroom.newsletters.views.confirmation import AcceptView, ConfirmView
from newsroom.newsletters.views.leaving import LeaveView
from newsroom.newsletters.views.preferences import (
    AskPreferencesView,
    EraseView,
    PreferencesView,
    TakeAddressView,
)
from newsroom.newsletters.views.reports import ReportsView
from newsroom.newsletters.views.services import ServiceNewsView
from newsroom.newsletters.views.signup import SubscribeView, ThanksView

app_name = "newsletters"

urlpatterns = [
    path("subscribe/", SubscribeView.as_view(), name="subscribe"),
    path("thanks/", ThanksView.as_view(), name="thanks"),
    path("confirm/<str:token>/", ConfirmView.as_view(), name="confirm"),
    path("accept/<str:token>/", AcceptView.as_view(), name="accept"),
    path("leave/<str:token>/", LeaveView.as_view(), name="leave"),
    path("preferences/", AskPreferencesView.as_view(), name="ask_preferences"),
    path("preferences/<str:token>/", PreferencesView.as_view(), name="preferences"),
    path("address/<str:token>/", TakeAddressView.as_view(), name="take_address"),
    path("reports/", ReportsView.as_view(), name="reports"),
    path("services/<slug:key>/", ServiceNewsView.as_view(), name="service_news"),
    path("erase/<str:token>/", EraseView.as_view(), name="erase"),
]
