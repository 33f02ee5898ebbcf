"""Why a file is not taken as evidence: one reason each, with what to do about it."""

from chassis.refusals import Conflict, Invalid, Missing, Unavailable


class NoSuchEvidence(Missing):
    """There is no such evidence that the caller may read in this cycle."""

    zh = "本年度没有调用者可以查阅的这份佐证材料。"
    remedy = (
        "Look the id up in the entry or claim that names it.",
        "请在引用该材料的台账记录或申报中查对标识。",
    )


class EvidenceNameUnusable(Invalid):
    """The name of the file cannot be kept."""

    zh = "文件名不可用。"
    remedy = (
        "Give a name of 1 to 200 characters without path, control characters or a number that "
        "leads to a person.",
        "请使用 1 至 200 个字符的文件名，不含路径、控制字符和能联系到个人的号码。",
    )


class EvidenceEmpty(Invalid):
    """The file has no content."""

    zh = "文件没有内容。"
    remedy = "Choose the file again and send it whole.", "请重新选择文件并完整上传。"


class EvidenceKindNotTaken(Invalid):
    """By its content the file is of no kind that is taken as evidence."""

    zh = "按内容判断，该文件不属于可作佐证的类型。"
    remedy = (
        "Send a photo, a scan, a PDF or OFD, an office document, a text or CSV, or an MP4 video.",
        "请提交照片、扫描件、`PDF` 或 `OFD`、办公文档、文本或 `CSV`，或 `MP4` 视频。",
    )


class EvidenceIsArchive(Invalid):
    """The file is an archive."""

    zh = "该文件是压缩包。"
    remedy = "Send the files in it one by one.", "请解压后逐个提交其中的文件。"


class EvidenceIsProgram(Invalid):
    """The file is a program or a script."""

    zh = "该文件是程序或脚本。"
    remedy = "Send what it shows as a document or a picture.", "请改为提交文档或图片。"


class EvidenceIsMarkup(Invalid):
    """The file is a web page, SVG or other markup, which a browser would carry out."""

    zh = "该文件是网页、`SVG` 或其他可被浏览器执行的标记文件。"
    remedy = "Print it to PDF and send that.", "请打印为 `PDF` 后提交。"


class EvidenceHasMacros(Invalid):
    """The document has macros."""

    zh = "文档含有宏。"
    remedy = (
        "Save it without macros, as .docx, .xlsx or .pptx, or as PDF.",
        "请另存为不含宏的文档（`.docx`、`.xlsx`、`.pptx`）或 `PDF` 后提交。",
    )


class EvidenceHasEmbedded(Invalid):
    """The document has other files, objects or controls in it."""

    zh = "文档内嵌其他文件、对象或控件。"
    remedy = (
        "Take them out, send them one by one, and this document as PDF.",
        "请移除内嵌内容并单独提交，本文档可另存为 `PDF`。",
    )


class EvidenceReachesOut(Invalid):
    """The document would fetch or start something from outside when it is opened."""

    zh = "文档打开时会从外部获取内容或启动程序。"
    remedy = (
        "Break the links to templates and data outside, or send it as PDF.",
        "请断开外部模板和数据链接，或另存为 `PDF` 后提交。",
    )


class EvidencePdfActs(Invalid):
    """The PDF would run something when it is opened: scripts, programs, forms, or attachments other
    than JSON."""

    zh = "`PDF` 打开时会执行内容：脚本、程序、动态表单或 `JSON` 以外的附件。"
    remedy = "Print it to a new PDF and send that.", "请重新打印为新的 `PDF` 后提交。"


class EvidenceLocked(Invalid):
    """The document is encrypted, so that nobody can look into it."""

    zh = "文档已加密，无法查看内容。"
    remedy = "Remove the password and send it again.", "请取消密码后重新提交。"


class EvidenceExpands(Invalid):
    """Unpacked the document would be far larger than it is."""

    zh = "文档解压后的体积远超其本身。"
    remedy = "Print it to PDF and send that.", "请打印为 `PDF` 后提交。"


class EvidencePictureTooLarge(Invalid):
    """The picture has more pixels than are taken."""

    zh = "图片像素超过上限。"
    remedy = (
        "Make it smaller: up to 20,000 a side and 50 million in all.",
        "请缩小图片：每边不超过 2 万像素，总数不超过 5000 万。",
    )


class EvidenceIsTwoThings(Invalid):
    """The file is of two kinds at once, or something is hidden before or behind its content."""

    zh = "该文件同时是两种类型，或在内容前后夹带其他数据。"
    remedy = (
        "Open it and save it anew; a moving photo as a plain one.",
        "请打开后重新保存；动态照片请另存为普通照片。",
    )


class EvidenceDeclaresEntities(Invalid):
    """XML in the document has a document type declaration, by which it could read other files."""

    zh = "文档中的 `XML` 带有文档类型声明，可借此读取其他文件。"
    remedy = "Save it anew with your office program.", "请用办公软件重新保存后提交。"


class EvidenceDamaged(Invalid):
    """The file is not whole, or not built as files of its kind are."""

    zh = "文件不完整，或结构不符合其类型。"
    remedy = "Open it, save it anew and send that.", "请打开文件、重新保存后提交。"


class EvidenceInfected(Invalid):
    """The malware scanner found something in the file."""

    zh = "恶意代码扫描在该文件中有检出。"
    remedy = (
        "Have the computer that it comes from looked at, and send a clean file.",
        "请检查来源计算机，清除后提交干净的文件。",
    )


class EvidenceTooLargeToScan(Invalid):
    """The file is larger than the malware scanner takes."""

    zh = "文件超过恶意代码扫描程序所能接收的大小。"
    remedy = (
        "Send it in parts, or made smaller; whoever runs the scanner can raise its limit.",
        "请拆分或压缩画质后提交；扫描程序的上限可由运维人员调高。",
    )


class EvidenceScannerDown(Unavailable):
    """The malware scanner gave no verdict about the file, and unscanned none is kept."""

    zh = "恶意代码扫描程序没有给出结论；未经扫描的文件不予保存。"
    remedy = (
        "Send the same file again later, with the same `Idempotency-Key`; if it stays so, tell "
        "whoever runs the system.",
        "请稍后以相同的 `Idempotency-Key` 重发同一文件；如持续如此，请告知系统运维人员。",
    )
    headers = {"Retry-After": "30"}  # noqa: RUF012 - never written to


class EvidenceNotNamed(Conflict):
    """Evidence cannot be named for this entry or claim."""

    zh = "不能为该记录或申报引用这些佐证材料。"
    remedy = (
        "Name evidence of your own unit, or that you may read, up to 50 for one entry or claim.",
        "请引用本单位上传或有权查阅的材料，每条记录或申报至多 50 份。",
    )


class EvidenceStoreDown(Conflict):
    """The content of this evidence cannot be read at present, or is no longer what was stored."""

    zh = "该佐证材料的内容目前无法读取，或与存入时不一致。"
    remedy = (
        "Tell whoever runs the system: the record says by which digest it was stored.",
        "请告知系统运维人员；存入时的摘要见该材料的记录。",
    )
