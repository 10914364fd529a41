"""Files for the previews in the picker, where a site has none yet."""

from wagtail.documents import get_document_model
from wagtail.documents.models import AbstractDocument


def sample_file(name: str, *, title: str) -> AbstractDocument:
    """Return a document that looks like a stored one and is not stored; its link leads nowhere."""
    return get_document_model()(pk=0, title=title, file=name, file_size=1_240_000)
