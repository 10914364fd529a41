"""Orange County, California: the XML of its results page. Experimental: no real file was seen.

Registrar of Voters; the address of an election's file stands on ``ocvote.gov`` (in November 2024
``https://www.livevoterturnout.com/ENR/orangecaenr/18/summary_18.xml``). Written from what public
code that reads these files expects; the samples are invented. Try it on a test election first,
and compare every race with the county's page.

Two forms are told apart by their first element:

- ``NewDataSet`` (2024) has one ``Table`` for each candidate of each race, with ``RaceName``,
  ``ContestantName`` and ``TotalVotes``; ``TimesCounted``, ``OverVotes`` and ``UnderVotes`` are
  the race's own and are repeated in each. Rows named “Over Votes” and “Under Votes” are nobody.
  Nothing has an id: a race is its name, a candidate his or her name in it.
- ``CumulativeRptHeader`` (2018) has a ``ContestTotal`` for each race, with ``ChoiceTotal`` in it,
  facts in attributes. A race is its ``race_id``; ``contest_type`` ``MS`` is a measure.

What there is to know:

- A name may begin or end with ``*``; what the star means is not known, and it is taken off.
- The time (``GeneratedDate``, ``run_date``) is read as ``11/5/2024 8:05:00 PM`` or as ISO 8601,
  and as Orange County's wall time where it has no offset. In the hour that comes twice in autumn
  we take the first.
- A number with a comma, a sign or a point is refused: nobody has seen one.
"""

from __future__ import annotations

from elections.counting.results import Report
from elections.feeds import markup, oc_rows
from elections.feeds.capitals import propose_contest_name as propose_contest_name
from elections.feeds.capitals import propose_selection_name as propose_selection_name
from elections.feeds.clarity_detail import PARTIES
from elections.feeds.contract import Get, Response

name = "oc_enr"
label = "Orange County results (XML, experimental)"


def retrieve(address: str, get: Get) -> Response:
    """One document holds a whole election, at one address."""
    return get(address)


def parse(body: bytes) -> Report:
    """Read the document.

    :raises FeedError: as ``markup.feed``; schema-drift, bad-value or duplicate with a path.
    """
    reader = oc_rows.Reader()
    for _piece in markup.feed_in_pieces(reader.parser, body):
        reader.forget()
    return reader.get_report()


def propose_party(party: str) -> str:
    """``DEM`` as ``Democratic``; what we do not know as it is."""
    return PARTIES.get(party.strip().casefold(), party.strip())
