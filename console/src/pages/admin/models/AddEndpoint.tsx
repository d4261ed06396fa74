import {
  Alert,
  Button,
  Group,
  NumberInput,
  PasswordInput,
  SegmentedControl,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { IconAlertCircle, IconCircleCheck } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";
import { useTranslation } from "react-i18next";

import { addModel, MODELS, testModel, type ModelTest, type ModelType, type NewModel } from "../../../api/models";
import { useFormats } from "../../../parts/formats";
import { Failure } from "../../../parts/Failure";
import { Dialog } from "../Dialog";
import { useChange } from "../useChange";

interface AddEndpointProps {
  opened: boolean;
  onClose: () => void;
}

export function AddEndpoint({ opened, onClose }: AddEndpointProps) {
  const { t } = useTranslation("models");
  return (
    <Dialog opened={opened} title={t("add")} onClose={onClose} size="lg">
      <EndpointForm onClose={onClose} />
    </Dialog>
  );
}

const EMPTY: NewModel = { type: "embedding", name: "", base_url: "", model: "", api_key: "" };

/** What goes on the wire: what was left empty is not sent. */
function sentOf({ api_key, dimension, ...model }: NewModel): NewModel {
  return {
    ...model,
    ...(api_key ? { api_key } : {}),
    ...(dimension && model.type === "embedding" ? { dimension } : {}),
  };
}

function EndpointForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(["models", "common"]);
  const [model, setModel] = useState(EMPTY);
  const testing = useMutation({ mutationFn: testModel });
  const adding = useChange(addModel, MODELS);
  // A test counts for what was tested.
  const change = (part: Partial<NewModel>) => {
    setModel({ ...model, ...part });
    testing.reset();
    adding.reset();
  };
  const isTested = testing.data?.ok === true;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (isTested) adding.mutate(sentOf(model), { onSuccess: onClose });
    else testing.mutate(sentOf(model));
  };
  return (
    <form onSubmit={submit} autoComplete="off">
      <Stack gap="md">
        <TypeChoice value={model.type} onChange={(type) => change({ type })} />
        <Fields model={model} onChange={change} />
        <div aria-live="polite">
          <TestResult test={testing.data} error={testing.error} />
        </div>
        {adding.error && <Failure error={adding.error} />}
        <Group justify="space-between">
          <Text size="xs" c="dimmed" maw={280}>
            {!isTested && t("form.testFirst")}
          </Text>
          <Group>
            <Button variant="default" onClick={onClose}>
              {t("common:actions.cancel")}
            </Button>
            <Button type="submit" loading={testing.isPending || adding.isPending}>
              {t(isTested ? "form.add" : "form.test")}
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  );
}

function TypeChoice({ value, onChange }: { value: ModelType; onChange: (type: ModelType) => void }) {
  const { t } = useTranslation("models");
  return (
    <SegmentedControl
      aria-label={t("form.type")}
      value={value}
      onChange={onChange}
      data={[
        { value: "embedding", label: t("form.types.embedding") },
        { value: "rerank", label: t("form.types.rerank") },
      ]}
    />
  );
}

interface FieldsProps {
  model: NewModel;
  onChange: (part: Partial<NewModel>) => void;
}

function Fields({ model, onChange }: FieldsProps) {
  const { t } = useTranslation("models");
  return (
    <>
      <TextInput
        label={t("form.name")}
        description={t("form.nameAbout")}
        required
        data-autofocus
        value={model.name}
        onChange={({ currentTarget }) => onChange({ name: currentTarget.value })}
      />
      <TextInput
        type="url"
        label={t("form.url")}
        description={t("form.urlAbout")}
        required
        value={model.base_url}
        onChange={({ currentTarget }) => onChange({ base_url: currentTarget.value })}
      />
      <TextInput
        label={t("form.model")}
        description={t("form.modelAbout")}
        required
        value={model.model}
        onChange={({ currentTarget }) => onChange({ model: currentTarget.value })}
      />
      <PasswordInput
        label={t("form.key")}
        description={t("form.keyAbout")}
        autoComplete="new-password"
        value={model.api_key}
        onChange={({ currentTarget }) => onChange({ api_key: currentTarget.value })}
        visibilityToggleButtonProps={{ "aria-label": t("form.showKey") }}
      />
      {model.type === "embedding" && (
        <NumberInput
          label={t("form.dimension")}
          description={t("form.dimensionAbout")}
          min={1}
          allowDecimal={false}
          value={model.dimension ?? ""}
          onChange={(dimension) => onChange({ dimension: typeof dimension === "number" ? dimension : undefined })}
        />
      )}
    </>
  );
}

function TestResult({ test, error }: { test: ModelTest | undefined; error: Error | null }) {
  const { t } = useTranslation("models");
  const { number } = useFormats();
  if (error) return <Failure error={error} />;
  if (!test) return null;
  if (!test.ok)
    return (
      <Alert color="red" icon={<IconAlertCircle />} title={t("form.failed")}>
        {test.message}
      </Alert>
    );
  const ms = number(Math.round(test.ms));
  return (
    <Alert color="teal" icon={<IconCircleCheck />} title={t("form.fine")}>
      {test.dimension
        ? t("form.answeredDimension", { ms, dimension: number(test.dimension) })
        : t("form.answered", { ms })}
    </Alert>
  );
}
