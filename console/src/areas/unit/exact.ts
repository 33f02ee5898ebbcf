// Exact sums of decimals, for what a picture adds up; no binary fraction comes near a score.
function parts(text: string): [bigint, number] {
  const [, sign, whole, rest = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? []
  if (whole === undefined) throw new RangeError(`no decimal: ${text}`)
  const value = BigInt(whole + rest)
  return [sign ? -value : value, rest.length]
}

function written(value: bigint, places: number): string {
  const digits = (value < 0n ? -value : value).toString().padStart(places + 1, "0")
  const whole = digits.slice(0, digits.length - places)
  const rest = digits.slice(digits.length - places).replace(/0+$/, "")
  return (value < 0n ? "-" : "") + whole + (rest ? `.${rest}` : "")
}

/** The sum of decimals, without zeros at its end. */
export function sum(...of: string[]): string {
  const split = of.map(parts)
  const places = Math.max(0, ...split.map(([, each]) => each))
  return written(split.reduce((so, [value, each]) => so + value * 10n ** BigInt(places - each), 0n), places)
}

/** What is left of a decimal. */
export function less(from: string, by: string): string {
  return sum(from, by.startsWith("-") ? by.slice(1) : `-${by}`)
}

/** Whether a decimal is nothing. */
export function isZero(text: string): boolean {
  return parts(text)[0] === 0n
}
