import { Alert, Badge, Group, Stack, Table, Text, Title } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { useFormats } from "../../../parts/formats";
import { CodeBlock } from "../parts/CodeBlock";
import { Disclosure } from "../parts/Disclosure";
import { FileView } from "./FileView";
import { readable, type Content, type Fault, type Received } from "./sending";

interface Props {
  received: Received | null;
  fault: Fault | null;
  method: string;
  path: string;
}

export function AnswerView({ received, fault, method, path }: Props) {
  const { t } = useTranslation("docs");
  return (
    <Stack gap="sm" mt={received || fault ? "md" : 0} role="status" aria-live="polite">
      {fault && (
        <Alert color="red" icon={<IconPlugConnectedX aria-hidden />} title={t("faults.title")}>
          {t(`faults.${fault}`)}
        </Alert>
      )}
      {received && <Answered received={received} method={method} path={path} />}
    </Stack>
  );
}

function Answered({ received, method, path }: { received: Received; method: string; path: string }) {
  const { t } = useTranslation("docs");
  const { number } = useFormats();
  const isWell = received.status < 400;
  return (
    <>
      <Title order={3} size="h5">
        {t("tryIt.answer")}
      </Title>
      <Group gap="sm">
        <Badge color={isWell ? "green.9" : "red.9"} variant="filled" size="lg">
          {received.status} {received.statusText}
        </Badge>
        <Text size="sm">{t("tryIt.took", { ms: number(Math.round(received.ms)) })}</Text>
      </Group>
      <ContentView content={received.content} />
      <Disclosure label={t("tryIt.answerHeaders", { count: received.headers.length })}>
        <Table fz="xs" aria-label={`${method} ${path}`}>
          <Table.Tbody>
            {received.headers.map(([name, value]) => (
              <Table.Tr key={name}>
                <Table.Th scope="row">{name}</Table.Th>
                <Table.Td style={{ overflowWrap: "anywhere" }}>{value}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Disclosure>
    </>
  );
}

function ContentView({ content }: { content: Content }) {
  const { t } = useTranslation("docs");
  if (content.kind === "none") return <Text size="sm">{t("tryIt.empty")}</Text>;
  if (content.kind === "file") return <FileView blob={content.blob} type={content.type} />;
  return (
    <>
      {content.isOpen && <Text size="sm">{t("tryIt.streaming")}</Text>}
      <CodeBlock code={content.isOpen ? content.text : readable(content.text)} label={t("tryIt.answer")} />
      {content.isCut && <Text size="sm">{t("tryIt.cut")}</Text>}
    </>
  );
}
