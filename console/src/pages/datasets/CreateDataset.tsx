import { Button, Group, Modal, Stack, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

import { createDataset, setMethod, TOLD_OF_DATASETS, type Dataset } from "../../api/datasets";
import { Failure } from "../../parts/Failure";
import { USUAL_TOKENS } from "../documents/methods";
import { IndexFields, type IndexChoice } from "./IndexFields";
import { configOf, MethodFields, type MethodChoice } from "./MethodFields";

export const NAME_LENGTH = 40;
export const DESCRIPTION_LENGTH = 400;

interface Wanted extends IndexChoice, MethodChoice {
  name: string;
  description: string;
}

const FIRST: Wanted = {
  name: "",
  description: "",
  indexing: "high_quality",
  model: null,
  method: null,
  tokens: USUAL_TOKENS,
};

async function create(wanted: Wanted): Promise<Dataset> {
  const { name, description, indexing, model, method } = wanted;
  const isEmbedded = indexing === "high_quality" && model;
  const created = await createDataset({
    name: name.trim(),
    indexing_technique: indexing,
    ...(description.trim() && { description: description.trim() }),
    ...(isEmbedded && { embedding_model: model }),
  });
  if (method) await setMethod(created.id, method, configOf(wanted));
  return created;
}

export function CreateDataset({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("datasets");
  const { t: tCommon } = useTranslation();
  const [wanted, setWanted] = useState(FIRST);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const creating = useMutation({
    mutationFn: () => create(wanted),
    onSuccess: async ({ id }) => {
      TOLD_OF_DATASETS.forEach((queryKey) => void queries.invalidateQueries({ queryKey }));
      await navigate(`/datasets/${id}`);
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    creating.mutate();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("create.title")}
      size="lg"
      closeButtonProps={{ "aria-label": tCommon("actions.close") }}
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput
            label={t("fields.name")}
            required
            data-autofocus
            maxLength={NAME_LENGTH}
            value={wanted.name}
            onChange={({ currentTarget }) => setWanted({ ...wanted, name: currentTarget.value })}
          />
          <Textarea
            label={t("fields.description")}
            autosize
            minRows={2}
            maxLength={DESCRIPTION_LENGTH}
            value={wanted.description}
            onChange={({ currentTarget }) => setWanted({ ...wanted, description: currentTarget.value })}
          />
          <IndexFields choice={wanted} onChoose={(choice) => setWanted({ ...wanted, ...choice })} />
          <MethodFields
            label={t("fields.method")}
            automatic={t("fields.automatic")}
            choice={wanted}
            onChoose={(choice) => setWanted({ ...wanted, ...choice })}
          />
          {creating.error && <Failure error={creating.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {tCommon("actions.cancel")}
            </Button>
            <Button type="submit" loading={creating.isPending} disabled={wanted.name.trim() === ""}>
              {t("create.make")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
