import { Button, Card, Group, NumberInput, Select, SimpleGrid, Stack, Textarea } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconFilter, IconSearch, IconTerminal2 } from "@tabler/icons-react";
import { useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";

import { useRerankModels } from "../../api/datasets";
import type { Plan } from "../../api/explain";
import { METHODS, toAddress, type Asked } from "../../api/retrieval";
import { CurlModal } from "./CurlModal";
import { FilterBuilder } from "./FilterBuilder";
import { WeightInput } from "./WeightInput";

interface Props {
  datasetId: string;
  asked: Asked;
  isBusy: boolean;
  plan: Plan | undefined;
  onAsk: (asked: Asked) => void;
}

const MOST = 100;

export function SearchForm({ datasetId, asked, isBusy, plan, onAsk }: Props) {
  const { t } = useTranslation("lab");
  const [draft, change] = useDraft(asked);
  const [isFiltering, filtering] = useDisclosure(asked.filters.items.length > 0);
  const [isCopying, copying] = useDisclosure();
  const rerankers = useRerankModels();
  const isReady = draft.question.trim() !== "";
  const submitOnEnter = (event: KeyboardEvent) => {
    // Enter also ends a word that is written in Chinese.
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    if (isReady) onAsk(draft);
  };
  return (
    <Card withBorder padding="md">
      <form
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          onAsk(draft);
        }}
      >
        <Stack gap="sm">
          <Textarea
            label={t("form.question")}
            placeholder={t("form.placeholder")}
            autosize
            minRows={1}
            maxRows={6}
            size="md"
            value={draft.question}
            onChange={({ currentTarget }) => change({ question: currentTarget.value })}
            onKeyDown={submitOnEnter}
          />
          <SimpleGrid cols={{ base: 2, md: 4 }} spacing="sm">
            <Select
              label={t("form.method")}
              data={METHODS.map((value) => ({ value, label: t(`methods.${value}`) }))}
              value={draft.method}
              allowDeselect={false}
              onChange={(value) => change({ method: METHODS.find((one) => one === value) ?? draft.method })}
            />
            <NumberInput
              label={t("form.topK")}
              min={1}
              max={MOST}
              allowDecimal={false}
              value={draft.topK}
              onChange={(value) => typeof value === "number" && change({ topK: Math.max(1, value) })}
            />
            <NumberInput
              label={t("form.threshold")}
              placeholder={t("form.off")}
              step={0.05}
              decimalScale={3}
              value={draft.threshold ?? ""}
              onChange={(value) => change({ threshold: typeof value === "number" ? value : null })}
            />
            <Select
              label={t("form.reranker")}
              placeholder={rerankers.data?.length === 0 ? t("form.noReranker") : t("form.off")}
              data={[
                ...new Set([
                  ...(rerankers.data ?? []).map(({ model }) => model),
                  ...(draft.reranker ? [draft.reranker] : []),
                ]),
              ]}
              disabled={rerankers.data?.length === 0 && draft.reranker === null}
              value={draft.reranker}
              clearable
              clearButtonProps={{ "aria-label": t("form.noRerankerChosen") }}
              onChange={(reranker) => change({ reranker })}
            />
          </SimpleGrid>
          {draft.method === "hybrid" && (
            <WeightInput
              weight={draft.weight}
              used={plan?.datasets[0]?.vector_weight}
              onChange={(weight) => change({ weight })}
            />
          )}
          {isFiltering && (
            <FilterBuilder
              datasetId={datasetId}
              filters={draft.filters}
              onChange={(filters) => {
                change({ filters });
                if (filters.items.length === 0) filtering.close();
              }}
            />
          )}
          <Group justify="space-between">
            <Group gap="xs">
              <Button
                variant="default"
                size="xs"
                leftSection={<IconFilter size={14} />}
                aria-expanded={isFiltering}
                onClick={() => {
                  filtering.open();
                  const items = [...draft.filters.items, { name: "", operator: "is" as const, values: [] }];
                  change({ filters: { ...draft.filters, items } });
                }}
              >
                {t("filters.add")}
              </Button>
              <Button
                variant="default"
                size="xs"
                leftSection={<IconTerminal2 size={14} />}
                disabled={!isReady}
                onClick={copying.open}
              >
                {t("curl.open")}
              </Button>
            </Group>
            <Button type="submit" leftSection={<IconSearch size={16} />} loading={isBusy} disabled={!isReady}>
              {t("form.search")}
            </Button>
          </Group>
        </Stack>
      </form>
      <CurlModal datasetId={datasetId} asked={draft} isOpen={isCopying} onClose={copying.close} />
    </Card>
  );
}

/** What is being written; it begins anew when the address asks something else, as after going back. */
function useDraft(asked: Asked): [Asked, (change: Partial<Asked>) => void] {
  const address = toAddress(asked).toString();
  const [{ draft, of }, setDraft] = useState({ draft: asked, of: address });
  if (of !== address) setDraft({ draft: asked, of: address });
  const change = (some: Partial<Asked>) =>
    setDraft((before) => ({ draft: { ...before.draft, ...some }, of: before.of }));
  return [of === address ? draft : asked, change];
}
