import { Skeleton, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";

import { Failure } from "../../../parts/Failure";
import { DocsShell } from "../DocsShell";
import { isApi, operationsOf, type ApiName, type Document } from "../model/openapi";
import { PageTitle } from "../parts/PageTitle";
import { ApiOverview } from "./ApiOverview";
import { ApiSidebar } from "./ApiSidebar";
import { OperationPage } from "./OperationPage";
import { useDocument } from "./useDocument";

export default function ApiPage() {
  const { t } = useTranslation("docs");
  const { api } = useParams();
  if (isApi(api)) return <KnownApi api={api} />;
  return (
    <DocsShell>
      <PageTitle>{t("missing.page")}</PageTitle>
    </DocsShell>
  );
}

function KnownApi({ api }: { api: ApiName }) {
  const { data, error } = useDocument(api);
  const sidebar = data ? <ApiSidebar key={api} api={api} document={data} /> : <Waiting rows={12} />;
  return (
    <DocsShell sidebar={sidebar}>
      {error && <Failure error={error} />}
      {!error && !data && <Waiting rows={8} />}
      {data && <Chosen api={api} document={data} />}
    </DocsShell>
  );
}

function Chosen({ api, document }: { api: ApiName; document: Document }) {
  const { operationId } = useParams();
  if (!operationId) return <ApiOverview api={api} document={document} />;
  const operation = operationsOf(document).find((one) => one.operationId === operationId);
  if (!operation) return <MissingOperation id={operationId} />;
  return <OperationPage key={operationId} api={api} document={document} operation={operation} />;
}

function MissingOperation({ id }: { id: string }) {
  const { t } = useTranslation("docs");
  return (
    <>
      <PageTitle>{t("missing.page")}</PageTitle>
      <Text mt="md">{t("missing.operation", { id })}</Text>
    </>
  );
}

function Waiting({ rows }: { rows: number }) {
  return (
    <Stack gap="sm" aria-busy="true">
      {Array.from({ length: rows }, (_, index) => (
        <Skeleton key={index} height={22} />
      ))}
    </Stack>
  );
}
