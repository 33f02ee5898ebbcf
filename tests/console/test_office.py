"""What the performance office works with: the year on one page, ledger, claims, duties, vetoes."""

import re
import struct
import zlib
from typing import Any

from playwright.sync_api import Page, expect

OFFICE = "performance_office"
COUNT = re.compile(r"\d[\d,]*")


def listed(city: Any, what: str, **query: Any) -> list[dict[str, Any]]:
    """Return every item of a list of the open year, by its filters."""
    items, after = list[dict[str, Any]](), {}
    with city.client("open", OFFICE) as office:
        while True:
            page = office.get(f"/cycles/{city.cycles['open']}/{what}", limit=200, **query, **after)
            items += page["items"]
            if page["next"] is None:
                return items
            after = {"after": page["next"]}


def entries(city: Any, **query: str) -> list[dict[str, Any]]:
    return listed(city, "ledger-entries", **query)


def state_of(city: Any, entry_id: str) -> dict[str, Any]:
    with city.client("open", OFFICE) as office:
        return office.get(f"/cycles/{city.cycles['open']}/ledger-entries/{entry_id}")


def open_page(opened: Any, city: Any, path: str, year: str = "open", **settings: Any) -> Any:
    """Open a page of the office's in one of the years."""
    watched = opened(year, OFFICE, **settings)
    watched.visit(f"/years/{city.cycles[year]}/office/{path}")
    return watched


def choose(page: Page, row: int) -> None:
    page.locator("tbody input[type=checkbox]").nth(row).check()


def drawer(page: Page) -> Any:
    return page.get_by_role("dialog")


def test_who_only_reads_is_offered_no_decision(opened, city):
    """Planted bug: what is decided is shown whoever reads."""
    watched = opened("open", "auditor")
    for path in ("ledger", "restatements", "claims", "duties", "vetoes", "year"):
        page = watched.visit(f"/years/{city.cycles['open']}/office/{path}")
        words = re.compile("审核所选|退回所选|认定所选|登记黄牌|指定责任人|^确认$")
        expect(page.get_by_role("button", name=words)).to_have_count(0)
        expect(page.locator("tbody input[type=checkbox]")).to_have_count(0)


def test_the_year_is_told_as_it_stands(opened, city):
    """Planted bug: a cell in which everything waits is told as verified."""
    watched = open_page(opened, city, "year")
    page, cycle = watched.page, city.cycles["open"]
    with city.client("open", OFFICE) as office:
        told = office.get(f"/cycles/{cycle}/progress", by="category")
        category = told["items"][0]["codes"]["category"]
    cells = listed(city, "progress", by=["unit", "indicator"], category=category)
    shown = page.locator(".figures .figure").all_inner_texts()
    names = ("expected", "received", "verified", "returned", "overdue")
    assert [int(each.replace(",", "")) for each in shown] == [told[name] for name in names]
    page.get_by_text("以表格查看").click()
    table = page.locator("details table")
    expect(table.locator("tbody tr")).to_have_count(len(cells))
    waiting = [c for c in cells if c["received"] == c["expected"] > c["verified"] == c["returned"]]
    assert waiting
    expect(table.get_by_text("已报，待审核")).to_have_count(len(waiting))
    expect(page.locator(".chart canvas").first).to_be_visible()
    watched.require_accessible()
    # A cell leads to its entries, whatever state they are in.
    table.locator("tbody th button").first.click()
    page.wait_for_url("**/office/ledger?**")
    watched.settle()
    codes = cells[0]["codes"]
    found = entries(city, unit=codes["unit"], indicator=codes["indicator"])
    expect(page.locator("tbody tr")).to_have_count(min(100, len(found)))


def test_the_ledger_is_paged_to_its_end_and_its_address_keeps_the_filters(opened, city):
    """Planted bug: the next page begins where this one did."""
    watched = open_page(opened, city, "ledger?state=submitted&author_unit=ZH01")
    page = watched.page
    page.get_by_label("录入单位").fill("")
    page.get_by_label("录入单位").dispatch_event("change")
    page.wait_for_url(lambda url: "author_unit" not in url)
    watched.settle()
    whole = entries(city, state="submitted")
    seen = set[str]()
    while True:
        rows = page.locator("tbody tr")
        expect(rows.first).to_be_visible()
        seen |= {each.replace("\t", " ") for each in rows.all_inner_texts()}
        number = page.get_by_text(re.compile(r"^第\d+页$")).inner_text()
        further = page.get_by_role("button", name="下一页")
        if further.is_disabled():
            break
        further.click()
        expect(page.get_by_text(number, exact=True)).to_have_count(0)
        watched.settle()
    assert number == f"第{-(-len(whole) // 100)}页"
    assert rows.count() == len(whole) % 100 or 100
    page.get_by_role("combobox", name="种类").select_option("event")
    page.wait_for_url("**kind=event**")
    page.reload()
    watched.settle()
    events = entries(city, state="submitted", kind="event")
    expect(page.locator("tbody tr")).to_have_count(min(100, len(events)))


