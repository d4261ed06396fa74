import { Button, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { IconPlayerPlay, IconPlayerStop } from "@tabler/icons-react";
import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { accessOf, JSON_TYPE, type ApiName, type Operation, type Schemas } from "../model/openapi";
import { faultIn, type Draft, type Prepared } from "../model/prepared";
import { AnswerView } from "./AnswerView";
import { BodyInput } from "./BodyInput";
import { ConnectionInputs } from "./ConnectionInputs";
import { useConnection } from "./Connection";
import { ParameterInputs } from "./ParameterInputs";
import { useSending } from "./useSending";

interface Props {
  api: ApiName;
  server: string;
  operation: Operation;
  schemas: Schemas;
  draft: Draft;
  request: Prepared;
  onChange: (draft: Draft) => void;
}

export function TryIt({ api, server, operation, schemas, draft, request, onChange }: Props) {
  const { t } = useTranslation("docs");
  const { key, paths } = useConnection();
  const { isUnderWay, received, fault, start, stop } = useSending();
  const missing = operation.parameters.filter((one) => one.in === "path" && !paths[one.name]);
  const isBroken = draft.media === JSON_TYPE && faultIn(draft.json) !== null;
  const access = accessOf(operation);
  const isReady = missing.length === 0 && !isBroken && access !== "session";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isReady) void start(request, key, draft.files);
  };
  return (
    <Paper component="section" aria-labelledby="try-it" withBorder p="md">
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <Title order={2} size="h4" id="try-it">
            {t("tryIt.title")}
          </Title>
          <ConnectionInputs api={api} server={server} access={access} />
          <ParameterInputs operation={operation} schemas={schemas} draft={draft} onChange={onChange} />
          {draft.media && <BodyInput operation={operation} schemas={schemas} draft={draft} onChange={onChange} />}
          <Group gap="sm">
            <Button
              type="submit"
              leftSection={<IconPlayerPlay size={16} aria-hidden />}
              loading={isUnderWay && !received}
              disabled={!isReady}
            >
              {t("tryIt.send")}
            </Button>
            {isUnderWay && (
              <Button variant="default" leftSection={<IconPlayerStop size={16} aria-hidden />} onClick={stop}>
                {t("tryIt.stop")}
              </Button>
            )}
            {missing.length > 0 && (
              <Text size="sm" c="dimmed">
                {t("tryIt.missing", { names: missing.map((one) => one.name).join(", ") })}
              </Text>
            )}
          </Group>
        </Stack>
      </form>
      <AnswerView received={received} fault={fault} method={operation.method} path={operation.path} />
    </Paper>
  );
}
