import { Group, NumberInput, Select } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { isSized, LEAST_TOKENS, METHODS, MOST_TOKENS } from "../documents/methods";

export interface MethodChoice {
  /** None: the server's automatic rules. */
  method: string | null;
  tokens: number;
}

interface MethodFieldsProps {
  choice: MethodChoice;
  onChoose: (choice: MethodChoice) => void;
  label: string;
  /** Absent where a method must be named. */
  automatic?: string;
}

const AUTOMATIC = "automatic";

/** A chunk method with a line on what it is for, and its size where it has one. */
export function MethodFields({ choice, onChoose, label, automatic }: MethodFieldsProps) {
  const { t } = useTranslation("documents");
  const { method, tokens } = choice;
  // RAGFlow's clients may have chosen one that makes nothing here.
  const names = new Set<string>([...METHODS, ...(method ? [method] : [])]);
  const methods = [...names].map((value) => ({ value, label: t(`methods.${value}.name`, value) }));
  const choices = automatic ? [{ value: AUTOMATIC, label: automatic }, ...methods] : methods;
  return (
    <Group align="flex-start" grow preventGrowOverflow={false}>
      <Select
        label={label}
        description={method ? t(`methods.${method}.for`, "") : t("methods.automaticFor")}
        inputWrapperOrder={["label", "input", "description", "error"]}
        data={choices}
        value={method ?? AUTOMATIC}
        onChange={(value) => onChoose({ ...choice, method: value === AUTOMATIC ? null : value })}
        allowDeselect={false}
        maxDropdownHeight={320}
      />
      {method && isSized(method) && (
        <NumberInput
          label={t("rules.tokens")}
          min={LEAST_TOKENS}
          max={MOST_TOKENS}
          clampBehavior="strict"
          allowDecimal={false}
          maw={140}
          value={tokens}
          onChange={(value) => onChoose({ ...choice, tokens: Number(value) || LEAST_TOKENS })}
        />
      )}
    </Group>
  );
}

export function configOf({ method, tokens }: MethodChoice): Record<string, unknown> {
  return method && isSized(method) ? { chunk_token_num: tokens } : {};
}
