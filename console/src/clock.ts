// What time it is: by the clock of the system and the days of the city, wherever the reader's machine stands
// and whatever it takes the time to be. Deadlines are days of the city.

/** Legal time of the whole country; days end by it. */
export const ZONE = "Asia/Shanghai"
const HOURS = 8

let ahead = 0

/** Take note of when an answer was given (its header `Date`). */
export function heard(date: string | null): void {
  const told = Date.parse(date ?? "")
  if (!Number.isNaN(told)) ahead = told - Date.now()
}

/** The day that it is now, `2025-03-01`, or the one some days after. */
export function today(after = 0): string {
  return new Date(Date.now() + ahead + (HOURS + after * 24) * 3_600_000).toISOString().slice(0, 10)
}

/** How many days lie between today and a day; less than none where it is over. */
export function daysUntil(day: string): number {
  return Math.round((Date.parse(`${day}T00:00:00Z`) - Date.parse(`${today()}T00:00:00Z`)) / 86_400_000)
}

/** The moment that a day and time of the city is (`2025-03-01T09:30`, as it is typed). */
export function momentOf(typed: string): string {
  return new Date(`${typed}+0${HOURS}:00`).toISOString()
}
