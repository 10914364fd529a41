import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from newsroom.newsletters.models import Newsletter


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

    Where it stood (story, block, call to action) comes from a page that may be a day old, or from
    anyone: whatever is not usable there is left out, never a reason to lose the signup.
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
    story = forms.CharField(required=False, widget=forms.HiddenInput)
    block = forms.CharField(required=False, widget=forms.HiddenInput)
    call_to_action = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: object, **kwargs: object):
        super().__init__(*args, **kwargs)
        self.fields["newsletter"].queryset = Newsletter.objects.open()

    def clean_story(self) -> int | None:
        return as_id(self.cleaned_data["story"])

    def clean_call_to_action(self) -> int | None:
        return as_id(self.cleaned_data["call_to_action"])

    def clean_block(self) -> str:
        try:
            return str(uuid.UUID(self.cleaned_data["block"]))
        except ValueError:
            return ""


def as_id(text: str) -> int | None:
    """Return a primary key, or None for anything that cannot be one."""
    is_number = text.isascii() and text.isdigit() and len(text) <= 18
    return int(text) if is_number else None
