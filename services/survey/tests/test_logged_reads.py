"""Who reads what people said is on record, or reads nothing."""

from service_testing.reading import both_ways

WORDS = "办事窗口排队时间太长，希望增加人手。"


async def test_what_people_said_is_read_on_record_or_not_at_all(opened, service):
    """Planted bug: the log is asked for after the answer."""
    body = {"batch_no": "L-1", "rows": [{"unit": "XQ01", "text": WORDS}]}
    sent = await opened.collector.post(opened.path(1, "opinions"), json=body)
    assert sent.status_code == 201, sent.text
    assert (await opened.close()).status_code == 201
    url = opened.path(1, "opinions")
    answer, [entry], unlogged = await both_ways(service, opened.office, url)
    assert WORDS in answer.text
    assert (entry["event"], entry["path"]["wave"]) == ("survey.read", "1")
    assert (unlogged.status_code, unlogged.json()["type"]) == (503, "database-unavailable")
    assert WORDS not in unlogged.text
