import { Anchor, Breadcrumbs, Button, Grid, Group, Paper, Select, Stack, Stepper, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";

import { useDataset, type DocForm } from "../../api/datasets";
import { addUploads } from "../../api/upload";
import { FilesStep } from "./FilesStep";
import { PreviewPane } from "./PreviewPane";
import { RulesForm } from "./RulesForm";
import { SendingStep } from "./SendingStep";
import { FIRST_RULES, uploadRules, type WizardRules } from "./wizardRules";

const STEPS = ["files", "rules", "upload"] as const;

/** Files, rules with what they would make of them, and only then the upload. */
export default function UploadPage() {
  const { t } = useTranslation("documents");
  const { datasetId = "" } = useParams();
  const { data: dataset } = useDataset(datasetId);
  const [step, setStep] = useState(0);
  const [files, setFiles] = useState<File[]>([]);
  const [rules, setRules] = useState(FIRST_RULES);
  const form = dataset?.doc_form ?? null;
  const send = () => {
    addUploads(datasetId, files, uploadRules(rules, form), dataset?.indexing_technique ?? "high_quality");
    setFiles([]);
    setStep(2);
  };
  return (
    <Stack gap="md">
      <div>
        <Breadcrumbs separatorMargin={6}>
          <Anchor component={Link} to={`/datasets/${datasetId}`} size="sm">
            {dataset?.name ?? "…"}
          </Anchor>
          <Text size="sm" c="dimmed">
            {t("wizard.title")}
          </Text>
        </Breadcrumbs>
        <Title order={1} size="h2" mt={4}>
          {t("wizard.title")}
        </Title>
      </div>
      <Stepper active={step} onStepClick={setStep} size="sm" allowNextStepsSelect={false} maw={720}>
        {STEPS.map((name) => (
          <Stepper.Step key={name} label={t(`wizard.steps.${name}`)} />
        ))}
      </Stepper>
      {step === 0 && <FilesStep files={files} onFiles={setFiles} onNext={() => setStep(1)} />}
      {step === 1 && files.length > 0 && (
        <RulesStep
          files={files}
          rules={rules}
          form={form}
          onRules={setRules}
          onBack={() => setStep(0)}
          onSend={send}
          isReady={dataset !== undefined}
        />
      )}
      {step === 1 && files.length === 0 && <Text c="dimmed">{t("wizard.noFiles")}</Text>}
      {step === 2 && <SendingStep datasetId={datasetId} onMore={() => setStep(0)} />}
    </Stack>
  );
}

interface RulesStepProps {
  files: File[];
  rules: WizardRules;
  form: DocForm | null;
  isReady: boolean;
  onRules: (rules: WizardRules) => void;
  onBack: () => void;
  onSend: () => void;
}

function RulesStep({ files, rules, form, isReady, onRules, onBack, onSend }: RulesStepProps) {
  const { t } = useTranslation("documents");
  const [shown, setShown] = useState(0);
  const file = files[shown] ?? files[0];
  const choices = files.map((one, index) => ({ value: String(index), label: one.name }));
  return (
    <Grid>
      <Grid.Col span={{ base: 12, md: 5 }}>
        <Paper withBorder p="md">
          <Stack gap="lg">
            <RulesForm rules={rules} form={form} onChange={onRules} />
            {files.length > 1 && (
              <Select
                label={t("wizard.previewOf")}
                data={choices}
                value={String(shown)}
                onChange={(value) => setShown(Number(value ?? 0))}
                allowDeselect={false}
                searchable
              />
            )}
            <Group>
              <Button onClick={onSend} disabled={!isReady}>
                {t("wizard.send", { count: files.length })}
              </Button>
              <Button variant="default" onClick={onBack}>
                {t("wizard.back")}
              </Button>
            </Group>
          </Stack>
        </Paper>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 7 }}>
        {file && <PreviewPane file={file} rules={uploadRules(rules, form)} />}
      </Grid.Col>
    </Grid>
  );
}
