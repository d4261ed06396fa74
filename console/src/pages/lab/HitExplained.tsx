import { Badge, Group, List, SimpleGrid, Stack, Table, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { ExplainedChunk, Parts, Plan, Scores, Verdict } from "../../api/explain";
import { useScore } from "./scores";
import classes from "./lab.module.css";

/** One score taken apart: what made it, which terms matched, what the filters say, what the reranker changed. */
export function HitExplained({ chunk, plan }: { chunk: ExplainedChunk; plan: Plan }) {
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg" className={classes.explained}>
      {chunk.scores && chunk.parts && <PartsTable scores={chunk.scores} parts={chunk.parts} />}
      <Stack gap="sm">
        {chunk.matched && <Terms matched={chunk.matched} terms={plan.terms} />}
        {chunk.filters.length > 0 && <Verdicts verdicts={chunk.filters} />}
        <Ranks chunk={chunk} />
      </Stack>
    </SimpleGrid>
  );
}

const PART_NAMES = ["words", "vector", "rerank", "boost"] as const;

function PartsTable({ scores, parts }: { scores: Scores; parts: Parts }) {
  const { t } = useTranslation("lab");
  const score = useScore();
  const how = ways(scores, parts, score);
  // The reranker's word stands there also where it is 0.
  const isShown = (name: keyof Parts) => parts[name] !== 0 || how[name] !== "";
  const shown = PART_NAMES.filter((name) => isShown(name) || (name === "rerank" && scores.rerank !== null));
  return (
    <Table fz="sm" captionSide="top" withRowBorders className={classes.parts}>
      <Table.Caption>{t("explain.parts")}</Table.Caption>
      <Table.Tbody>
        {shown.map((name) => (
          <Table.Tr key={name}>
            <Table.Th scope="row">{t(`explain.${name}`)}</Table.Th>
            <Table.Td c="dimmed">{how[name]}</Table.Td>
            <Table.Td ta="right">{score(parts[name])}</Table.Td>
          </Table.Tr>
        ))}
        <Table.Tr fw={600}>
          <Table.Th scope="row">{t("explain.sum")}</Table.Th>
          <Table.Td />
          <Table.Td ta="right">{score(scores.final)}</Table.Td>
        </Table.Tr>
      </Table.Tbody>
    </Table>
  );
}

/** How each part came about, as a calculation. */
function ways(scores: Scores, parts: Parts, score: (value: number | null) => string): Record<keyof Parts, string> {
  const { vector_weight: weight, share, cosine, rerank } = scores;
  const isReranked = rerank !== null;
  const hasWords = !isReranked || parts.words !== 0;
  return {
    words: weight < 1 && hasWords ? `${score(1 - weight)} × ${score(share ?? 0)}` : "",
    vector:
      weight > 0 && !isReranked
        ? weight < 1
          ? `${score(weight)} × ${score(Math.max(0, cosine ?? 0))}`
          : score(cosine)
        : "",
    rerank: isReranked && parts.words !== 0 ? `${score(weight)} × ${score(rerank)}` : "",
    boost: "",
  };
}

function Terms({ matched, terms }: { matched: NonNullable<ExplainedChunk["matched"]>; terms: string[] }) {
  const { t } = useTranslation("lab");
  const found = new Set([...matched.content, ...matched.title, ...matched.keywords]);
  const rows = [
    { name: "content", words: matched.content, color: "teal" },
    { name: "title", words: matched.title, color: "cyan" },
    { name: "keywords", words: matched.keywords, color: "indigo" },
    { name: "missing", words: terms.filter((term) => !found.has(term)), color: "gray" },
  ].filter(({ words }) => words.length > 0);
  return (
    <Stack gap={4}>
      <Title order={3} size="h6">
        {t("explain.terms")}
      </Title>
      {rows.map(({ name, words, color }) => (
        <Group key={name} gap={4} wrap="nowrap" align="flex-start">
          <Text size="xs" c="dimmed" w={110} flex="none">
            {t(`explain.in.${name}`)}
          </Text>
          <Group gap={4}>
            {words.map((word) => (
              <Badge
                key={word}
                size="sm"
                variant="light"
                color={color}
                tt="none"
                fw={400}
                td={name === "missing" ? "line-through" : undefined}
              >
                {word}
              </Badge>
            ))}
          </Group>
        </Group>
      ))}
    </Stack>
  );
}

export function Verdicts({ verdicts }: { verdicts: Verdict[] }) {
  const { t } = useTranslation("lab");
  return (
    <Stack gap={4}>
      <Title order={3} size="h6">
        {t("explain.filters")}
      </Title>
      <List size="sm" listStyleType="none">
        {verdicts.map((one) => (
          <List.Item key={`${one.name} ${one.operator} ${one.values.join()}`}>
            <Badge size="sm" color={one.is_met ? "teal" : "red"} variant="light" mr={6}>
              {t(one.is_met ? "explain.met" : "explain.unmet")}
            </Badge>
            {[
              one.attribute ? t(`attributes.${one.attribute}`) : one.name,
              t(`operators.${one.operator}`),
              one.values.map(String).join(", "),
            ].join(" ")}
            {" — "}
            {one.document_values.length > 0
              ? t("explain.has", { values: one.document_values.map(String).join(", ") })
              : t("explain.hasNone")}
          </List.Item>
        ))}
      </List>
    </Stack>
  );
}

function Ranks({ chunk: { rank, rank_before_rerank: before, scores } }: { chunk: ExplainedChunk }) {
  const { t } = useTranslation("lab");
  if (rank === null || before === null || scores?.rerank == null) return null;
  return <Text size="sm">{t(rank === before ? "explain.sameRank" : "explain.ranks", { rank, before })}</Text>;
}
