import { PasswordInput, Progress, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { LEAST_LENGTH, STRENGTHS, strengthOf, type Strength } from "./passwords";

const COLORS: Record<Strength, string> = { short: "red", weak: "orange", fair: "yellow", strong: "teal" };

interface NewPasswordProps {
  password: string;
  again: string;
  onPassword: (text: string) => void;
  onAgain: (text: string) => void;
  error?: string | undefined;
}

export const fits = (password: string, again: string) => strengthOf(password) !== "short" && password === again;

/** A new password, twice, with a hint on how good it is. */
export function NewPassword({ password, again, onPassword, onAgain, error }: NewPasswordProps) {
  const { t } = useTranslation("start");
  const differs = again !== "" && again !== password;
  return (
    <Stack gap="sm">
      <PasswordInput
        label={t("password.new")}
        description={t("password.rule", { count: LEAST_LENGTH })}
        autoComplete="new-password"
        required
        value={password}
        onChange={({ currentTarget }) => onPassword(currentTarget.value)}
        error={error}
        visibilityToggleButtonProps={{ "aria-label": t("password.show") }}
      />
      <StrengthHint password={password} />
      <PasswordInput
        label={t("password.again")}
        autoComplete="new-password"
        required
        value={again}
        onChange={({ currentTarget }) => onAgain(currentTarget.value)}
        error={differs ? t("password.differs") : undefined}
        visibilityToggleButtonProps={{ "aria-label": t("password.show") }}
      />
    </Stack>
  );
}

function StrengthHint({ password }: { password: string }) {
  const { t } = useTranslation("start");
  const strength = strengthOf(password);
  const share = password === "" ? 0 : ((STRENGTHS.indexOf(strength) + 1) / STRENGTHS.length) * 100;
  return (
    <div>
      <Progress value={share} color={COLORS[strength]} size="xs" aria-label={t("password.strength")} />
      <Text size="xs" c="dimmed" mt={4} mih="1.2em" aria-live="polite">
        {password === "" ? "" : t(`password.strengths.${strength}`)}
      </Text>
    </div>
  );
}
