"""Short stories around the two long ones. They explain."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from newsroom.project.demo.stories.pieces import Piece, Shelf, Story, bullets, heading, text

LOS_ANGELES = ZoneInfo("America/Los_Angeles")


def only(*pieces: Piece) -> Callable[[Shelf], list[Piece]]:
    """A body that points at nothing."""
    return lambda shelf: list(pieces)


def morning(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 6, 30, tzinfo=LOS_ANGELES)


FIELD_GUIDE = Story(
    slug="field-guide-to-expensive-races",
    section="elections",
    headline="A field guide to LA’s expensive school board races",
    races=(("lausd-3", "explainer"),),
    topics=("money-in-races", "school-boards"),
    dek="Who may spend, on what, and where to look it up before you vote.",
    authors=("daniel-okafor",),
    published_at=morning(2020, 10, 19),
    body=only(
        text(
            "Two kinds of money meet in a school board race. A candidate’s own campaign raises "
            "some of it, within limits. The rest is spent by committees that may not coordinate "
            "with any candidate, and for these there is no limit.",
            "That second kind pays for most of the mail and most of the ads. A committee has to "
            "say whether it spends for a candidate or against one, and it has to say so while "
            "the campaign is still going on.",
        ),
        heading("Three questions for a flyer"),
        bullets(
            "<b>Who paid?</b> The committee’s name is on it, and so are its largest funders.",
            "<b>For or against?</b> A flyer against one candidate counts as spending against, "
            "even if it never names the other.",
            "<b>How much?</b> The filings are public. They add up, day by day, until the vote.",
        ),
    ),
)
EARLY_RESULTS = Story(
    slug="early-results-and-what-they-mean",
    section="elections",
    headline="What early results mean, and what they do not",
    races=(("lausd-1", "explainer"), ("lausd-3", "explainer"), ("lausd-5", "explainer")),
    topics=("how-votes-are-counted",),
    dek="The first numbers of the night come from ballots mailed early. Later ones can differ.",
    authors=("ana-ruiz",),
    published_at=morning(2020, 11, 4),
    picture="tally",
    body=only(
        text(
            "The first count appears minutes after the polls close. It holds the ballots that "
            "came by mail early enough to be checked and counted in advance.",
            "Votes cast in person follow through the night. Ballots mailed on the last day, "
            "and those that need a signature checked, take weeks.",
        ),
        heading("Precincts are not ballots"),
        text(
            "When every precinct has reported, the count is not over. It means that each place "
            "has sent something, not that everything from there is counted. That is why we say "
            "how many ballots are left when the county says so, and say that we do not know when "
            "it does not.",
        ),
        heading("The words we use"),
        bullets(
            "When we say <b>leads</b>, somebody is ahead in the ballots counted so far.",
            "When we say <b>conceded</b>, the candidate says so. The count goes on.",
            "When we say <b>apparent winner</b>, the lead will hold in our judgment, though "
            "ballots remain.",
            "When we say <b>certified</b>, the county has finished and signed the count.",
        ),
    ),
)
SPECIAL_EDUCATION = Story(
    slug="what-special-education-assistants-do",
    section="education",
    headline="What special education assistants do all day",
    dek="They help students eat, move, speak and stay in class, often one on one.",
    authors=("mei-tanaka",),
    published_at=morning(2023, 3, 21),
    body=only(
        text(
            "A special education assistant may start the day at the curb, helping a student from "
            "the bus, and end it there. In between lie meals, medical routines, lessons, and the "
            "quiet work of noticing that a child has had enough of a loud room.",
            "What each student needs stands in an individualized education program, a plan that "
            "parents and the school agree on. The assistant is often the person who carries "
            "it out.",
        ),
        text(
            "The work is close and physical, and it is often part time. Both make it hard to "
            "find people for it, and to keep them.",
        ),
    ),
)
SUPPORT_STAFF = Story(
    slug="support-staff-tentative-agreement",
    section="education",
    headline="School support staff reach a tentative deal with 30% raises",
    dek="The agreement would also widen health care. Members still have to vote on it.",
    authors=("mei-tanaka",),
    published_at=morning(2023, 3, 25),
    body=lambda shelf: [
        text(
            "The people who clean, cook, drive and assist in Los Angeles schools would get "
            "raises of 30% under a tentative agreement between their union and the district. It "
            "would also widen access to health care.",
            "Tentative means that it binds nobody yet: Union members vote on it, and so does the "
            "school board.",
        ),
        text(
            "Among them are the "
            + shelf.link("what-special-education-assistants-do", "special education assistants")
            + " whom classrooms lean on most.",
        ),
    ],
)
FAFSA = Story(
    slug="the-new-fafsa",
    section="education",
    headline="The new FAFSA is shorter. Here is how to start",
    dek="What to gather first, who else has to sign, and what to do when the form gets stuck.",
    authors=("mei-tanaka",),
    published_at=morning(2024, 1, 10),
    body=only(
        text(
            "The Free Application for Federal Student Aid has fewer questions than it used to. "
            "Most of what it asks about income now comes straight from tax records, if everyone "
            "involved allows it.",
        ),
        heading("Before you open it"),
        bullets(
            "Each person on the form needs an account of their own: the student, and usually at "
            "least one parent. Make the accounts some days ahead.",
            "Each of them has to consent to the transfer of tax data. Without consent the form "
            "finds no federal aid.",
            "List every school you may apply to. You can change the list later.",
        ),
        text(
            "If a page refuses to load, save, close, and come back on another day. Nothing is "
            "sent before you sign.",
        ),
    ),
)
CAL_STATE = Story(
    slug="cal-state-easing-transfers",
    section="education",
    headline="Cal State wants to make transferring less of a maze",
    dek="Students who start at a community college could know earlier where they will finish.",
    authors=("daniel-okafor",),
    published_at=morning(2024, 2, 7),
    body=only(
        text(
            "To move from a California community college to a state university, students have "
            "long had to match course lists that differ from campus to campus. California State "
            "University is trying to ease that.",
            "The idea: promise a place early, and say from the first semester which courses will "
            "count. A student then plans toward one degree instead of several possible ones.",
        ),
        text(
            "Counselors give the same advice as ever: See one in the first term, keep every "
            "syllabus, and ask in writing which credits will transfer.",
        ),
    ),
)
LONG_BEACH = Story(
    slug="long-beach-city-college-enrollment",
    section="education",
    headline="Long Beach City College bucks an enrollment trend",
    dek="Many community colleges have lost students. This one tells a different story.",
    authors=("daniel-okafor",),
    published_at=morning(2024, 5, 14),
    picture="campus",
    body=only(
        text(
            "While enrollment slipped at many community colleges, Long Beach City College went "
            "the other way.",
            "Two measures tell what is behind such a number. Headcount says how many people "
            "take at least one class. Full-time equivalents say how much they study in all, and "
            "that is closer to what the state pays for. A college can grow in one and shrink in "
            "the other.",
        ),
        text("Ask for both whenever a college says that it is growing."),
    ),
)
LOTTERY = Story(
    slug="where-lottery-money-goes",
    section="education",
    headline="Where California Lottery money goes",
    dek="Schools and colleges get a share of every ticket. It is a small part of what they spend.",
    authors=("ana-ruiz",),
    published_at=morning(2024, 10, 8),
    picture="books",
    body=only(
        text(
            "Part of what California spends on lottery tickets goes to public education, from "
            "kindergarten to the universities. The share of each school district depends on how "
            "many students attend.",
            "The law says what the money may not do: buy land, put up buildings or pay for "
            "research. It is meant for teaching, and a part of it for books and materials.",
        ),
        text(
            "It adds to the budget of a school without carrying it. For that, look at the state "
            "budget and at local taxes.",
        ),
    ),
)

BRIEFS: tuple[Story, ...] = (
    FIELD_GUIDE,
    EARLY_RESULTS,
    SPECIAL_EDUCATION,
    SUPPORT_STAFF,
    FAFSA,
    CAL_STATE,
    LONG_BEACH,
    LOTTERY,
)
