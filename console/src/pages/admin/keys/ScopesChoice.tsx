import { Checkbox, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { SCOPES, type Scope } from "../../../api/keys";

interface ScopesChoiceProps {
  value: Scope[];
  onChange: (scopes: Scope[]) => void;
}

/** Each scope holds the ones before it: whoever may write may read. */
export function ScopesChoice({ value, onChange }: ScopesChoiceProps) {
  const { t } = useTranslation("keys");
  const choose = (chosen: Scope, isOn: boolean) => {
    const last = SCOPES.indexOf(chosen);
    onChange(SCOPES.filter((_, at) => (isOn ? at <= last : at < last)));
  };
  return (
    <Checkbox.Group label={t("form.scopes")} value={value}>
      <Stack gap="xs" mt="xs">
        {SCOPES.map((scope) => (
          <Checkbox
            key={scope}
            value={scope}
            label={t(`scopes.${scope}`)}
            description={t(`scopesAbout.${scope}`)}
            disabled={scope === "read"}
            onChange={({ currentTarget }) => choose(scope, currentTarget.checked)}
          />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}
