from django.http import HttpRequest, HttpResponse

from newsroom.newsletters import subscriptions
from newsroom.newsletters.links import read_leave_token
from newsroom.newsletters.models import Evidence, Method, Subscription
from newsroom.newsletters.views.pages import LinkView


class LeaveView(LinkView):
    """Unsubscribe: a button for people, one POST for mail programs (RFC 8058).

    Works for ever, for everyone who has the mail, and can do nothing but this. The answer is the
    same whether anything was left to unsubscribe.
    """

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return self.show("leave", subscription=self.find(token))

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        subscription = self.find(token)
        if subscription is not None:
            is_one_click = request.POST.get("List-Unsubscribe") == "One-Click"
            evidence = Evidence(
                method=Method.ONE_CLICK if is_one_click else Method.LINK, form="unsubscribe link"
            )
            subscriptions.unsubscribe(subscription, evidence)
        return self.show("left")

    @staticmethod
    def find(token: str) -> Subscription | None:
        key = read_leave_token(token)
        return subscriptions.find_by_key(key) if key else None
