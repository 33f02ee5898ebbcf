"""Forms counted at a meeting: twice, by two people, and told by nobody before the wave closes."""

import json

import pytest

from survey.rules.counts import CountRejected, MeetingForms, Votes, check_count, void_reasons
from survey.rules.definition import Option, Question, RespondentGroup, SurveyDefinition

_OPTIONS = (Option("good", "好", 100), Option("poor", "差", 0))


def survey(**more):
    given = {
        "code": "m", "name": "m", "mode": "meeting_count", "collector": "C", "waves": 1,
        "options": _OPTIONS, "groups": (), "min_valid": None, "places": 4,
    }  # fmt: skip
    return SurveyDefinition(**given | more)


FORMS = MeetingForms(entitled=10, issued=9, returned=8, spoiled=1)
TWO = (Question("a", "a", 1, _OPTIONS), Question("b", "b", 0, _OPTIONS))


def votes(unit="U", question="answer", good=4, poor=2, blank=1):
    return Votes(unit, question, {"good": good, "poor": poor}, blank)


def faults(*rows, definition=None, group=None, forms=FORMS):
    try:
        check_count(definition or survey(), {"U", "V"}, group, forms, rows)
    except CountRejected as refused:
        return [(each.pointer, each.code) for each in refused.faults]
    return []


@pytest.mark.parametrize(
    ("rows", "more", "expected"),
    [
        ([votes()], {}, []),
        ([votes(), votes("V", good=7, poor=0, blank=0)], {}, []),
        ([votes(good=5)], {}, [("/votes/0", "votes-off")]),
        ([votes(blank=0)], {}, [("/votes/0", "votes-off")]),
        ([votes("W")], {}, [("/votes/0/unit", "unknown-unit")]),
        ([votes(question="x")], {}, [("/votes/0/question", "unknown-question")]),
        ([votes(), votes()], {}, [("/votes/1", "counted-twice")]),
        ([Votes("U", "answer", {"fine": 7}, 0)], {}, [("/votes/0/options", "unknown-answer")]),
        ([votes()], {"group": "x"}, [("/group", "unexpected-group")]),
        ([votes()], {"definition": survey(groups=(RespondentGroup("g", 1),))},
         [("/group", "unknown-group")]),
        ([votes()], {"definition": survey(abstain="void")},
         [("/votes/0/blank", "blank-is-spoiled")]),
        ([votes(question="a")], {"definition": survey(questions=TWO)},
         [("/votes", "question-left-out")]),
        ([votes(question="a"), votes(question="b")], {"definition": survey(questions=TWO)}, []),
        ([votes()], {"forms": MeetingForms(8, 9, 8, 1)},
         [("/issued", "more-issued-than-entitled")]),
        ([votes(good=0, poor=0, blank=0)], {"forms": MeetingForms(9, 9, 1, 2)},
         [("/spoiled", "more-spoiled-than-returned"), ("/votes/0", "votes-off")]),
    ],
)  # fmt: skip
def test_a_count_adds_up_or_is_refused_by_name(rows, more, expected):
    """Planted bugs: forms that nobody accounts for; blanks taken where they spoil the form."""
    assert faults(*rows, **more) == expected


@pytest.mark.parametrize(
    ("forms", "quorum", "expected"),
    [
        (MeetingForms(10, 9, 9, 0), None, []),
        (MeetingForms(10, 9, 10, 0), None, ["more_returned_than_issued"]),
        (MeetingForms(10, 9, 5, 0), "0.5", ["quorum_not_reached"]),
        (MeetingForms(10, 9, 6, 0), "0.5", []),
        (MeetingForms(10, 4, 5, 0), "0.5", ["more_returned_than_issued", "quorum_not_reached"]),
    ],
)
def test_a_vote_is_void_with_more_forms_than_issued_or_without_more_than_the_quorum(
    forms, quorum, expected
):
    """Planted bug: half of those entitled are enough where more than half are asked for."""
    from decimal import Decimal

    definition = survey(quorum=quorum and Decimal(quorum))
    assert void_reasons(definition, forms) == expected


def counted(count_no="M-1", returned=100, good=70, poor=26, blank=3, **more):
    body = {
        "count_no": count_no, "entitled": 120, "issued": 110, "returned": returned, "spoiled": 1,
        "votes": [
            {"unit": unit, "options": {"good": good, "poor": poor}, "blank": blank}
            for unit in ("XZ01", "XZ02", "XZ03")
        ],
    }  # fmt: skip
    return body | more


@pytest.fixture
async def second(service):
    async with service.caller("survey_centre", unit="SB", subject="two", person="two") as client:
        yield client


