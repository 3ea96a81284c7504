"""A whole file: sheets, header, rows, rejects, and nothing but rows or one clear refusal."""

from datetime import UTC, datetime

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.importing.reasons import FileRefused
from data.importing.rows import by_heading

HEADER = "工单号,接待日期,出厂日期,车牌号,客户电话,工时费,材料费,应结金额\n"


def orders(reading, write, *lines: str):
    return list(reading("repair-orders", write(HEADER + "\n".join(lines))).rows())


def why(row) -> str:
    return " ".join(str(problem.reason) for problem in row.refused)


def test_a_clean_row(reading, write) -> None:
    (row,) = orders(reading, write, "RO1,2025-03-05 10:25,2025-03-06,粤BE0001,,100,200,300")
    assert row.values == {
        "number": "RO1",
        "opened_at": datetime(2025, 3, 5, 2, 25, tzinfo=UTC),
        "delivered_at": datetime(2025, 3, 6, 15, 59, 59, tzinfo=UTC),
        "plate": "粤BE0001",
        "labour_fen": 10000,
        "parts_fen": 20000,
        "total_fen": 30000,
        "numbered": True,
    }


def test_a_reject_says_line_column_text_and_reason(reading, write) -> None:
    _, row = orders(
        reading, write, "RO1,2025-03-05,,粤BE0001,,,,", "RO2,2025-02-30,,粤BE0002,1990,,,"
    )
    said = [(one.column, one.raw, one.reason.sentence) for one in row.refused]
    assert row.line == 3
    assert said[0] == ("接待日期", "2025-02-30", "There is no such day in the calendar.")
    assert said[1][:2] == ("客户电话", "1990")
    assert row.refused[1].reason.gaps == {"digits": 4}


def test_the_total_is_computed_or_doubted(reading, write) -> None:
    computed, doubted = orders(
        reading,
        write,
        "RO1,2025-03-05,,粤BE0001,,100,200,",
        "RO2,2025-03-05,,粤BE0001,,100,200,350",
    )
    assert computed.values["total_fen"] == 30000
    assert doubted.values["total_fen"] == 35000
    assert "Labour and parts make 300.00" in str(doubted.doubts[0].reason)


def test_a_car_is_not_delivered_before_it_arrived_but_the_same_day_is_fine(reading, write) -> None:
    early, same = orders(
        reading,
        write,
        "RO1,2025-03-05 10:25,2025-03-04,粤BE0001,,,,",
        "RO2,2025-03-05 10:25,2025-03-05,粤BE0001,,,,",
    )
    assert why(early) == "The car was delivered before it arrived."
    assert not same.refused


def test_repeats_and_contradictions(reading, write) -> None:
    first, same, other = orders(
        reading,
        write,
        "RO1,2025-03-05,,粤BE0001,,,,",
        "RO1,2025/3/5,,粤be0001,,,,",
        "RO1,2025-03-06,,粤BE0001,,,,",
    )
    assert (first.repeats, same.repeats) == (None, 2)
    assert "Line 2 has the same number" in why(other)


def test_what_is_needed_and_missing_is_said(reading, write) -> None:
    no_vehicle, no_day = orders(reading, write, "RO1,2025-03-05,,,,,,", "RO2,,,粤BE0001,,,,")
    assert why(no_vehicle) == "There is nothing in 车牌号 / 客户电话."
    assert why(no_day) == "There is nothing in 接待日期."


def test_totals_footnotes_blanks_and_repeated_headers_are_skipped_and_counted(
    reading, write
) -> None:
    lines = [
        "RO1,2025-03-05,,粤BE0001,,1,2,3",
        "",
        ",,,,,,,",
        "本页小计,,,,,1,2,3",
        HEADER.strip(),
        "RO2,2025-03-05,,粤BE0001,,1,2,3",
        "合 计：,,,,,2,4,￥6.00",
        "注：数据来源于DMS",
        "第1页",
    ]
    found = reading("repair-orders", write(HEADER + "\n".join(lines)))
    assert [row.line for row in found.rows()] == [2, 7]
    assert found.skipped == {"blank": 2, "total": 2, "header": 1, "footnote": 2}


def test_a_customer_whose_number_begins_like_a_total_is_none(reading, write) -> None:
    (row,) = orders(reading, write, "合计1,2025-03-05,,粤BE0001,19900000001,1,2,3")
    assert row.values["number"] == "合计1"


def test_ragged_rows_are_refused_with_their_line(reading, write) -> None:
    short, long, only_commas = orders(
        reading,
        write,
        "RO1,2025-03-05",
        "RO2,2025-03-05,,粤BE0001,,1,2,3,4",
        "RO3,2025-03-05,,粤BE0001,,1,2,3,,,",
    )
    assert why(short) == "The row stops after 2 fields; the header has 8."
    assert why(long) == "The row has 9 fields; the header has only 8."
    assert not only_commas.refused


def test_an_order_without_a_number_is_known_by_vehicle_and_arrival(reading, write) -> None:
    content = "入厂时间,车牌号,vehicle_no\n2025-03-05 10:25,粤BE0001,\n2025-03-05 10:25,,{}\n"
    plate, long = reading("repair-orders", write(content.format("V" * 40))).rows()
    assert plate.values["number"] == "粤BE0001@20250305T102500"
    assert not plate.values["numbered"]
    assert len(long.values["number"]) <= 40


