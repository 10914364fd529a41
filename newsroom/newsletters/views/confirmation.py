from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from newsroom.newsletters import subscriptions
from newsroom.newsletters.links import find_link
from newsroom.newsletters.models import Evidence, MailedLink, Method, titles_of
from newsroom.newsletters.views.pages import LinkView


class ConfirmView(LinkView):
    """A button that confirms what the link was mailed for. Looking at it changes nothing."""

    purpose = MailedLink.Purpose.CONFIRM
    form = "confirm link"

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        link = find_link(token, self.purpose, timezone.now())
        if link is None:
            return self.say_it_is_over()
        titles = self.titles(link)
        return self.show("confirm", titles=titles, subscriber=link.subscriber)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        link = find_link(token, self.purpose, timezone.now())
        evidence = Evidence(method=Method.LINK, form=self.form)
        confirmed = subscriptions.confirm(link, evidence) if link else None
        if not confirmed:
            return self.say_it_is_over()
        return self.show(
            "confirmed",
            titles=titles_of(confirmed),
            # Whoever follows a race only may still be asked for a newsletter.
            is_subscriber=any(not one.newsletter.is_for_topics for one in confirmed),
        )

    def titles(self, link: MailedLink) -> list[str]:
        return titles_of(link.subscriptions.select_related("newsletter").order_by("pk"))


class AcceptView(ConfirmView):
    """A button that accepts the invitation at the end of a topic."""

    purpose = MailedLink.Purpose.INVITATION
    form = "invitation"

    def titles(self, link: MailedLink) -> list[str]:
        return [link.newsletter.name]