async def test_what_two_people_counted_alike_counts(service, meeting, second, problem):
    """Planted bugs: the first count counts by itself; a void one counts; a withdrawn one counts;
    votes that can be found from what the journal has of them, by trying, while the wave is open."""
    path = meeting.path(1, "meeting-counts")
    first = await meeting.collector.post(path, json=counted())
    assert (first.status_code, first.json()["state"]) == (201, "counted"), first.text
    again = {k: v for k, v in counted().items() if k != "count_no"}
    own = await meeting.collector.post(f"{path}/M-1/confirmation", json=again)
    assert problem(own)[:2] == (409, "same-person-counts")
    wrong = {k: v for k, v in counted(good=71, poor=25).items() if k != "count_no"}
    differ = await second.post(f"{path}/M-1/confirmation", json=wrong)
    assert problem(differ)[:2] == (409, "counts-differ")
    assert set(differ.json()) <= {
        "type",
        "title",
        "status",
        "detail",
        "remedy",
        "instance",
        "request_id",
    }
    confirmed = await second.post(f"{path}/M-1/confirmation", json=again)
    assert (confirmed.status_code, confirmed.json()["state"]) == (201, "confirmed")
    twice = await second.post(f"{path}/M-1/confirmation", json=again)
    assert problem(twice)[:2] == (409, "count-decided")
    # More came back than were issued: kept, confirmed, and void.
    void = counted("M-2", returned=111, good=110, poor=0, blank=0)
    assert (await meeting.collector.post(path, json=void)).json()["void"] == [
        "more_returned_than_issued"
    ]
    del void["count_no"]
    assert (await second.post(f"{path}/M-2/confirmation", json=void)).status_code == 201
    # A wrong one is withdrawn although it was confirmed.
    bad = counted("M-3", good=99, poor=0, blank=0)
    assert (await meeting.collector.post(path, json=bad)).status_code == 201
    del bad["count_no"]
    assert (await second.post(f"{path}/M-3/confirmation", json=bad)).status_code == 201
    gone = await meeting.collector.post(f"{path}/M-3/withdrawal", json={"reason": "另一叠"})
    assert gone.json()["state"] == "withdrawn"
    listed = (await meeting.office.get(path)).text
    assert "options" not in listed
    assert (await meeting.close()).status_code == 201
    [told] = (await meeting.satisfaction()).json()["surveys"]
    assert [(each["waves"][0]["valid_sample"], each["satisfaction"]) for each in told["units"]] == [
        (96, "72.9167")
    ] * 3
    async with service.caller("auditor") as auditor:
        chain = (await auditor.get(f"/api/v1/journals/survey/chains/{meeting.cycle_id}")).json()
    posted = [each for each in chain["items"] if each["event"] == "survey.meeting-count-posted"]
    of_counts = [table for each in posted for table in json.loads(each["rows"])["tables"]]
    assert [(e["table"], "blinding" in e["columns"]) for e in of_counts] == [
        ("meeting_count", True)
    ] * 3
    changed = await service.unnoticed(str(meeting.cycle_id), f"cycle_id = '{meeting.cycle_id}'")
    assert not {"meeting_count", "meeting_count_step"} & {
        each.partition(":")[0] for each in changed
    }


async def test_a_wave_does_not_stop_while_a_count_waits(meeting, problem):
    """Planted bug: close, and leave out what nobody confirmed."""
    path = meeting.path(1, "meeting-counts")
    assert (await meeting.collector.post(path, json=counted())).status_code == 201
    stopped = await meeting.office.post(meeting.path(1, "stopping"))
    assert problem(stopped)[:2] == (409, "counts-unconfirmed")
    await meeting.collector.post(f"{path}/M-1/withdrawal", json={"reason": "x"})
    assert (await meeting.office.post(meeting.path(1, "stopping"))).status_code == 201


async def test_a_survey_takes_answers_in_its_own_way_only(meeting, opened, row, problem):
    refused = await meeting.post([row(unit="XZ01", answer="good")])
    assert problem(refused)[:2] == (409, "counted-at-meetings")
    names = "unit,respondent_token,outcome,answer\nXZ01,respondent-in-a-file,completed,good\n"
    sent = await meeting.collector.post(
        meeting.path(1, "files") + "?batch_no=F-1",
        content=names.encode(),
        headers={"content-type": "text/csv"},
    )
    assert problem(sent)[:2] == (409, "counted-at-meetings")
    other = await opened.collector.post(opened.path(1, "meeting-counts"), json=counted())
    assert problem(other)[:2] == (409, "not-counted-at-meetings")
    seats = await opened.office.post(
        opened.path(2, "seats"), json={"seats": [{"seat": "S1", "account": "a"}]}
    )
    assert problem(seats)[:2] == (409, "not-by-ballot")