def test_a_missing_column_no_header_and_no_data_are_said(reading, write) -> None:
    for content, words in (
        ("工单号,备注\nRO1,x\n", "A column is missing: one of 接待日期, 接待时间, 入厂时间"),
        ("foo,bar\n1,2\n", "No header was recognised"),
        (HEADER, "There is a header but no data"),
        (HEADER + ",,,,,,,\n", "There is a header but no data"),
        ("\n\n\n", "No header was recognised"),
    ):
        with pytest.raises(FileRefused, match=words):
            reading("repair-orders", write(content))
    with pytest.raises(FileRefused, match="no kind of table called cars"):
        reading("cars", write(HEADER))


def test_a_mapping_reaches_columns_dates_values_and_empty_words(reading, write) -> None:
    mapping = write(
        '[columns]\n"进店"="opened_at"\n[dates]\norder="dmy"\n[values.kind]\n"快修"="repair"\n'
        '[empty]\nwords=["NULL"]\n',
        "m.toml",
    )
    path = write("进店,车牌号,业务类型,工时费\n05/03/2025,粤BE0001,快修,NULL\n")
    (row,) = reading("repair-orders", path, mapping=mapping).rows()
    assert f"{row.values['opened_at']:%Y-%m-%d}" == "2025-03-04", "midnight in Shanghai"
    assert row.values["kind"] == "repair"
    assert row.values["labour_fen"] is None


def test_sheets_are_chosen_by_their_header_or_by_name(reading, tmp_path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "说明"
    book.active.append(["请看下一页"])
    for name, number in (("一月", "RO1"), ("二月", "RO2")):
        sheet = book.create_sheet(name)
        sheet.append(["工单号", "接待日期", "车牌号"])
        sheet.append([number, "2025-03-05", "粤BE0001"])
    book.create_sheet("密").sheet_state = "hidden"
    path = tmp_path / "orders.xlsx"
    book.save(path)
    found = reading("repair-orders", path)
    assert [row.values["number"] for row in found.rows()] == ["RO1"]
    assert [str(notice) for notice in found.notices] == [
        "Only the sheet 一月 was read; not read: 说明, 二月.",
        "Hidden sheets are not read: 密.",
    ]
    asked = reading("repair-orders", path, sheet="二月")
    assert [row.values["number"] for row in asked.rows()] == ["RO2"]
    for name in ("三月", "密"):
        with pytest.raises(FileRefused, match=f"no visible sheet {name}"):
            reading("repair-orders", path, sheet=name)


def test_a_file_can_be_read_twice(reading, write) -> None:
    found = reading("repair-orders", write(HEADER + "RO1,2025-03-05,,粤BE0001,,,,\n"))
    assert [[row.repeats for row in found.rows()] for _ in range(2)] == [[None], [None]]


def test_original_texts_are_kept_by_heading(reading, write) -> None:
    found = reading("repair-orders", write("工单号,工单号,车牌,接待日期,\nA,B, 粤X ,2025,x\n"))
    (row,) = found.rows()
    texts = by_heading(row.cells, found.header.columns)
    assert texts == [("工单号", "A"), ("工单号", "B"), ("车牌", " 粤X "), ("接待日期", "2025")]


def test_employees(reading, write) -> None:
    path = write(
        "工号,姓名,岗位,部门,在职\nE1,李顾问,服务顾问,前台,在职\n,赵敏,洗车工,,离职\nE3,王,技师,,是\n"
    )
    first, second, third = reading("employees", path).rows()
    assert first.values | {"active": True, "role": "adviser"} == first.values
    assert (second.values["number"], second.values["role"]) == ("赵敏", "other")
    assert second.values["active"] is False
    assert "洗车工" in str(second.doubts[0].reason)
    assert (third.values["role"], third.values["active"]) == ("technician", True)


def test_one_customer_may_have_two_cars_but_only_one_name(reading, write) -> None:
    path = write(
        "客户编号,客户名称,车牌号\nK1,张,粤BE0001\nK1,张,粤BE0002\nK1,张,粤BE0001\nK1,李,粤BE0003\n"
    )
    first, second, repeat, other = reading("customers", path).rows()
    assert not first.refused
    assert not second.refused
    assert repeat.repeats == 2
    assert "Line 2 has the same number" in why(other)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.one_of(
        st.binary(max_size=400),
        st.text(max_size=200).map(lambda text: (HEADER + text).encode("utf-8", "replace")),
        st.text(alphabet='RO1粤B,";\t\n\r\0 2025-3', max_size=200).map(
            lambda text: (HEADER + text).encode("gbk", "replace")
        ),
        st.binary(max_size=300).map(lambda tail: b"PK\x03\x04" + tail),
        st.binary(max_size=300).map(lambda tail: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + tail),
    )
)
def test_any_bytes_are_rows_or_one_clear_refusal(reading, write, content: bytes) -> None:
    try:
        found = list(reading("repair-orders", write(content)).rows())
    except FileRefused as refusal:
        said = str(refusal)
        found = []
        assert said.endswith((".", "”.")), said
    assert all(row.refused or row.repeats or row.values["opened_at"] for row in found)
