// Some rows of a table, drawn as one: what is drawn already is left alone while more rows come, and
// what a cell reads is followed here, so that it is drawn again once it is known.
import { defineComponent, h, type PropType, type Slot, type VNode } from "vue"
import type { Column } from "./DataTable.vue"

type Row = object
export type Cell = Slot<{ row: Row; text: string | number | null | undefined }> | undefined

export interface Drawing {
  columns: Column<Row>[]
  /** What draws a cell of each column, where the page says. */
  cells: Cell[]
  rowKey: (row: Row) => string | number
  rowClass: ((row: Row) => string) | undefined
  choosing: boolean
  opens: boolean
  choose: (row: Row) => void
  open: (row: Row) => void
}

export function textOf(column: Column<Row>, row: Row): string | number | null | undefined {
  return column.text ? column.text(row) : (row as Record<string, string>)[column.key]
}

let names: Intl.Collator | undefined
/** Order two texts as Chinese is ordered, with the numbers in them by their size. */
export function byName(a: string, b: string): number {
  return (names ??= new Intl.Collator("zh-CN", { numeric: true })).compare(a, b)
}

export const Rows = defineComponent({
  props: {
    rows: { type: Array as PropType<Row[]>, required: true },
    how: { type: Object as PropType<Drawing>, required: true },
    chosen: { type: Set as PropType<Set<string | number>>, required: true },
  },
  setup(props) {
    function cell(column: Column<Row>, fill: Cell, row: Row): VNode {
      const text = textOf(column, row)
      const link = () => h("button", { type: "button", class: "link", onClick: () => props.how.open(row) }, text ?? "—")
      const inside = fill ? fill({ row, text }) : props.how.opens && column.head ? [link()] : String(text ?? "—")
      const given = { key: column.key, class: { number: column.number } }
      return column.head ? h("th", { ...given, scope: "row" }, inside) : h("td", given, inside)
    }
    function choice(row: Row, isChosen: boolean): VNode {
      const { columns, choose } = props.how
      const named = String(textOf(columns.find((each) => each.head) ?? columns[0]!, row) ?? "")
      const box = h("input", { type: "checkbox", checked: isChosen, "aria-label": named, onChange: () => choose(row) })
      return h("td", { class: "choice" }, [box])
    }
    return () => {
      const { columns, cells, rowKey, rowClass, choosing } = props.how
      return props.rows.map((row) => {
        const key = rowKey(row)
        const isChosen = props.chosen.has(key)
        const told = columns.map((column, n) => cell(column, cells[n], row))
        return h("tr", { key, class: [rowClass?.(row), { chosen: isChosen }] }, choosing ? [choice(row, isChosen), ...told] : told)
      })
    }
  },
})
