import { Code, Table, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { refusalsOf } from "../model/errors";
import type { Operation } from "../model/openapi";
import { pretty } from "../model/prepared";
import { CodeBlock } from "../parts/CodeBlock";
import { Disclosure } from "../parts/Disclosure";
import { Prose } from "../parts/Prose";
import { ScrolledTable } from "../parts/ScrolledTable";

/** Everything that an operation may refuse, with what is then answered. */
export function ErrorTable({ operation }: { operation: Operation }) {
  const { t } = useTranslation("docs");
  const refusals = refusalsOf(operation);
  if (!refusals.length) return null;
  return (
    <section>
      <Title order={2} size="h4" mb="xs">
        {t("errors.title")}
      </Title>
      <ScrolledTable label={t("errors.title")}>
        <Table fz="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("errors.status")}</Table.Th>
              <Table.Th>{t("errors.code")}</Table.Th>
              <Table.Th>{t("errors.meaning")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {refusals.map((one) => (
              <Table.Tr key={`${one.status} ${one.code} ${one.message} ${one.meaning}`}>
                <Table.Td>{one.status}</Table.Td>
                <Table.Td>
                  <Code>{one.code}</Code>
                </Table.Td>
                <Table.Td>
                  <Prose text={one.meaning} size="sm" />
                  <Disclosure label={t("errors.answer")}>
                    <CodeBlock code={pretty(one.value)} label={`${one.status} ${one.code}`} />
                  </Disclosure>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrolledTable>
    </section>
  );
}
