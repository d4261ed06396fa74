import { Button, Group, NumberInput, Select, Slider, Stack, Switch, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import {
  changeDataset,
  useRerankModels,
  type Dataset,
  type RetrievalModel,
  type SearchMethod,
} from "../../api/datasets";
import { Failure } from "../../parts/Failure";
import { useFormats } from "../../parts/formats";
import { Section } from "./Section";
import { useChange } from "./useChange";

const METHODS: SearchMethod[] = ["hybrid_search", "semantic_search", "full_text_search"];
const MOST_HITS = 1024;
const HALF = 0.5;
const FINE = 0.05;

/** How the dataset is searched when a client sends no settings of its own. */
export function RetrievalForm({ dataset }: { dataset: Dataset }) {
  const { t } = useTranslation("datasets");
  const { t: tCommon } = useTranslation();
  const [model, setModel] = useState(dataset.retrieval_model_dict);
  const saving = useChange(() => changeDataset(dataset.id, { retrieval_model: model }));
  const change = (changed: Partial<RetrievalModel>) => setModel({ ...model, ...changed });
  const isEconomy = dataset.indexing_technique === "economy";
  return (
    <Section title={t("settings.retrieval")} lead={t("settings.retrievalLead")}>
      <Stack gap="md">
        <Group grow align="flex-start" preventGrowOverflow={false}>
          <Select
            label={t("retrieval.method")}
            data={METHODS.map((value) => ({ value, label: t(`retrieval.methods.${value}`) }))}
            value={isEconomy ? "full_text_search" : model.search_method}
            onChange={(value) => change({ search_method: METHODS.find((one) => one === value) ?? "hybrid_search" })}
            allowDeselect={false}
            disabled={isEconomy}
            description={isEconomy ? t("retrieval.economyOnly") : undefined}
          />
          <NumberInput
            label={t("retrieval.topK")}
            min={1}
            max={MOST_HITS}
            allowDecimal={false}
            maw={160}
            value={model.top_k}
            onChange={(value) => change({ top_k: Math.max(1, Number(value) || 1) })}
          />
        </Group>
        <Threshold model={model} onChange={change} />
        {!isEconomy && model.search_method === "hybrid_search" && <WeightFields model={model} onChange={change} />}
        <Reranker model={model} onChange={change} />
        {saving.error && <Failure error={saving.error} />}
        <Group>
          <Button onClick={() => saving.mutate(undefined)} loading={saving.isPending}>
            {tCommon("actions.save")}
          </Button>
        </Group>
      </Stack>
    </Section>
  );
}

interface PartProps {
  model: RetrievalModel;
  onChange: (changed: Partial<RetrievalModel>) => void;
}

function Threshold({ model, onChange }: PartProps) {
  const { t } = useTranslation("datasets");
  return (
    <Group align="center" mih={36}>
      <Switch
        label={t("retrieval.hasThreshold")}
        checked={model.score_threshold_enabled}
        onChange={({ currentTarget }) =>
          onChange({ score_threshold_enabled: currentTarget.checked, score_threshold: model.score_threshold ?? HALF })
        }
      />
      {model.score_threshold_enabled && (
        <NumberInput
          aria-label={t("retrieval.threshold")}
          min={0}
          max={1}
          step={FINE}
          decimalScale={2}
          maw={110}
          value={model.score_threshold ?? 0}
          onChange={(value) => onChange({ score_threshold: Number(value) || 0 })}
        />
      )}
    </Group>
  );
}

function WeightFields({ model, onChange }: PartProps) {
  const { t } = useTranslation("datasets");
  const formats = useFormats();
  const chosen = model.weights?.vector_setting?.vector_weight;
  const setWeight = (weight: number | null) =>
    onChange({ weights: weight === null ? null : weightsOf(weight), reranking_mode: modeOf(model, weight) });
  return (
    <div>
      <Switch
        label={t("retrieval.hasWeight")}
        description={t("retrieval.weightHint")}
        checked={chosen !== undefined}
        onChange={({ currentTarget }) => setWeight(currentTarget.checked ? HALF : null)}
      />
      {chosen !== undefined && (
        <Stack gap={4} mt="sm">
          <Text size="sm">
            {t("retrieval.weight", { vectors: formats.percent(chosen), words: formats.percent(1 - chosen) })}
          </Text>
          <Slider
            thumbLabel={t("retrieval.hasWeight")}
            min={0}
            max={1}
            step={FINE}
            label={formats.percent}
            value={chosen}
            onChange={setWeight}
            maw={420}
          />
        </Stack>
      )}
    </div>
  );
}

function Reranker({ model, onChange }: PartProps) {
  const { t } = useTranslation("datasets");
  const { data } = useRerankModels();
  const names = (data ?? []).map((one) => one.model);
  if (names.length === 0) return null;
  const chosen = model.reranking_enable ? (model.reranking_model?.reranking_model_name ?? null) : null;
  const choose = (name: string | null) =>
    onChange({
      reranking_enable: name !== null,
      reranking_mode:
        name === null ? modeOf({ ...model, reranking_enable: false }, weightIn(model)) : "reranking_model",
      reranking_model: { reranking_provider_name: "", reranking_model_name: name ?? "" },
    });
  return (
    <Select
      label={t("retrieval.reranker")}
      placeholder={t("retrieval.noReranker")}
      data={names}
      value={chosen}
      onChange={choose}
      clearable
    />
  );
}

const weightIn = (model: RetrievalModel) => model.weights?.vector_setting?.vector_weight ?? null;

function weightsOf(weight: number): RetrievalModel["weights"] {
  const rest = Math.round((1 - weight) * 100) / 100;
  return {
    weight_type: "customized",
    vector_setting: { vector_weight: weight },
    keyword_setting: { keyword_weight: rest },
  };
}

/** A reranker that was chosen stays chosen, whatever the weights. */
function modeOf(model: RetrievalModel, weight: number | null): RetrievalModel["reranking_mode"] {
  if (model.reranking_enable) return "reranking_model";
  return weight === null ? null : "weighted_score";
}
