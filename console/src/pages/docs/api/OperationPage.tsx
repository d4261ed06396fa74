import { Alert, Code, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import classes from "../docs.module.css";
import { asMarkdown } from "../model/markdown";
import { accessOf, addressOf, serverOf, type ApiName, type Document, type Operation } from "../model/openapi";
import { draftOf, prepared } from "../model/prepared";
import { Method } from "../parts/Method";
import { PageLinks } from "../parts/PageLinks";
import { PageTitle } from "../parts/PageTitle";
import { Prose } from "../parts/Prose";
import { useConnection } from "../tryit/Connection";
import { TryIt } from "../tryit/TryIt";
import { Answers } from "./Answers";
import { BodyShape } from "./BodyShape";
import { ErrorTable } from "./ErrorTable";
import { Neighbours } from "./Neighbours";
import { ParameterList } from "./ParameterList";
import { Samples } from "./Samples";

interface Props {
  api: ApiName;
  document: Document;
  operation: Operation;
}

export function OperationPage({ api, document, operation }: Props) {
  const { t, i18n } = useTranslation("docs");
  const { servers, paths } = useConnection();
  const [draft, setDraft] = useState(() => draftOf(operation));
  const { schemas } = document.components;
  const access = accessOf(operation);
  const server = servers[api] ?? serverOf(document);
  const request = prepared(operation, schemas, { server, paths, draft });
  const download = { address: addressOf(api, i18n.language), name: `${api}.${i18n.language}.json` };
  return (
    <Stack gap="md">
      <Heading operation={operation} />
      <div className={classes.columns}>
        <Stack gap="xl">
          <Prose text={operation.description} />
          {access !== "key" && <Text size="sm">{t(`operation.${access}`)}</Text>}
          <ParameterList parameters={operation.parameters} schemas={schemas} />
          <BodyShape content={operation.requestBody?.content ?? {}} schemas={schemas} />
          <Answers responses={operation.responses} schemas={schemas} />
          <ErrorTable operation={operation} />
        </Stack>
        <Stack gap="lg">
          <Samples request={request} />
          <div className={classes.unprinted}>
            <TryIt
              api={api}
              server={server}
              operation={operation}
              schemas={schemas}
              draft={draft}
              request={request}
              onChange={setDraft}
            />
          </div>
        </Stack>
      </div>
      <Neighbours api={api} document={document} operation={operation} />
      <PageLinks
        title={`${api}: ${operation.operationId}`}
        source={operation["x-source"]}
        markdown={asMarkdown(operation, schemas, request, t)}
        download={download}
      />
    </Stack>
  );
}

function Heading({ operation }: { operation: Operation }) {
  const { t } = useTranslation("docs");
  return (
    <Stack gap={6}>
      <PageTitle>{operation.summary}</PageTitle>
      <Group gap="xs">
        <Method name={operation.method} />
        <span className={classes.path}>{operation.path}</span>
        <Code>{operation.operationId}</Code>
        {operation.deprecated && <span className={classes.required}>{t("operation.deprecated")}</span>}
      </Group>
      {operation.deprecated && <Alert color="orange">{t("operation.deprecatedHint")}</Alert>}
    </Stack>
  );
}
