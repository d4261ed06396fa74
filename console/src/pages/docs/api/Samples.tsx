import { Stack, Tabs, Text, Title } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { useTranslation } from "react-i18next";

import type { Prepared } from "../model/prepared";
import { KEY_VARIABLE, SAMPLES, type SampleName } from "../model/samples";
import { CodeBlock } from "../parts/CodeBlock";

/** The request as programs write it, with what is filled in beside it but for the key. */
export function Samples({ request }: { request: Prepared }) {
  const { t } = useTranslation("docs");
  const [chosen, choose] = useLocalStorage<SampleName>({ key: "diglot-docs-sample", defaultValue: "curl" });
  return (
    <Stack component="section" gap="xs" aria-labelledby="samples">
      <Title order={2} size="h4" id="samples">
        {t("samples.title")}
      </Title>
      <Tabs value={chosen in SAMPLES ? chosen : "curl"} onChange={(name) => choose((name ?? "curl") as SampleName)}>
        <Tabs.List>
          {Object.entries(SAMPLES).map(([name, sample]) => (
            <Tabs.Tab key={name} value={name} fz="xs">
              {sample.name}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {Object.entries(SAMPLES).map(([name, sample]) => (
          <Tabs.Panel key={name} value={name} pt="xs">
            <CodeBlock code={sample.write(request)} label={sample.name} />
          </Tabs.Panel>
        ))}
      </Tabs>
      {request.needsKey && (
        <Text size="xs" c="dimmed">
          {t("samples.key", { variable: KEY_VARIABLE })}
        </Text>
      )}
    </Stack>
  );
}
