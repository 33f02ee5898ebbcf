"""What is refused of citizens, and how long what they are reached by is kept."""

from datetime import timedelta

from chassis.refusals import Conflict, Missing

KEPT_AFTER = timedelta(days=30)
"""So long after a complaint was closed a contact is kept."""

KEPT_AT_MOST = timedelta(days=365)
"""So long after it was given, whatever has become of the complaint."""


ERASED_WITHIN = timedelta(days=7)
"""So long a contact may be there whose time is over; from then on no more are taken."""


class ContactsNotErased(Conflict):
    """No contacts are taken here now: some whose time is over have not been erased."""

    zh = "目前不接收联系方式：有到期的联系方式尚未销毁。"
    remedy = (
        "Raise it without `contact`, and follow the answer by number and token.",
        "请不填 `contact`，凭编号和查询码查询答复。",
    )


class NoComplaintDesk(Missing):
    """No complaints of citizens are taken here now."""

    zh = "目前不在此处受理公众投诉。"
    remedy = (
        "Ask whoever runs this page where complaints are taken now.",
        "请向本页面的主办单位询问现在的受理途径。",
    )


class NotFollowed(Missing):
    """There is no complaint of this number and token."""

    zh = "没有与该编号和查询码相符的投诉。"
    remedy = (
        "Copy number and token as they were given when it was raised.",
        "请按提出时给出的编号和查询码填写。",
    )


class NotToBeRated(Conflict):
    """There is no answer to this complaint that could be judged now."""

    zh = "该投诉目前没有可评价的答复。"
    remedy = "Wait until it has been answered.", "请在答复后评价。"


class NoContact(Missing):
    """Nothing is kept by which whoever raised this complaint could be reached."""

    zh = "没有可用的联系方式：投诉人未留，或已到期销毁。"
    remedy = (
        "Revisit it as `not_reached`, or wait for who raised it to follow it.",
        "请以 `not_reached` 登记回访，或等待投诉人自行查询评价。",
    )


class NotNeededNow(Conflict):
    """A contact is read to ask about an answer, and for nothing else."""

    zh = "联系方式只在已答复、待回访时查阅。"
    remedy = "Read it once the complaint has been answered.", "请在投诉已答复后查阅。"
