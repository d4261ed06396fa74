/** Seconds since 1970 as a field for local times has them; empty for what is no time. */
export function toLocal(value: string | number): string {
  if (value === "" || !Number.isFinite(Number(value))) return "";
  const at = new Date(Number(value) * 1000);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

export function toSeconds(local: string): number | "" {
  const at = new Date(local).getTime();
  return Number.isFinite(at) ? Math.round(at / 1000) : "";
}
