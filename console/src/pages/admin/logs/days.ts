/** A day such as `2026-01-31`, which the server counts in UTC, as the language writes it without the year. */
export function shortDay(date: string, language: string): string {
  const format = new Intl.DateTimeFormat(language, { month: "short", day: "numeric", timeZone: "UTC" });
  return date ? format.format(new Date(`${date}T00:00:00Z`)) : "";
}
