import { Alert, Badge, Group, List, Skeleton, Stack, Text, Title } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import type { UseQueryResult } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import type { Explained, Plan } from "../../api/explain";
import type { Asked } from "../../api/retrieval";
import { Failure } from "../../parts/Failure";
import { useFormats } from "../../parts/formats";
import { HitCard } from "./HitCard";

interface Props {
  datasetId: string;
  asked: Asked;
  found: UseQueryResult<Explained>;
}

export function Results({ datasetId, asked, found }: Props) {
  const { t } = useTranslation("lab");
  if (found.isPending)
    return (
      <Stack aria-busy aria-label={t("results.searching")}>
        <Skeleton h={120} />
        <Skeleton h={120} />
      </Stack>
    );
  if (found.error) return <Failure error={found.error} />;
  const { plan, hits, ms } = found.data;
  return (
    <Stack gap="sm" style={{ opacity: found.isPlaceholderData ? 0.6 : 1 }}>
      <Group gap="xs" aria-live="polite">
        <Title order={2} size="h4">
          {t("results.title", { count: hits.length })}
        </Title>
        <Text size="sm" c="dimmed">
          {t("results.ms", { ms })}
        </Text>
      </Group>
      <PlanLine plan={plan} />
      {plan.notes.length > 0 && (
        <Alert color="yellow" py="xs" icon={<IconInfoCircle />} title={t("results.notes")} role="note">
          <List size="sm">
            {plan.notes.map((note) => (
              <List.Item key={note}>{note}</List.Item>
            ))}
          </List>
        </Alert>
      )}
      {hits.length === 0 && (
        <Text c="dimmed" size="sm">
          {t(asked.threshold === null && asked.filters.items.length === 0 ? "results.none" : "results.noneOfSome")}
        </Text>
      )}
      <Stack gap="sm" role="list" aria-label={t("results.list")}>
        {hits.map((hit) => (
          <HitCard key={hit.chunk_id} datasetId={datasetId} hit={hit} plan={plan} />
        ))}
      </Stack>
    </Stack>
  );
}

/** How the question was settled. */
function PlanLine({ plan }: { plan: Plan }) {
  const { t } = useTranslation("lab");
  const { percent, number } = useFormats();
  const [dataset] = plan.datasets;
  return (
    <Group gap={6}>
      {dataset && (
        <Badge variant="default" tt="none" fw={400}>
          {t("plan.weight", { share: percent(dataset.vector_weight), from: t(`weightFrom.${dataset.weight_from}`) })}
        </Badge>
      )}
      {dataset?.embedding_model && (
        <Badge variant="default" tt="none" fw={400}>
          {t("plan.model", { name: dataset.embedding_model })}
        </Badge>
      )}
      {plan.reranker !== null && (
        <Badge variant="default" tt="none" fw={400}>
          {t("plan.reranker", { name: plan.reranker })}
        </Badge>
      )}
      <Badge variant="default" tt="none" fw={400}>
        {t("plan.scored", { count: plan.scored, number: number(plan.scored) })}
      </Badge>
      <Text size="xs" c="dimmed">
        {t("plan.terms")}
      </Text>
      {plan.terms.map((term) => (
        <Badge key={term} variant="light" color="gray" size="sm" tt="none" fw={400}>
          {term}
        </Badge>
      ))}
    </Group>
  );
}
