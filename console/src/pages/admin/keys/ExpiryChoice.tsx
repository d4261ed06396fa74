import { Group, NativeSelect, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";

const PERIODS = [7, 30, 90, 365];
const DAY_MS = 86_400_000;
const NEVER = "never";
const ON_A_DAY = "day";

/** After so many days, or with the end of a day such as `2026-01-31`; never, if neither is said. */
export interface Expiry {
  after: number | null;
  on: string | null;
}

/** Milliseconds since 1970. */
export function expiresAt({ after, on }: Expiry): number | undefined {
  if (after !== null) return Date.now() + after * DAY_MS;
  return on ? new Date(`${on}T23:59:59`).getTime() : undefined;
}

interface ExpiryChoiceProps {
  value: Expiry;
  onChange: (expiry: Expiry) => void;
}

export function ExpiryChoice({ value, onChange }: ExpiryChoiceProps) {
  const { t } = useTranslation("keys");
  const chosen = value.on === null ? (value.after?.toString() ?? NEVER) : ON_A_DAY;
  const choose = (next: string) => {
    if (next === ON_A_DAY) onChange({ after: null, on: "" });
    else onChange({ after: next === NEVER ? null : Number(next), on: null });
  };
  return (
    <Group align="flex-end" grow preventGrowOverflow={false}>
      <NativeSelect
        label={t("form.expires")}
        value={chosen}
        onChange={({ currentTarget }) => choose(currentTarget.value)}
        data={[
          { value: NEVER, label: t("form.never") },
          ...PERIODS.map((days) => ({ value: String(days), label: t("form.days", { count: days }) })),
          { value: ON_A_DAY, label: t("form.day") },
        ]}
      />
      {value.on !== null && (
        <TextInput
          type="date"
          label={t("form.date")}
          required
          min={tomorrow()}
          value={value.on}
          onChange={({ currentTarget }) => onChange({ after: null, on: currentTarget.value })}
        />
      )}
    </Group>
  );
}

const tomorrow = () => new Date(Date.now() + DAY_MS).toISOString().slice(0, 10);
