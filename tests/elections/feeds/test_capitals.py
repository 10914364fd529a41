from __future__ import annotations

import pytest

from elections.feeds.capitals import propose_contest_name, propose_selection_name
from elections.feeds.contract import as_sent


class TestProposeSelectionName:
    @pytest.mark.parametrize(
        ("sent", "proposed"),
        [
            ("YES", "Yes"),
            ("NO", "No"),
            ("ROCÍO RIVAS", "Rocío Rivas"),
            ("SCOTT MARK SCHMERELSON", "Scott Mark Schmerelson"),
            ("TINA MCKINNOR", "Tina McKinnor"),
            ("BRENDA O'LEARY", "Brenda O'Leary"),
            ("SINÉAD O’NEILL", "Sinéad O’Neill"),
            ("YASMINE-IMANI MCMORRIN", "Yasmine-Imani McMorrin"),
            ("KEVIN DE LEÓN", "Kevin De León"),
            ("MIGUEL DE LA ROSA", "Miguel De la Rosa"),
            ("JAN VAN DER BERG", "Jan Van der Berg"),
            ("MIKE VAN GORDER", "Mike Van Gorder"),
            ("JOHN P. DOE III", "John P. Doe III"),
            ("ROBERT F. KENNEDY JR.", "Robert F. Kennedy Jr."),
            ("A.J. SMITH", "A.J. Smith"),
            ("LENA  A. GONZALEZ", "Lena A. Gonzalez"),
            ('NAN "NOYA" WANG', 'Nan "Noya" Wang'),
            ('ZEKIAH "Z" WRIGHT', 'Zekiah "Z" Wright'),
            ("DEVIN (DEV) PATEL", "Devin (Dev) Patel"),
            ("VI IVY", "Vi Ivy"),
            ("Maria Brenes", "Maria Brenes"),
            ("LAMAR van Dyke", "Lamar van Dyke"),
            ("", ""),
        ],
    )
    def test_lowers_capitals(self, sent: str, proposed: str) -> None:
        assert propose_selection_name(sent) == proposed


class TestProposeContestName:
    @pytest.mark.parametrize(
        ("sent", "proposed"),
        [
            (
                "LOS ANGELES UNIFIED SCHOOL DISTRICT Member of the Board of Education, District 3",
                "Los Angeles Unified School District Member of the Board of Education, District 3",
            ),
            (
                "ABC UNIFIED SCHOOL DISTRICT SPECIAL ELECTION - MEASURE BC",
                "ABC Unified School District Special Election - Measure BC",
            ),
            ("STATE MEASURE 32", "State Measure 32"),
            ("COUNTY MEASURE A", "County Measure A"),
            (
                "FIRE PROTECTION SPECIAL TAX MEASURE ELECTION - MEASURE E",
                "Fire Protection Special Tax Measure Election - Measure E",
            ),
            (
                "UNITED STATES REPRESENTATIVE, 23RD District",
                "United States Representative, 23rd District",
            ),
            ("PRESIDENT AND VICE PRESIDENT", "President and Vice President"),
            (
                "JUDGE OF THE SUPERIOR COURT Office No. 39",
                "Judge of the Superior Court Office No. 39",
            ),
            (
                "MT. SAN ANTONIO COMMUNITY COLLEGE DISTRICT Governing Board Member",
                "Mt. San Antonio Community College District Governing Board Member",
            ),
            (
                "SANTA MONICA-MALIBU UNIFIED SCHOOL DISTRICT SPECIAL ELECTION - MEASURE MM",
                "Santa Monica-Malibu Unified School District Special Election - Measure MM",
            ),
            (
                "SIERRA MADRE CITY ELECTION  City Treasurer (No Candidates Filed)",
                "Sierra Madre City Election City Treasurer (No Candidates Filed)",
            ),
            (
                "LA CAÑADA USD Governing Board Member",
                "La Cañada USD Governing Board Member",
            ),
        ],
    )
    def test_lowers_capitals(self, sent: str, proposed: str) -> None:
        assert propose_contest_name(sent) == proposed

    def test_may_be_left_out(self) -> None:
        assert as_sent("Governor - Statewide Results") == "Governor - Statewide Results"
