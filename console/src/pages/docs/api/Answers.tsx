import { Group, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { successOf } from "../model/errors";
import type { Answer, Schemas } from "../model/openapi";
import { pretty } from "../model/prepared";
import { fieldsOf } from "../model/schema";
import { shapeOf } from "../model/shape";
import { CodeBlock } from "../parts/CodeBlock";
import { Disclosure } from "../parts/Disclosure";
import { Prose } from "../parts/Prose";
import { SchemaFields } from "./SchemaFields";

interface Props {
  responses: Record<string, Answer>;
  schemas: Schemas;
}

/** What success looks like; refusals have a table of their own. */
export function Answers({ responses, schemas }: Props) {
  const { t } = useTranslation("docs");
  const successes = Object.entries(responses).filter(([status]) => Number(status) < 400);
  return (
    <section>
      <Title order={2} size="h4" mb="xs">
        {t("answers.title")}
      </Title>
      <Stack gap="md">
        {successes.map(([status, answer]) => (
          <Success key={status} status={status} answer={answer} schemas={schemas} />
        ))}
      </Stack>
    </section>
  );
}

function Success({ status, answer, schemas }: { status: string; answer: Answer; schemas: Schemas }) {
  const { t } = useTranslation("docs");
  const success = successOf(answer);
  const [media, content] = Object.entries(answer.content ?? {})[0] ?? ["", {}];
  const count = fieldsOf(content.schema ?? {}, schemas).length;
  const value = success?.value ?? (count > 0 ? shapeOf(content.schema ?? {}, schemas) : undefined);
  const text = typeof value === "string" ? value : pretty(value);
  return (
    <Stack gap="xs">
      <Group gap="xs" align="baseline">
        <Title order={3} size="h5">
          {status}
        </Title>
        <Prose text={answer.description} size="sm" />
        <Text size="xs" c="dimmed" ff="monospace">
          {media}
        </Text>
      </Group>
      {success === null && count > 0 && <Text size="xs">{t("answers.shape")}</Text>}
      {value !== undefined && <CodeBlock code={text} label={t("answers.example", { status })} />}
      {count > 0 && (
        <Disclosure label={t("answers.fields", { count })}>
          <SchemaFields schema={content.schema ?? {}} schemas={schemas} />
        </Disclosure>
      )}
    </Stack>
  );
}
