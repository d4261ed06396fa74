import { Checkbox, Group, NumberInput, Radio, SegmentedControl, Stack, Text, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { DocForm } from "../../api/datasets";
import { MethodFields } from "../datasets/MethodFields";
import { isOpen, KINDS, type Kind, type ParentMode, type WizardRules } from "./wizardRules";

const LEAST_SIZE = 50;
const MOST_SIZE = 4000;

interface RulesFormProps {
  rules: WizardRules;
  form: DocForm | null;
  onChange: (rules: WizardRules) => void;
}

interface PartProps {
  rules: WizardRules;
  change: (changed: Partial<WizardRules>) => void;
}

export function RulesForm({ rules, form, onChange }: RulesFormProps) {
  const { t } = useTranslation("documents");
  const change = (changed: Partial<WizardRules>) => onChange({ ...rules, ...changed });
  return (
    <Stack gap="md">
      <Radio.Group label={t("rules.title")} value={rules.kind} onChange={(value) => change({ kind: value as Kind })}>
        <Stack gap="xs" mt={6}>
          {KINDS.map((kind) => (
            <Radio
              key={kind}
              value={kind}
              disabled={!isOpen(kind, form)}
              label={t(`rules.kinds.${kind}.name`)}
              description={t(isOpen(kind, form) ? `rules.kinds.${kind}.for` : "rules.formSettled")}
            />
          ))}
        </Stack>
      </Radio.Group>
      {rules.kind === "method" && (
        <MethodFields
          label={t("rules.method")}
          choice={{ method: rules.method, tokens: rules.methodTokens }}
          onChoose={({ method, tokens }) => change({ method: method ?? rules.method, methodTokens: tokens })}
        />
      )}
      {rules.kind === "hierarchical" && <Parents rules={rules} change={change} />}
      {(rules.kind === "custom" || rules.kind === "hierarchical") && <Sizes rules={rules} change={change} />}
      {rules.kind === "hierarchical" && <Children rules={rules} change={change} />}
      {(rules.kind === "custom" || rules.kind === "hierarchical") && <Cleaning rules={rules} change={change} />}
    </Stack>
  );
}

function Parents({ rules, change }: PartProps) {
  const { t } = useTranslation("documents");
  const choices = [
    { value: "paragraph", label: t("rules.parents.paragraph") },
    { value: "full-doc", label: t("rules.parents.fullDoc") },
  ];
  return (
    <div>
      <Text size="sm" fw={500} mb={4}>
        {t("rules.parents.title")}
      </Text>
      <SegmentedControl
        aria-label={t("rules.parents.title")}
        data={choices}
        value={rules.parentMode}
        onChange={(value) => change({ parentMode: value as ParentMode })}
      />
    </div>
  );
}

function Sizes({ rules, change }: PartProps) {
  const { t } = useTranslation("documents");
  if (rules.kind === "hierarchical" && rules.parentMode === "full-doc") return null;
  return (
    <Group grow align="flex-start">
      <TextInput
        label={t("rules.separator")}
        description={t("rules.separatorHint")}
        inputWrapperOrder={["label", "input", "description", "error"]}
        value={rules.separator}
        error={rules.separator === "" ? t("rules.separatorNeeded") : undefined}
        onChange={({ currentTarget }) => change({ separator: currentTarget.value })}
      />
      <NumberInput
        label={t("rules.tokens")}
        min={LEAST_SIZE}
        max={MOST_SIZE}
        allowDecimal={false}
        value={rules.maxTokens}
        onChange={(value) => change({ maxTokens: Number(value) || 0 })}
      />
      {rules.kind === "custom" && (
        <NumberInput
          label={t("rules.overlap")}
          min={0}
          max={Math.max(0, rules.maxTokens - 1)}
          allowDecimal={false}
          value={rules.overlap}
          onChange={(value) => change({ overlap: Number(value) || 0 })}
        />
      )}
    </Group>
  );
}

function Children({ rules, change }: PartProps) {
  const { t } = useTranslation("documents");
  return (
    <Group grow align="flex-start">
      <TextInput
        label={t("rules.childSeparator")}
        value={rules.childSeparator}
        error={rules.childSeparator === "" ? t("rules.separatorNeeded") : undefined}
        onChange={({ currentTarget }) => change({ childSeparator: currentTarget.value })}
      />
      <NumberInput
        label={t("rules.childTokens")}
        min={LEAST_SIZE}
        max={MOST_SIZE}
        allowDecimal={false}
        value={rules.childMaxTokens}
        onChange={(value) => change({ childMaxTokens: Number(value) || 0 })}
      />
    </Group>
  );
}

function Cleaning({ rules, change }: PartProps) {
  const { t } = useTranslation("documents");
  return (
    <Stack gap="xs">
      <Text size="sm" fw={500}>
        {t("rules.cleaning")}
      </Text>
      <Checkbox
        label={t("rules.removesSpaces")}
        checked={rules.removesSpaces}
        onChange={({ currentTarget }) => change({ removesSpaces: currentTarget.checked })}
      />
      <Checkbox
        label={t("rules.removesAddresses")}
        checked={rules.removesAddresses}
        onChange={({ currentTarget }) => change({ removesAddresses: currentTarget.checked })}
      />
    </Stack>
  );
}