def test_what_can_be_verified_is_and_the_rest_is_named_row_by_row(opened, city):
    """Planted bug: what was refused in the preview is sent nevertheless."""
    cycle = city.cycles["open"]
    first, other = entries(city, unit="XQ09", indicator="C02", state="submitted")[:2]
    with city.client("open", OFFICE) as office:
        office.post(
            f"/cycles/{cycle}/ledger-entries/verification", {"entry_ids": [first["entry_id"]]}
        )
    watched = open_page(opened, city, "ledger?unit=XQ09&indicator=C02&state=any")
    page = watched.page
    choose(page, 0)
    choose(page, 1)
    expect(page.get_by_text("已选2行")).to_be_visible()
    watched.expects(409, "/verification")
    page.get_by_role("button", name="审核所选").click()
    expect(drawer(page).get_by_text("可办理1条（审核通过），不能办理1条")).to_be_visible()
    refused = drawer(page).get_by_role("row").filter(has_text="不能办理")
    expect(refused).to_contain_text("处于“已审核”状态")
    watched.require_accessible()
    drawer(page).get_by_role("button", name="确认").click()
    expect(page.get_by_text("已办理1条。")).to_be_visible()
    assert state_of(city, other["entry_id"])["state"] == "verified"


def test_an_entry_is_looked_at_beside_its_evidence_and_sent_back_with_a_reason(opened, city):
    """Planted bug: it is sent back with the reason of the preview."""
    cycle = city.cycles["open"]
    entry = entries(city, unit="XQ10", indicator="C01", state="submitted")[0]
    with city.client("open", "data_source_unit", entry["author_unit"]) as source:
        added = source.put_up(
            f"/cycles/{cycle}/evidence", picture(), {"name": "现场照片.png"}, "image/png"
        )
        source.post(
            f"/cycles/{cycle}/ledger-entries/{entry['entry_id']}/evidence",
            {"evidence_ids": [added["evidence_id"]]},
        )
    watched = open_page(opened, city, "ledger?unit=XQ10&indicator=C01")
    page = watched.page
    page.locator("tbody th button").first.click()
    image = drawer(page).get_by_role("img", name="现场照片.png")
    expect(image).to_be_visible()
    assert image.evaluate("each => each.decode().then(() => each.naturalWidth)") == 40
    expect(drawer(page).get_by_role("heading", name="办理经过")).to_be_visible()
    watched.require_accessible()
    watched.require_narrow()
    drawer(page).get_by_role("button", name="退回").click()
    sending = page.get_by_role("dialog", name="退回")
    confirm = sending.get_by_role("button", name="确认")
    expect(sending.get_by_text("可办理1条")).to_be_visible()
    expect(confirm).to_be_disabled()
    sending.get_by_label("退回理由").fill("照片与数值不符，请核对。")
    confirm.click()
    expect(sending).to_have_count(0)
    told = state_of(city, entry["entry_id"])
    assert (told["state"], told["state_reason"]) == ("returned", "照片与数值不符，请核对。")
    assert told["evidence"][0]["name"] == "现场照片.png"


def test_a_restatement_is_verified_beside_what_was_before(opened, city):
    """Planted bug: before and after are exchanged."""
    cycle = city.cycles["open"]
    entry = entries(city, unit="XQ11", indicator="C01", state="submitted")[0]
    at = f"/cycles/{cycle}/ledger-entries"
    with city.client("open", OFFICE) as office:
        office.post(f"{at}/verification", {"entry_ids": [entry["entry_id"]]})
    with city.client("open", "data_source_unit", entry["author_unit"]) as source:
        new = {"value": "87.5", "reason": "统计口径调整。"}
        made = source.post(f"{at}/{entry['entry_id']}/restatement", new)
    watched = open_page(opened, city, "restatements")
    page = watched.page
    row = page.get_by_role("row").filter(has_text="统计口径调整。")
    cells = row.locator("td").all_inner_texts()
    assert [each for each in cells if COUNT.fullmatch(each.replace(".", ""))] == [
        entry["value"],
        "87.5",
    ]
    row.get_by_role("button").click()
    expect(drawer(page).get_by_role("heading", name="修订前后对照")).to_be_visible()
    watched.require_accessible()
    drawer(page).get_by_role("button", name="审核", exact=True).click()
    page.get_by_role("dialog", name="审核").get_by_role("button", name="确认").click()
    expect(page.get_by_role("dialog", name="审核")).to_have_count(0)
    assert state_of(city, made["entry_id"])["state"] == "verified"
    assert state_of(city, entry["entry_id"])["state"] == "voided"


