from django import forms
from django.utils.translation import gettext_lazy as _

from newsroom.newsletters.disposable import is_disposable
from newsroom.newsletters.models import Newsletter
from newsroom.newsletters.stamps import Place, StampError, TooQuickError, make_stamp, read_stamp
from newsroom.newsletters.topic_slot import Topic, get_topic


def make_email_field() -> forms.EmailField:
    return forms.EmailField(
        label=_("Email address"),
        max_length=254,
        error_messages={
            "required": _("Write the address where the newsletter should go."),
            "invalid": _("This does not look like an email address. Check it for a typing error."),
            "max_length": _("This address is too long. Check it for a typing error."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )


class TrappedForm(forms.Form):
    # No person sees it; what fills it is a machine.
    website = forms.CharField(required=False)

    @property
    def is_from_machine(self) -> bool:
        return bool((self.data.get("website") or "").strip())


class EmailForm(TrappedForm):
    """An address and nothing else."""

    email = make_email_field()


class SignupForm(TrappedForm):
    """The form of every signup, in stories and on its own page.

    Its stamp says where it stood and how old the page is. A stamp that cannot be believed costs
    the reader one more press of the button, on a page that has kept what they wrote.
    """

    newsletter = forms.ModelMultipleChoiceField(
        queryset=Newsletter.objects.none(),
        to_field_name="slug",
        label=_("Newsletters"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose at least one newsletter."),
            "invalid_choice": _("This newsletter does not take signups now. Choose another."),
            "invalid_list": _("Choose at least one newsletter."),
        },
    )
    email = make_email_field()
    stamp = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: object, **kwargs: object):
        super().__init__(*args, **kwargs)
        self.fields["newsletter"].queryset = Newsletter.objects.open()
        self.place = Place(form="newsletters page")
        self.fresh_stamp = ""
        self.topic: Topic | None = None

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        if is_disposable(email):
            raise forms.ValidationError(
                _("Mail to this address would be thrown away. Use one that you keep.")
            )
        return email

    def clean(self) -> dict:
        data = super().clean()
        self._read_stamp(data.get("stamp", ""))
        self._find_topic(data.get("newsletter") or [])
        return data

    def _read_stamp(self, stamp: str) -> None:
        """Know where the form stood, or ask for one more press of the button."""
        try:
            self.place = read_stamp(stamp)
        except TooQuickError as error:
            self.place = error.place
            self.fresh_stamp = stamp
            self.add_error(None, _("That was very quick. Please press the button once more."))
        except StampError as error:
            self.place = error.place or self.place
            self.add_error(
                None, _("This form was open for long. Please press the button once more.")
            )

    def _find_topic(self, newsletters: list[Newsletter]) -> None:
        """Alerts are about a topic, and only where it takes signups."""
        if not any(newsletter.is_for_topics for newsletter in newsletters):
            return
        self.topic = get_topic(self.place.topic) if self.place.topic else None
        if self.topic is None or not self.topic.is_open:
            self.topic = None
            self.add_error(
                "newsletter", _("There will be no more of these alerts. Choose a newsletter.")
            )

    @property
    def next_stamp(self) -> str:
        """The stamp for showing the form once more: the same place, and age where it has some."""
        return self.fresh_stamp or make_stamp(self.place)
