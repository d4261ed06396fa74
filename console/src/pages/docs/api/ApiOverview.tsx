import { Code, Stack, Table, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";

import classes from "../docs.module.css";
import { addressOf, operationsOf, serverOf, type ApiName, type Document } from "../model/openapi";
import { Method } from "../parts/Method";
import { PageLink } from "../parts/PageLink";
import { PageLinks } from "../parts/PageLinks";
import { PageTitle } from "../parts/PageTitle";
import { Prose } from "../parts/Prose";

/** What an API is, where it is, and each of its operations. */
export function ApiOverview({ api, document }: { api: ApiName; document: Document }) {
  const { t, i18n } = useTranslation("docs");
  const operations = operationsOf(document);
  const download = { address: addressOf(api, i18n.language), name: `${api}.${i18n.language}.json` };
  return (
    <Stack gap="md" maw={960}>
      <PageTitle>{document.info.title}</PageTitle>
      <Prose text={document.info.description} />
      <Text>
        {t("overview.server")} <Code>{serverOf(document)}</Code> · {t("overview.version")} {document.info.version}
      </Text>
      <Text>
        {t("overview.key")} <Code>Authorization: Bearer API_KEY</Code> ·{" "}
        <PageLink to="/guides/keys">{t("tryIt.keyGuide")}</PageLink>
      </Text>
      <PageLinks title={document.info.title} download={download} />
      {document.tags.map((tag) => (
        <section key={tag.name}>
          <Title order={2} size="h4" mb="xs">
            {tag["x-displayName"] ?? tag.name}
          </Title>
          <Table aria-label={tag["x-displayName"] ?? tag.name} layout="fixed">
            <Table.Tbody>
              {operations
                .filter((operation) => operation.tags[0] === tag.name)
                .map((operation) => (
                  <Table.Tr key={operation.operationId}>
                    <Table.Td w={90}>
                      <Method name={operation.method} />
                    </Table.Td>
                    <Table.Td className={classes.path} w="55%">
                      {operation.path}
                    </Table.Td>
                    <Table.Td>
                      <PageLink to={`/${api}/${operation.operationId}`}>{operation.summary}</PageLink>{" "}
                      {operation.deprecated && <span className={classes.required}>{t("operation.deprecated")}</span>}
                    </Table.Td>
                  </Table.Tr>
                ))}
            </Table.Tbody>
          </Table>
        </section>
      ))}
    </Stack>
  );
}