def claim(number: str, **more: Any) -> dict[str, Any]:
    return {
        "claim_no": number,
        "kind": "bonus",
        "level": "provincial",
        "authority": "省委省政府",
        "document_no": f"省发〔2025〕{number}号",
        "document_date": "2025-06-18",
        "work_year": 2025,
        "event_key": f"E-{number}",
        "linked_indicator": "C09",
        **more,
    }


def test_claims_are_decided_by_another_person_for_and_against(opened, city):
    """Planted bug: a rejection is sent as a confirmation."""
    cycle = city.cycles["open"]
    who = next(each for each in city.accounts["open"] if "assessed_unit" in each.roles)
    mine = {"unit": who.unit, "holder_name": who.name}
    with city.client("open", "assessed_unit", who.unit) as unit:
        posted = unit.post(
            f"/cycles/{cycle}/claims",
            {"claims": [claim("71", **mine), claim("72", **mine)]},
        )
    for_it, against = [each["claim_id"] for each in posted["rows"]]
    watched = open_page(opened, city, "claims")
    page = watched.page
    page.get_by_role("button", name="72", exact=True).click()
    expect(drawer(page).get_by_role("heading", name="规则建议")).to_be_visible()
    expect(drawer(page).get_by_role("columnheader", name="可计项数")).to_be_visible()
    watched.require_accessible()
    watched.require_narrow()
    drawer(page).get_by_label("驳回").check()
    send = drawer(page).get_by_role("button", name="预览并办理")
    expect(send).to_be_disabled()
    drawer(page).get_by_label("理由（必填）").fill("证书所列单位不符。")
    send.click()
    asked = page.get_by_role("dialog", name="办理")
    expect(asked.get_by_text("已驳回")).to_be_visible()
    asked.get_by_role("button", name="确认").click()
    expect(page.get_by_text("已办理1项申报。")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="72", exact=True)).to_have_count(0)
    page.get_by_role("row").filter(has_text="省发〔2025〕71号").get_by_role("checkbox").check()
    page.get_by_role("button", name="按规则建议认定所选").click()
    asked = page.get_by_role("dialog", name="按规则建议认定")
    expect(asked.get_by_text("可办理1条")).to_be_visible()
    asked.get_by_role("button", name="确认").click()
    expect(page.get_by_role("row").filter(has_text="省发〔2025〕71号")).to_have_count(0)
    found = {each["claim_id"]: each for each in listed(city, "claims")}
    assert found[for_it]["state"] == "confirmed"
    assert found[against]["state"] == "rejected"
    assert found[against]["confirmation"]["reason"] == "证书所列单位不符。"


def test_cards_are_written_as_the_preview_says(opened, city):
    """Planted bug: the preview is sent as the command itself."""
    watched = open_page(opened, city, "duties?light=red_card")
    page = watched.page
    page.get_by_role("button", name="登记黄牌、红牌").click()
    asked = page.get_by_role("dialog", name="登记黄牌、红牌")
    said = asked.get_by_text(re.compile("将登记")).inner_text()
    watched.require_accessible()
    asked.get_by_role("button", name="确认").click()
    expect(asked).to_have_count(0)
    number = int(re.search(r"将登记(\d+)张", said)[1])
    cards = listed(city, "duty-cards")
    assert number == len(cards) > 0
    expect(page.get_by_text(f"已登记{number}张。")).to_be_visible()


def test_a_veto_is_confirmed_by_another_person(opened, city):
    """Planted bug: it is refused where it should be confirmed."""
    cycle = city.cycles["open"]
    who = next(each for each in city.accounts["open"] if "responsible_body" in each.roles)
    with city.client("open", "responsible_body", who.unit) as body:
        new = {"unit": "XQ08", "code": "V02", "document_no": "云安〔2025〕8号"}
        told = body.post(f"/cycles/{cycle}/vetoes", {**new, "decided_on": "2025-11-03"})
    number = told["veto"]["number"]
    watched = open_page(opened, city, "vetoes")
    page = watched.page
    row = page.get_by_role("row").filter(has_text="云安〔2025〕8号")
    row.get_by_role("button", name="确认", exact=True).click()
    asked = page.get_by_role("dialog")
    expect(asked.get_by_text("已确认")).to_be_visible()
    watched.require_accessible()
    asked.get_by_role("button", name="确认").click()
    expect(row).to_have_count(0)
    vetoes = {each["number"]: each for each in listed(city, "vetoes")}
    assert vetoes[number]["state"] == "confirmed"


def picture() -> bytes:
    """Return a small picture, such as a camera would not make."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    rows = b"".join(b"\x00" + b"\x2f\x7d\x4f" * 40 for _ in range(30))
    header = struct.pack(">IIBBBBB", 40, 30, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(kind, data) for kind, data in parts)
