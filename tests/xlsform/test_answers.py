"""What people type is read kindly, and refused where it could mean two things."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsform.answers import LONGEST, AnswerError, canonical, is_canonical, shown

BERLIN = ZoneInfo("Europe/Berlin")
WINTER = datetime(2026, 1, 15, 12, tzinfo=BERLIN)
SUMMER = datetime(2026, 7, 15, 12, tzinfo=BERLIN)

READ = [
    ("text", " Zeile eins\r\nZeile zwei ", "Zeile eins\nZeile zwei"),
    ("text", "Tu\u0308rkei", "Türkei"),
    ("text", "", ""),
    ("barcode", " 4006381333931 ", "4006381333931"),
    ("integer", " 42 ", "42"),
    ("integer", "007", "7"),
    ("integer", "+3", "3"),
    ("integer", "\u22125", "-5"),
    ("integer", "1 200", "1200"),
    ("integer", "\u0664\u0662", "42"),
    ("integer", "\u06f4\u06f2", "42"),
    ("integer", "\u200f42\u200e", "42"),
    ("decimal", "12,50", "12.5"),
    ("decimal", "12.50", "12.5"),
    ("decimal", ",5", "0.5"),
    ("decimal", "5,", "5"),
    ("decimal", "1.234,56", "1234.56"),
    ("decimal", "1,234.56", "1234.56"),
    ("decimal", "1.234.567", "1234567"),
    ("decimal", "1 234,5", "1234.5"),
    ("decimal", "0,125", "0.125"),
    ("decimal", "-0,0", "0"),
    ("decimal", "\u0661\u0662\u066b\u0665", "12.5"),
    ("date", "24.12.2026", "2026-12-24"),
    ("date", "4. 2. 2026", "2026-02-04"),
    ("date", "24/12/2026", "2026-12-24"),
    ("date", "24-12-2026", "2026-12-24"),
    ("date", "2026-12-24", "2026-12-24"),
    ("date", "2026/12/24", "2026-12-24"),
    ("date", "\u06f2\u06f4.\u06f1\u06f2.\u06f2\u06f0\u06f2\u06f6", "2026-12-24"),
    ("month", "3/2026", "2026-03-01"),
    ("month", "03.2026", "2026-03-01"),
    ("month", "03 2026", "2026-03-01"),
    ("month", "2026-03", "2026-03-01"),
    ("month", "24.12.2026", "2026-12-01"),
    ("month", "\u0663/\u0662\u0660\u0662\u0666", "2026-03-01"),
    ("year", "2026", "2026-01-01"),
    ("year", "24.12.2026", "2026-01-01"),
    ("year", "\u0662\u0660\u0662\u0666", "2026-01-01"),
    ("time", "14:30", "14:30:00.000+01:00"),
    ("time", "14.30", "14:30:00.000+01:00"),
    ("time", "14:30 Uhr", "14:30:00.000+01:00"),
    ("time", "14 Uhr 30", "14:30:00.000+01:00"),
    ("time", "14 Uhr", "14:00:00.000+01:00"),
    ("time", "14h30", "14:30:00.000+01:00"),
    ("time", "9", "09:00:00.000+01:00"),
    ("time", "2:30 pm", "14:30:00.000+01:00"),
    ("time", "2.30 P.M.", "14:30:00.000+01:00"),
    ("time", "12 am", "00:00:00.000+01:00"),
    ("time", "12:15 pm", "12:15:00.000+01:00"),
    ("time", "14:30 pm", "14:30:00.000+01:00"),
    ("time", "14:30:05", "14:30:05.000+01:00"),
    ("time", "14:30:05.5", "14:30:05.500+01:00"),
    ("time", "\u0662:\u0663\u0660 م", "14:30:00.000+01:00"),
    ("time", "\u0669:\u0663\u0660 صباحًا", "09:30:00.000+01:00"),
    ("time", "\u06f1\u06f4:\u06f3\u06f0", "14:30:00.000+01:00"),
    ("dateTime", "24.12.2026 14:30", "2026-12-24T14:30:00.000+01:00"),
    ("dateTime", "24.07.2026 14:30", "2026-07-24T14:30:00.000+02:00"),
    ("dateTime", "2026-12-24T14:30", "2026-12-24T14:30:00.000+01:00"),
    ("dateTime", "24. 12. 2026, 2 Uhr", "2026-12-24T02:00:00.000+01:00"),
    ("dateTime", "24.12.1880 14:30", "1880-12-24T14:30:00.000+00:53"),
    ("dateTime", "٢٤.١٢.٢٠٢٦ ١٤:٣٠", "2026-12-24T14:30:00.000+01:00"),
    ("geopoint", "51.535, 7.689", "51.535 7.689 0 0"),
    ("geopoint", "51.535,7.689", "51.535 7.689 0 0"),
    ("geopoint", "51.535 7.689", "51.535 7.689 0 0"),
    ("geopoint", "51,535 7,689", "51.535 7.689 0 0"),
    ("geopoint", "51,535; 7,689", "51.535 7.689 0 0"),
    ("geopoint", "51,535, 7,689", "51.535 7.689 0 0"),
    ("geopoint", "51.535, -7.689, 120.5, 4", "51.535 -7.689 120.5 4"),
    ("geopoint", "51.535000000000004, 7.689", "51.535 7.689 0 0"),
    ("geopoint", "51.535° N, 7.689° E", "51.535 7.689 0 0"),
    ("geopoint", "N 51,535 O 7,689", "51.535 7.689 0 0"),
    ("geopoint", "7.689 E 51.535 N", "51.535 7.689 0 0"),
    ("geopoint", "33.9° S, 18.4° W", "-33.9 -18.4 0 0"),
    ("geopoint", "51°30'00\"N 7°45'00\"E", "51.5 7.75 0 0"),
    ("geopoint", "51° 30,6' N 7° 30' E", "51.51 7.5 0 0"),
    ("geopoint", "51°30′36″, 7°30′", "51.51 7.5 0 0"),
    ("geopoint", "٥١٫٥٣٥، ٧٫٦٨٩", "51.535 7.689 0 0"),
    ("geotrace", "51.5, 7.6\n51.6, 7.7", "51.5 7.6 0 0;51.6 7.7 0 0"),
    ("geotrace", "51.5 7.6 0 0;51.6 7.7 0 0", "51.5 7.6 0 0;51.6 7.7 0 0"),
    ("geotrace", "\r\n51.5, 7.6\r\n\r\n51.6, 7.7\r\n", "51.5 7.6 0 0;51.6 7.7 0 0"),
    ("geoshape", "1, 1\n1, 2\n2, 2", "1 1 0 0;1 2 0 0;2 2 0 0;1 1 0 0"),
    ("geoshape", "1, 1\n1, 2\n2, 2\n1, 1", "1 1 0 0;1 2 0 0;2 2 0 0;1 1 0 0"),
]

REFUSED = [
    ("integer", "zwei"),
    ("decimal", "1e5"),
    ("date", "31.02.2026"),
    ("date", "3.10.1404"),
    ("month", "13/2026"),
    ("month", "2026"),
    ("month", "3/26"),
    ("year", "26"),
    ("year", "1404"),
    ("year", "20267"),
    ("time", "25:00"),
    ("time", "24:00"),
    ("time", "14:60"),
    ("time", "14:30 am"),
    ("time", "1430"),
    ("time", "gegen Abend"),
    ("time", "14:3"),
    ("dateTime", "24.12.2026"),
    ("dateTime", "14:30"),
    ("dateTime", "24.12.2026 später"),
    ("dateTime", "31.02.2026 14:30"),
    ("geopoint", "Bahnhof"),
    ("geopoint", "51.535"),
    ("geopoint", "51,535"),
    ("geopoint", "51,535,7,689"),
    ("geopoint", "91, 7"),
    ("geopoint", "51, 181"),
    ("geopoint", "51 7 0 0 0"),
    ("geopoint", "51.5 N, 7.6"),
    ("geopoint", "51.5 N, 7.6 N"),
    ("geopoint", "-51.5 N, 7.6 E"),
    ("geopoint", "51°60' N, 7° E"),
    ("geopoint", "51.5 N, 7.6 E, 3 E"),
    ("geotrace", "51.5, 7.6"),
    ("geoshape", "1, 1\n1, 2"),
    ("geoshape", "1, 1\n1, 2\n1, 1"),
]


@pytest.mark.parametrize(("kind", "typed", "stored"), READ)
def test_canonical__is_one_however_it_was_typed(kind: str, typed: str, stored: str) -> None:
    assert canonical(kind, typed, WINTER) == stored
    assert not stored or is_canonical(kind, stored)


@pytest.mark.parametrize(("kind", "typed"), REFUSED)
def test_canonical__what_is_no_answer_is_refused_by_its_kind(kind: str, typed: str) -> None:
    with pytest.raises(AnswerError) as refusal:
        canonical(kind, typed, WINTER)
    assert refusal.value.problem == kind


@pytest.mark.parametrize("kind", ["geotrace", "geoshape"])
def test_canonical__names_the_line_that_is_no_place(kind: str) -> None:
    with pytest.raises(AnswerError) as refusal:
        canonical(kind, "51.5, 7.6\nBahnhof\n51.6, 7.7")
    assert (refusal.value.problem, refusal.value.values) == ("geoline", {"line": "2"})


@pytest.mark.parametrize("kind", sorted({kind for kind, _, _ in READ}))
def test_canonical__a_blank_is_one_and_no_text_is_endless(kind: str) -> None:
    assert canonical(kind, " \t\n") == ""
    with pytest.raises(AnswerError) as refusal:
        canonical(kind, "1" * (LONGEST + 1))
    assert refusal.value.problem == "length"


def test_canonical__a_time_has_the_offset_of_today() -> None:
    assert canonical("time", "14:30", SUMMER) == "14:30:00.000+02:00"
    assert canonical("time", "14:30", WINTER.astimezone(UTC)) == "14:30:00.000+00:00"


@given(st.decimals(-(10**9), 10**9, places=2))
def test_canonical__a_decimal_read_twice_is_the_same(number: object) -> None:
    once = canonical("decimal", str(number).replace(".", ","))

    assert canonical("decimal", once.replace(".", ",") + ("0000" if "." in once else "")) == once
    assert is_canonical("decimal", once)


def degrees(most: int) -> st.SearchStrategy[str]:
    return st.integers(-most * 10**6, most * 10**6).map(
        lambda millionths: f"{millionths / 1e6:.6f}"
    )


PLACES = st.builds("{}, {}, {}, {}".format, degrees(90), degrees(180), degrees(999), degrees(99))
DAYS = st.dates(date(1893, 5, 1), date(2200, 12, 31))
CLOCKS = st.times().map(lambda at: at.isoformat("milliseconds"))
TYPED: dict[str, st.SearchStrategy[str]] = {
    "text": st.text(max_size=50),
    "integer": st.integers(-(2**31), 2**31 - 1).map(str),
    "decimal": st.decimals(-(10**6), 10**6, places=3).map("{:.3f}00".format),
    "date": DAYS.map(date.isoformat),
    "month": DAYS.map("{:%m/%Y}".format),
    "year": DAYS.map("{:%Y}".format),
    "time": CLOCKS,
    "dateTime": st.builds("{} {}".format, DAYS, CLOCKS),
    "geopoint": PLACES,
    "geotrace": st.lists(PLACES, min_size=2, max_size=5).map("\n".join),
    "geoshape": st.lists(PLACES, min_size=3, max_size=5, unique=True).map("\n".join),
    "barcode": st.text(max_size=50),
}


@pytest.mark.parametrize("language", ["de", "en", "ar"])
@pytest.mark.parametrize("kind", TYPED)
@given(data=st.data())
def test_shown__read_again_is_the_same_answer(
    kind: str, language: str, data: st.DataObject
) -> None:
    stored = canonical(kind, data.draw(TYPED[kind]), WINTER)

    assert canonical(kind, shown(kind, stored, language), WINTER) == stored
    assert not stored or is_canonical(kind, stored)


@pytest.mark.parametrize(
    ("kind", "stored", "read"),
    [
        ("date", "2026-12-24", "24.12.2026"),
        ("month", "2026-03-01", "03/2026"),
        ("year", "2026-01-01", "2026"),
        ("time", "14:30:00.000+01:00", "14:30"),
        ("time", "14:30:05.250Z", "14:30:05.25"),
        ("time", "14:30", "14:30"),
        ("dateTime", "2026-12-24T14:30:00.000+01:00", "24.12.2026 14:30"),
        ("dateTime", "2026-12-24", "24.12.2026"),
        ("range", "2.5", "2,5"),
        ("decimal", "1.125", "1,1250"),
        ("geopoint", "51.535 7.689 0.0 0.0", "51.535, 7.689"),
        ("geopoint", "51.535 7.689", "51.535, 7.689"),
        ("geopoint", "51.535 7.689 0 4.5", "51.535, 7.689, 0, 4.5"),
        ("geotrace", "1 2 0 0; 3 4 0 0;", "1, 2\n3, 4"),
        ("geoshape", "1 2 0 0;3 4 0 0;5 6 0 0;1 2 0 0", "1, 2\n3, 4\n5, 6"),
    ],
)
def test_shown__as_people_here_write_it(kind: str, stored: str, read: str) -> None:
    assert shown(kind, stored, "de") == read


@pytest.mark.parametrize("kind", [*TYPED, "range", "acknowledge", "rank", "image", "unheard-of"])
@given(typed=st.text(max_size=30))
def test_canonical__whatever_is_typed_is_read_or_refused(kind: str, typed: str) -> None:
    assert isinstance(shown(kind, typed, "de"), str)
    try:
        stored = canonical(kind, typed, SUMMER)
    except AnswerError:
        return
    assert stored == "" or is_canonical(kind, stored) or kind in {"range", "acknowledge"}


@pytest.mark.parametrize(
    ("kind", "stored"),
    [
        ("integer", "012"),
        ("integer", "x"),
        ("decimal", "1,5"),
        ("range", "viel"),
        ("date", "24.12.2026"),
        ("time", "25:00"),
        ("time", "2 pm"),
        ("dateTime", "2026-12-24 14:30"),
        ("dateTime", "2026-02-31T14:30"),
        ("geopoint", "51.5"),
        ("geopoint", "91 0 0 0"),
        ("geopoint", "1e99 0 0 0"),
        ("geotrace", "51.5 7.6;x"),
        ("acknowledge", "yes"),
        ("text", "x" * (LONGEST + 1)),
    ],
)
def test_is_canonical__what_a_record_may_not_hold(kind: str, stored: str) -> None:
    assert not is_canonical(kind, stored)


@pytest.mark.parametrize(
    ("kind", "stored"),
    [
        ("time", "14:30"),
        ("time", "14:30:00.000Z"),
        ("time", time(14, 30).isoformat()),
        ("dateTime", "2026-12-24T14:30:00.000-0500"),
        ("geopoint", "51.535 7.689 0.0 1.0E-5"),
        ("geotrace", "1.0 2.0 0.0 0.0; 3.0 4.0 0.0 0.0;"),
        ("acknowledge", "OK"),
    ],
)
def test_is_canonical__what_field_clients_write_is_welcome(kind: str, stored: str) -> None:
    assert is_canonical(kind, stored)
