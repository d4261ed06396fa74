import { Anchor, Badge, Button, Card, Collapse, Group, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import type { ExplainedChunk, ExplainedHit, Plan } from "../../api/explain";
import { LongText } from "../../parts/LongText";
import { inUnits } from "../../parts/Marked";
import { usePlaceWords } from "../../parts/Places";
import { HitExplained } from "./HitExplained";
import { ScoreBars } from "./ScoreBars";
import { useScore } from "./scores";
import classes from "./lab.module.css";

interface Props {
  datasetId: string;
  hit: ExplainedHit;
  plan: Plan;
}

export function HitCard({ datasetId, hit, plan }: Props) {
  const { t } = useTranslation("lab");
  const [isOpen, { toggle }] = useDisclosure();
  return (
    <Card withBorder padding="sm" role="listitem">
      <div className={classes.hit}>
        <Stack gap={6} miw={0}>
          <Origin datasetId={datasetId} chunk={hit} />
          <ChunkText chunk={hit} />
          {hit.children.length > 0 && <FoundChildren rank={hit.rank} found={hit.children} />}
          <Button
            size="compact-xs"
            variant="subtle"
            w="fit-content"
            aria-expanded={isOpen}
            aria-label={t("hit.explainOf", { rank: hit.rank })}
            leftSection={isOpen ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />}
            onClick={toggle}
          >
            {t("hit.explain")}
          </Button>
        </Stack>
        {hit.scores && <ScoreBars scores={hit.scores} />}
      </div>
      <Collapse expanded={isOpen}>{isOpen && <HitExplained chunk={hit} plan={plan} />}</Collapse>
    </Card>
  );
}

/** Where a chunk comes from, with the way there. */
export function Origin({ datasetId, chunk }: { datasetId: string; chunk: ExplainedChunk }) {
  const { t } = useTranslation("lab");
  const placeWords = usePlaceWords();
  const place = placeWords(chunk.anchors);
  return (
    <Group gap={8}>
      {chunk.rank !== null && (
        <Badge circle size="lg" variant="filled" aria-label={t("hit.rank", { rank: chunk.rank })}>
          {chunk.rank}
        </Badge>
      )}
      {chunk.document_id && (
        <Anchor
          component={Link}
          to={`/datasets/${datasetId}/documents/${chunk.document_id}?chunk=${chunk.chunk_id}`}
          size="sm"
          fw={600}
        >
          {chunk.document_name}
        </Anchor>
      )}
      <Text size="xs" c="dimmed">
        {[t("hit.chunk", { position: chunk.position }), place].filter(Boolean).join(" · ")}
      </Text>
    </Group>
  );
}

export function ChunkText({ chunk }: { chunk: ExplainedChunk }) {
  const { t } = useTranslation("lab");
  if (chunk.content === null) return null;
  const name = [chunk.document_name, t("hit.chunk", { position: chunk.position })].join(", ");
  return (
    <>
      <LongText text={chunk.content} ranges={inUnits(chunk.content, chunk.marks)} name={name} />
      {chunk.answer !== null && (
        <div className={classes.aside}>
          <LongText text={chunk.answer} name={t("hit.answerOf", { name })} />
        </div>
      )}
    </>
  );
}

function FoundChildren({ rank, found }: { rank: number | null; found: ExplainedChunk[] }) {
  const { t } = useTranslation("lab");
  const score = useScore();
  return (
    <Stack gap={4} className={classes.aside}>
      <Text size="xs" c="dimmed">
        {t("hit.children", { count: found.length })}
      </Text>
      {found.map((child) => (
        <Group key={child.chunk_id} gap="xs" wrap="nowrap" align="flex-start">
          <Badge size="sm" variant="default" flex="none">
            {score(child.scores?.final ?? null)}
          </Badge>
          <div>
            {child.content !== null && (
              <LongText
                size="xs"
                text={child.content}
                ranges={inUnits(child.content, child.marks)}
                name={t("hit.child", { rank, position: child.position })}
              />
            )}
          </div>
        </Group>
      ))}
    </Stack>
  );
}
